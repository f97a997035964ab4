//! Followers: what they keep is exact whatever dies when, whoever has which share, and whether they were told or not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use app::protocol::{Caption, ConversationId, Message, Seq, User, UserId};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use server::background::followers::{Follow, FollowOptions, Follower};
use server::background::{Faults, Step, Supervisor};
use server::chat::StoredCounts;
use server::clock::Clock;
use server::error::Error;
use server::events::{Audience, Fact, Subscriber, WakeUps};
use server::store::Store;
use server::store::followers::{Count, FollowerId, Kept, Stretch, shard_of};
use server::store::mentions::Mentions;
use server::store::writer::{Change, ChangeKind, ReplyTo};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::database::{Database, TestWriter, on_both_engines};

on_both_engines!(
    what_is_stored_is_counted,
    counts_are_exact_wherever_a_process_dies,
    what_nobody_was_told_of_is_found,
    what_was_committed_late_is_found,
    a_restart_looks_only_at_what_has_changed,
    whoever_lost_a_share_keeps_nothing,
    a_follower_that_fails_begins_anew,
    a_slow_follower_keeps_its_shares_and_holds_up_nobody,
    two_processes_share_the_work,
);

const LONG: Duration = Duration::from_secs(20);
const LEASE: Duration = Duration::from_millis(400);

fn options(shared: bool, faults: Option<Faults>) -> FollowOptions {
    FollowOptions {
        shared,
        lease: LEASE,
        pause: Duration::from_millis(10),
        look: Duration::from_millis(50),
        long_look: Duration::from_millis(500),
        faults,
    }
}

/// A process that follows; dropped, it ends as one that is killed.
struct Process {
    wake_ups: WakeUps,
    supervisor: Supervisor,
}

impl Process {
    fn start(store: &Store, options: FollowOptions) -> Self {
        Self::of(store, Arc::new(StoredCounts::new(store.clone())), options)
    }

    fn of(store: &Store, follower: Arc<dyn Follower>, options: FollowOptions) -> Self {
        let wake_ups = WakeUps::default();
        let follow = Follow::new(store.clone(), follower, wake_ups.clone(), options);
        let mut supervisor = Supervisor::default();
        supervisor.start("follow", move |run| Arc::clone(&follow).run(run));
        Self { wake_ups, supervisor }
    }
}

impl Process {
    /// It is told that something was said.
    fn hear(&self, talk: &Talk) {
        let message = Arc::new(talk.last.clone().expect("something was said"));
        let audience = Audience::Private(UserId::new(1), UserId::new(2));
        self.wake_ups.hear(&Fact::MessageStored { message, audience });
    }
}

/// Two people who talk, now.
struct Talk {
    id: ConversationId,
    mei: Arc<User>,
    writer: TestWriter,
    said: u32,
    last: Option<Message>,
}

impl Talk {
    async fn begin(db: &Database) -> Self {
        let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
        let writer = db.writer();
        let talk = Self { id: db.private(&mei, &tom).await, mei, writer, said: 0, last: None };
        talk.set_clock(0);
        talk
    }

    /// The writer's clock says so many milliseconds more than the true one.
    fn set_clock(&self, ahead: i64) {
        self.writer.now.store(Clock::System.now() + ahead, Ordering::Relaxed);
    }

    async fn say(&mut self, count: u32) {
        for _ in 0..count {
            self.said += 1;
            let name = format!("m{}", self.said);
            let stored = self.writer.send(self.id, &self.mei, &name, "words").await;
            self.last = Some((*stored.expect("stored").message).clone());
        }
    }

    async fn change(&self, kind: ChangeKind) {
        let (reply, answer) = oneshot::channel();
        let (conversation_id, actor) = (self.id, Arc::clone(&self.mei));
        let reply = ReplyTo::Caller(reply);
        let change = Change { conversation_id, actor, kind, rule: |_| Ok(()), reply };
        self.writer.writer.change(change).await.expect("the writer takes it");
        answer.await.expect("an answer").expect("changed");
    }

    async fn edit(&self, seq: i64) {
        let text = Caption::parse("other words").expect("a valid text");
        self.change(ChangeKind::Edit(Seq::new(seq), text, Mentions::default())).await;
    }

