//! What a person would notice of messages that change, and of what they do to them.

use super::scenarios::{ID, PEER, ack, page, sent, shown, with_messages, write};
use super::server::{ME, said, user};
use crate::protocol::{
    ApiError, ClientId, Content, ErrorKind, ListPage, Message, MessageText, MessageType, Reaction,
    ReactionChange, Seq, ServerFrame, Target, User, Window,
};
use crate::state::{Action, Edit, Effect, Outcome, Request, Response, Setting, State};

const HERE: Target = Target::Conversation(ID);

/// A connected client that looks at three messages of its peer.
fn looking() -> (super::server::Server, State) {
    let (server, mut state) = with_messages(3);
    state.adopt(server.row(ID), page(&server, Window::Latest), 0);
    (server, state)
}

fn message(state: &State, seq: i64) -> &Message {
    state.timeline(ID).and_then(|timeline| timeline.get(Seq::new(seq))).expect("it is loaded")
}

fn quoted_by_last(state: &State) -> &str {
    let last = state.chats().get(ID).and_then(|row| row.last_message.as_ref());
    let quote = last.and_then(|last| last.reply_to.as_ref()).expect("the last is a reply");
    &quote.excerpt
}

fn update(mut message: Message, rev: i64, text: &str) -> ServerFrame {
    message.rev = rev;
    if !message.is_recalled() {
        message.content = Content::Text(text.to_owned());
    }
    ServerFrame::MessageUpdated { message, by: PEER, reaction: None }
}

fn acted(effects: &[Effect]) -> Vec<Action> {
    let action = |effect: &Effect| match effect {
        Effect::Act(_, action) => Some(action.as_ref().clone()),
        _ => None,
    };
    effects.iter().filter_map(action).collect()
}

#[test]
fn a_new_name_and_picture_show_wherever_the_person_does() {
    let (_, mut state) = looking();
    let named = |nickname: &str| User {
        nickname: nickname.to_owned(),
        avatar_url: Some("/avatars/0f".to_owned()),
        ..user(PEER)
    };
    let told = named("Omar the Second");
    state.apply(ServerFrame::User { user: told.clone() }, 1_000);
    let row = state.chats().get(ID).expect("a row");
    assert_eq!((&row.name, &row.avatar_url), (&told.nickname, &told.avatar_url));
    assert_eq!(row.peer.as_ref().map(|peer| &peer.nickname), Some(&told.nickname));
    let last = row.last_message.as_ref().expect("a message");
    for message in [last, message(&state, 1), message(&state, 3)] {
        let is_theirs = message.sender.id == PEER;
        assert_eq!(message.sender.nickname == told.nickname, is_theirs, "{message:?}");
    }
    assert!(state.take_changes().timelines.contains_key(&ID));
    let me = User { nickname: "Me".to_owned(), ..user(ME) };
    state.apply(ServerFrame::User { user: me }, 1_010);
    assert_eq!(state.me().nickname, "Me");
}

#[test]
fn of_changes_in_any_order_the_newest_shows_and_a_gap_is_fetched() {
    let (_, mut state) = looking();
    let before = message(&state, 2).clone();
    state.apply(update(before.clone(), 2, "second"), 1_000);
    state.apply(update(before, 1, "first"), 1_010);
    assert_eq!(message(&state, 2).text(), "second");
    let asked = |rev| Effect::Fetch(Request::Changes(ID, rev));
    assert!(!state.tick(1_299).contains(&asked(1)));
    assert!(state.tick(1_300).contains(&asked(1)), "what came second may have told more");
}

#[test]
fn a_row_that_was_read_before_a_change_is_not_taken_for_one_that_has_it() {
    let (server, mut state) = with_messages(3);
    let mut changed = page(&server, Window::Latest).items.remove(0);
    changed.content = Content::Recalled(MessageType::Text);
    state.apply(update(changed, 2, ""), 0);
    let mut row = server.row(ID);
    row.rev = 1;
    let asked = Request::Conversation(ID);
    state.answered(asked.clone(), Ok(Response::Conversation(Box::new(row))), 10);
    assert!(state.tick(310).contains(&Effect::Fetch(asked)), "it counts what is recalled");
}

