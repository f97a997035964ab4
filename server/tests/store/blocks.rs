//! Blocks, and what they close.

use app::protocol::{ApiError, ConversationId, Seq, UserId};
use server::events::Fact;
use server::store::accounts::Deletion;
use server::store::blocks::Turned;

use crate::database::{Database, NOW, marks, on_both_engines};

on_both_engines!(
    nobody_writes_across_a_block,
    a_block_comes_before_the_conversation,
    whoever_opens_a_conversation_meanwhile_finds_the_block,
    a_block_of_each_has_to_end,
    marks_are_shown_as_they_stood,
    blocks_are_listed_the_latest_first,
    a_deleted_account_is_gone_whatever_was_blocked,
);

async fn nobody_writes_across_a_block(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let (ana, id) = (db.person(3, "ana", "Ana").await, db.private(&mei, &tom).await);
    let beside = db.private(&mei, &ana).await;
    let writer = db.writer();
    let first = writer.send(id, &mei, "a", "one").await.expect("stored").message;
    let version = async || db.heads(tom.id).await.expect("a read")[0].version;
    let before = version().await;
    let turned = db.block(mei.id, tom.id, NOW).await.expect("a write");
    assert_eq!(turned, Some(Some(Turned { conversation_id: id, told: true })));
    assert!(version().await > before, "whoever compares sees that something changed");
    let again = db.block(mei.id, tom.id, NOW).await.expect("a write");
    assert_eq!(again, Some(None), "it stands already");
    for sender in [&mei, &tom] {
        let refused = writer.send(id, sender, "b", "two").await.expect_err("a block");
        assert_eq!(refused, ApiError::blocked(), "the same words for both");
    }
    let repeat = writer.send(id, &mei, "a", "one").await.expect("acknowledged");
    assert_eq!((repeat.message.seq, repeat.duplicate), (first.seq, true));
    writer.send(beside, &mei, "a", "one").await.expect("others are not concerned");
    let turned = db.unblock(mei.id, tom.id).await.expect("a write");
    assert_eq!(turned, Some(Turned { conversation_id: id, told: true }));
    assert_eq!(db.unblock(mei.id, tom.id).await.expect("a write"), None);
    let second = writer.send(id, &tom, "b", "two").await.expect("stored").message;
    assert_eq!(second.seq, Seq::new(2), "nothing is missing");
}

async fn a_block_comes_before_the_conversation(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let blocked = db.block(mei.id, tom.id, NOW).await.expect("a write");
    assert_eq!(blocked, Some(None), "there is nothing to close");
    let id = db.private(&tom, &mei).await;
    let writer = db.writer();
    let refused = writer.send(id, &tom, "a", "hello").await.expect_err("a block");
    assert_eq!(refused, ApiError::blocked());
    let turned = db.unblock(mei.id, tom.id).await.expect("a write");
    assert_eq!(turned, Some(Turned { conversation_id: id, told: false }));
    writer.send(id, &tom, "a", "hello").await.expect("stored");
}

async fn whoever_opens_a_conversation_meanwhile_finds_the_block(db: &Database) {
    let writer = db.writer();
    for round in 1..=20 {
        let mei = db.person(round * 10, &format!("mei{round}"), "Mei").await;
        let tom = db.person(round * 10 + 1, &format!("tom{round}"), "Tom").await;
        let (there, back) = (db.block(mei.id, tom.id, NOW), db.block(tom.id, mei.id, NOW));
        let open = async {
            let fresh = ConversationId::new(round * 1_000);
            db.open_private_conversation(tom.id, mei.id, fresh, NOW).await
        };
        let (there, opened, back) = tokio::join!(there, open, back);
        assert!(there.expect("a write").is_some() && back.expect("a write").is_some());
        let id = opened.expect("a conversation").id;
        let refused = writer.send(id, &tom, "a", "hello").await.expect_err("a block");
        assert_eq!(refused, ApiError::blocked(), "round {round}");
    }
}

