//! The writer when the database is away: whoever has waited 5 s is told, wherever in the queue they
//! stand, and whoever has not is stored in order when it is back.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use app::protocol::{ApiError, ConversationId, ErrorKind, Seq, User};
use server::events::Fact;
use server::store::Location;
use server::store::writer::{Appended, ReplyTo};
use sqlx::{Connection, Executor, SqliteConnection};
use tokio::time::{Instant, sleep, timeout};

use crate::database::{Database, PendingAnswer, TestWriter, append, mysql_place};
use crate::proxy::Proxy;

/// How the database is away.
enum Outage {
    /// Silent: nobody is refused.
    Frozen(Proxy),
    /// Every connection is cut, and none is taken.
    Gone(Proxy),
    /// Another process holds SQLite's only lock.
    Locked(SqliteConnection),
}

impl Outage {
    async fn begin(&mut self) {
        match self {
            Self::Frozen(proxy) => proxy.freeze(),
            Self::Gone(proxy) => proxy.fall(),
            Self::Locked(other) => drop(other.execute("BEGIN IMMEDIATE").await.expect("a lock")),
        }
    }

    async fn end(&mut self) {
        match self {
            Self::Frozen(proxy) | Self::Gone(proxy) => proxy.heal(),
            Self::Locked(other) => drop(other.execute("ROLLBACK").await.expect("it is freed")),
        }
    }
}

/// One engine's database with an outage that has not begun, and as a fixture people who talk.
struct Setup {
    db: Database,
    outage: Outage,
    pairs: Vec<(ConversationId, Arc<User>)>,
    _first: Option<Database>,
}

impl Setup {
    async fn behind_a_proxy(outage: fn(Proxy) -> Outage) -> Self {
        let first = Database::mysql().await;
        let proxy = Proxy::to(&mysql_place()).await;
        let db = Database::through(&proxy, &first).await;
        Self::new(db, outage(proxy), Some(first)).await
    }

    async fn with_a_lock() -> Self {
        let db = Database::sqlite().await;
        let Location::Sqlite(folder) = &db.location else { panic!("it is SQLite") };
        let url = format!("sqlite://{}", folder.join("kith.db").display());
        let other = SqliteConnection::connect(&url).await.expect("a connection");
        Self::new(db, Outage::Locked(other), None).await
    }

    async fn new(db: Database, outage: Outage, first: Option<Database>) -> Self {
        let mut pairs = Vec::new();
        for number in 0..40 {
            let one = db.person(number * 2 + 1, &format!("one{number}"), "One").await;
            let other = db.person(number * 2 + 2, &format!("other{number}"), "Other").await;
            pairs.push((db.private(&one, &other).await, one));
        }
        Self { db, outage, pairs, _first: first }
    }

    /// Positions and names of what is stored, a conversation each.
    async fn stored(&self) -> Vec<Vec<(i64, String)>> {
        let mut stored = Vec::new();
        for (id, _) in &self.pairs {
            let messages = self.db.messages_between(*id, Seq::ZERO, Seq::new(99_999)).await;
            let messages = messages.expect("a read").into_iter();
            stored.push(messages.map(|m| (m.seq.get(), m.client_id.as_str().to_owned())).collect());
        }
        stored
    }

    /// N1 to N5, where everyone has sent each of these names at least once, and was answered so at
    /// last.
    async fn holds(&self, writer: &TestWriter, names: &[String], last: &[Vec<Appended>]) {
        for (chat, stored) in self.stored().await.into_iter().enumerate() {
            let positions: Vec<_> = stored.iter().map(|(seq, _)| *seq).collect();
            assert!(positions.iter().copied().eq(1..=i64::try_from(names.len()).expect("few")));
            let by_name: HashMap<_, _> = stored.iter().map(|(seq, name)| (name, *seq)).collect();
            assert_eq!(by_name.len(), names.len(), "each once");
            for (name, answer) in names.iter().zip(&last[chat]) {
                assert_eq!(by_name[name], answer.message.seq.get(), "where it was acknowledged");
            }
        }
        let mut told = HashMap::new();
        for fact in writer.events.facts() {
            if let Fact::MessageStored { message, .. } = fact {
                *told.entry((message.conversation_id, message.seq)).or_insert(0) += 1;
            }
        }
        assert!(told.values().all(|times| *times == 1), "nobody is told twice");
        assert_eq!(told.len(), names.len() * self.pairs.len(), "everyone is told");
    }
}

/// Each of these names, as a message in each conversation, in their order.
async fn send_all(
    writer: &TestWriter,
    pairs: &[(ConversationId, Arc<User>)],
    names: &[String],
) -> Vec<Vec<PendingAnswer<Appended>>> {
    let mut answers: Vec<_> = pairs.iter().map(|_| Vec::new()).collect();
    for name in names {
        for ((id, sender), answers) in pairs.iter().zip(&mut answers) {
            answers.push(writer.queue(*id, sender, name, "words").await);
        }
    }
    answers
}

