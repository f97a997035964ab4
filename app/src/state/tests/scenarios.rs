//! Single scenarios: what a person would notice if it went wrong.

use super::server::{ME, Server, user};
use crate::protocol::{
    ApiError, ClientId, Command, Conversation, ConversationId, ErrorKind, ListPage, Message,
    MessageAck, MessagePage, MessageText, Ready, Seq, ServerFrame, Target, Timestamp, UserId,
    Window, close,
};
use crate::state::{
    ConnectionStatus, Delivery, Effect, Item, Request, Response, State, Status, Timeline,
};

pub(super) const PEER: UserId = UserId::new(2);
pub(super) const ID: ConversationId = ConversationId::new(102);

/// The server's clock shows 0.
pub(super) fn ready() -> ServerFrame {
    ServerFrame::Ready(Ready {
        id: None,
        user: user(ME),
        connection_id: "c".into(),
        server_time: 0,
        heartbeat_ms: 25_000,
    })
}

/// A server in which the peer has said `count` things, and a client that is connected.
pub(super) fn with_messages(count: usize) -> (Server, State) {
    let mut server = Server::default();
    (0..count).for_each(|_| server.peer_sends(0));
    let mut state = State::new(user(ME), server.list(false));
    state.start(7, Vec::new(), Vec::new(), 0);
    state.apply(ready(), 0);
    (server, state)
}

pub(super) fn page(server: &Server, window: Window) -> MessagePage {
    match server.answer(&Request::View(ID, window)) {
        Ok(Response::Messages(page)) => page,
        other => panic!("{other:?}"),
    }
}

pub(super) fn write(state: &mut State, target: Target, name: &str) -> Vec<String> {
    let client_id = ClientId::parse(name).expect("a name");
    sent(state.send(target, client_id, MessageText::parse(name).expect("a text"), 0))
}

/// The names of the messages that were sent.
pub(super) fn sent(effects: Vec<Effect>) -> Vec<String> {
    let name = |effect| match effect {
        Effect::Send(frame) => match frame.command {
            Command::Message(message) => Some(message.client_id),
            _ => None,
        },
        _ => None,
    };
    effects.into_iter().filter_map(name).collect()
}

pub(super) fn ack(name: &str, seq: i64) -> ServerFrame {
    ServerFrame::MessageAck(MessageAck {
        id: None,
        client_id: ClientId::parse(name).expect("a name"),
        conversation_id: ID,
        seq: Seq::new(seq),
        created_at: seq,
        duplicate: false,
    })
}

pub(super) fn refusal(name: &str, error: ApiError) -> ServerFrame {
    ServerFrame::Error { id: None, client_id: Some(name.into()), error }
}

pub(super) fn shown(state: &State) -> Vec<String> {
    let target = Target::Conversation(ID);
    let items = state.items(target, 0..state.item_count(target));
    items.iter().map(|item| item.client_id().to_string()).collect()
}

#[test]
fn the_first_message_of_a_new_conversation_is_delivered() {
    let (server, _) = with_messages(1);
    let mut state = State::new(user(ME), ListPage { items: Vec::new(), next_cursor: None });
    state.start(7, Vec::new(), Vec::new(), 0);
    state.apply(ready(), 0);
    // The row comes first, and counts the message that follows it.
    state.apply(ServerFrame::Conversation { id: None, conversation: server.row(ID) }, 0);
    let message = page(&server, Window::Latest).items.remove(0);
    state.apply(ServerFrame::NewMessage { message }, 0);
    let told = state.tick(1_000).into_iter().find_map(|effect| match effect {
        Effect::Send(frame) => match frame.command {
            Command::Delivered(mark) => Some(mark.seq),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(told, Some(Seq::new(1)));
}

#[test]
fn after_a_reload_a_message_whose_ack_was_lost_shows_once() {
    let (mut server, mut state) = with_messages(1);
    server.connect(0);
    let target = Target::Conversation(ID);
    let name = ClientId::parse("a").expect("a name");
    for effect in state.send(target, name.clone(), MessageText::parse("a").expect("a text"), 5) {
        if let Effect::Send(frame) = effect {
            server.take(0, *frame);
        }
    }
    let kept = state.outbox().get(&name).expect("it is not acknowledged").clone();
    let mut reloaded = State::new(user(ME), server.list(false));
    reloaded.adopt(server.row(ID), page(&server, Window::Latest), 10);
    let effects = reloaded.start(7, vec![kept], Vec::new(), 10);
    assert_eq!(shown(&reloaded), ["server-1", "a"]);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Forget(_))));
}

