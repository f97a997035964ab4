//! The property that matters: whatever happens to frames and answers on their way, after one
//! good reconnection the client knows what the server knows.

mod manners;
mod scenes;
mod server;
mod world;

use proptest::prelude::*;

use super::State;
use world::{Fault, World};

/// What can happen, in any order.
#[derive(Clone, Debug)]
enum Step {
    PeerSends(u8),
    PeerHolds(u8),
    PeerReads(u8),
    OtherTabSends(u8),
    OtherTabReads(u8, u8),
    PeerComes(u8, u8),
    PeerTypes(u8),
    Pin(u8),
    Send(u8, bool),
    Type(u8),
    Use,
    Lead(bool),
    Open(u8),
    Seen(u8, u8),
    Older(u8),
    Newer(u8),
    Latest(u8),
    ToServer(Fault),
    ToClient(Fault),
    Answer(u8, bool),
    Refuse,
    Cut(u8),
    Reload,
    Pass(u32),
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        12 => Just(Fault::None),
        1 => Just(Fault::Drop),
        1 => Just(Fault::Repeat),
        2 => Just(Fault::Swap),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let any = any::<u8>;
    prop_oneof![
        6 => any().prop_map(Step::PeerSends),
        2 => any().prop_map(Step::PeerHolds),
        2 => any().prop_map(Step::PeerReads),
        2 => any().prop_map(Step::OtherTabSends),
        2 => (any(), any()).prop_map(|(at, up_to)| Step::OtherTabReads(at, up_to)),
        1 => (any(), any()).prop_map(|(at, how)| Step::PeerComes(at, how)),
        1 => any().prop_map(Step::PeerTypes),
        1 => any().prop_map(Step::Pin),
        6 => (any(), proptest::bool::ANY).prop_map(|(at, by_user)| Step::Send(at, by_user)),
        1 => any().prop_map(Step::Type),
        1 => Just(Step::Use),
        1 => proptest::bool::ANY.prop_map(Step::Lead),
        2 => any().prop_map(Step::Open),
        3 => (any(), any()).prop_map(|(at, up_to)| Step::Seen(at, up_to)),
        1 => any().prop_map(Step::Older),
        1 => any().prop_map(Step::Newer),
        1 => any().prop_map(Step::Latest),
        10 => fault().prop_map(Step::ToServer),
        16 => fault().prop_map(Step::ToClient),
        8 => (any(), proptest::bool::weighted(0.9)).prop_map(|(at, well)| Step::Answer(at, well)),
        1 => Just(Step::Refuse),
        2 => any().prop_map(Step::Cut),
        1 => Just(Step::Reload),
        1 => (30_000..400_000_u32).prop_map(Step::Pass),
        6 => (1..3_000_u32).prop_map(Step::Pass),
    ]
}

fn play(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut world = World::new();
    for step in steps {
        match step {
            Step::PeerSends(at) => world.server.peer_sends(at),
            Step::PeerHolds(at) => world.server.peer_marks(at, false),
            Step::PeerReads(at) => world.server.peer_marks(at, true),
            Step::OtherTabSends(at) => world.server.other_tab_sends(at),
            Step::OtherTabReads(at, up_to) => world.server.other_tab_reads(at, up_to),
            Step::PeerComes(at, how) => world.server.peer_comes(at, how),
            Step::PeerTypes(at) => world.server.peer_types(at),
            Step::Pin(at) => world.pin(at),
            Step::Send(at, by_user) => world.send(at, by_user),
            Step::Type(at) => world.type_on(at),
            Step::Use => world.use_it(),
            Step::Lead(leads) => world.lead(leads),
            Step::Open(at) => world.open(at),
            Step::Seen(at, up_to) => world.seen(at, up_to),
            Step::Older(at) => world.act(at, State::load_older),
            Step::Newer(at) => world.act(at, State::load_newer),
            Step::Latest(at) => world.act(at, State::load_latest),
            Step::ToServer(fault) => world.reach_server(fault),
            Step::ToClient(fault) => world.reach_client(fault),
            Step::Answer(at, well) => world.answer(at, well),
            Step::Refuse => world.server.refuse_next = true,
            Step::Cut(code) => world.cut(code),
            Step::Reload => world.reload(),
            Step::Pass(ms) => world.pass(i64::from(ms)),
        }
        world.check_order()?;
    }
    world.heal();
    world.check_order()?;
    world.check_equal()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn after_a_reconnection_the_client_knows_what_the_server_knows(
        steps in proptest::collection::vec(step(), 0..160)
    ) {
        play(steps)?;
    }
}