#[test]
fn a_change_that_comes_before_its_message_is_not_lost() {
    let (mut server, mut state) = looking();
    server.peer_sends(0);
    let late = page(&server, Window::Latest).items.remove(3);
    state.apply(update(late.clone(), 1, "edited"), 0);
    state.apply(ServerFrame::NewMessage { message: late }, 10);
    assert_eq!(message(&state, 4).text(), "edited");
}

#[test]
fn a_change_that_came_before_its_message_is_forgotten_where_the_reader_has_gone_beyond_it() {
    let (mut server, mut state) = with_messages(1);
    server.peer_sends(0);
    let second = page(&server, Window::Latest).items.remove(1);
    state.apply(update(second.clone(), 1, "first"), 0);
    (0..4).for_each(|_| server.peer_sends(0));
    let mut latest = page(&server, Window::Latest);
    latest.items[0].reply_to = Some(server.threads[&ID].quote(second.seq));
    state.adopt(server.row(ID), latest, 0);
    state.apply(update(second, 2, "second"), 0);
    let quote = message(&state, 3).reply_to.as_ref();
    assert_eq!(quote.map(|quote| quote.excerpt.as_str()), Some("second"));
}

#[test]
fn whose_reaction_it_is_is_kept_through_what_is_pushed_to_everyone() {
    let (_, mut state) = looking();
    let told = |by, rev, count, added| {
        let mut message = message(&looking().1, 1).clone();
        message.rev = rev;
        message.reactions.push(Reaction { emoji: "👍".into(), count, mine: None });
        let reaction = Some(ReactionChange { emoji: "👍".into(), added });
        ServerFrame::MessageUpdated { message, by, reaction }
    };
    let mine = |state: &State| message(state, 1).reactions[0].mine;
    state.apply(told(PEER, 1, 1, true), 0);
    assert_eq!(mine(&state), Some(false));
    state.apply(told(ME, 2, 2, true), 0);
    assert_eq!(mine(&state), Some(true), "on another device");
    state.apply(told(PEER, 3, 3, true), 0);
    assert_eq!(mine(&state), Some(true));
    state.apply(told(ME, 4, 2, false), 0);
    assert_eq!(mine(&state), Some(false));
}

#[test]
fn a_reaction_shows_at_once_and_goes_when_it_is_refused() {
    let (_, mut state) = looking();
    let action = Action::React(ID, Seq::new(1), "👍".into(), true);
    assert_eq!(acted(&state.act(1, action.clone(), 0)), std::slice::from_ref(&action));
    let there = |state: &State| state.has_reacted(message(state, 1), "👍");
    assert!(there(&state));
    // The next one waits for its turn.
    let second = Action::React(ID, Seq::new(1), "👍".into(), false);
    assert!(acted(&state.act(2, second.clone(), 0)).is_empty());
    assert!(!there(&state));
    let refused = Err(ApiError::unavailable());
    assert_eq!(acted(&state.acted(1, &action, &refused, 0)), std::slice::from_ref(&second));
    state.acted(2, &second, &refused, 0);
    assert!(!there(&state));
    assert!(state.reactions(message(&state, 1)).is_empty());

    state.act(3, action.clone(), 0);
    state.acted(3, &action, &Ok(Outcome::Done), 0);
    assert!(there(&state), "before the frame comes");
}

#[test]
fn a_reaction_that_has_gone_again_by_the_time_that_it_is_known_to_be_done_stays_away() {
    let (_, mut state) = looking();
    let action = Action::React(ID, Seq::new(1), "👍".into(), true);
    state.act(1, action.clone(), 0);
    // It is the second change: the reaction was the first.
    let mut recalled = message(&state, 1).clone();
    recalled.content = Content::Recalled(MessageType::Text);
    state.apply(update(recalled, 2, ""), 0);
    state.acted(1, &action, &Ok(Outcome::Done), 0);
    assert!(message(&state, 1).reactions.is_empty());
}