#[test]
fn one_message_a_conversation_is_under_way() {
    let (_, mut state) = with_messages(1);
    assert_eq!(write(&mut state, Target::Conversation(ID), "a"), ["a"]);
    assert!(write(&mut state, Target::Conversation(ID), "b").is_empty());
    assert_eq!(write(&mut state, Target::User(UserId::new(9)), "elsewhere"), ["elsewhere"]);
    assert_eq!(sent(state.apply(ack("a", 2), 0)), ["b"]);
}

#[test]
fn a_refusal_for_the_moment_holds_back_what_follows_and_one_for_good_does_not() {
    let (_, mut state) = with_messages(1);
    write(&mut state, Target::Conversation(ID), "a");
    write(&mut state, Target::Conversation(ID), "b");
    assert!(sent(state.apply(refusal("a", ApiError::rate_limited(4_000)), 0)).is_empty());
    assert!(sent(state.tick(3_999)).is_empty());
    assert_eq!(sent(state.tick(4_000)), ["a"]);
    let forbidden = ApiError::new(ErrorKind::Forbidden, "no");
    assert_eq!(sent(state.apply(refusal("a", forbidden.clone()), 4_100)), ["b"]);
    let a = ClientId::parse("a").expect("a name");
    assert_eq!(state.outbox().get(&a).map(|e| &e.status), Some(&Status::NotSent(forbidden)));
    assert!(state.retry(&a, 4_200).iter().any(|effect| matches!(effect, Effect::Keep(_))));
    assert_eq!(state.outbox().get(&a).map(|e| &e.status), Some(&Status::InFlight(4_200)));
}

#[test]
fn the_first_message_turns_a_person_into_a_conversation() {
    let mut state = State::new(user(ME), ListPage { items: Vec::new(), next_cursor: None });
    state.start(7, Vec::new(), vec![(Target::User(PEER), "more".into())], 0);
    state.apply(ready(), 0);
    assert_eq!(write(&mut state, Target::User(PEER), "a"), ["a"]);
    write(&mut state, Target::User(PEER), "b");
    let effects = state.apply(ack("a", 1), 0);
    assert!(effects.contains(&Effect::Opened(PEER, ID)));
    assert!(effects.contains(&Effect::Fetch(Request::Conversation(ID))));
    assert_eq!(sent(effects), ["b"]);
    assert_eq!(state.conversation_with(PEER), Some(ID));
    assert_eq!(state.draft(Target::Conversation(ID)), "more");
    assert_eq!(shown(&state), ["a", "b"], "nothing vanishes while the row is on its way");
}

#[test]
fn what_is_left_to_a_chat_that_a_page_does_not_list_goes_before_what_is_written_to_the_person() {
    let (_, mut state) = with_messages(1);
    let name = ClientId::parse("a").expect("a name");
    write(&mut state, Target::Conversation(ID), "a");
    let kept = state.outbox().get(&name).expect("it is not acknowledged").clone();
    let mut reloaded = State::new(user(ME), ListPage { items: Vec::new(), next_cursor: None });
    reloaded.start(7, vec![kept], Vec::new(), 0);
    reloaded.apply(ready(), 0);
    assert!(write(&mut reloaded, Target::User(PEER), "b").is_empty(), "another tab may send a");
    assert_eq!(sent(reloaded.lead(true, 0)), ["a"]);
    assert_eq!(sent(reloaded.apply(ack("a", 2), 0)), ["b"]);
}

#[test]
fn what_is_early_is_held_back_and_the_hole_fetched_after_300_ms() {
    let (mut server, mut state) = with_messages(1);
    state.adopt(server.row(ID), page(&server, Window::Latest), 0);
    server.peer_sends(0);
    server.peer_sends(0);
    let message = page(&server, Window::After(Seq::new(2))).items.remove(0);
    state.apply(ServerFrame::NewMessage { message }, 1_000);
    assert_eq!(shown(&state).len(), 1);
    let asked = Effect::Fetch(Request::CatchUp(ID, Seq::new(1)));
    assert!(!state.tick(1_299).contains(&asked));
    assert!(state.tick(1_300).contains(&asked));
    let closing = page(&server, Window::After(Seq::new(1)));
    let request = Request::CatchUp(ID, Seq::new(1));
    state.answered(request, Ok(Response::Messages(closing)), 1_400);
    assert_eq!(shown(&state), ["server-1", "server-2", "server-3"]);
    assert_eq!(state.chats().get(ID).map(|row| row.unread), Some(3));
}

