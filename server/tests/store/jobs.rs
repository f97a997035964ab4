//! Jobs: done at least once whatever dies when, by one process at a time, and buried when they fail too often.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use server::background::jobs::{Job, JobOptions, JobQueue, Kinds, Worker};
use server::background::{Backoff, Faults, Step, Supervisor};
use server::clock::Clock;
use server::error::Error;
use server::store::Store;
use server::store::jobs::Due;
use tokio::sync::Barrier;
use tokio::time::{Instant, sleep, timeout};

use crate::database::{Database, on_both_engines};

on_both_engines!(
    a_job_is_done_once_and_when_it_is_due,
    there_is_one_job_of_a_key,
    what_a_process_left_between_any_two_steps_is_done,
    two_processes_share_the_jobs,
    a_job_that_takes_long_stays_its_owners,
    a_job_that_panics_dies_and_holds_up_nobody,
    a_job_that_kills_each_process_dies,
    what_comes_again_comes_once_for_all,
    what_is_stopped_is_given_back,
    looking_for_nothing_waits_for_nobody,
);

/// Long enough for anything that is awaited here.
const LONG: Duration = Duration::from_secs(20);
const SOON: Due = Due::In(Duration::ZERO);

#[derive(Serialize, Deserialize)]
struct Note {
    number: u32,
}

impl Job for Note {
    const KIND: &'static str = "note";
}

/// What was done, and how often.
#[derive(Clone, Default)]
struct Done(Arc<Mutex<BTreeMap<u32, u32>>>);

impl Done {
    fn note(&self, number: u32) {
        *self.0.lock().expect("no panic").entry(number).or_default() += 1;
    }

    fn times(&self, number: u32) -> u32 {
        self.0.lock().expect("no panic").get(&number).copied().unwrap_or_default()
    }

    fn len(&self) -> usize {
        self.0.lock().expect("no panic").len()
    }

    /// Kinds of which each note is written down here.
    fn kinds(&self) -> Kinds {
        let (mut kinds, done) = (Kinds::default(), self.clone());
        kinds.on(move |note: Note| {
            done.note(note.number);
            std::future::ready(Ok(()))
        });
        kinds
    }
}

fn options(lease: Duration, faults: Option<Faults>) -> JobOptions {
    let retries = Backoff {
        first: Duration::from_millis(1),
        longest: Duration::from_millis(1),
        random: || 0,
    };
    JobOptions { lease, poll: Duration::from_millis(20), retries, faults }
}

/// A process that works at jobs; dropped, it ends as one that is killed.
struct Process {
    queue: JobQueue,
    supervisor: Supervisor,
}

impl Process {
    fn start(store: &Store, kinds: Kinds, options: JobOptions) -> Self {
        let queue = JobQueue::new(store.clone(), Clock::System);
        let worker = Worker::new(queue.clone(), kinds, options);
        let mut supervisor = Supervisor::default();
        supervisor.start("jobs", move |run| Arc::clone(&worker).run(run));
        Self { queue, supervisor }
    }

    fn patient(store: &Store, kinds: Kinds) -> Self {
        Self::start(store, kinds, options(LONG, None))
    }

    fn hasty(store: &Store, kinds: Kinds) -> Self {
        Self::start(store, kinds, options(Duration::from_millis(300), None))
    }

    async fn enqueue(&self, number: u32, due: Due) {
        assert!(self.queue.enqueue(&Note { number }, due, None).await.expect("a write"));
    }
}