#[test]
fn a_setting_shows_at_once_and_goes_back_when_it_is_refused() {
    let (server, mut state) = looking();
    let pinned = |state: &State| state.chats().get(ID).map(|row| row.pinned);
    let pin = Action::Set(ID, Setting::Pinned(true));
    state.act(1, pin.clone(), 0);
    assert_eq!(pinned(&state), Some(true));
    let old = ServerFrame::Conversation { id: None, conversation: server.row(ID) };
    state.apply(old, 0);
    assert_eq!(pinned(&state), Some(true), "that was before it was done");
    let forbidden = Err(ApiError::new(ErrorKind::Forbidden, "no"));
    let effects = state.acted(1, &pin, &forbidden, 0);
    assert_eq!(pinned(&state), Some(false));
    assert!(effects.contains(&Effect::Fetch(Request::Conversation(ID))));
}

#[test]
fn a_refused_setting_goes_back_in_a_row_that_came_after_it_was_asked() {
    let (server, _) = with_messages(1);
    let mut state = State::new(user(ME), ListPage { items: Vec::new(), next_cursor: None });
    let pin = Action::Set(ID, Setting::Pinned(true));
    state.act(1, pin.clone(), 0);
    state.apply(ServerFrame::Conversation { id: None, conversation: server.row(ID) }, 0);
    let asked = Request::Conversation(ID);
    let effects = state.acted(1, &pin, &Err(ApiError::unavailable()), 0);
    assert!(effects.contains(&Effect::Fetch(asked.clone())), "nobody here knows what it was");
    let answer = server.answer(&asked);
    state.answered(asked, answer, 0);
    assert_eq!(state.chats().get(ID).map(|row| row.pinned), Some(false));
}

/// What a row tells of a setting that is on its way is covered by it, even where it is what has come
/// after it: here a message that brings back what was archived.
#[test]
fn a_setting_that_was_done_gives_way_to_what_has_changed_it_since() {
    let (mut server, mut state) = with_messages(1);
    let archive = Action::Set(ID, Setting::Archived(true));
    state.act(1, archive.clone(), 0);
    server.peer_sends(0);
    let asked = Request::Conversation(ID);
    let answer = server.answer(&asked);
    state.answered(asked.clone(), answer.clone(), 0);
    let effects = state.acted(1, &archive, &Ok(Outcome::Done), 0);
    assert!(effects.contains(&Effect::Fetch(asked.clone())));
    state.answered(asked, answer, 0);
    assert_eq!(state.chats().get(ID).map(|row| row.archived), Some(false));
}

#[test]
fn an_edit_shows_when_it_is_stored() {
    let (_, mut state) = looking();
    let edit = Action::Edit(ID, Seq::new(1), "new".into());
    state.act(1, edit.clone(), 0);
    let mut changed = message(&state, 1).clone();
    assert_ne!(changed.text(), "new");
    changed.content = Content::Text("new".into());
    changed.rev = 1;
    state.acted(1, &edit, &Ok(Outcome::Message(Box::new(changed))), 0);
    assert_eq!(message(&state, 1).text(), "new");
}

#[test]
fn a_reply_goes_with_the_message_and_survives_a_reload() {
    let (server, mut state) = looking();
    let effects = state.set_reply(HERE, Some(Seq::new(1)));
    let Some(Effect::KeepReply(_, Some(quote))) = effects.first() else {
        panic!("it is kept: {effects:?}");
    };
    let mut reloaded = State::new(user(ME), server.list(false));
    reloaded.note_reply(HERE, Some(quote.as_ref().clone()));
    assert_eq!(reloaded.reply(HERE), state.reply(HERE));

    let name = ClientId::parse("a").expect("a name");
    let effects = state.send(HERE, name.clone(), MessageText::parse("a").expect("a text"), 0);
    assert!(effects.contains(&Effect::KeepReply(HERE, None)));
    assert_eq!(state.reply(HERE), None);
    let entry = state.outbox().get(&name).expect("it waits");
    let kept = serde_json::to_string(entry).expect("it can be kept");
    let read: crate::state::Entry = serde_json::from_str(&kept).expect("it can be read");
    assert_eq!(read.reply_to.as_ref(), Some(quote.as_ref()));
    state.apply(ack("a", 4), 0);
    assert_eq!(message(&state, 4).reply_to.as_ref(), Some(quote.as_ref()));

    // What is answered changes: the quote tells it as it is.
    let first = message(&state, 1).clone();
    state.apply(update(first, 1, "edited"), 0);
    let excerpt = message(&state, 4).reply_to.as_ref().map(|quote| quote.excerpt.as_str());
    assert_eq!(excerpt, Some("edited"));
}

