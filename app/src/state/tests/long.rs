//! Conversations of any length: what is held of them stays small, and what is shown has no hole.

use std::collections::BTreeSet;

use super::scenarios::{ID, page, ready, with_messages};
use super::server::{ME, Server, user};
use crate::protocol::{ApiError, ListPage, Seq, ServerFrame, Window};
use crate::state::history::timeline::MAX_LOADED;
use crate::state::{Effect, Request, State, Timeline};

/// Answers what is asked about messages until nothing is.
fn serve(server: &Server, state: &mut State, effects: Vec<Effect>) -> Vec<Effect> {
    let mut told = Vec::new();
    let mut queue = std::collections::VecDeque::from(effects);
    while let Some(effect) = queue.pop_front() {
        if let Effect::Fetch(request) = effect {
            let answer = server.answer(&request);
            queue.extend(state.answered(request, answer, 0));
        } else {
            told.push(effect);
        }
    }
    told
}

fn loaded(state: &State) -> (i64, i64, usize) {
    let timeline = state.timeline(ID).expect("it is loaded");
    (timeline.from().get(), timeline.to().get(), timeline.messages().len())
}

#[test]
fn a_long_history_is_walked_up_and_down_within_bounds() {
    let (server, mut state) = with_messages(60);
    state.adopt(server.row(ID), page(&server, Window::Latest), 0);
    let mut seen = BTreeSet::new();
    while state.timeline(ID).is_some_and(Timeline::has_more_before) {
        let effects = state.load_older(ID, 0);
        serve(&server, &mut state, effects);
        let (from, to, count) = loaded(&state);
        assert!(count <= MAX_LOADED);
        assert!(i64::try_from(count).is_ok_and(|count| count == to - from + 1));
        seen.extend(from..=to);
    }
    assert_eq!(seen.len(), 60);
    while state.timeline(ID).is_some_and(Timeline::has_more_after) {
        let effects = state.load_newer(ID, 0);
        serve(&server, &mut state, effects);
        assert!(loaded(&state).2 <= MAX_LOADED);
    }
    assert_eq!(loaded(&state).1, 60);
}

#[test]
fn what_could_not_be_loaded_without_a_network_is_tried_again_when_it_is_back() {
    let (server, mut state) = with_messages(60);
    state.adopt(server.row(ID), page(&server, Window::Latest), 0);
    let has_failed = |state: &State| state.timeline(ID).expect("it is loaded").loading().failed;
    let from = state.timeline(ID).expect("it is loaded").from();
    let fail = |state: &mut State| {
        state.load_older(ID, 0);
        state.answered(Request::View(ID, Window::Before(from)), Err(ApiError::unavailable()), 0);
        assert!(has_failed(state), "until then trying again is up to the reader");
    };
    fail(&mut state);
    state.socket_closed(None, 0);
    state.apply(ready(), 1_000);
    assert!(!has_failed(&state), "the connection is back");
    fail(&mut state);
    state.network(true, 2_000);
    assert!(!has_failed(&state), "the socket has outlived a network that was away");
}

#[test]
fn what_arrives_pushes_out_nothing_that_is_shown() {
    let (mut server, mut state) = with_messages(8);
    state.adopt(server.row(ID), page(&server, Window::Latest), 0);
    state.look_at(ID, Some(Seq::new(6)));
    for seq in 9..40 {
        server.peer_sends(0);
        let message = server.threads[&ID].view(Seq::new(seq), true);
        state.apply(ServerFrame::NewMessage { message }, 0);
        assert!(state.timeline(ID).is_some_and(|it| it.get(Seq::new(6)).is_some()));
        assert!(loaded(&state).2 <= 2 * MAX_LOADED);
    }
    assert!(state.timeline(ID).is_some_and(Timeline::has_more_after), "the newest are let go of");
    // Coming back, the reader is where they were; and can go to the end.
    state.mark_read(ID, 0);
    assert!(!state.open(ID, 0).iter().any(|effect| matches!(effect, Effect::Fetch(_))));
    let effects = state.load_latest(ID, 0);
    serve(&server, &mut state, effects);
    assert_eq!(loaded(&state).1, 39);
}

#[test]
fn a_jump_shows_one_part_at_a_time() {
    let (server, mut state) = with_messages(40);
    state.adopt(server.row(ID), page(&server, Window::Latest), 0);
    let effects = state.load_around(ID, Seq::new(10), 0);
    serve(&server, &mut state, effects);
    assert_eq!(loaded(&state), (8, 11, 4));
    // The model's messages are a second apart.
    let effects = state.load_at(ID, 20_000, 0);
    let told = serve(&server, &mut state, effects);
    assert_eq!(told, [Effect::Found(ID, Seq::new(20))]);
    assert_eq!(loaded(&state), (18, 21, 4));
    let effects = state.load_around(ID, Seq::new(23), 0);
    serve(&server, &mut state, effects);
    assert_eq!(loaded(&state), (18, 24, 7), "these are neighbours");
}

/// 10,000 messages in 50 conversations, in pages that follow what is said to be held.
#[test]
fn all_that_waited_arrives_in_order() {
    let (mut server, _) = with_messages(1);
    let template = server.row(ID);
    let waiting = page(&server, Window::Latest).items.remove(0);
    server.threads.clear();
    let ids = (1..=50).map(crate::protocol::ConversationId::new);
    let rows = ids.clone().map(|id| crate::protocol::Conversation {
        id,
        peer: Some(user(crate::protocol::UserId::new(1_000 + id.get()))),
        last_message: None,
        last_seq: Seq::new(0),
        ..template.clone()
    });
    let items =
        rows.map(|row| crate::protocol::Conversation { unread: 0, mention_seq: None, ..row });
    let mut state = State::new(user(ME), ListPage { items: items.collect(), next_cursor: None });
    state.start(7, Vec::new(), Vec::new(), 0);
    state.apply(super::scenarios::ready(), 0);
    for first in [1, 101] {
        for id in ids.clone() {
            let messages = (first..first + 100).map(|seq| crate::protocol::Message {
                conversation_id: id,
                seq: Seq::new(seq),
                ..waiting.clone()
            });
            let frame = crate::protocol::OfflineMessages {
                conversation_id: id,
                messages: messages.collect(),
                has_more: first == 1,
            };
            let effects = state.apply(ServerFrame::OfflineMessages(frame), 0);
            let held = effects.iter().any(|effect| match effect {
                Effect::Send(frame) => matches!(
                    frame.command,
                    crate::protocol::Command::Delivered(mark) if mark.seq.get() == first + 99
                ),
                _ => false,
            });
            assert!(held, "the next page follows");
        }
    }
    for id in ids {
        let row = state.chats().get(id).expect("a row");
        assert_eq!((row.last_seq, row.unread), (Seq::new(200), 200));
    }
    let asked = Request::CatchUp(ID, Seq::new(0));
    assert!(!state.tick(10_000).contains(&Effect::Fetch(asked)));
}
