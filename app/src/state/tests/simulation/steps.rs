//! What can happen, in any order.

use proptest::prelude::*;

use super::{Fault, Simulation};
use crate::protocol::{MAX_INTEGER, Target};
use crate::state::tests::server::{DEVICES, emoji};
use crate::state::{Action, Setting, State};

#[derive(Clone, Debug)]
pub(in crate::state::tests) enum Step {
    PeerSends(u8),
    PeerHolds(u8),
    PeerReads(u8),
    PeerComes(u8, u8),
    PeerRenames(u8, u8),
    PeerTypes(u8, u8),
    PeerChanges(u8, u8, u8),
    MemberSends(u8, u8),
    MemberManages(u8, u8),
    NewGroup,
    ByForm(u8, u8, u8),
    BotSends(u8),
    On(usize, Act),
    Refuse,
    Pass(u32),
}

/// What happens on a device, or on its way.
#[derive(Clone, Debug)]
pub(in crate::state::tests) enum Act {
    Send(u8, bool),
    Reply(u8, u8),
    Edit(u8, u8),
    Recall(u8, u8),
    React(u8, u8, u8),
    Set(u8, u8),
    Hide(u8),
    MarkRead(u8),
    Type(u8),
    Use,
    Lead(bool),
    Open(u8),
    Seen(u8, u8),
    Older(u8),
    Newer(u8),
    Latest(u8),
    Around(u8, u8),
    At(u8, u8),
    LookAt(u8, u8),
    LoseCall,
    ToServer(Fault),
    ToClient(Fault),
    Answer(u8, bool),
    Acted(u8, bool),
    Cut(u8),
    Reload,
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        12 => Just(Fault::None),
        1 => Just(Fault::Drop),
        1 => Just(Fault::Repeat),
        2 => Just(Fault::Swap),
    ]
}

fn wish() -> impl Strategy<Value = Act> {
    let (any, two) = (any::<u8>, || any::<(u8, u8)>());
    prop_oneof![
        6 => (any(), proptest::bool::ANY).prop_map(|(at, by_user)| Act::Send(at, by_user)),
        2 => two().prop_map(|(at, which)| Act::Reply(at, which)),
        2 => two().prop_map(|(at, which)| Act::Edit(at, which)),
        1 => two().prop_map(|(at, which)| Act::Recall(at, which)),
        4 => (any(), any(), any()).prop_map(|(at, which, what)| Act::React(at, which, what)),
        3 => two().prop_map(|(at, what)| Act::Set(at, what)),
        1 => any().prop_map(Act::Hide),
        1 => any().prop_map(Act::MarkRead),
        1 => any().prop_map(Act::Type),
        1 => Just(Act::Use),
        1 => proptest::bool::ANY.prop_map(Act::Lead),
        3 => any().prop_map(Act::Open),
        3 => two().prop_map(|(at, up_to)| Act::Seen(at, up_to)),
        1 => any().prop_map(Act::Older),
        1 => any().prop_map(Act::Newer),
        1 => any().prop_map(Act::Latest),
        1 => two().prop_map(|(at, which)| Act::Around(at, which)),
        1 => two().prop_map(|(at, which)| Act::At(at, which)),
        1 => two().prop_map(|(at, which)| Act::LookAt(at, which)),
    ]
}

fn way() -> impl Strategy<Value = Act> {
    let any = any::<u8>;
    let well = || proptest::bool::weighted(0.9);
    prop_oneof![
        1 => Just(Act::LoseCall),
        10 => fault().prop_map(Act::ToServer),
        20 => fault().prop_map(Act::ToClient),
        10 => (any(), well()).prop_map(|(at, well)| Act::Answer(at, well)),
        6 => (any(), well()).prop_map(|(at, well)| Act::Acted(at, well)),
        2 => any().prop_map(Act::Cut),
        1 => Just(Act::Reload),
    ]
}

pub(in crate::state::tests) fn step() -> impl Strategy<Value = Step> {
    let (any, two) = (any::<u8>, || any::<(u8, u8)>());
    let device = || 0..DEVICES;
    prop_oneof![
        6 => any().prop_map(Step::PeerSends),
        2 => any().prop_map(Step::PeerHolds),
        2 => any().prop_map(Step::PeerReads),
        1 => two().prop_map(|(at, how)| Step::PeerComes(at, how)),
        1 => two().prop_map(|(at, how)| Step::PeerRenames(at, how)),
        1 => two().prop_map(|(at, who)| Step::PeerTypes(at, who)),
        6 => (any(), any(), any()).prop_map(|(at, which, how)| Step::PeerChanges(at, which, how)),
        4 => two().prop_map(|(at, who)| Step::MemberSends(at, who)),
        3 => two().prop_map(|(at, how)| Step::MemberManages(at, how)),
        1 => Just(Step::NewGroup),
        4 => (any(), any(), any()).prop_map(|(what, at, which)| Step::ByForm(what, at, which)),
        2 => any().prop_map(Step::BotSends),
        34 => (device(), wish()).prop_map(|(device, act)| Step::On(device, act)),
        50 => (device(), way()).prop_map(|(device, act)| Step::On(device, act)),
        1 => Just(Step::Refuse),
        1 => (30_000..400_000_u32).prop_map(Step::Pass),
        6 => (1..3_000_u32).prop_map(Step::Pass),
    ]
}