    async fn recall(&self, seq: i64) {
        self.change(ChangeKind::Recall(Seq::new(seq))).await;
    }

    async fn react(&self, seq: i64) {
        self.change(ChangeKind::React(Seq::new(seq), "🌿", true)).await;
    }
}

/// What is to be counted, by the rows themselves.
async fn truth(db: &Database) -> BTreeMap<String, i64> {
    let counts = [
        ("messages", "SELECT COUNT(*) FROM message"),
        ("changes", "SELECT CAST(SUM(rev) AS SIGNED) FROM conversation"),
        ("recalls", "SELECT COUNT(*) FROM message WHERE recalled = 1"),
    ];
    let mut truth = BTreeMap::new();
    for (name, sql) in counts {
        truth.insert(name.to_owned(), db.number(sql).await);
    }
    truth.retain(|_, count| *count > 0);
    truth
}

async fn counted(db: &Database) -> BTreeMap<String, i64> {
    db.stored_counts().await.expect("a read").into_iter().collect()
}

async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let waited = timeout(LONG, async {
        while !holds().await {
            sleep(Duration::from_millis(5)).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("never: {what}"));
}

async fn until_exact(db: &Database) {
    let expected = truth(db).await;
    until("the counts are true", async || counted(db).await == expected).await;
}

async fn what_is_stored_is_counted(db: &Database) {
    let mut talk = Talk::begin(db).await;
    let patient = FollowOptions { look: LONG * 10, long_look: LONG * 10, ..options(false, None) };
    talk.say(5).await;
    let process = Process::start(&db.store, patient);
    until_exact(db).await;
    talk.say(3).await;
    talk.edit(1).await;
    // The same words again are no change.
    talk.edit(1).await;
    talk.recall(2).await;
    talk.react(3).await;
    // It looks again in minutes: this tells it.
    process.hear(&talk);
    until_exact(db).await;
    let expected = [("changes", 3), ("messages", 8), ("recalls", 1)];
    assert_eq!(counted(db).await, expected.map(|(name, count)| (name.to_owned(), count)).into());
    // A recalled message is recalled once, whatever comes after it.
    talk.recall(2).await;
    talk.edit(1).await;
    process.hear(&talk);
    until_exact(db).await;
    process.supervisor.stop(LONG).await;
}

async fn counts_are_exact_wherever_a_process_dies(db: &Database) {
    let mut talk = Talk::begin(db).await;
    for step in [Step::Found, Step::Gathered, Step::Kept, Step::Looked] {
        for shared in [false, true] {
            let died = Arc::new(AtomicBool::new(false));
            let flag = Arc::clone(&died);
            let faults: Faults =
                Arc::new(move |at| at == step && !flag.swap(true, Ordering::SeqCst));
            let process = Process::start(&db.store, options(shared, Some(faults)));
            talk.say(3).await;
            talk.recall(i64::from(talk.said)).await;
            process.hear(&talk);
            until("it dies", async || died.load(Ordering::SeqCst)).await;
            drop(process);
            talk.say(2).await;
            let _next = Process::start(&db.store, options(shared, None));
            until_exact(db).await;
        }
    }
}

async fn what_nobody_was_told_of_is_found(db: &Database) {
    let mut talk = Talk::begin(db).await;
    let _process = Process::start(&db.store, options(false, None));
    for round in 1..=3 {
        talk.set_clock(0);
        talk.say(2).await;
        until_exact(db).await;
        talk.edit(round).await;
        until_exact(db).await;
    }
}

/// A transaction that takes long, or a node whose clock is wrong: what is committed now says that it happened before.
async fn what_was_committed_late_is_found(db: &Database) {
    let mut talk = Talk::begin(db).await;
    let _process = Process::start(&db.store, options(false, None));
    talk.say(1).await;
    until_exact(db).await;
    for seconds in [25, 50 * 60] {
        // Until it has looked, and stored that; what comes while it looks is stored without.
        let before = db.database_time().await.expect("a read");
        while db.number("SELECT MIN(looked_to) FROM follower_shard").await < before {
            talk.set_clock(0);
            talk.say(1).await;
            until_exact(db).await;
        }
        talk.set_clock(-seconds * 1_000);
        talk.say(1).await;
        talk.recall(i64::from(talk.said)).await;
        until_exact(db).await;
    }
}

async fn a_restart_looks_only_at_what_has_changed(db: &Database) {
    let mut talk = Talk::begin(db).await;
    for id in 1..=300 {
        let sql = format!(
            "INSERT INTO conversation (id, kind, pair_key, last_seq, last_activity) \
             VALUES ({id}, 1, '{id}', 7, {id})"
        );
        db.execute(&sql).await;
    }
    let follower = FollowerId { name: "counts", owner: 9 };
    let process = Process::start(&db.store, options(false, None));
    talk.say(1).await;
    until("all are counted", async || counted(db).await.get("messages") == Some(&(300 * 7 + 1)))
        .await;
    let looked = "SELECT MIN(looked_to) FROM follower_shard";
    until("it has stored how far", async || db.number(looked).await > 0).await;
    drop(process);
    talk.say(1).await;
    talk.edit(1).await;
    let since = server::store::followers::Place::before(db.number(looked).await - 3_620_000);
    for by in [
        server::store::followers::ChangedBy::Message,
        server::store::followers::ChangedBy::Revision,
    ] {
        let found = db.changed(follower, by, since, 512).await.expect("a read");
        assert_eq!(found.len(), 1, "of 301: {found:?}");
        assert!(found[0].is_news() && found[0].conversation() == talk.id);
    }
}

async fn whoever_lost_a_share_keeps_nothing(db: &Database) {
    let mut talk = Talk::begin(db).await;
    talk.say(4).await;
    let (one, other) = (FollowerId { name: "f", owner: 1 }, FollowerId { name: "f", owner: 2 });
    db.add_shares("f").await.expect("a write");
    db.add_shares("f").await.expect("nothing to do");
    let shares = db.take_all_shares(one, LONG).await.expect("a write");
    assert!(shares.len() == 64 && shares.iter().all(|share| share.owner == 1));
    let stretches = db.stretches(one, &[talk.id]).await.expect("a read");
    let kept = Kept { counts: vec![Count { name: "x", shard: shard_of(talk.id), more: 4 }] };
    // A living owner's are not taken; wanted, they are handed over.
    let none = db.take_shares(other, LONG).await.expect("a write");
    assert!(none.iter().all(|share| share.owner == 1));
    db.want_shares(other, &[shard_of(talk.id), (shard_of(talk.id) + 1) % 64])
        .await
        .expect("a write");
    let left = db.take_shares(one, LONG).await.expect("a write");
    assert_eq!(left.iter().filter(|share| share.owner == 2 && share.wanted_by == 0).count(), 2);
    assert!(!db.keep(one, &stretches, &kept, LONG).await.expect("a try"));
    assert_eq!(
        (counted(db).await.len(), db.stretches(other, &[talk.id]).await.expect("a read").len()),
        (0, 1)
    );
    assert!(db.keep(other, &stretches, &kept, LONG).await.expect("a write"));
    assert_eq!(counted(db).await["x"], 4);
    assert_eq!(db.stretches(other, &[talk.id]).await.expect("a read"), []);
    db.give_back_shares(one).await.expect("a write");
    let all = db.take_shares(other, LONG).await.expect("a write");
    assert!(all.iter().all(|share| share.owner == 2));
}

/// Counts, but fails, or takes its time.
struct Odd {
    inner: StoredCounts,
    name: &'static str,
    calls: AtomicU32,
    work: fn(u32) -> BoxFuture<'static, Result<(), Error>>,
}

impl Odd {
    fn new(
        store: &Store,
        name: &'static str,
        work: fn(u32) -> BoxFuture<'static, Result<(), Error>>,
    ) -> Arc<Self> {
        let inner = StoredCounts::new(store.clone());
        Arc::new(Self { inner, name, calls: AtomicU32::new(0), work })
    }
}

impl Follower for Odd {
    fn name(&self) -> &'static str {
        self.name
    }

    fn gather<'a>(&'a self, stretches: &'a [Stretch]) -> BoxFuture<'a, Result<Kept, Error>> {
        let work = (self.work)(self.calls.fetch_add(1, Ordering::SeqCst));
        async {
            work.await?;
            self.inner.gather(stretches).await
        }
        .boxed()
    }

    fn refresh(&self) -> BoxFuture<'_, Result<(), Error>> {
        self.inner.refresh()
    }
}

