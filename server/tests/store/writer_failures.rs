//! The writer when the database fails it.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::protocol::{ConversationId, ErrorKind, Seq, User};
use server::events::Fact;
use server::store::Location;
use server::store::writer::{Boundary, Faults, ReplyTo};
use sqlx::{Connection, Executor, MySqlConnection, SqliteConnection};

use tokio::task::block_in_place;
use tokio::time::{Instant, timeout};

use crate::database::{Database, append, on_both_engines};

on_both_engines!(
    a_failed_commit_is_tried_again,
    a_lost_reply_to_a_commit_is_looked_up,
    what_stays_in_doubt_is_told_when_the_database_is_back,
    what_stays_in_doubt_is_told_without_being_asked_for,
    one_bad_message_fails_alone,
    nothing_overtakes_what_is_tried_again,
    a_place_in_the_queue_is_not_waited_for_without_end,
    what_others_lock_holds_nobody_up,
    a_lock_that_others_hold_ends_as_unavailable,
);

async fn pair(db: &Database) -> (Arc<User>, Arc<User>, ConversationId) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let id = db.private(&mei, &tom).await;
    (mei, tom, id)
}

/// Fails `times` times at this boundary.
fn failing(boundary: Boundary, times: u32) -> Faults {
    let left = AtomicU32::new(times);
    Arc::new(move |at| {
        at == boundary
            && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok()
    })
}

fn told(facts: &[Fact]) -> Vec<(i64, String)> {
    facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::MessageStored { message, .. } => {
                Some((message.seq.get(), message.text().to_owned()))
            }
            _ => None,
        })
        .collect()
}

async fn a_failed_commit_is_tried_again(db: &Database) {
    fails_and_recovers(db, Boundary::BeforeCommit).await;
}

async fn a_lost_reply_to_a_commit_is_looked_up(db: &Database) {
    fails_and_recovers(db, Boundary::AfterCommit).await;
}

async fn fails_and_recovers(db: &Database, boundary: Boundary) {
    let (mei, tom, id) = pair(db).await;
    let notes = db.private(&mei, &mei).await;
    let writer = db.writer_with(Some(failing(boundary, 3)));
    let mut answers = Vec::new();
    for number in 0..20 {
        let name = format!("m{number}");
        let sender = if number % 2 == 0 { &mei } else { &tom };
        answers.push(writer.queue(id, sender, &name, &name).await);
        answers.push(writer.queue(notes, &mei, &name, &name).await);
    }
    writer.mark(id, &tom, 1, 1).await.expect("a mark");
    for answer in answers {
        let appended = answer.await.expect("an answer").expect("stored");
        assert!(!appended.duplicate, "a lost reply makes no repeat");
    }
    for conversation in [id, notes] {
        let stored = db.messages_between(conversation, Seq::ZERO, Seq::new(99)).await;
        let stored = stored.expect("a read");
        let seen: Vec<_> = stored.iter().map(|m| (m.seq.get(), m.text().to_owned())).collect();
        let expected: Vec<_> = (0..20).map(|number| (number + 1, format!("m{number}"))).collect();
        assert_eq!(seen, expected, "each once, in order");
        let here: Vec<_> = writer
            .events
            .facts()
            .into_iter()
            .filter(|fact| {
                matches!(fact, Fact::MessageStored { message, .. } if message.conversation_id == conversation)
            })
            .collect();
        assert_eq!(told(&here), expected, "each told once, in order");
    }
}

async fn what_stays_in_doubt_is_told_when_the_database_is_back(db: &Database) {
    let (mei, _, id) = pair(db).await;
    // Every reply is lost, for longer than anyone waits.
    let (lost, faults) = losing_replies();
    let writer = db.writer_with(Some(faults));
    let error = writer.send(id, &mei, "a", "words").await.expect_err("nobody knows");
    assert_eq!(error.kind, ErrorKind::Unavailable);
    assert_eq!(told(&writer.events.facts()), []);
    lost.store(false, Ordering::SeqCst);
    let again = writer.send(id, &mei, "a", "words").await.expect("acknowledged");
    assert_eq!((again.duplicate, again.message.seq.get()), (true, 1));
    assert_eq!(told(&writer.events.facts()), [(1, "words".into())], "the others learn of it, once");
}

async fn what_stays_in_doubt_is_told_without_being_asked_for(db: &Database) {
    let (mei, _, id) = pair(db).await;
    let (lost, faults) = losing_replies();
    let writer = db.writer_with(Some(faults));
    writer.send(id, &mei, "a", "words").await.expect_err("nobody knows");
    lost.store(false, Ordering::SeqCst);
    let heard = async {
        while told(&writer.events.facts()).is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), heard).await.expect("the others learn of it");
    assert_eq!(told(&writer.events.facts()), [(1, "words".into())]);
}

