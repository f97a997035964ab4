//! A wide group: whatever happens in it is encoded once, and all its sockets share the bytes.

use std::ops::Deref;
use std::sync::Arc;

use app::protocol::{ConversationId, LoginId, ReactionChange, Seq, UserId};

use super::Hub;
use crate::chat::samples::House;
use crate::events::{
    Audience, Event, Fact, GroupChange, GroupMembers, Local, Members, MessageChange, samples,
};
use crate::ws::mailbox::Mailbox;
use crate::ws::outbound::Outbound;

const ID: ConversationId = ConversationId::new(7);
const MEMBERS: i64 = 500;
const AUDIENCE: Audience = Audience::Group { members_rev: 1 };

/// A hub that reads from a database of its own.
pub(super) struct TestHub {
    hub: Hub,
    pub(super) house: House,
}

impl Deref for TestHub {
    type Target = Hub;

    fn deref(&self) -> &Hub {
        &self.hub
    }
}

pub(super) async fn hub() -> TestHub {
    let house = House::open().await;
    TestHub { hub: Hub::start(house.reader.clone(), 10), house }
}

/// A hub with a socket of each member.
async fn group() -> (TestHub, Local, Vec<Mailbox>) {
    let hub = hub().await;
    let ids: Arc<[UserId]> = (1..=MEMBERS).map(UserId::new).collect();
    let mailboxes = ids.iter().map(|user| hub.join(*user, LoginId::new(user.get())).1).collect();
    let members = Some(Members::Group(GroupMembers { rev: 1, ids }));
    (hub, Local { origin: None, members }, mailboxes)
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
    let (hub, local, mailboxes) = group().await;
    let message = samples::message(ID, 1, "to all of you").into();
    let fact = Fact::MessageStored { message, audience: AUDIENCE };
    hub.accept(vec![Event::Fact { fact, local }]);
    assert_shared(&mailboxes, 1);
}

#[tokio::test]
async fn a_reaction_is_encoded_once() {
    let (hub, local, mailboxes) = group().await;
    let reaction = Some(ReactionChange { emoji: "🌿".into(), added: true });
    let change = MessageChange {
        message: samples::message(ID, 1, "to all of you").into(),
        by: UserId::new(2),
        reaction,
        audience: AUDIENCE,
        hidden_from: Vec::new(),
        after: Seq::new(1),
    };
    hub.accept(vec![Event::Fact { fact: Fact::MessageChanged(Box::new(change)), local }]);
    assert_shared(&mailboxes, 1);
}

#[tokio::test]
async fn a_rename_is_encoded_once() {
    let (hub, local, mailboxes) = group().await;
    let change = GroupChange {
        conversation: samples::group(ID, "Tea"),
        messages: vec![samples::message(ID, 1, "renamed").into()],
        audience: AUDIENCE,
        newcomers: Vec::new(),
        left: Vec::new(),
    };
    hub.accept(vec![Event::Fact { fact: Fact::GroupChanged(Arc::new(change)), local }]);
    assert_shared(&mailboxes, 2);
}
