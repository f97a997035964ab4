//! Messages that change, under the writer's lock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::protocol::{Caption, Seq};
use server::events::{Fact, MessageChange};
use server::store::mentions::Mentions;
use server::store::writer::{Boundary, ChangeKind, Faults};

use crate::catching_up::change;
use crate::database::{Database, TestWriter, on_both_engines};
use crate::writer::pair;

on_both_engines!(
    changes_of_one_batch_are_told_in_their_order,
    a_change_whose_commit_nobody_heard_of_is_told,
);

fn edit(seq: i64, text: &str) -> ChangeKind {
    let text = Caption::parse(text).expect("a text");
    ChangeKind::Edit(Seq::new(seq), text, Mentions::default())
}

fn updates(writer: &TestWriter) -> Vec<MessageChange> {
    let updates = writer.events.take_facts().into_iter().filter_map(|fact| match fact {
        Fact::MessageChanged(change) => Some(*change),
        _ => None,
    });
    updates.collect()
}

async fn changes_of_one_batch_are_told_in_their_order(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    writer.send(id, &mei, "1", "one").await.expect("stored");
    // Queued together, between messages.
    let react = |added| ChangeKind::React(Seq::new(1), "👍", added);
    let mut answers = Vec::new();
    for (actor, kind) in [
        (&mei, edit(1, "two")),
        (&tom, react(true)),
        (&mei, edit(1, "three")),
        (&tom, react(false)),
    ] {
        answers.push(change(&writer, id, actor, kind).await);
    }
    let after = writer.queue(id, &tom, "1", "and then").await;
    for answer in answers {
        answer.await.expect("an answer").expect("changed");
    }
    after.await.expect("an answer").expect("stored");
    let told: Vec<_> = updates(&writer)
        .into_iter()
        .map(|update| {
            let message = &update.message;
            let reactions = message.reactions.len();
            (update.by, message.rev, message.text().to_owned(), reactions, update.after.get())
        })
        .collect();
    let expected = [
        (mei.id, 1, "two".to_owned(), 0, 1),
        (tom.id, 2, "two".to_owned(), 1, 1),
        (mei.id, 3, "three".to_owned(), 1, 1),
        (tom.id, 4, "three".to_owned(), 0, 1),
    ];
    assert_eq!(told, expected);
}

async fn a_change_whose_commit_nobody_heard_of_is_told(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let lose = Arc::new(AtomicBool::new(false));
    let losing = Arc::clone(&lose);
    let faults: Faults = Arc::new(move |boundary| {
        boundary == Boundary::AfterCommit && losing.swap(false, Ordering::SeqCst)
    });
    let writer = db.writer_with(Some(faults));
    writer.send(id, &mei, "1", "one").await.expect("stored");
    let react = ChangeKind::React(Seq::new(1), "👍", true);
    for (actor, kind) in
        [(&mei, edit(1, "two")), (&tom, react), (&mei, ChangeKind::Recall(Seq::new(1)))]
    {
        lose.store(true, Ordering::SeqCst);
        let answer = change(&writer, id, actor, kind).await.await;
        answer.expect("an answer").expect("changed");
    }
    let revs: Vec<_> = updates(&writer).iter().map(|update| update.message.rev).collect();
    assert_eq!(revs, [1, 2, 3], "each once, and none is made twice");
}
