//! Groups that change, under the writer's lock.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use app::protocol::{ConversationId, GroupName, History, Seq, User};
use server::events::Fact;
use server::store::writer::{Boundary, ChangeKind, Faults, NewGroup};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::block_in_place;

use crate::catching_up::change;
use crate::database::{Database, on_both_engines};

on_both_engines!(
    the_last_words_of_a_group_are_told_though_nobody_heard_of_the_commit,
    who_left_is_brought_back_after_a_day,
);

/// Holds back the second transaction, once it has told the receiver, until the sender is used; the
/// third is committed, and nobody hears of it.
fn losing_the_third() -> (UnboundedReceiver<()>, mpsc::Sender<()>, Faults) {
    let ((waits, is_waiting), (go, wait)) = (unbounded_channel(), mpsc::channel());
    let (wait, commits) = (Mutex::new(wait), AtomicU32::new(0));
    let faults = move |at| {
        if at == Boundary::AfterCommit {
            return commits.fetch_add(1, Ordering::SeqCst) == 2;
        }
        if commits.load(Ordering::SeqCst) == 1 {
            let _ = waits.send(());
            // Otherwise the runtime might be left without a thread that looks after time.
            let _ = block_in_place(|| wait.lock().expect("no panic").recv());
        }
        false
    };
    (is_waiting, go, Arc::new(faults))
}

async fn the_last_words_of_a_group_are_told_though_nobody_heard_of_the_commit(db: &Database) {
    let mei = db.person(1, "mei", "Mei").await;
    let (mut is_waiting, go, faults) = losing_the_third();
    let writer = db.writer_with(Some(faults));
    let id = ConversationId::new(1);
    let new = NewGroup {
        name: GroupName::parse("Tea").expect("a name"),
        members: Vec::new(),
        open: true,
        history: History::Joined,
    };
    let made = change(&writer, id, &mei, ChangeKind::Create(new)).await;
    made.await.expect("an answer").expect("made");
    let first = writer.queue(id, &mei, "a", "Nobody here but me").await;
    is_waiting.recv().await.expect("it waits");
    // What is queued while that one is stored is one batch.
    let last = writer.queue(id, &mei, "b", "I am off").await;
    let gone = change(&writer, id, &mei, ChangeKind::Remove(mei.id)).await;
    go.send(()).expect("it waits");
    assert!(!first.await.expect("an answer").expect("stored").duplicate);
    assert!(!last.await.expect("an answer").expect("stored").duplicate, "it is no repeat");
    gone.await.expect("an answer").expect("gone");
    let told = writer.events.facts().into_iter().flat_map(|fact| match fact {
        Fact::MessageStored { message, .. } => vec![message.seq],
        Fact::GroupChanged(change) => change.messages.iter().map(|message| message.seq).collect(),
        _ => Vec::new(),
    });
    assert_eq!(told.collect::<Vec<_>>(), [1, 2, 3, 4].map(Seq::new), "each once, in order");
}

async fn who_left_is_brought_back_after_a_day(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let ana = db.person(3, "ana", "Ana").await;
    let (writer, id) = (db.writer(), ConversationId::new(1));
    let does = async |who: &Arc<User>, kind: ChangeKind| {
        let done = change(&writer, id, who, kind).await.await.expect("an answer").expect("done");
        done.message.is_some()
    };
    let new = NewGroup {
        name: GroupName::parse("Tea").expect("a name"),
        members: vec![tom.id, ana.id],
        open: false,
        history: History::Joined,
    };
    assert!(does(&mei, ChangeKind::Create(new)).await);
    let members = async || {
        let page = db.members(id, "", None, 100).await.expect("a read");
        page.items.iter().map(|member| member.user.id.get()).collect::<Vec<_>>()
    };
    let day = 24 * 60 * 60 * 1_000;
    let at = |moment: i64| writer.now.store(moment, Ordering::SeqCst);
    at(1_000_000);
    assert!(does(&tom, ChangeKind::Remove(tom.id)).await);
    at(1_000_000 + day - 1);
    assert!(!does(&mei, ChangeKind::Add(vec![tom.id])).await, "nothing is told");
    assert_eq!(members().await, [1, 3]);
    // Whom someone else brings may leave that one, too.
    assert!(does(&ana, ChangeKind::Add(vec![tom.id])).await);
    assert!(does(&tom, ChangeKind::Remove(tom.id)).await);
    for who in [&mei, &ana] {
        assert!(!does(who, ChangeKind::Add(vec![tom.id])).await);
    }
    at(1_000_000 + day);
    assert!(!does(&ana, ChangeKind::Add(vec![tom.id])).await);
    assert!(does(&mei, ChangeKind::Add(vec![tom.id])).await, "a day after he left hers");
    assert_eq!(members().await, [1, 3, 2]);
}
