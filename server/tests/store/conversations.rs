//! Opening private conversations, and the positions of all.

use std::collections::BTreeSet;

use app::protocol::{ConversationId, Seq, UserId};
use server::store::{Store, StoreError};

use crate::database::{Database, NOW, on_both_engines};

on_both_engines!(
    a_conversation_is_made_once,
    notes_have_one_member,
    an_id_in_use_is_reported,
    many_at_once_through_two_stores_make_one,
    many_pairs_at_once_do_not_deadlock,
    heads_tell_every_position,
);

async fn a_conversation_is_made_once(db: &Database) {
    let (mei, tom) = (UserId::new(1), UserId::new(2));
    assert_eq!(db.private_conversation(mei, tom).await.expect("a read"), None);
    let open = async |one, other, id| {
        let opened = db.open_private_conversation(one, other, ConversationId::new(id), 5).await;
        let opened = opened.expect("a conversation");
        (opened.id.get(), opened.last_seq, opened.created)
    };
    assert_eq!(open(mei, tom, 10).await, (10, Seq::ZERO, true));
    assert_eq!(open(tom, mei, 11).await, (10, Seq::ZERO, false));
    assert_eq!(open(mei, tom, 10).await, (10, Seq::ZERO, true), "it has the id asked for");
    assert_eq!(open(mei, UserId::new(3), 12).await, (12, Seq::ZERO, true));
    let found = db.private_conversation(tom, mei).await.expect("a read").expect("it is there");
    assert_eq!((found.id.get(), found.created), (10, false));
}

async fn notes_have_one_member(db: &Database) {
    let mei = db.person(1, "mei", "Mei").await;
    let notes = db.private(&mei, &mei).await;
    let seen = db.conversation(mei.id, notes, NOW).await.expect("a read").expect("a member");
    assert_eq!((seen.name.as_str(), seen.peer, seen.member_count), ("", None, 1));
    assert_eq!((seen.peer_read_seq, seen.peer_delivered_seq), (None, None));
}

async fn an_id_in_use_is_reported(db: &Database) {
    let id = ConversationId::new(10);
    let open = |other| db.open_private_conversation(UserId::new(1), UserId::new(other), id, 5);
    open(2).await.expect("a conversation");
    let taken = open(3).await;
    assert!(matches!(taken, Err(StoreError::Conflict("id"))), "{taken:?}");
    // Nothing is left of the second.
    let third = db.private_conversation(UserId::new(1), UserId::new(3)).await.expect("a read");
    assert_eq!(third, None);
}

async fn many_at_once_through_two_stores_make_one(db: &Database) {
    let other = Store::open(&db.location).await.expect("a second process");
    for round in 1..=10 {
        let (mei, tom) = (
            db.person(round * 10, &format!("mei{round}"), "Mei").await.id,
            db.person(round * 10 + 1, &format!("tom{round}"), "Tom").await.id,
        );
        let tasks = (0..40).map(|task| {
            let store = if task % 2 == 0 { db.store.clone() } else { other.clone() };
            let (one, two) = if task % 3 == 0 { (mei, tom) } else { (tom, mei) };
            let fresh = ConversationId::new(round * 1_000 + task);
            tokio::spawn(async move { store.open_private_conversation(one, two, fresh, 5).await })
        });
        let mut ids = BTreeSet::new();
        let mut made = 0;
        for task in tasks.collect::<Vec<_>>() {
            let opened = task.await.expect("no panic").expect("a conversation");
            ids.insert(opened.id);
            made += u32::from(opened.created);
        }
        assert_eq!((ids.len(), made), (1, 1), "round {round}");
        let id = ids.into_iter().next().expect("one");
        let seen = other.conversation(tom, id, NOW).await.expect("a read").expect("a member");
        assert_eq!(seen.peer.map(|peer| peer.id), Some(mei), "both sessions stand");
    }
}

async fn many_pairs_at_once_do_not_deadlock(db: &Database) {
    let tasks = (0..200_i64).map(|task| {
        let store = db.store.clone();
        // 50 pairs, each made by four at once, with neighbouring keys.
        let (one, two) = (UserId::new(1 + task % 5), UserId::new(100 + task % 50));
        let fresh = ConversationId::new(1_000 + task);
        tokio::spawn(async move { store.open_private_conversation(one, two, fresh, 5).await })
    });
    let mut ids = BTreeSet::new();
    for task in tasks.collect::<Vec<_>>() {
        ids.insert(task.await.expect("no panic").expect("a conversation").id);
    }
    assert_eq!(ids.len(), 50);
}

async fn heads_tell_every_position(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let (chat, notes) = (db.private(&mei, &tom).await, db.private(&mei, &mei).await);
    assert_eq!(db.heads(mei.id).await.expect("a read"), [], "nothing was said yet");
    let writer = db.writer();
    for (id, sender, name) in
        [(chat, &mei, "a"), (chat, &tom, "b"), (chat, &tom, "c"), (notes, &mei, "d")]
    {
        writer.send(id, sender, name, "words").await.expect("stored");
    }
    writer.mark(chat, &tom, 2, 0).await.expect("a mark");
    writer.mark(chat, &mei, 3, 2).await.expect("a mark");
    let heads = async |user| {
        let heads = db.heads(user).await.expect("a read");
        heads
            .into_iter()
            .map(|head| {
                let marks = [head.read_seq, head.delivered_seq].map(Seq::get);
                let peer = [head.peer_read_seq, head.peer_delivered_seq].map(Seq::get);
                (head.id, head.last_seq.get(), head.rev, marks, peer)
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(heads(mei.id).await, [(notes, 1, 0, [1, 1], [0, 0]), (chat, 3, 0, [2, 3], [0, 3])]);
    assert_eq!(heads(tom.id).await, [(chat, 3, 0, [0, 3], [2, 3])]);
}
