//! What a person would notice of groups and of the list.

use super::scenarios::{ID, page, ready, with_messages};
use super::server::{ME, Server, user};
use crate::protocol::{
    ClientId, Conversation, ConversationId, ErrorKind, Head, ListPage, MAX_INTEGER, MessageText,
    Seq, ServerFrame, Target, UserId, Window,
};
use crate::state::{Action, Effect, Outcome, Request, Response, Setting, State};

const GROUP: ConversationId = ConversationId::new(200);

/// A connected client in a group of three, and the server that goes on telling it.
fn in_a_group() -> (Server, State) {
    let (mut server, _) = with_messages(1);
    server.new_group(UserId::new(2));
    let mut state = State::new(user(ME), server.list(false));
    state.start(7, Vec::new(), Vec::new(), 0);
    server.connect(0);
    tell(&mut server, &mut state);
    (server, state)
}

/// Brings all that the server has to tell.
fn tell(server: &mut Server, state: &mut State) {
    for frame in server.sockets[0].to_client.drain(..) {
        let text = serde_json::to_string(&frame).expect("a frame");
        state.apply(serde_json::from_str(&text).expect("the frame"), 0);
    }
}

fn row(state: &State, id: ConversationId) -> &crate::protocol::Conversation {
    state.chats().get(id).expect("a row")
}

#[test]
fn a_groups_frame_leaves_what_is_the_readers_own() {
    let (mut server, mut state) = in_a_group();
    state.act(1, Action::Set(GROUP, Setting::Pinned(true)), 0);
    server.member_sends(0, 1);
    tell(&mut server, &mut state);
    assert_eq!(row(&state, GROUP).unread, 1, "what tells of the group counts as none");
    server.member_manages(0, 6);
    tell(&mut server, &mut state);
    let renamed = row(&state, GROUP);
    assert_eq!((renamed.name.as_str(), renamed.unread, renamed.pinned), ("Name 6", 1, true));
    assert_eq!(renamed.last_seq, server.row(GROUP).last_seq);
}

#[test]
fn a_list_that_was_asked_for_before_is_asked_for_again() {
    let (_, mut state) = in_a_group();
    let head = |id| Head {
        id: ConversationId::new(id),
        last_seq: Seq::new(1),
        rev: 0,
        read_seq: Seq::ZERO,
        delivered_seq: Seq::ZERO,
        peer_read_seq: Seq::ZERO,
        peer_delivered_seq: Seq::ZERO,
        version: 0,
    };
    let list = Request::List(false, None);
    let mut compare = || {
        let heads = Response::Heads((1_000..1_030).map(head).collect());
        state.answered(Request::Heads, Ok(heads), 0)
    };
    assert!(compare().contains(&Effect::Fetch(list.clone())));
    // The socket was away and is back. What has moved up meanwhile came by no frame, and may be above
    // where the pages go on that were asked for before.
    assert!(!compare().contains(&Effect::Fetch(list.clone())), "once at a time");
    let page = ListPage { items: Vec::new(), next_cursor: Some("below".into()) };
    let next = state.answered(list.clone(), Ok(Response::List(page)), 0);
    for request in [Request::List(false, Some("below".into())), list] {
        assert!(next.contains(&Effect::Fetch(request)), "{next:?}");
    }
}

#[test]
fn who_is_removed_is_told_so_where_they_look() {
    let (mut server, mut state) = in_a_group();
    state.adopt(server.row(GROUP), page_of(&server), 0);
    server.member_manages(0, 2);
    tell(&mut server, &mut state);
    assert!(state.chats().get(GROUP).is_none() && state.timeline(GROUP).is_none());
    assert_eq!(state.failure(GROUP).map(|error| error.kind), Some(ErrorKind::NotFound));
    server.member_manages(0, 3);
    tell(&mut server, &mut state);
    assert!(state.open(GROUP, 0).iter().any(|effect| matches!(effect, Effect::Fetch(_))));
    assert_eq!(state.failure(GROUP), None);
}

fn page_of(server: &Server) -> crate::protocol::MessagePage {
    server.threads[&GROUP].page(Window::Latest)
}

#[test]
fn several_type_in_a_group_and_are_told_by_name() {
    let (mut server, mut state) = in_a_group();
    server.member_sends(0, 1);
    tell(&mut server, &mut state);
    for who in [3, 2, 3] {
        let user_id = UserId::new(who);
        let typing = ServerFrame::Typing { conversation_id: GROUP, user_id, active: true };
        state.apply(typing, 0);
    }
    let typists: Vec<_> = state.typists(GROUP).collect();
    assert_eq!(typists, [UserId::new(3), UserId::new(2)]);
    assert_eq!(state.name_in(GROUP, UserId::new(3)), Some("User 3"));
    assert_eq!(state.name_in(GROUP, UserId::new(5)), None);
}