#[test]
fn the_quote_of_a_voice_message_that_is_recalled_tells_no_more_of_it() {
    let (_, mut state) = looking();
    let voice = |content, rev| {
        let message = Message { content, rev, ..message(&looking().1, 1).clone() };
        ServerFrame::MessageUpdated { message, by: PEER, reaction: None }
    };
    state.apply(voice(said(4, String::new()), 1), 0);
    state.set_reply(HERE, Some(Seq::new(1)));
    let text = MessageText::parse("a").expect("a text");
    state.send(HERE, ClientId::parse("a").expect("a name"), text, 0);
    state.apply(ack("a", 4), 0);
    let quote = |state: &State| {
        let quote = message(state, 4).reply_to.clone().expect("a quote");
        (quote.message_type, quote.voice, quote.excerpt)
    };
    assert_eq!(quote(&state), (MessageType::File, true, "file-4".to_owned()));
    state.apply(voice(Content::Recalled(MessageType::File), 2), 0);
    assert_eq!(quote(&state), (MessageType::File, false, String::new()));
}

/// Of a message that has been hidden meanwhile nothing but the reply tells what was put into it.
#[test]
fn a_reply_to_words_whose_change_is_not_known_here_keeps_the_quote_that_it_came_with() {
    let (mut server, mut state) = looking();
    server.peer_changes(0, 2, 0);
    let answered = server.threads[&ID].quote(Seq::new(3));
    server.peer_sends(0);
    let mut message = page(&server, Window::Latest).items.remove(3);
    message.reply_to = Some(answered.clone());
    state.apply(ServerFrame::NewMessage { message }, 0);
    assert_eq!(self::message(&state, 4).reply_to, Some(answered));
}

/// When it is taken in, what it answers may not be known any more.
#[test]
fn a_reply_that_waits_for_what_stands_before_it_quotes_what_has_changed_meanwhile() {
    let (mut server, mut state) = with_messages(1);
    (0..2).for_each(|_| server.peer_sends(0));
    let mut items = page(&server, Window::Latest).items;
    items[2].reply_to = Some(server.threads[&ID].quote(Seq::new(1)));
    state.apply(ServerFrame::NewMessage { message: items.remove(2) }, 0);
    state.apply(update(items[0].clone(), 1, "edited"), 0);
    state.apply(ServerFrame::NewMessage { message: items.remove(1) }, 0);
    assert_eq!(quoted_by_last(&state), "edited");
}

#[test]
fn an_own_reply_that_is_early_quotes_what_is_known_when_it_is_stored() {
    let (mut server, mut state) = with_messages(1);
    state.set_reply(HERE, Some(Seq::new(1)));
    let first = page(&server, Window::Latest).items.remove(0);
    state.apply(update(first, 1, "edited"), 0);
    write(&mut state, HERE, "a");
    state.apply(ack("a", 3), 0);
    // By this the first is known no more.
    server.peer_sends(0);
    let message = page(&server, Window::Latest).items.remove(1);
    state.apply(ServerFrame::NewMessage { message }, 0);
    assert_eq!(quoted_by_last(&state), "edited");
}

#[test]
fn a_row_that_was_read_before_an_own_reply_does_not_tell_what_that_quotes() {
    let (mut server, mut state) = with_messages(1);
    state.set_reply(HERE, Some(Seq::new(1)));
    server.peer_changes(0, 0, 0);
    let asked = Request::Conversation(ID);
    let answer = server.answer(&asked);
    write(&mut state, HERE, "a");
    state.apply(ack("a", 2), 0);
    state.answered(asked.clone(), answer, 0);
    assert!(state.tick(300).contains(&Effect::Fetch(asked)), "it quotes what has changed");
}

#[test]
fn a_reply_that_changed_before_what_it_answers_does_not_bring_the_old_words_back() {
    let (mut server, mut state) = with_messages(1);
    server.peer_sends(0);
    let mut items = page(&server, Window::Latest).items;
    items[1].reply_to = Some(server.threads[&ID].quote(Seq::new(1)));
    state.adopt(server.row(ID), page(&server, Window::Latest), 0);
    state.apply(update(items.remove(0), 2, "edited"), 0);
    state.apply(update(items.remove(0), 1, "the reply"), 0);
    assert_eq!(quoted_by_last(&state), "edited");
}