async fn a_block_of_each_has_to_end(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let id = db.private(&mei, &tom).await;
    let writer = db.writer();
    for (one, other) in [(&mei, &tom), (&tom, &mei)] {
        db.block(one.id, other.id, NOW).await.expect("a write").expect("both are there");
    }
    assert_eq!(db.unblock(mei.id, tom.id).await.expect("a write"), None, "his stands");
    writer.send(id, &mei, "a", "hello").await.expect_err("a block");
    db.unblock(tom.id, mei.id).await.expect("a write").expect("open again");
    writer.send(id, &mei, "a", "hello").await.expect("stored");
}

async fn marks_are_shown_as_they_stood(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let id = db.private(&mei, &tom).await;
    let writer = db.writer();
    for name in ["a", "b", "c"] {
        writer.send(id, &mei, name, "words").await.expect("stored");
    }
    writer.mark(id, &tom, 2, 1).await.expect("a mark");
    db.block(mei.id, tom.id, NOW).await.expect("a write").expect("both are there");
    writer.events.take();
    writer.mark(id, &tom, 3, 3).await.expect("he may still read");
    let told = writer.events.take_facts();
    assert!(
        matches!(told[..], [Fact::MarksMoved { receipt, partner: None }] if receipt.user_id == tom.id),
        "his own devices alone: {told:?}"
    );
    let shown = async || {
        let seen = db.conversation(mei.id, id, NOW).await.expect("a read").expect("a member");
        let head = db.heads(mei.id).await.expect("a read")[0];
        let marks = (head.peer_read_seq, head.peer_delivered_seq);
        assert_eq!((seen.peer_read_seq, seen.peer_delivered_seq), (Some(marks.0), Some(marks.1)));
        let presence = seen.peer.expect("tom").presence.is_some();
        (marks.0.get(), marks.1.get(), presence)
    };
    assert_eq!(shown().await, (1, 2, false));
    let info = db.receipts(id, Seq::new(2), mei.id).await.expect("a read").expect("a message");
    assert_eq!((info.len(), info[0].delivered, info[0].read), (1, true, false));
    let his = db.conversation(tom.id, id, NOW).await.expect("a read").expect("a member");
    assert_eq!((his.read_seq.get(), his.delivered_seq.get(), his.unread), (3, 3, 0));
    db.unblock(mei.id, tom.id).await.expect("a write").expect("open again");
    assert_eq!(shown().await, (3, 3, true));
    // Nobody types there either.
    let others = async || {
        let audience = db.typing_audience(mei.id, id, 50).await.expect("a read");
        audience.expect("a member").others
    };
    assert_eq!(others().await, [tom.id]);
    db.block(tom.id, mei.id, NOW).await.expect("a write").expect("both are there");
    assert_eq!(others().await, []);
    writer.writer.move_marks(marks(id, &tom, 3, 3)).await.expect("no harm");
}

async fn blocks_are_listed_the_latest_first(db: &Database) {
    let mei = db.person(1, "mei", "Mei").await;
    for id in 2..=6 {
        db.person(id, &format!("user{id}"), "Someone").await;
        // Two each at the same time.
        let blocked = db.block(mei.id, UserId::new(id), NOW + id / 2).await.expect("a write");
        assert!(blocked.is_some());
    }
    for limit in 1..=6 {
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = db.blocks(mei.id, cursor.as_deref(), limit).await.expect("a read");
            seen.extend(page.items.into_iter().map(|block| block.user.id.get()));
            assert!(seen.len() <= 5, "nobody comes twice");
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, [6, 5, 4, 3, 2]);
    }
    assert!(db.blocks(UserId::new(2), None, 50).await.expect("a read").items.is_empty());
    assert_eq!(db.block(mei.id, UserId::new(99), NOW).await.expect("a write"), None, "nobody");
}

async fn a_deleted_account_is_gone_whatever_was_blocked(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let id = db.private(&mei, &tom).await;
    db.block(mei.id, tom.id, NOW).await.expect("a write").expect("both are there");
    let deleted = db.delete_user(tom.id, "$argon2id$test", NOW).await.expect("a write");
    assert!(matches!(deleted, Deletion::Done(_)));
    assert_eq!(db.unblock(mei.id, tom.id).await.expect("a write"), None);
    let refused = db.writer().send(id, &mei, "a", "hello").await.expect_err("he is gone");
    assert_eq!(refused, ApiError::closed());
}
