//! Random runs of the writer on both engines: whatever is interleaved, repeated, refused and
//! broken, nothing is lost, doubled or out of order.
//!
//! N1 every acknowledged `client_id` is stored once, where the acknowledgement said; N2 nothing
//! twice; N3 positions without holes, each sender's first acknowledgements in their order; N4
//! nothing that nobody sent, every text to the byte; N5 what was not acknowledged is stored once or
//! not at all, and after a retry exactly once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::protocol::{ConversationId, ErrorKind, Seq, User};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use server::events::Fact;
use server::store::Store;
use server::store::writer::{Boundary, Faults};

use crate::database::{Database, NOW, TestWriter};

/// One step of a run.
#[derive(Clone, Debug)]
enum Step {
    /// Someone sends: to conversation `chat`, as its member `side` (2: a stranger), under the name
    /// `name`. Names are few, so that many are repeats, some with another text.
    Send { chat: usize, side: usize, name: u8, text: u16 },
    /// Someone moves marks.
    Mark { chat: usize, side: usize, seq: u8 },
    /// Waits for all answers, so that what follows is in another batch.
    Settle,
    /// The writer's connections are killed (MariaDB).
    Kill,
}

const CHATS: usize = 3;

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => (0..CHATS, 0..2_usize, 0..40_u8, any::<u16>())
            .prop_map(|(chat, side, name, text)| Step::Send { chat, side, name, text }),
        2 => (0..CHATS, any::<u16>())
            .prop_map(|(chat, text)| Step::Send { chat, side: 2, name: 0, text }),
        4 => (0..CHATS, 0..2_usize, 0..80_u8)
            .prop_map(|(chat, side, seq)| Step::Mark { chat, side, seq }),
        3 => Just(Step::Settle),
        1 => Just(Step::Kill),
    ]
}

/// Where the transactions fail: asked in turn at every boundary.
fn script() -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(prop::bool::weighted(0.15), 0..40)
}

fn scripted(script: Vec<bool>) -> Faults {
    let asked = AtomicUsize::new(0);
    Arc::new(move |_: Boundary| {
        script.get(asked.fetch_add(1, Ordering::SeqCst)).copied().unwrap_or(false)
    })
}

/// One engine's database, used by all runs; each run has people and conversations of its own.
struct World {
    db: Database,
    runs: i64,
}

struct Run {
    chats: Vec<(ConversationId, [Arc<User>; 3])>,
    writer: TestWriter,
}

impl World {
    async fn begin(&mut self, script: Vec<bool>) -> Run {
        self.reconnect().await;
        self.runs += 1;
        let mut chats = Vec::new();
        for chat in 0..CHATS {
            let first = self.runs * 100 + i64::try_from(chat).expect("few") * 3 + 1;
            let mut people = Vec::new();
            for id in first..first + 3 {
                people.push(self.db.person(id, &format!("user{id}"), "User").await);
            }
            let [one, other, stranger] = <[_; 3]>::try_from(people).expect("three");
            let fresh = ConversationId::new(first);
            let opened = self.db.open_private_conversation(one.id, other.id, fresh, 1).await;
            chats.push((opened.expect("a conversation").id, [one, other, stranger]));
        }
        Run { chats, writer: self.db.writer_with(Some(scripted(script))) }
    }

    /// Fresh connections: a reader may be told that its own was killed.
    async fn reconnect(&mut self) {
        self.db.store.close().await;
        self.db.store = Store::open(&self.db.location).await.expect("it opens again");
    }

    /// Kills every connection to this database but the one that does it.
    async fn kill(&self) {
        if self.db.is_mysql() {
            self.db
                .execute(
                    "BEGIN NOT ATOMIC \
                     DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; \
                     FOR row IN (SELECT id FROM information_schema.processlist \
                     WHERE db = DATABASE() AND id <> CONNECTION_ID()) DO \
                     KILL row.id; END FOR; END",
                )
                .await;
        }
    }
}

type Key = (usize, usize, u8);