/// Every reply to a COMMIT is lost, for as long as the switch is on.
fn losing_replies() -> (Arc<AtomicBool>, Faults) {
    let lost = Arc::new(AtomicBool::new(true));
    let switch = Arc::clone(&lost);
    (lost, Arc::new(move |at| at == Boundary::AfterCommit && switch.load(Ordering::SeqCst)))
}

async fn one_bad_message_fails_alone(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let notes = db.private(&tom, &tom).await;
    refuse_bad_ones(db).await;
    let writer = db.writer();
    let mut answers = Vec::new();
    for (number, text) in ["one", "bad", "two", "bad", "three"].into_iter().enumerate() {
        answers.push((text, writer.queue(id, &mei, &format!("m{number}"), text).await));
        answers.push(("fine", writer.queue(notes, &tom, &format!("m{number}"), "fine").await));
    }
    for (text, answer) in answers {
        match answer.await.expect("an answer") {
            Ok(appended) => assert_eq!(appended.message.text(), text),
            Err(error) => assert_eq!((error.kind, text), (ErrorKind::Internal, "bad")),
        }
    }
    let stored = db.messages_between(id, Seq::ZERO, Seq::new(99)).await.expect("a read");
    let seen: Vec<_> = stored.iter().map(|m| (m.seq.get(), m.text())).collect();
    assert_eq!(seen, [(1, "one"), (2, "two"), (3, "three")]);
}

async fn refuse_bad_ones(db: &Database) {
    let trigger = if db.is_mysql() {
        "CREATE TRIGGER bad BEFORE INSERT ON message FOR EACH ROW \
         IF NEW.content = 'bad' THEN SIGNAL SQLSTATE '45000'; END IF"
    } else {
        "CREATE TRIGGER bad BEFORE INSERT ON message WHEN NEW.content = 'bad' \
         BEGIN SELECT RAISE(ABORT, 'bad'); END"
    };
    db.execute(trigger).await;
}

/// Holds the first transaction back until the sender is used or dropped; the second fails, if so.
fn holding_back_the_first(second_fails: bool) -> (std::sync::mpsc::Sender<()>, Faults) {
    let (go, wait) = std::sync::mpsc::channel();
    let (wait, commits) = (Mutex::new(wait), AtomicU32::new(0));
    let faults = move |at| {
        if at == Boundary::AfterCommit {
            return false;
        }
        let commit = commits.fetch_add(1, Ordering::SeqCst);
        if commit == 0 {
            // Otherwise the runtime might be left without a thread that looks after time.
            let _ = block_in_place(|| wait.lock().expect("no panic").recv());
        }
        second_fails && commit == 1
    };
    (go, Arc::new(faults))
}

async fn a_place_in_the_queue_is_not_waited_for_without_end(db: &Database) {
    let (mei, _, id) = pair(db).await;
    let (go, faults) = holding_back_the_first(false);
    let writer = Arc::new(db.writer_with(Some(faults)));
    let first = writer.queue(id, &mei, "first", "words").await;
    // As many as the queue holds and a first batch may take, and a hundred more.
    let sent = (0..4_096 + 256 + 100).map(|number| {
        let (writer, mei) = (Arc::clone(&writer), Arc::clone(&mei));
        tokio::spawn(async move {
            let (reply, answer) = tokio::sync::oneshot::channel();
            let reply = ReplyTo::Caller(reply);
            let (began, name) = (Instant::now(), format!("m{number}"));
            let placed = writer.writer.append(append(id, &mei, &name, "words", reply)).await;
            (placed, began.elapsed(), answer)
        })
    });
    let (mut answers, mut refused) = (Vec::new(), 0);
    for sent in sent.collect::<Vec<_>>() {
        let sent = timeout(Duration::from_secs(20), sent).await.expect("in time");
        let (placed, took, answer) = sent.expect("no panic");
        match placed {
            Ok(()) => answers.push(answer),
            Err(error) => {
                assert_eq!(error.kind, ErrorKind::Unavailable);
                assert!(took > Duration::from_millis(4_900), "{took:?}");
                assert!(took < Duration::from_millis(6_500), "{took:?}");
                refused += 1;
            }
        }
    }
    assert!((100..=356).contains(&refused), "{refused} found no place");
    drop(go);
    for answer in answers.into_iter().chain([first]) {
        // The first was cut off, as if the database were away; some of the others may be refused.
        let answer = timeout(Duration::from_secs(20), answer).await.expect("in time");
        if let Err(error) = answer.expect("an answer") {
            assert_eq!(error.kind, ErrorKind::Unavailable);
        }
    }
}