pub(in crate::state::tests) fn simulate(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut simulation = Simulation::new();
    for step in steps {
        let compared = simulation.all_compared();
        let server = &mut simulation.server;
        match step {
            Step::PeerSends(at) => server.peer_sends(at),
            Step::PeerHolds(at) => server.peer_marks(at, false),
            Step::PeerReads(at) => server.peer_marks(at, true),
            Step::PeerComes(at, how) => server.peer_comes(at, how),
            Step::PeerRenames(at, how) => server.peer_renames(at, how),
            Step::PeerTypes(at, who) => server.peer_types(at, who),
            Step::PeerChanges(at, which, how) => server.peer_changes(at, which, how),
            Step::MemberSends(at, who) => server.member_sends(at, who),
            Step::MemberManages(at, how) if compared => server.member_manages(at, how),
            Step::NewGroup => drop(server.new_group(crate::protocol::UserId::new(2))),
            Step::ByForm(what, at, which) if compared => server.by_form(what, at, which),
            Step::MemberManages(..) | Step::ByForm(..) => {}
            Step::BotSends(at) => server.bot_sends(at),
            Step::On(device, act) => perform(&mut simulation, device, act),
            Step::Refuse => server.refuse_next = true,
            Step::Pass(ms) => simulation.pass(i64::from(ms)),
        }
        simulation.check_order()?;
    }
    simulation.heal();
    simulation.check_order()?;
    simulation.check_equal()
}

fn perform(simulation: &mut Simulation, device: usize, act: Act) {
    match act {
        Act::Send(at, by_user) => simulation.send(device, at, by_user),
        Act::Reply(at, which) => simulation.on_message(device, at, which, |simulation, id, seq| {
            let target = Target::Conversation(id);
            simulation.input(device, |state, _| state.set_reply(target, Some(seq)));
        }),
        Act::Edit(at, which) => simulation.on_message(device, at, which, |simulation, id, seq| {
            simulation.act(device, Action::Edit(id, seq, format!("edited by {device}")));
        }),
        Act::Recall(at, which) => {
            simulation.on_message(device, at, which, |simulation, id, seq| {
                simulation.act(device, Action::Recall(id, seq));
            });
        }
        Act::React(at, which, what) => {
            simulation.on_message(device, at, which, |simulation, id, seq| {
                let state = &simulation.devices[device].state;
                let message = state.timeline(id).and_then(|timeline| timeline.get(seq));
                let there = message.is_some_and(|message| state.has_reacted(message, emoji(what)));
                simulation.act(device, Action::React(id, seq, emoji(what).to_owned(), !there));
            });
        }
        Act::LoseCall => simulation.devices[device].lose_call = true,
        Act::ToServer(fault) => simulation.reach_server(device, fault),
        Act::ToClient(fault) => simulation.reach_client(device, fault),
        Act::Answer(at, well) => simulation.answer(device, at, well),
        Act::Acted(at, well) => simulation.acted(device, at, well),
        Act::Cut(code) => simulation.cut(device, code),
        Act::Reload => simulation.reload(device),
        Act::Use => simulation.input(device, State::used),
        Act::Lead(leads) => simulation.input(device, |state, now| state.lead(leads, now)),
        act => list_or_view(simulation, device, &act),
    }
}

fn list_or_view(simulation: &mut Simulation, device: usize, act: &Act) {
    match *act {
        Act::Set(at, what) if simulation.all_compared() => {
            simulation.on(device, at, |state, id, now| {
                state.act(1, Action::Set(id, setting(what, now)), now)
            });
        }
        Act::Hide(at) if simulation.all_compared() => {
            simulation.on(device, at, |state, id, now| state.act(1, Action::Hide(id), now));
        }
        Act::MarkRead(at) => simulation.on(device, at, State::mark_read),
        Act::Type(at) => simulation.on(device, at, |state, id, now| {
            state.typing(Target::Conversation(id), at.is_multiple_of(2), now)
        }),
        Act::Open(at) => simulation.on(device, at, State::open),
        Act::Seen(at, up_to) => simulation.on_message(device, at, up_to, |simulation, id, seq| {
            simulation.input(device, |state, now| state.seen(id, seq, now));
        }),
        Act::Older(at) => simulation.on(device, at, State::load_older),
        Act::Newer(at) => simulation.on(device, at, State::load_newer),
        Act::Latest(at) => simulation.on(device, at, State::load_latest),
        Act::Around(at, which) => simulation.on(device, at, |state, id, now| {
            let first = state.chats().get(id).map_or(1, |row| row.first_seq.get());
            let seq = crate::protocol::Seq::new(first + i64::from(which % 20));
            state.load_around(id, seq, now)
        }),
        Act::At(at, which) => simulation
            .on(device, at, |state, id, now| state.load_at(id, 1_000 * i64::from(which % 20), now)),
        Act::LookAt(at, which) => {
            simulation.on_message(device, at, which, |simulation, id, seq| {
                simulation.devices[device].state.look_at(id, (which % 2 == 0).then_some(seq));
            });
        }
        _ => {}
    }
}

fn setting(what: u8, now: i64) -> Setting {
    let on = what.is_multiple_of(2);
    match what / 2 % 5 {
        0 => Setting::Pinned(on),
        1 => Setting::MutedUntil(if on { now + 20_000 } else { 0 }),
        2 => Setting::MutedUntil(if on { MAX_INTEGER } else { now + 1_000 }),
        3 => Setting::Archived(on),
        _ => Setting::MarkedUnread(on),
    }
}