fn check(db: impl Future<Output = Database>) {
    let mut runner =
        TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let world = tokio::sync::Mutex::new(World { db: runtime.block_on(db), runs: 0 });
    let steps = prop::collection::vec(step(), 1..120);
    let result = runner.run(&(steps, script()), |(steps, script)| {
        runtime.block_on(async { play(&mut *world.lock().await, &steps, script).await });
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

async fn play(world: &mut World, steps: &[Step], script: Vec<bool>) {
    let run = world.begin(script).await;
    let mut sent: HashMap<Key, HashSet<String>> = HashMap::new();
    let mut answers = Vec::new();
    let mut acknowledged: HashMap<Key, i64> = HashMap::new();
    for step in steps {
        match *step {
            Step::Send { chat, side, name, text } => {
                let (id, people) = &run.chats[chat];
                let text = format!("text {text} 😀 of {side}");
                let answer = run.writer.queue(*id, &people[side], &format!("n{name}"), &text).await;
                sent.entry((chat, side, name)).or_default().insert(text);
                answers.push(((chat, side, name), answer));
            }
            Step::Mark { chat, side, seq } => {
                let (id, people) = &run.chats[chat];
                let marks =
                    crate::database::marks(*id, &people[side], seq.into(), (seq / 2).into());
                run.writer.writer.move_marks(marks).await.expect("taken");
            }
            Step::Settle => settle(&mut answers, &mut acknowledged).await,
            Step::Kill => world.kill().await,
        }
    }
    settle(&mut answers, &mut acknowledged).await;
    // N5: whoever was not acknowledged sends again, until it is.
    for key in sent.keys().filter(|key| key.1 != 2) {
        if !acknowledged.contains_key(key) {
            let (id, people) = &run.chats[key.0];
            let text = sent[key].iter().next().expect("a text");
            let name = format!("n{}", key.2);
            let retried = run.writer.send(*id, &people[key.1], &name, text).await;
            acknowledged.insert(*key, retried.expect("stored").message.seq.get());
        }
    }
    run.writer.writer.shut_down().await;
    world.reconnect().await;
    holds(&world.db, &run, &sent, &acknowledged).await;
}

async fn settle(
    answers: &mut Vec<(Key, crate::database::PendingAnswer<server::store::writer::Appended>)>,
    acknowledged: &mut HashMap<Key, i64>,
) {
    let mut newest: HashMap<(usize, usize), i64> = HashMap::new();
    for (key, answer) in answers.drain(..) {
        match answer.await.expect("an answer") {
            Ok(appended) => {
                assert_ne!(key.1, 2, "a stranger's message was stored");
                let seq = appended.message.seq.get();
                let first = *acknowledged.entry(key).or_insert(seq);
                assert_eq!(first, seq, "N1: one name has one position");
                if !appended.duplicate {
                    let newest = newest.entry((key.0, key.1)).or_insert(0);
                    assert!(*newest < seq, "N3: first acknowledgements in order");
                    *newest = seq;
                }
            }
            Err(error) if key.1 == 2 => assert_eq!(error.kind, ErrorKind::NotFound),
            Err(error) => assert_eq!(error.kind, ErrorKind::Unavailable),
        }
    }
}

async fn holds(
    db: &Database,
    run: &Run,
    sent: &HashMap<Key, HashSet<String>>,
    acknowledged: &HashMap<Key, i64>,
) {
    let facts = run.writer.events.facts();
    for (chat, (id, people)) in run.chats.iter().enumerate() {
        let stored = db.messages_between(*id, Seq::ZERO, Seq::new(9_999)).await.expect("a read");
        let mut names = HashSet::new();
        for (message, seq) in stored.iter().zip(1..) {
            assert_eq!(message.seq.get(), seq, "N3: no hole");
            let side = people.iter().position(|user| user.id == message.sender.id);
            let name = message.client_id.as_str()[1..].parse().expect("one of ours");
            let key = (chat, side.expect("one of ours"), name);
            assert!(names.insert(key), "N2: {key:?} twice");
            assert!(sent[&key].contains(message.text()), "N4: {:?}", message.text());
            assert_eq!(acknowledged.get(&key), Some(&message.seq.get()), "N1");
        }
        let expected = sent.keys().filter(|key| key.0 == chat && key.1 != 2).count();
        assert_eq!(stored.len(), expected, "N5: after a retry exactly once");
        let told: Vec<_> = facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::MessageStored { message, .. } if message.conversation_id == *id => {
                    Some((**message).clone())
                }
                _ => None,
            })
            .collect();
        assert_eq!(told, stored, "everyone is told of each once, in order");
        for user in &people[..2] {
            let seen = db.conversation(user.id, *id, NOW).await.expect("a read").expect("a member");
            assert!(seen.read_seq <= seen.delivered_seq && seen.delivered_seq <= seen.last_seq);
            let above = db.messages_between(*id, seen.read_seq.next(), seen.read_seq.next()).await;
            let above = above.expect("a read");
            assert!(above.iter().all(|m| m.sender.id != user.id), "an own one holds a mark back");
        }
    }
}

#[test]
fn nothing_is_lost_doubled_or_out_of_order_on_sqlite() {
    check(Database::sqlite());
}

#[test]
fn nothing_is_lost_doubled_or_out_of_order_on_mysql() {
    check(Database::mysql());
}