async fn a_follower_that_fails_begins_anew(db: &Database) {
    let mut talk = Talk::begin(db).await;
    talk.say(3).await;
    let odd = Odd::new(&db.store, "counts", |call| {
        async move {
            assert_ne!(call, 0, "on purpose");
            match call {
                1 => Err(Error::internal(std::io::Error::other("on purpose"))),
                _ => Ok(()),
            }
        }
        .boxed()
    });
    let _process = Process::of(&db.store, odd.clone(), options(false, None));
    until_exact(db).await;
    assert_eq!(odd.calls.load(Ordering::SeqCst), 3);
}

async fn a_slow_follower_keeps_its_shares_and_holds_up_nobody(db: &Database) {
    let mut talk = Talk::begin(db).await;
    talk.say(3).await;
    let slow = Odd::new(&db.store, "slow", |_| {
        async {
            sleep(LEASE * 4).await;
            Ok(())
        }
        .boxed()
    });
    let first = Process::of(&db.store, slow.clone(), options(true, None));
    until("it works", async || slow.calls.load(Ordering::SeqCst) > 0).await;
    let beside = Process::start(&db.store, options(true, None));
    let begun = tokio::time::Instant::now();
    talk.say(20).await;
    assert!(begun.elapsed() < LEASE * 8, "writing goes on");
    beside.hear(&talk);
    // Both count under the same names here: what the slow one has is its part of the whole.
    let cursor = async |name: &str| {
        db.number(&format!(
            "SELECT COALESCE(MAX(seq), 0) FROM follower_cursor WHERE follower = '{name}'"
        ))
        .await
    };
    until("the other goes on", async || cursor("counts").await == 23).await;
    assert_eq!(cursor("slow").await, 0, "the slow one is at its work");
    // More is told than it has ears for.
    for id in 0..10_000 {
        talk.last.as_mut().expect("something").conversation_id = ConversationId::new(id);
        first.hear(&talk);
    }
    until("it comes to the end", async || cursor("slow").await == 23).await;
    let calls = slow.calls.load(Ordering::SeqCst);
    assert!(calls <= 3, "nothing was lost and begun anew: {calls}");
}