/// However many conversations are locked, those that are not are stored at once, and those that are
/// are refused in time.
async fn what_others_lock_holds_nobody_up(db: &Database) {
    let Location::MySql(url) = &db.location else { return };
    let (mei, tom, _) = pair(db).await;
    let free = db.private(&tom, &tom).await;
    let mut locked = Vec::new();
    for number in 10..50 {
        let other = db.person(number, &format!("user{number}"), "User").await;
        locked.push(db.private(&mei, &other).await);
    }
    let mut other = MySqlConnection::connect(url).await.expect("a connection");
    // Otherwise the lock would reach to the next row.
    other.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await.expect("set");
    other.execute("BEGIN").await.expect("a transaction");
    other.execute("UPDATE conversation SET version = 7 WHERE id < 2000").await.expect("locks");
    let writer = db.writer();
    let began = Instant::now();
    let mut answers = Vec::new();
    for id in &locked {
        answers.push(writer.queue(*id, &mei, "a", "words").await);
    }
    // Long enough for the shards to have taken all of these, and to wait for locks.
    tokio::time::sleep(Duration::from_millis(500)).await;
    writer.send(free, &tom, "a", "words").await.expect("stored");
    assert!(began.elapsed() < Duration::from_millis(4_500), "{:?}", began.elapsed());
    for answer in answers {
        let error = answer.await.expect("an answer").expect_err("locked");
        assert_eq!(error.kind, ErrorKind::Unavailable);
    }
    let took = began.elapsed();
    assert!(took > Duration::from_millis(4_900) && took < Duration::from_secs(7), "{took:?}");
    other.execute("ROLLBACK").await.expect("the locks are freed");
    writer.send(locked[0], &mei, "a", "words").await.expect("stored");
}

/// A bad message splits a batch, and the first of its parts meets a database that is away: what
/// comes after it in its conversation must not overtake it.
async fn nothing_overtakes_what_is_tried_again(db: &Database) {
    let (mei, _, id) = pair(db).await;
    refuse_bad_ones(db).await;
    // The first one waits until all the others are queued, to be one batch.
    let (go, faults) = holding_back_the_first(true);
    let writer = db.writer_with(Some(faults));
    let mut answers = Vec::new();
    for text in ["first", "one", "bad", "two", "three"] {
        answers.push(writer.queue(id, &mei, text, text).await);
    }
    go.send(()).expect("it waits");
    let mut seqs = Vec::new();
    for answer in answers {
        seqs.push(answer.await.expect("an answer").ok().map(|stored| stored.message.seq.get()));
    }
    assert_eq!(seqs, [Some(1), Some(2), None, Some(3), Some(4)]);
}

async fn a_lock_that_others_hold_ends_as_unavailable(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let notes = db.private(&tom, &tom).await;
    let writer = db.writer();
    let locked = "UPDATE conversation SET version = 7 WHERE id = 1002";
    match &db.location {
        Location::MySql(url) => {
            let mut other = MySqlConnection::connect(url).await.expect("a connection");
            other.execute("BEGIN").await.expect("a transaction");
            other.execute(locked).await.expect("a lock");
            let mut blocked = writer.queue(id, &mei, "a", "words").await;
            let free = writer.queue(notes, &tom, "b", "words").await;
            // One conversation's lock does not hold up the other for as long.
            free.await.expect("an answer").expect("stored");
            assert!(blocked.try_recv().is_err(), "it still waits");
            let error = blocked.await.expect("an answer").expect_err("locked");
            assert_eq!(error.kind, ErrorKind::Unavailable);
            other.execute("ROLLBACK").await.expect("the lock is freed");
        }
        Location::Sqlite(folder) => {
            let url = format!("sqlite://{}", folder.join("kith.db").display());
            let mut other = SqliteConnection::connect(&url).await.expect("a connection");
            other.execute("BEGIN IMMEDIATE").await.expect("a lock");
            let error = writer.send(id, &mei, "a", "words").await.expect_err("locked");
            assert_eq!(error.kind, ErrorKind::Unavailable);
            other.execute("ROLLBACK").await.expect("the lock is freed");
        }
    }
    let again = writer.send(id, &mei, "a", "words").await.expect("stored");
    assert_eq!((again.duplicate, again.message.seq.get()), (false, 1), "it was not stored before");
}