#[test]
fn a_new_message_brings_an_archived_one_back_unless_it_is_silent() {
    for (muted, comes_back) in [(0, true), (MAX_INTEGER, false)] {
        let (mut server, mut state) = in_a_group();
        state.act(1, Action::Set(ID, Setting::MutedUntil(muted)), 0);
        state.act(2, Action::Set(ID, Setting::Archived(true)), 0);
        assert!(state.chats().ordered().iter().all(|row| row.id != ID));
        assert_eq!(state.chats().archived().len(), 1);
        for (token, setting) in [(1, Setting::MutedUntil(muted)), (2, Setting::Archived(true))] {
            state.acted(token, &Action::Set(ID, setting), &Ok(Outcome::Done), 0);
        }
        server.peer_sends(0);
        tell(&mut server, &mut state);
        assert_eq!(state.chats().ordered().iter().any(|row| row.id == ID), comes_back);
    }
}

#[test]
fn silence_ends_by_time() {
    let (_, mut state) = with_messages(1);
    state.act(1, Action::Set(ID, Setting::MutedUntil(50_000)), 0);
    state.tick(49_999);
    assert_eq!(row(&state, ID).muted_until, Some(50_000));
    assert!(state.next_tick().is_some_and(|at| at <= 50_000));
    state.tick(50_000);
    assert_eq!(row(&state, ID).muted_until, None);
}

#[test]
fn silence_ends_by_the_servers_clock() {
    let (server, mut state) = with_messages(1);
    // The device's clock is an hour ahead.
    let hour = 3_600_000;
    state.apply(ready(), hour);
    assert_eq!(state.server_time(hour + 5), 5);
    let row_of = |until| Conversation { muted_until: Some(until), ..server.row(ID) };
    let told = |until| ServerFrame::Conversation { id: None, conversation: row_of(until) };
    state.apply(told(50_000), hour + 1);
    assert_eq!(row(&state, ID).muted_until, Some(50_000), "it has not ended");
    state.tick(hour + 49_999);
    assert_eq!(row(&state, ID).muted_until, Some(50_000));
    assert!(state.next_tick().is_some_and(|at| (hour..=hour + 50_000).contains(&at)));
    state.tick(hour + 50_000);
    assert_eq!(row(&state, ID).muted_until, None);
    state.apply(told(49_000), hour + 50_001);
    assert_eq!(row(&state, ID).muted_until, None, "it has ended on its way");
}

#[test]
fn what_is_written_shows_the_servers_time() {
    let (_, mut state) = with_messages(1);
    state.apply(ready(), -3_600_000);
    let text = MessageText::parse("a").expect("a text");
    let name = ClientId::parse("a").expect("a name");
    state.send(Target::Conversation(ID), name, text, -3_590_000);
    let items = state.items(Target::Conversation(ID), 0..9);
    assert_eq!(items.last().map(crate::state::Item::created_at), Some(10_000));
}

#[test]
fn unread_by_hand_ends_with_a_look_and_with_a_word() {
    let (server, mut state) = with_messages(2);
    state.adopt(server.row(ID), page(&server, Window::Latest), 0);
    state.act(1, Action::Set(ID, Setting::MarkedUnread(true)), 0);
    assert!(row(&state, ID).marked_unread);
    let unmark = Action::Set(ID, Setting::MarkedUnread(false));
    state.acted(1, &Action::Set(ID, Setting::MarkedUnread(true)), &Ok(Outcome::Done), 0);
    let effects = state.open(ID, 0);
    assert!(effects.contains(&Effect::Act(0, Box::new(unmark))));
    assert!(!row(&state, ID).marked_unread);
    assert_eq!(row(&state, ID).unread, 2, "nothing was seen yet");
    state.mark_read(ID, 0);
    assert_eq!(row(&state, ID).unread, 0);
}

#[test]
fn what_is_hidden_is_gone_until_something_new_is_said() {
    let (mut server, mut state) = in_a_group();
    state.adopt(server.row(ID), page(&server, Window::Latest), 0);
    let hide = Action::Hide(ID);
    state.act(1, hide.clone(), 0);
    state.acted(1, &hide, &Ok(Outcome::Done), 0);
    assert!(state.chats().ordered().iter().all(|row| row.id != ID));
    assert!(state.timeline(ID).is_some_and(|timeline| timeline.messages().is_empty()));
    server.peer_sends(0);
    tell(&mut server, &mut state);
    assert_eq!(state.timeline(ID).map(|timeline| timeline.messages().len()), Some(1));
    assert_eq!(row(&state, ID).unread, 1);
    assert!(!state.tick(9_000).contains(&Effect::Fetch(Request::View(ID, Window::Latest))));
}
