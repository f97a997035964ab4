//! A wide group: whatever happens in it is encoded once, and all its sockets share the bytes.

use std::sync::Arc;

use app::protocol::{ConversationId, LoginId, ReactionChange, Seq, UserId};

use super::Hub;
use crate::events::{Audience, Event, GroupChange, Update};
use crate::ws::mailbox::Mailbox;
use crate::ws::outbound::Outbound;
use crate::ws::sample;

const ID: ConversationId = ConversationId::new(7);
const MEMBERS: i64 = 500;

/// A hub with a socket of each member.
fn group() -> (Hub, Audience, Vec<Mailbox>) {
    let hub = Hub::new(10);
    let members: Arc<[UserId]> = (1..=MEMBERS).map(UserId::new).collect();
    let mailboxes =
        members.iter().map(|user| hub.join(*user, LoginId::new(user.get())).1).collect();
    (hub, Audience::Group { members_rev: 1, members }, mailboxes)
}

/// Where the bytes of the next frame lie that a socket is to send.
fn next(mailbox: &Mailbox) -> *const u8 {
    match mailbox.pop().expect("a frame") {
        Outbound::Message { frame, .. } | Outbound::Frame(frame) => frame.as_str().as_ptr(),
        other => panic!("unexpected {other:?}"),
    }
}

/// That all sockets got so many frames, each of which is one piece of memory.
fn assert_shared(mailboxes: &[Mailbox], frames: usize) {
    // All have been in their queues at the same time, so that no two pieces have one place.
    let told: Vec<Vec<_>> =
        mailboxes.iter().map(|mailbox| (0..frames).map(|_| next(mailbox)).collect()).collect();
    assert_eq!(told.len(), usize::try_from(MEMBERS).expect("few"));
    assert!(told.iter().all(|frames| *frames == told[0]));
    assert!(mailboxes.iter().all(|mailbox| mailbox.len() == 0));
}

#[tokio::test]
async fn a_message_is_encoded_once() {
    let (hub, audience, mailboxes) = group();
    let message = sample::message(ID, 1, "to all of you").into();
    hub.accept(vec![Event::Message { message, audience, origin: None }]);
    assert_shared(&mailboxes, 1);
}

#[tokio::test]
async fn a_reaction_is_encoded_once() {
    let (hub, audience, mailboxes) = group();
    let reaction = Some(ReactionChange { emoji: "🌿".into(), added: true });
    let update = Update {
        message: sample::message(ID, 1, "to all of you").into(),
        by: UserId::new(2),
        reaction,
        audience,
        hidden_from: Vec::new(),
        after: Seq::new(1),
    };
    hub.accept(vec![Event::Updated(Box::new(update))]);
    assert_shared(&mailboxes, 1);
}

#[tokio::test]
async fn a_rename_is_encoded_once() {
    let (hub, audience, mailboxes) = group();
    let change = GroupChange {
        conversation: sample::group(ID, "Tea"),
        messages: vec![sample::message(ID, 1, "renamed").into()],
        audience,
        newcomers: Vec::new(),
        left: Vec::new(),
        origin: None,
    };
    hub.accept(vec![Event::Group(Arc::new(change))]);
    assert_shared(&mailboxes, 2);
}