async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let waited = timeout(LONG, async {
        while !holds().await {
            sleep(Duration::from_millis(5)).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// How many notes are left in the table, as this count by state has it.
async fn left(db: &Database, state: &str) -> i64 {
    db.number(&format!("SELECT COUNT(*) FROM job WHERE kind = 'note' AND {state}")).await
}

async fn a_job_is_done_once_and_when_it_is_due(db: &Database) {
    let done = Done::default();
    let process = Process::patient(&db.store, done.kinds());
    process.enqueue(1, Due::In(Duration::from_millis(400))).await;
    process.enqueue(2, SOON).await;
    process.enqueue(3, Due::At(i64::MAX / 2)).await;
    let begun = Instant::now();
    until("the second", async || done.times(2) == 1).await;
    assert_eq!(done.times(1), 0);
    until("the first", async || done.times(1) == 1).await;
    assert!(begun.elapsed() >= Duration::from_millis(300));
    until("all is forgotten but what is to come", async || left(db, "1 = 1").await == 1).await;
    assert_eq!((done.times(1), done.times(2), done.times(3)), (1, 1, 0));
}

async fn there_is_one_job_of_a_key(db: &Database) {
    let queue = JobQueue::new(db.store.clone(), Clock::System);
    let enqueue = async |key: &str| {
        queue.enqueue(&Note { number: 1 }, SOON, Some(key.to_owned())).await.expect("a write")
    };
    assert!(enqueue("a").await);
    assert!(!enqueue("a").await);
    assert!(enqueue("b").await);
    let done = Done::default();
    let _process = Process::patient(&db.store, done.kinds());
    until("both are done", async || left(db, "1 = 1").await == 0).await;
    assert_eq!(done.times(1), 2);
    assert!(enqueue("a").await, "it is done, and may come again");
}

/// A process dies at each of the steps; another comes, and in the end all is done: what was cut off before its end
/// was stored once more than that.
async fn what_a_process_left_between_any_two_steps_is_done(db: &Database) {
    for (number, (step, times)) in
        (1..).zip([(Step::Claimed, 1), (Step::Worked, 2), (Step::Settled, 1)])
    {
        let done = Done::default();
        let died = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&died);
        let faults: Faults = Arc::new(move |at| at == step && !flag.swap(true, Ordering::SeqCst));
        let lease = Duration::from_millis(300);
        let mut kinds = done.kinds();
        // The sweep of the dead is a job, too, and is not to die here.
        kinds.every("sweep_dead_jobs", LONG, || std::future::ready(Ok(())));
        let first = Process::start(&db.store, kinds, options(lease, None));
        until("the periodic one is done", async || {
            db.number("SELECT COUNT(*) FROM job WHERE state = 1 AND attempts = 0 AND owner = 0")
                .await
                == 1
        })
        .await;
        drop(first);
        let first = Process::start(&db.store, done.kinds(), options(lease, Some(faults)));
        first.enqueue(number, SOON).await;
        until("it dies", async || died.load(Ordering::SeqCst)).await;
        drop(first);
        let _second = Process::hasty(&db.store, done.kinds());
        until("it is done", async || left(db, "1 = 1").await == 0 && done.times(number) == times)
            .await;
    }
}

async fn two_processes_share_the_jobs(db: &Database) {
    // SQLite's file is one process's; two workers of it share the table all the same.
    let beside = Database::beside(db).await;
    let (one, other) = (Done::default(), Done::default());
    // A process works at four jobs at once: eight meet only where both have all their hands full.
    let meeting = Arc::new(Barrier::new(8));
    let meet = |done: &Done| {
        let (mut kinds, done, meeting) = (Kinds::default(), done.clone(), Arc::clone(&meeting));
        kinds.on(move |note: Note| {
            let (done, meeting) = (done.clone(), Arc::clone(&meeting));
            async move {
                meeting.wait().await;
                done.note(note.number);
                Ok(())
            }
        });
        kinds
    };
    let first = Process::patient(&db.store, meet(&one));
    let _second = Process::patient(&beside.store, meet(&other));
    for number in 0..104 {
        first.enqueue(number, SOON).await;
    }
    until("all are done", async || left(db, "1 = 1").await == 0).await;
    assert!((0..104).all(|number| one.times(number) + other.times(number) == 1));
    assert_eq!((one.len(), other.len()), (52, 52));
}

async fn a_job_that_takes_long_stays_its_owners(db: &Database) {
    let begun = Arc::new(AtomicU32::new(0));
    let slow = || {
        let (mut kinds, begun) = (Kinds::default(), Arc::clone(&begun));
        kinds.on(move |_: Note| {
            begun.fetch_add(1, Ordering::SeqCst);
            async {
                sleep(Duration::from_millis(1_500)).await;
                Ok(())
            }
        });
        kinds
    };
    let first = Process::hasty(&db.store, slow());
    let _second = Process::hasty(&db.store, slow());
    first.enqueue(1, SOON).await;
    until("it is begun", async || begun.load(Ordering::SeqCst) > 0).await;
    until("it is done", async || left(db, "1 = 1").await == 0).await;
    assert_eq!(begun.load(Ordering::SeqCst), 1);
}

async fn a_job_that_panics_dies_and_holds_up_nobody(db: &Database) {
    let done = Done::default();
    let (mut kinds, noted) = (Kinds::default(), done.clone());
    kinds.on(move |note: Note| {
        noted.note(note.number);
        async move {
            assert_ne!(note.number, 1, "on purpose");
            if note.number == 2 {
                return Err(Error::internal(std::io::Error::other("on purpose")));
            }
            Ok(())
        }
    });
    let process = Process::patient(&db.store, kinds);
    for number in 1..=20 {
        process.enqueue(number, SOON).await;
    }
    until("two are dead, and nothing else is left", async || {
        left(db, "state = 3").await == 2 && left(db, "state <> 3").await == 0
    })
    .await;
    assert!((3..=20).all(|number| done.times(number) == 1));
    assert_eq!((done.times(1), done.times(2)), (5, 5));
    assert_eq!(left(db, "last_error LIKE '%panicked%'").await, 1);
    assert_eq!(left(db, "last_error LIKE '%on purpose%'").await, 1);
    assert_eq!(db.count_dead_jobs().await.expect("a read"), 2);
    // They are kept for a while, and not too many of them.
    assert_eq!(db.forget_dead_jobs(LONG, 2, 10).await.expect("a write"), 0);
    assert_eq!(db.forget_dead_jobs(LONG, 1, 1).await.expect("a write"), 1);
    sleep(Duration::from_millis(5)).await;
    assert_eq!(db.forget_dead_jobs(Duration::ZERO, 9, 10).await.expect("a write"), 1);
    assert_eq!(db.count_dead_jobs().await.expect("a read"), 0);
}

async fn a_job_that_kills_each_process_dies(db: &Database) {
    let queue = JobQueue::new(db.store.clone(), Clock::System);
    assert!(queue.enqueue(&Note { number: 1 }, SOON, Some("k".into())).await.expect("a write"));
    // Five processes began it, and none came to its end.
    db.execute("UPDATE job SET state = 2, attempts = 5, owner = 9, lease_until = 1").await;
    let done = Done::default();
    let _process = Process::patient(&db.store, done.kinds());
    until("it is dead", async || left(db, "state = 3 AND unique_key IS NULL").await == 1).await;
    assert_eq!(done.len(), 0);
}

async fn what_comes_again_comes_once_for_all(db: &Database) {
    let count = Arc::new(AtomicU32::new(0));
    let kinds = |pause| {
        let (mut kinds, count) = (Kinds::default(), Arc::clone(&count));
        kinds.every("tick", pause, move || {
            count.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Ok(()))
        });
        kinds
    };
    let _first = Process::patient(&db.store, kinds(LONG * 100));
    let _second = Process::patient(&db.store, kinds(LONG * 100));
    until("it has come", async || count.load(Ordering::SeqCst) == 1).await;
    let waits = "SELECT COUNT(*) FROM job WHERE kind = 'tick' AND state = 1 AND attempts = 0";
    until("it waits to come again", async || db.number(waits).await == 1).await;
    let due_in = db.due_again_in("tick").await.expect("a read").expect("it waits");
    assert!((1_900_000..=2_000_000).contains(&due_in), "{due_in} ms");
    db.execute("UPDATE job SET attempts = 1 WHERE kind = 'tick'").await;
    assert_eq!(db.due_again_in("tick").await.expect("a read"), None, "it failed");
    db.execute("UPDATE job SET run_at = 0 WHERE kind = 'tick'").await;
    until("it comes again", async || count.load(Ordering::SeqCst) == 2).await;
    assert_eq!(db.number("SELECT COUNT(*) FROM job WHERE kind = 'tick'").await, 1);
}

async fn what_is_stopped_is_given_back(db: &Database) {
    let begun = Arc::new(AtomicBool::new(false));
    let (mut kinds, noted) = (Kinds::default(), Arc::clone(&begun));
    kinds.on(move |_: Note| {
        noted.store(true, Ordering::SeqCst);
        std::future::pending()
    });
    let process = Process::patient(&db.store, kinds);
    process.enqueue(1, SOON).await;
    until("it is begun", async || begun.load(Ordering::SeqCst)).await;
    process.supervisor.stop(LONG).await;
    assert_eq!(left(db, "state = 1 AND attempts = 0 AND owner = 0 AND lease_until = 0").await, 1);
    let done = Done::default();
    let _other = Process::patient(&db.store, done.kinds());
    until("another does it", async || done.times(1) == 1).await;
}

/// Whoever writes for long is not noticed by those who look for jobs, nor do they hold up others.
async fn looking_for_nothing_waits_for_nobody(db: &Database) {
    let held = db.hold("BEGIN IMMEDIATE", "SELECT id FROM job FOR UPDATE").await;
    let looked = timeout(Duration::from_secs(2), db.due_jobs(&["note"], 4)).await;
    assert!(looked.expect("at once").expect("a read").is_empty());
    drop(held);
}