async fn two_processes_share_the_work(db: &Database) {
    let mut talk = Talk::begin(db).await;
    let beside = Database::beside(db).await;
    let (one, other) = (
        Process::start(&db.store, options(true, None)),
        Process::start(&beside.store, options(true, None)),
    );
    let owners = "SELECT COUNT(*) FROM (SELECT owner FROM follower_shard WHERE owner <> 0 \
                  GROUP BY owner HAVING COUNT(*) = 32) halves";
    until("each has its half", async || db.number(owners).await == 2).await;
    for id in 1..=200 {
        let sql = format!(
            "INSERT INTO conversation (id, kind, pair_key, last_seq, last_activity) \
             VALUES ({id}, 1, '{id}', 1, {now})",
            now = Clock::System.now()
        );
        db.execute(&sql).await;
    }
    talk.say(10).await;
    let all = async |count: i64| {
        until("all are counted", async || counted(db).await.get("messages") == Some(&count)).await;
    };
    all(210).await;
    // One is killed: the other takes its half over.
    drop(one);
    db.execute("UPDATE conversation SET last_seq = last_seq + 1 WHERE id <= 200").await;
    all(410).await;
    let sole = "SELECT COUNT(DISTINCT owner) FROM follower_shard";
    until("one has all", async || db.number(sole).await == 1).await;
    // What is stopped gives back at once.
    other.supervisor.stop(LONG).await;
    assert_eq!(db.number("SELECT COUNT(*) FROM follower_shard WHERE owner = 0").await, 64);
}