#[test]
fn a_change_that_comes_again_does_not_bring_back_what_has_changed_since() {
    let (mut server, mut state) = with_messages(2);
    let first = page(&server, Window::Latest).items.remove(0);
    server.peer_sends(0);
    let mut reply = page(&server, Window::Latest).items.remove(2);
    reply.reply_to = Some(server.threads[&ID].quote(Seq::new(1)));
    state.apply(ServerFrame::NewMessage { message: reply }, 0);
    // What is answered is not known here: only these tell of it.
    let changes = [1, 2].map(|rev| update(first.clone(), rev, &format!("edited {rev}")));
    for change in [&changes[0], &changes[1], &changes[0]] {
        state.apply(change.clone(), 0);
    }
    assert_eq!(quoted_by_last(&state), "edited 2");
}

#[test]
fn what_was_kept_by_an_earlier_version_can_be_read() {
    let kept = r#"{"client_id":"a","target":{"conversation":5},"content":"x","created_at":1,"status":"waiting"}"#;
    let entry: crate::state::Entry = serde_json::from_str(kept).expect("an entry");
    assert_eq!(entry.reply_to, None);
}

#[test]
fn what_may_name_someone_shows_as_it_was_stored() {
    let (mut server, mut state) = looking();
    server.connect(0);
    let text = MessageText::parse("see @peer").expect("a text");
    let effects = state.send(HERE, ClientId::parse("a").expect("a name"), text, 0);
    for effect in effects {
        if let Effect::Send(frame) = effect {
            server.take(0, *frame);
        }
    }
    assert_eq!(shown(&state), ["server-1", "server-2", "server-3", "a"]);
    server.sockets[0].to_client.clear();
    let effects = state.apply(ack("a", 4), 0);
    assert!(sent(effects.clone()).is_empty());
    assert_eq!(shown(&state), ["server-1", "server-2", "server-3", "a"], "nothing flickers");
    let request = Request::CatchUp(ID, Seq::new(3));
    assert!(effects.contains(&Effect::Fetch(request.clone())));
    let mut stored = page(&server, Window::After(Seq::new(3)));
    stored.items[0].mentions = vec![PEER];
    state.answered(request, Ok(Response::Messages(stored)), 0);
    assert_eq!(message(&state, 4).mentions, [PEER]);
    assert!(state.outbox().is_empty());
}

#[test]
fn a_begun_edit_is_kept_until_it_is_saved_or_given_up() {
    let (_, mut state) = looking();
    let seq = Seq::new(1);
    let before = message(&state, 1).text().to_owned();
    let kept = |text: &str| Effect::KeepEdit(ID, Some(Edit { seq, text: text.to_owned() }));
    assert_eq!(state.begin_edit(ID, seq), [kept(&before)]);
    assert!(state.take_changes().drafts, "whoever shows it is told");
    assert_eq!(state.write_edit(ID, "second"), [kept("second")]);
    assert_eq!(state.write_edit(ID, "second"), []);
    assert!(!state.take_changes().drafts, "it is seen where it is written");
    // Neither the draft nor another message's edit has to do with it.
    state.set_draft(Target::Conversation(ID), "a draft");
    assert_eq!(state.end_edit(ID, Seq::new(7)), []);
    assert_eq!(state.edit(ID).map(|edit| edit.text.as_str()), Some("second"));
    assert_eq!(state.end_edit(ID, seq), [Effect::KeepEdit(ID, None)]);
    assert_eq!((state.edit(ID), state.draft(Target::Conversation(ID))), (None, "a draft"));
    // What is not there cannot be edited.
    assert_eq!(state.begin_edit(ID, Seq::new(9)), []);

    state.note_edit(ID, Some(Edit { seq, text: "in another tab".into() }));
    assert_eq!(state.edit(ID).map(|edit| edit.text.as_str()), Some("in another tab"));
    state.note_edit(ID, None);
    assert_eq!(state.edit(ID), None);
}