async fn all(answers: Vec<Vec<PendingAnswer<Appended>>>) -> Vec<Vec<Result<Appended, ApiError>>> {
    let mut all = Vec::new();
    for answers in answers {
        let mut here = Vec::new();
        for answer in answers {
            let answer = timeout(Duration::from_secs(30), answer).await.expect("in time");
            here.push(answer.expect("an answer"));
        }
        all.push(here);
    }
    all
}

fn stored(answers: Vec<Vec<Result<Appended, ApiError>>>) -> Vec<Vec<Appended>> {
    let each = |answers: Vec<Result<_, _>>| answers.into_iter().collect::<Result<_, _>>();
    answers.into_iter().map(|here| each(here).expect("stored")).collect()
}

/// More than the queues have room for, all at once.
async fn everyone_is_refused_in_time(mut scene: Setup) {
    let writer = Arc::new(scene.db.writer());
    let names: Vec<_> = (0..500).map(|number| format!("m{number}")).collect();
    scene.outage.begin().await;
    let mut tasks = Vec::new();
    for name in &names {
        for (id, sender) in &scene.pairs {
            let (writer, id, sender) = (Arc::clone(&writer), *id, Arc::clone(sender));
            let name = name.clone();
            tasks.push(tokio::spawn(async move {
                let began = Instant::now();
                let (reply, answer) = tokio::sync::oneshot::channel();
                let append = append(id, &sender, &name, "words", ReplyTo::Caller(reply));
                let refused = match writer.writer.append(append).await {
                    Ok(()) => answer.await.expect("an answer").err(),
                    Err(error) => Some(error),
                };
                (began.elapsed(), refused)
            }));
        }
    }
    let (mut longest, mut shortest) = (Duration::ZERO, Duration::MAX);
    for task in tasks {
        let answer = timeout(Duration::from_mins(1), task).await.expect("an answer");
        let (took, refused) = answer.expect("no panic");
        assert_eq!(refused.map(|error| error.kind), Some(ErrorKind::Unavailable));
        longest = longest.max(took);
        shortest = shortest.min(took);
    }
    // 5 s, the second that a probe may take, and room for a busy machine.
    assert!(longest < Duration::from_millis(7_500), "someone was told after {longest:?}");
    assert!(shortest > Duration::from_millis(4_500), "someone was told after {shortest:?}");
    scene.outage.end().await;
    // Whoever was refused sends again, as one does: until it is stored.
    let fresh: Vec<_> = (0..20).map(|number| format!("fresh{number}")).collect();
    let began = Instant::now();
    let names: Vec<_> = names.into_iter().take(50).chain(fresh).collect();
    let answers = stored(all(send_all(&writer, &scene.pairs, &names).await).await);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    writer.writer.shut_down().await;
    scene.holds(&writer, &names, &answers).await;
}

/// Back before anyone has waited long enough: all is stored, in the order in which it was sent.
async fn what_is_in_time_is_stored_in_order(mut scene: Setup) {
    let writer = scene.db.writer();
    let names: Vec<_> = (0..100).map(|number| format!("m{number}")).collect();
    let (before, rest) = names.split_at(10);
    let mut answers = send_all(&writer, &scene.pairs, before).await;
    scene.outage.begin().await;
    let (meanwhile, after) = rest.split_at(70);
    let more = send_all(&writer, &scene.pairs, meanwhile).await;
    sleep(Duration::from_secs(2)).await;
    scene.outage.end().await;
    let last = send_all(&writer, &scene.pairs, after).await;
    for (answers, more) in answers.iter_mut().zip(more.into_iter().zip(last)) {
        answers.extend(more.0);
        answers.extend(more.1);
    }
    let answers = stored(all(answers).await);
    for answers in &answers {
        let seqs: Vec<_> = answers.iter().map(|answer| answer.message.seq.get()).collect();
        assert_eq!(seqs, (1..=100).collect::<Vec<_>>(), "in the order in which they were sent");
        assert!(answers.iter().all(|answer| !answer.duplicate), "a lost reply makes no repeat");
    }
    writer.writer.shut_down().await;
    scene.holds(&writer, &names, &answers).await;
}

macro_rules! in_each_outage {
    ($($test:ident),+ $(,)?) => {
        mod frozen_mysql {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(super::Setup::behind_a_proxy(super::Outage::Frozen).await).await;
            })+
        }
        mod fallen_mysql {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(super::Setup::behind_a_proxy(super::Outage::Gone).await).await;
            })+
        }
        mod locked_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(super::Setup::with_a_lock().await).await;
            })+
        }
    };
}

in_each_outage!(everyone_is_refused_in_time, what_is_in_time_is_stored_in_order);
