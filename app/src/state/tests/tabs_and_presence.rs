//! What a person would notice of several tabs, of others coming and going, and of a server that asks
//! for patience.

use super::scenarios::{ID, PEER, ack, ready, refusal, sent, shown, with_messages, write};
use super::server::{ME, user};
use crate::protocol::{
    ApiError, ClientId, Command, ErrorKind, Presence, PresenceStatus, ServerFrame, Target,
    Timestamp,
};
use crate::state::{Delivery, Effect, Entry, Request, State};

const HERE: Target = Target::Conversation(ID);
const MINUTE: Timestamp = 60_000;

/// What is to be kept in the storage that all tabs share.
fn kept(effects: &[Effect]) -> Entry {
    let entry = effects.iter().find_map(|effect| match effect {
        Effect::Keep(entry) => Some(entry.as_ref().clone()),
        _ => None,
    });
    entry.expect("something to keep")
}

fn write_and_keep(state: &mut State, name: &str) -> Entry {
    let text = crate::protocol::MessageText::parse(name).expect("a text");
    kept(&state.send(HERE, ClientId::parse(name).expect("a name"), text, 0))
}

/// The statuses and typing notes that were sent.
fn told(effects: Vec<Effect>) -> Vec<Command> {
    let command = |effect| match effect {
        Effect::Send(frame) => Some(frame.command),
        _ => None,
    };
    let about_people =
        |command: &Command| matches!(command, Command::Typing { .. } | Command::Presence { .. });
    effects.into_iter().filter_map(command).filter(about_people).collect()
}

#[test]
fn what_another_tab_wrote_shows_here_and_is_sent_there() {
    let ((_, mut first), (_, mut second)) = (with_messages(1), with_messages(1));
    second.lead(true, 0);
    let entry = write_and_keep(&mut first, "a");
    assert!(sent(second.kept_elsewhere(entry, 0)).is_empty());
    assert_eq!(shown(&second), ["a"]);
    // What is written here waits until what stands before it has been sent there.
    assert!(write(&mut second, HERE, "b").is_empty());
    let name = ClientId::parse("a").expect("a name");
    assert_eq!(sent(second.forgotten_elsewhere(&name, 0)), ["b"]);
}

#[test]
fn what_a_closed_tab_left_is_sent_by_the_one_that_leads() {
    let ((_, mut first), (_, mut second), (_, mut third)) =
        (with_messages(1), with_messages(1), with_messages(1));
    second.lead(true, 0);
    let entry = write_and_keep(&mut first, "a");
    second.kept_elsewhere(entry.clone(), 0);
    third.kept_elsewhere(entry, 0);
    for now in [4_999, 5_000, MINUTE] {
        assert!(sent(third.tick(now)).is_empty(), "it does not lead");
    }
    assert!(sent(second.tick(4_999)).is_empty(), "it may be alive");
    assert_eq!(sent(second.tick(5_000)), ["a"]);
    assert_eq!(sent(third.lead(true, MINUTE)), ["a"], "now it does");
}

#[test]
fn after_a_reload_what_is_unsent_waits_for_the_lead() {
    let (server, mut before) = with_messages(1);
    let entry = write_and_keep(&mut before, "a");
    let mut state = State::new(user(ME), server.list(false));
    state.start(7, vec![entry], Vec::new(), 0);
    assert!(sent(state.apply(ready(), 0)).is_empty());
    assert_eq!(sent(state.lead(true, 0)), ["a"]);
}

#[test]
fn a_retry_in_one_tab_shows_in_the_other() {
    let ((_, mut first), (_, mut second)) = (with_messages(1), with_messages(1));
    let entry = write_and_keep(&mut first, "a");
    second.kept_elsewhere(entry, 0);
    let error = ApiError::new(ErrorKind::Forbidden, "no");
    let refused = kept(&first.apply(refusal("a", error), 0));
    second.kept_elsewhere(refused, 0);
    let state_of = |state: &State| state.delivery(&state.items(HERE, 0..9)[0]);
    assert_eq!(state_of(&second), Some(Delivery::NotSent));
    let name = ClientId::parse("a").expect("a name");
    second.kept_elsewhere(kept(&first.retry(&name, 0)), 0);
    assert_eq!(state_of(&second), Some(Delivery::Sending));
}