#[test]
fn a_frame_that_closed_the_socket_is_not_sent_again() {
    let (_, mut state) = with_messages(1);
    write(&mut state, Target::Conversation(ID), "a");
    state.socket_closed(Some(close::TOO_LARGE), 100);
    let a = ClientId::parse("a").expect("a name");
    assert!(matches!(state.outbox().get(&a).map(|e| &e.status), Some(Status::NotSent(_))));
    assert_eq!(state.connection_status(), ConnectionStatus::Reconnecting);
    assert!(sent(state.apply(ready(), 200)).is_empty());
}

#[test]
fn a_message_without_an_answer_for_10_s_ends_the_connection() {
    let (_, mut state) = with_messages(1);
    write(&mut state, Target::Conversation(ID), "a");
    assert!(!state.tick(9_999).contains(&Effect::Connect));
    assert!(state.tick(10_000).contains(&Effect::Connect));
    assert_eq!(sent(state.apply(ready(), 10_100)), ["a"]);
}

#[test]
fn live_messages_are_not_appended_to_the_middle_of_a_history() {
    let (mut server, mut state) = with_messages(12);
    let around = Window::Around(Seq::new(4));
    state.adopt(server.row(ID), page(&server, around), 0);
    let before = shown(&state);
    server.peer_sends(0);
    let message = page(&server, Window::Latest).items.remove(3);
    state.apply(ServerFrame::NewMessage { message }, 0);
    assert_eq!(shown(&state), before);
    while state.timeline(ID).is_some_and(Timeline::has_more_after) {
        state.load_newer(ID, 0);
        let window = Window::After(state.timeline(ID).expect("it is loaded").to());
        let answer = Response::Messages(page(&server, window));
        state.answered(Request::View(ID, window), Ok(answer), 0);
    }
    assert_eq!(state.timeline(ID).map(|timeline| timeline.messages().len()), Some(9));
}

#[test]
fn new_stands_above_the_first_unread_and_goes_when_one_answers() {
    let (server, mut state) = with_messages(3);
    state.adopt(server.row(ID), page(&server, Window::Latest), 0);
    let divider = |state: &State| state.timeline(ID).and_then(Timeline::new_divider);
    assert_eq!(divider(&state), Some(Seq::new(1)));
    state.seen(ID, Seq::new(2), 0);
    assert_eq!(state.chats().get(ID).map(|row| row.unread), Some(1));
    state.open(ID, 0);
    assert_eq!(divider(&state), Some(Seq::new(3)));
    write(&mut state, Target::Conversation(ID), "a");
    assert_eq!(divider(&state), None);
}

#[test]
fn own_messages_show_how_far_they_came() {
    let (mut server, mut state) = with_messages(1);
    state.adopt(server.row(ID), page(&server, Window::Latest), 0);
    let state_of_last = |state: &State| {
        let count = state.item_count(Target::Conversation(ID));
        let items = state.items(Target::Conversation(ID), count - 1..count);
        items.first().and_then(|item| state.delivery(item))
    };
    assert_eq!(state_of_last(&state), None, "another's");
    write(&mut state, Target::Conversation(ID), "a");
    assert_eq!(state_of_last(&state), Some(Delivery::Sending));
    state.apply(ack("a", 2), 0);
    assert_eq!(state_of_last(&state), Some(Delivery::Sent));
    server.bot_sends(0);
    for (read, delivery) in [(false, Delivery::Delivered), (true, Delivery::Read)] {
        state.apply(server.peer_receipt(ID, read), 0);
        assert_eq!(state_of_last(&state), Some(delivery));
    }
}

#[test]
fn marks_are_told_together_and_only_what_was_seen_is_read() {
    let (server, mut state) = with_messages(3);
    state.adopt(server.row(ID), page(&server, Window::Latest), 0);
    state.seen(ID, Seq::new(1), 10);
    state.seen(ID, Seq::new(2), 20);
    let marks: Vec<_> = state
        .tick(1_000)
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Send(frame) => Some(frame.command),
            _ => None,
        })
        .collect();
    let mark = |seq| crate::protocol::Mark { conversation_id: ID, seq: Seq::new(seq) };
    assert_eq!(marks, [Command::Read(mark(2)), Command::Delivered(mark(3))]);
}

