//! The writer: numbering, repeats, membership, events.

use std::collections::HashSet;
use std::sync::Arc;

use app::protocol::{ConversationId, ErrorKind, Seq, User};
use server::events::{Audience, ConnectionId, Event, Fact, Local, Members, Reply};
use server::store::writer::MoveMarks;

use crate::database::{
    Database, NOW, PendingAnswer, TestWriter, append, marks, on_both_engines, origin,
};
use server::store::writer::{Appended, ReplyTo};

on_both_engines!(
    messages_are_numbered_in_their_order,
    a_repeat_is_answered_with_the_first,
    a_repeat_is_acknowledged_after_removal,
    strangers_find_nothing,
    every_outcome_is_told_once_and_in_order,
    a_thousand_at_once_have_no_hole,
    two_nodes_number_one_conversation,
    shutting_down_stores_what_is_queued,
);

pub async fn pair(db: &Database) -> (Arc<User>, Arc<User>, ConversationId) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let id = db.private(&mei, &tom).await;
    (mei, tom, id)
}

pub async fn all(answers: Vec<PendingAnswer<Appended>>) -> Vec<Appended> {
    let mut appended = Vec::new();
    for answer in answers {
        appended.push(answer.await.expect("an answer").expect("stored"));
    }
    appended
}

/// (read, delivered) of a member.
pub async fn standing(db: &Database, user: &User, id: ConversationId) -> (i64, i64) {
    let seen = db.conversation(user.id, id, NOW).await.expect("a read").expect("a member");
    (seen.read_seq.get(), seen.delivered_seq.get())
}