#[test]
fn a_server_that_asks_for_patience_gets_it() {
    let (_, mut state) = with_messages(1);
    let asked = ApiError::rate_limited(20_000);
    state.answered(Request::Heads, Err(asked.clone()), 0);
    let asks = |effects: Vec<Effect>| effects.contains(&Effect::Fetch(Request::Heads));
    assert!(!asks(state.tick(19_999)));
    assert!(asks(state.tick(MINUTE)));

    write(&mut state, HERE, "a");
    state.apply(refusal("a", asked), MINUTE);
    assert!(sent(state.tick(MINUTE + 19_999)).is_empty());
    assert_eq!(sent(state.tick(MINUTE + 20_000)), ["a"]);
    state.apply(ack("a", 2), MINUTE + 20_000);
}

#[test]
fn typing_is_told_once_in_three_seconds() {
    let (_, mut state) = with_messages(1);
    let typing = |active| Command::Typing { conversation_id: ID, active };
    assert_eq!(told(state.typing(HERE, false, 0)), []);
    assert_eq!(told(state.typing(HERE, true, 0)), [typing(true)]);
    assert_eq!(told(state.typing(HERE, true, 2_999)), []);
    assert_eq!(told(state.typing(HERE, false, 2_999)), []);
    assert_eq!(told(state.typing(HERE, true, 3_000)), [typing(true)]);
    assert_eq!(told(state.typing(HERE, false, 6_000)), [typing(false)]);
    assert_eq!(told(state.typing(HERE, false, 9_000)), []);
    assert_eq!(told(state.typing(Target::User(PEER), true, 20_000)), []);
}

#[test]
fn who_types_does_so_for_six_seconds_or_until_the_message() {
    let (mut server, mut state) = with_messages(1);
    let typing = ServerFrame::Typing { conversation_id: ID, user_id: PEER, active: true };
    state.apply(typing.clone(), 0);
    assert_eq!(state.typists(ID).collect::<Vec<_>>(), [PEER]);
    state.tick(3_000);
    assert_eq!(state.next_tick(), Some(6_000));
    state.tick(5_999);
    assert_eq!(state.typists(ID).collect::<Vec<_>>(), [PEER]);
    state.tick(6_000);
    assert_eq!(state.typists(ID).count(), 0);

    state.apply(typing, 6_000);
    server.connect(0);
    server.sockets[0].to_client.clear();
    server.peer_sends(0);
    for frame in server.sockets[0].to_client.drain(..) {
        state.apply(frame, 6_001);
    }
    assert_eq!(state.typists(ID).count(), 0);
}

#[test]
fn who_is_not_told_to_be_there_after_a_reconnection_has_left() {
    let (_, mut state) = with_messages(1);
    let seen = |status| ServerFrame::Presence { user_id: PEER, status, last_seen_at: Some(5) };
    let status = |state: &State| state.presence(PEER).map(|presence| presence.status);
    state.apply(seen(PresenceStatus::Online), 0);
    state.socket_closed(None, 100);
    state.apply(ready(), 10_000);
    assert_eq!(status(&state), Some(PresenceStatus::Online), "no flicker");
    state.tick(13_000);
    let gone = Presence { status: PresenceStatus::Offline, last_seen_at: Some(5) };
    assert_eq!(state.presence(PEER), Some(gone));

    state.apply(seen(PresenceStatus::Away), 13_001);
    state.apply(ready(), 20_000);
    state.apply(seen(PresenceStatus::Away), 20_001);
    state.tick(23_000);
    assert_eq!(status(&state), Some(PresenceStatus::Away));
}

#[test]
fn five_idle_minutes_are_away_until_something_is_done() {
    let (_, mut state) = with_messages(1);
    let presence = |status| Command::Presence { status };
    state.used(1_000);
    assert_eq!(told(state.tick(5 * MINUTE + 999)), []);
    assert_eq!(told(state.tick(5 * MINUTE + 1_000)), [presence(PresenceStatus::Away)]);
    assert_eq!(told(state.tick(20 * MINUTE)), []);
    state.socket_closed(None, 20 * MINUTE);
    let again = state.apply(ready(), 21 * MINUTE);
    assert_eq!(told(again), [presence(PresenceStatus::Away)], "the server took us for there");
    assert_eq!(told(state.used(22 * MINUTE)), [presence(PresenceStatus::Online)]);
    assert_eq!(told(state.used(22 * MINUTE)), []);
}
