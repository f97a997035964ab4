//! What is written beside the message path gives way to it, however much of it there is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::JoinSet;

use crate::database::{Database, NOW, on_both_engines};

on_both_engines!(a_message_waits_for_few_other_writes);

/// Asked for at once.
const OTHERS: usize = 300;
/// So many may be done while one message is stored: those that had begun, and what goes on beside it
/// where the engine can.
const FEW: usize = 60;

async fn a_message_waits_for_few_other_writes(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let eve = db.person(3, "eve", "Eve").await;
    let id = db.private(&mei, &tom).await;
    let writer = db.writer();
    writer.send(id, &mei, "first", "hello").await.expect("stored");
    let done = Arc::new(AtomicUsize::new(0));
    let mut others = JoinSet::new();
    for _ in 0..OTHERS {
        let (store, done, eve, tom) = (db.store.clone(), Arc::clone(&done), eve.id, tom.id);
        others.spawn(async move {
            assert!(store.put_contact(eve, tom, None, NOW).await.expect("in time"));
            done.fetch_add(1, Ordering::SeqCst);
        });
    }
    while done.load(Ordering::SeqCst) < 5 {
        tokio::task::yield_now().await;
    }
    let mut beside = Vec::new();
    for number in 0..3 {
        let before = done.load(Ordering::SeqCst);
        writer.send(id, &mei, &format!("m{number}"), "is it slow here?").await.expect("stored");
        beside.push(done.load(Ordering::SeqCst) - before);
    }
    assert!(beside.iter().all(|count| *count < FEW), "{beside:?} of {OTHERS}");
    others.join_all().await;
    writer.writer.shut_down().await;
}