async fn messages_are_numbered_in_their_order(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    let mut answers = Vec::new();
    for number in 0..100 {
        let sender = if number % 3 == 0 { &mei } else { &tom };
        answers.push(writer.queue(id, sender, &format!("m{number}"), &format!("{number}")).await);
    }
    for (number, appended) in (0..).zip(all(answers).await) {
        assert_eq!(appended.message.seq.get(), number + 1);
        assert_eq!(appended.message.text(), number.to_string());
        assert!(!appended.duplicate);
    }
    let stored = db.messages_between(id, Seq::new(1), Seq::new(100)).await.expect("a read");
    let told: Vec<_> = writer
        .events
        .all()
        .into_iter()
        .map(|event| match event {
            Event::Fact { fact: Fact::MessageStored { message, audience }, local } => {
                assert_eq!(audience, Audience::Private(mei.id, tom.id));
                assert_eq!(local.members, Some(Members::Private(mei.id, tom.id)));
                assert_eq!(local.origin, None);
                (*message).clone()
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, stored, "what is told is what is stored");
}

async fn a_repeat_is_answered_with_the_first(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    // In one batch: the queue is filled before the writer's task runs.
    let mut answers = Vec::new();
    for text in ["first", "second", "third"] {
        answers.push(writer.queue(id, &mei, "same", text).await);
    }
    // The same name of another sender, and in other letters, is another message.
    answers.push(writer.queue(id, &tom, "same", "his").await);
    answers.push(writer.queue(id, &mei, "SAME", "loud").await);
    let appended = all(answers).await;
    let seen: Vec<_> = appended
        .iter()
        .map(|one| (one.message.seq.get(), one.message.text(), one.duplicate))
        .collect();
    assert_eq!(
        seen,
        [
            (1, "first", false),
            (1, "first", true),
            (1, "first", true),
            (2, "his", false),
            (3, "loud", false)
        ]
    );
    // Later, and through another writer, with another body.
    let later = db.writer().send(id, &mei, "same", "changed").await.expect("acknowledged");
    assert!(later.duplicate);
    assert_eq!(*later.message, *appended[0].message);
    let page = db.messages_between(id, Seq::new(1), Seq::new(9)).await.expect("a read");
    assert_eq!(page.len(), 3);
}

async fn a_repeat_is_acknowledged_after_removal(db: &Database) {
    let (mei, _, id) = pair(db).await;
    let writer = db.writer();
    let first = writer.send(id, &mei, "a", "words").await.expect("stored");
    db.execute("DELETE FROM message_session WHERE user_id = 1").await;
    let again = writer.send(id, &mei, "a", "words").await.expect("acknowledged");
    assert_eq!((again.duplicate, again.message.seq), (true, first.message.seq));
    let new = writer.send(id, &mei, "b", "words").await.expect_err("she was removed");
    assert_eq!(new.kind, ErrorKind::NotFound);
}

async fn strangers_find_nothing(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let eve = db.person(3, "eve", "Eve").await;
    let writer = db.writer();
    // Between good ones, which it must not disturb.
    let before = writer.queue(id, &mei, "a", "words").await;
    let hers = writer.queue(id, &eve, "b", "words").await;
    let nowhere = writer.queue(ConversationId::new(999_999), &mei, "c", "words").await;
    let after = writer.queue(id, &tom, "d", "words").await;
    for refused in [hers, nowhere] {
        let error = refused.await.expect("an answer").expect_err("refused");
        assert_eq!(error, app::protocol::ApiError::not_found());
    }
    let seqs: Vec<_> =
        all(vec![before, after]).await.iter().map(|one| one.message.seq.get()).collect();
    assert_eq!(seqs, [1, 2]);
    for refused in
        [writer.mark(id, &eve, 1, 1).await, writer.mark(ConversationId::new(9), &mei, 1, 1).await]
    {
        assert_eq!(refused.expect_err("refused").kind, ErrorKind::NotFound);
    }
}

async fn every_outcome_is_told_once_and_in_order(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let eve = db.person(3, "eve", "Eve").await;
    let writer = db.writer();
    writer.send_from(7, id, &mei, "a").await;
    writer.send_from(8, id, &mei, "a").await;
    writer.send_from(9, id, &eve, "b").await;
    writer.send_from(10, id, &tom, "c").await;
    let refused = MoveMarks { reply: ReplyTo::Socket(origin(11)), ..marks(id, &eve, 1, 1) };
    writer.writer.move_marks(refused).await.expect("taken");
    let moved = MoveMarks { reply: ReplyTo::Socket(origin(12)), ..marks(id, &mei, 2, 2) };
    writer.writer.move_marks(moved).await.expect("taken");
    writer.writer.shut_down().await;

    let (mut stream, mut of_marks) = (Vec::new(), Vec::new());
    for event in writer.events.all() {
        match event {
            Event::Fact { fact: Fact::MessageStored { message, .. }, local } => {
                let origin = local.origin.expect("a socket sent it");
                assert_eq!(origin.frame_id, Some(format!("frame-{}", origin.connection.0)));
                stream.push(("new", origin.connection.0, message.seq.get()));
            }
            Event::Reply(Reply::Repeated { message, to, .. }) => {
                assert_eq!((to.frame_id.as_deref(), message.created_at), (Some("frame-8"), 10_000));
                stream.push(("repeat", to.connection.0, message.seq.get()));
            }
            Event::Reply(Reply::Refused { error, client_id: Some(name), to, .. }) => {
                assert_eq!((error.kind, name.as_str()), (ErrorKind::NotFound, "b"));
                stream.push(("refused", to.connection.0, 0));
            }
            Event::Reply(Reply::Refused { client_id: None, to, .. }) => {
                of_marks.push(to.connection);
            }
            Event::Fact {
                fact: Fact::MarksMoved { receipt, partner },
                local: Local { origin, .. },
            } => {
                assert_eq!((receipt.user_id, partner), (mei.id, Some(tom.id)));
                assert_eq!((receipt.delivered_seq.get(), receipt.read_seq.get()), (2, 2));
                of_marks.push(origin.expect("a socket moved them").connection);
            }
            event => panic!("the writer tells of nothing else: {event:?}"),
        }
    }
    assert_eq!(stream, [("new", 7, 1), ("repeat", 8, 1), ("refused", 9, 0), ("new", 10, 2)]);
    of_marks.sort();
    assert_eq!(of_marks, [ConnectionId(11), ConnectionId(12)]);
}

async fn a_thousand_at_once_have_no_hole(db: &Database) {
    let mut pairs = Vec::new();
    for number in 0..20 {
        let one = db.person(number * 2 + 1, &format!("one{number}"), "One").await;
        let other = db.person(number * 2 + 2, &format!("other{number}"), "Other").await;
        let id = db.private(&one, &other).await;
        pairs.push((id, one, other));
    }
    let writer = Arc::new(db.writer());
    let tasks = (0..1_000_usize).map(|number| {
        let (id, one, other) = pairs[number % pairs.len()].clone();
        let sender = if number % 2 == 0 { one } else { other };
        let writer = Arc::clone(&writer);
        tokio::spawn(async move {
            writer.send(id, &sender, &format!("m{number}"), &format!("text {number}")).await
        })
    });
    let mut stored = HashSet::new();
    for task in tasks.collect::<Vec<_>>() {
        let appended = task.await.expect("no panic").expect("stored");
        assert!(stored.insert((appended.message.conversation_id, appended.message.seq)));
    }
    for (id, ..) in &pairs {
        let messages =
            db.messages_between(*id, Seq::new(0), Seq::new(1_000)).await.expect("a read");
        let seqs: Vec<_> = messages.iter().map(|message| message.seq.get()).collect();
        assert_eq!(seqs, (1..=50).collect::<Vec<_>>());
    }
    in_order(&writer);
}

/// The messages told of in each conversation ascend without a hole.
fn in_order(writer: &TestWriter) {
    let mut last = std::collections::HashMap::new();
    for fact in writer.events.facts() {
        if let Fact::MessageStored { message, .. } = fact {
            let last = last.entry(message.conversation_id).or_insert(0);
            assert_eq!(message.seq.get(), *last + 1);
            *last += 1;
        }
    }
}

async fn two_nodes_number_one_conversation(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let other = Database::beside(db).await;
    let (here, there) = (db.writer(), other.writer());
    let mut answers = Vec::new();
    for number in 0..200 {
        answers.push(here.queue(id, &mei, &format!("m{number}"), "words").await);
        answers.push(there.queue(id, &tom, &format!("t{number}"), "words").await);
        // The same message through both: stored once.
        answers.push(here.queue(id, &tom, &format!("t{number}"), "words").await);
        if number % 20 == 0 {
            here.mark(id, &tom, number, number).await.expect("a mark");
        }
    }
    let repeats = all(answers).await.iter().filter(|appended| appended.duplicate).count();
    assert_eq!(repeats, 200);
    let stored = db.messages_between(id, Seq::ZERO, Seq::new(999)).await.expect("a read");
    let seqs: Vec<_> = stored.iter().map(|message| message.seq.get()).collect();
    assert_eq!(seqs, (1..=400).collect::<Vec<_>>());
    let from_mei = stored.iter().filter(|message| message.sender.id == mei.id);
    let names: Vec<_> = from_mei.map(|message| message.client_id.as_str().to_owned()).collect();
    assert_eq!(names, (0..200).map(|number| format!("m{number}")).collect::<Vec<_>>());
}

async fn shutting_down_stores_what_is_queued(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    let mut answers = Vec::new();
    for number in 0..600 {
        answers.push(writer.queue(id, &mei, &format!("m{number}"), "words").await);
    }
    writer.writer.move_marks(marks(id, &tom, 10, 10)).await.expect("taken");
    writer.writer.shut_down().await;
    assert_eq!(all(answers).await.len(), 600);
    assert_eq!(standing(db, &tom, id).await, (10, 10), "marks that waited are moved");
    let (reply, _answer) = tokio::sync::oneshot::channel();
    let late = append(id, &mei, "late", "words", ReplyTo::Caller(reply));
    let refused = writer.writer.append(late).await.expect_err("it is closed");
    assert_eq!(refused.kind, ErrorKind::Unavailable);
    let refused =
        writer.writer.move_marks(marks(id, &tom, 20, 20)).await.expect_err("it is closed");
    assert_eq!(refused.kind, ErrorKind::Unavailable);
}