fn message(from: UserId, seq: i64, at: Timestamp) -> Message {
    let mut server = Server::default();
    server.peer_sends(0);
    let mut message = page(&server, Window::Latest).items.remove(0);
    message.sender = user(from);
    message.seq = Seq::new(seq);
    message.created_at = at;
    message
}

#[test]
fn messages_of_one_sender_stand_together_for_five_minutes_and_a_day() {
    const MINUTE: Timestamp = 60_000;
    let day = |at: Timestamp| at.div_euclid(86_400_000);
    let first = message(PEER, 1, 0);
    let place = |second: &Message, divider| {
        let placement =
            Item::Message(second).placement(Some(&Item::Message(&first)), ME, divider, day);
        (placement.starts_day, placement.starts_new, placement.starts_group)
    };
    assert_eq!(place(&message(PEER, 2, 5 * MINUTE), None), (false, false, false));
    assert_eq!(place(&message(PEER, 2, 5 * MINUTE + 1), None), (false, false, true));
    assert_eq!(place(&message(ME, 2, MINUTE), None), (false, false, true));
    assert_eq!(place(&message(PEER, 2, MINUTE), Some(Seq::new(2))), (false, true, true));
    assert_eq!(place(&message(PEER, 2, -1), None), (true, false, true));
    let alone = Item::Message(&first).placement(None, ME, None, day);
    assert!(alone.starts_day && alone.starts_group && !alone.starts_new);
}

/// Another device deletes the conversation: it goes here, too, and returns with what is new alone.
#[test]
fn what_another_device_hides_is_gone_until_something_new_is_said() {
    let (mut server, mut state) = with_messages(3);
    state.open(ID, 0);
    let request = Request::View(ID, Window::Around(Seq::new(1)));
    let answer = server.answer(&request);
    state.answered(request, answer, 0);
    assert_eq!((shown(&state).len(), state.chats().ordered().len()), (3, 1));
    let hidden =
        Conversation { first_seq: Seq::new(4), last_message: None, unread: 0, ..server.row(ID) };
    state.apply(ServerFrame::Conversation { id: None, conversation: hidden }, 0);
    assert!(shown(&state).is_empty() && state.chats().ordered().is_empty());
    server.peer_sends(0);
    let message = page(&server, Window::Latest).items.pop().expect("a message");
    state.apply(ServerFrame::NewMessage { message }, 0);
    let row = state.chats().ordered()[0];
    assert_eq!((row.last_seq, row.unread, shown(&state).len()), (Seq::new(4), 1, 1));
}

#[test]
fn a_page_that_was_asked_before_its_messages_were_hidden_does_not_show_them() {
    let (server, mut state) = with_messages(3);
    state.open(ID, 0);
    let request = Request::View(ID, Window::Around(Seq::new(1)));
    let answer = server.answer(&request);
    let hidden =
        Conversation { first_seq: Seq::new(4), last_message: None, unread: 0, ..server.row(ID) };
    state.apply(ServerFrame::Conversation { id: None, conversation: hidden }, 0);
    state.answered(request, answer, 0);
    assert!(shown(&state).is_empty());
}

#[test]
fn a_message_brings_back_what_is_archived_unless_it_is_muted() {
    for (muted_until, back) in [(None, true), (Some(0), true), (Some(Timestamp::MAX), false)] {
        let (mut server, mut state) = with_messages(1);
        let conversation = Conversation { archived: true, muted_until, ..server.row(ID) };
        state.apply(ServerFrame::Conversation { id: None, conversation }, 0);
        assert!(state.chats().ordered().is_empty());
        server.peer_sends(0);
        let message = page(&server, Window::Latest).items.pop().expect("a message");
        state.apply(ServerFrame::NewMessage { message }, 0);
        assert_eq!(state.chats().ordered().len(), usize::from(back), "{muted_until:?}");
    }
}

#[test]
fn a_row_whose_mute_ends_on_its_way_is_compared_again() {
    let (server, mut state) = with_messages(1);
    let heads = || server.answer(&Request::Heads);
    state.answered(Request::Heads, heads(), 0);
    let asked = Request::Conversation(ID);
    let row = Conversation { archived: true, muted_until: Some(10), ..server.row(ID) };
    state.answered(asked.clone(), Ok(Response::Conversation(Box::new(row))), 20);
    // Without the mute it may not be archived any more.
    assert!(state.answered(Request::Heads, heads(), 30).contains(&Effect::Fetch(asked)));
}
