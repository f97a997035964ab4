//! The writer: marks.

use server::events::{Event, Fact, Local};
use server::store::writer::{MoveMarks, ReplyTo};

use crate::database::{Database, NOW, marks, on_both_engines, origin};
use crate::writer::{all, pair, standing};

on_both_engines!(
    marks_move_forward_and_no_further_than_the_last,
    own_messages_never_hold_a_mark_back,
    marks_of_one_member_are_coalesced,
    reading_takes_the_flag_unread_away,
);

async fn marks_move_forward_and_no_further_than_the_last(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    for number in 0..5 {
        writer.send(id, &mei, &format!("m{number}"), "words").await.expect("stored");
    }
    let moves = [
        ((2, 0), (0, 2)),
        ((1, 0), (0, 2)),
        ((0, 3), (3, 3)),
        ((0, 1), (3, 3)),
        ((4, 0), (3, 4)),
        ((900, 900), (5, 5)),
        ((0, 0), (5, 5)),
    ];
    for ((delivered, read), expected) in moves {
        writer.mark(id, &tom, delivered, read).await.expect("a mark");
        assert_eq!(standing(db, &tom, id).await, expected, "after ({delivered}, {read})");
    }
    let told: Vec<_> = writer
        .events
        .facts()
        .into_iter()
        .filter_map(|fact| match fact {
            Fact::MarksMoved { receipt, .. } => {
                Some((receipt.read_seq.get(), receipt.delivered_seq.get()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(told, [(0, 2), (3, 3), (3, 4), (5, 5)], "what did not move is not told");
}

async fn own_messages_never_hold_a_mark_back(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    let say = async |user, names: &[&str]| {
        for name in names {
            writer.send(id, user, name, "words").await.expect("stored");
        }
    };
    say(&mei, &["1", "2"]).await;
    assert_eq!(standing(db, &mei, id).await, (2, 2), "they stand just above her marks");
    assert_eq!(standing(db, &tom, id).await, (0, 0));
    say(&tom, &["3"]).await;
    assert_eq!(standing(db, &tom, id).await, (0, 0), "sending moves no mark over others' words");
    say(&mei, &["4"]).await;
    assert_eq!(standing(db, &mei, id).await, (2, 2));
    let is_receipt = |fact: &&Fact| matches!(fact, Fact::MarksMoved { .. });
    let receipts = || writer.events.take_facts().iter().filter(is_receipt).count();
    assert_eq!(receipts(), 0, "stepping over is not told");
    // 1 2 by Mei, 3 by Tom, 4 by Mei, 5 6 by Tom, 7 by Mei.
    say(&tom, &["5", "6"]).await;
    say(&mei, &["7"]).await;
    writer.mark(id, &tom, 2, 0).await.expect("a mark");
    assert_eq!(standing(db, &tom, id).await, (0, 3), "delivered steps over 3");
    writer.mark(id, &tom, 4, 1).await.expect("a mark");
    assert_eq!(standing(db, &tom, id).await, (1, 6), "delivered steps over 5 and 6");
    writer.mark(id, &mei, 3, 3).await.expect("a mark");
    assert_eq!(standing(db, &mei, id).await, (4, 4), "both step over 4");
    writer.mark(id, &mei, 6, 0).await.expect("a mark");
    assert_eq!(standing(db, &mei, id).await, (4, 7), "up to the last");
    // A mark and the own message above it in one batch.
    let answer = writer.queue(id, &tom, "8", "words").await;
    writer.mark(id, &tom, 7, 7).await.expect("a mark");
    all(vec![answer]).await;
    assert_eq!(standing(db, &tom, id).await, (8, 8));
    let notes = db.private(&mei, &mei).await;
    writer.send(notes, &mei, "n", "words").await.expect("stored");
    assert_eq!(standing(db, &mei, notes).await, (1, 1));
}

async fn marks_of_one_member_are_coalesced(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    for number in 0..50 {
        writer.send(id, &mei, &format!("m{number}"), "words").await.expect("stored");
    }
    writer.events.take();
    for seq in 1..=50 {
        let socket =
            MoveMarks { reply: ReplyTo::Socket(origin(5)), ..marks(id, &tom, seq, seq / 2) };
        writer.writer.move_marks(socket).await.expect("taken");
    }
    let other = MoveMarks { reply: ReplyTo::Socket(origin(6)), ..marks(id, &tom, 3, 3) };
    writer.writer.move_marks(other).await.expect("taken");
    writer.writer.shut_down().await;
    let events = writer.events.all();
    let [Event::Fact { fact: Fact::MarksMoved { receipt, .. }, local: Local { origin: None, .. } }] =
        &events[..]
    else {
        panic!("one event, which all of his sockets get: {events:?}");
    };
    assert_eq!((receipt.delivered_seq.get(), receipt.read_seq.get()), (50, 25));
    assert_eq!(standing(db, &tom, id).await, (25, 50));
}

async fn reading_takes_the_flag_unread_away(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    writer.send(id, &mei, "a", "words").await.expect("stored");
    writer.mark(id, &tom, 1, 1).await.expect("a mark");
    db.execute("UPDATE message_session SET marked_unread = 1 WHERE user_id = 2").await;
    let seen = async || {
        let head = db.heads(tom.id).await.expect("a read")[0];
        let seen = db.conversation(tom.id, id, NOW).await.expect("a read").expect("a member");
        (seen.marked_unread, head.version)
    };
    writer.mark(id, &tom, 1, 0).await.expect("a mark");
    assert_eq!(seen().await, (true, 0), "holding is not reading");
    writer.mark(id, &tom, 1, 1).await.expect("a mark");
    assert_eq!(seen().await, (false, 1), "and heads differ");
}
