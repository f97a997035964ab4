//! Whoever misses changes and catches up by `after` and `after_rev` ends with what there is, however
//! much is lost on the way, and whatever happens while they catch up.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::protocol::{Caption, ConversationId, ErrorKind, Message, Seq, User};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use server::events::Fact;
use server::store::mentions::Mentions;
use server::store::messages::Window;
use server::store::writer::{Boundary, Change, ChangeKind, Changed, Faults, ReplyTo};
use tokio::sync::oneshot;

use crate::database::{Database, PendingAnswer, TestWriter};

/// One step of a run. Sides are the two members; positions may be of nothing.
#[derive(Clone, Debug)]
enum Step {
    Send {
        side: usize,
        text: u8,
    },
    Edit {
        side: usize,
        seq: i64,
        text: u8,
    },
    Recall {
        side: usize,
        seq: i64,
    },
    React {
        side: usize,
        seq: i64,
        emoji: usize,
        added: bool,
    },
    /// What was told so far reaches the client, or is lost on the way.
    Hear {
        lost: bool,
    },
    /// One more page of either sort, while the rest goes on.
    CatchUp,
}

const EMOJI: [&str; 3] = ["👍", "❤️", "🌿"];

fn step() -> impl Strategy<Value = Step> {
    let (side, seq) = (0..2_usize, 1..20_i64);
    prop_oneof![
        6 => (side.clone(), any::<u8>()).prop_map(|(side, text)| Step::Send { side, text }),
        4 => (side.clone(), seq.clone(), 0..4_u8)
            .prop_map(|(side, seq, text)| Step::Edit { side, seq, text }),
        1 => (side.clone(), seq.clone()).prop_map(|(side, seq)| Step::Recall { side, seq }),
        6 => (side, seq, 0..EMOJI.len(), prop::bool::weighted(0.7))
            .prop_map(|(side, seq, emoji, added)| Step::React { side, seq, emoji, added }),
        3 => any::<bool>().prop_map(|lost| Step::Hear { lost }),
        2 => Just(Step::CatchUp),
    ]
}

fn scripted(script: Vec<bool>) -> Faults {
    let asked = AtomicUsize::new(0);
    Arc::new(move |_: Boundary| {
        script.get(asked.fetch_add(1, Ordering::SeqCst)).copied().unwrap_or(false)
    })
}

/// What a client knows of the conversation.
#[derive(Default)]
struct Client {
    messages: BTreeMap<Seq, Message>,
    /// Everything up to here is held.
    seq: Seq,
    /// All changes up to here are known.
    rev: i64,
}

impl Client {
    fn take(&mut self, mut message: Message) {
        // Whose reactions they are is not what this is about.
        message.reactions.iter_mut().for_each(|reaction| reaction.mine = None);
        let held = self.messages.entry(message.seq).or_insert_with(|| message.clone());
        if held.rev <= message.rev {
            *held = message;
        }
    }

    fn hear(&mut self, fact: Fact) {
        match fact {
            Fact::MessageStored { message, .. } => {
                if message.seq == self.seq.next() {
                    self.seq = message.seq;
                }
                self.take((*message).clone());
            }
            Fact::MessageChanged(change) => {
                if change.message.rev == self.rev + 1 {
                    self.rev += 1;
                }
                self.take((*change.message).clone());
            }
            _ => {}
        }
    }

    /// A page of each sort; false once there was nothing more.
    async fn catch_up(&mut self, db: &Database, reader: &User, id: ConversationId) -> bool {
        let page = db.message_page(reader.id, id, Window::After(self.seq), 3).await;
        let page = page.expect("a read").expect("a member");
        self.seq = self.seq.max(page.to_seq);
        page.items.into_iter().for_each(|message| self.take(message));
        let changes = db.message_changes(reader.id, id, self.rev, 2).await;
        let changes = changes.expect("a read").expect("a member");
        assert!(changes.rev >= self.rev && (changes.rev > self.rev || changes.items.is_empty()));
        self.rev = changes.rev;
        changes.items.into_iter().for_each(|message| self.take(message));
        page.has_more_after || changes.has_more
    }
}

/// Queues a change; the answer comes later.
pub async fn change(
    writer: &TestWriter,
    id: ConversationId,
    actor: &Arc<User>,
    kind: ChangeKind,
) -> PendingAnswer<Changed> {
    let (reply, answer) = oneshot::channel();
    let change = Change {
        conversation_id: id,
        actor: Arc::clone(actor),
        kind,
        rule: |_| Ok(()),
        reply: ReplyTo::Caller(reply),
    };
    writer.writer.change(change).await.expect("the writer takes it");
    answer
}

async fn play(db: &Database, run: i64, steps: Vec<Step>, script: Vec<bool>) {
    let mut people = Vec::new();
    for id in [run * 2 + 1, run * 2 + 2] {
        people.push(db.person(id, &format!("user{id}"), "User").await);
    }
    let fresh = ConversationId::new(run + 1);
    let opened = db.open_private_conversation(people[0].id, people[1].id, fresh, 1).await;
    let id = opened.expect("a conversation").id;
    let writer = db.writer_with(Some(scripted(script)));
    let mut client = Client::default();
    let (mut sent, mut changed) = (Vec::new(), Vec::new());
    for (number, step) in steps.into_iter().enumerate() {
        match step {
            Step::Send { side, text } => {
                let (name, text) = (format!("n{number}"), format!("text {text}"));
                sent.push(writer.queue(id, &people[side], &name, &text).await);
            }
            Step::Edit { side, seq, text } => {
                let text = Caption::parse(&format!("edited {text}")).expect("a text");
                let kind = ChangeKind::Edit(Seq::new(seq), text, Mentions::default());
                changed.push(change(&writer, id, &people[side], kind).await);
            }
            Step::Recall { side, seq } => {
                let kind = ChangeKind::Recall(Seq::new(seq));
                changed.push(change(&writer, id, &people[side], kind).await);
            }
            Step::React { side, seq, emoji, added } => {
                let kind = ChangeKind::React(Seq::new(seq), EMOJI[emoji], added);
                changed.push(change(&writer, id, &people[side], kind).await);
            }
            Step::Hear { lost } => {
                for fact in writer.events.take_facts().into_iter().filter(|_| !lost) {
                    client.hear(fact);
                }
            }
            Step::CatchUp => {
                client.catch_up(db, &people[0], id).await;
            }
        }
    }
    for answer in sent {
        let _ = answer.await.expect("an answer");
    }
    for answer in changed {
        if let Err(error) = answer.await.expect("an answer") {
            let expected = [ErrorKind::NotFound, ErrorKind::Forbidden, ErrorKind::Unavailable];
            assert!(expected.contains(&error.kind), "{error:?}");
        }
    }
    writer.writer.shut_down().await;
    // Half of what was told last arrives, in the wrong order.
    for fact in writer.events.take_facts().into_iter().rev().step_by(2) {
        client.hear(fact);
    }
    while client.catch_up(db, &people[0], id).await {}
    let stored = db.messages_between(id, Seq::ZERO, Seq::new(9_999)).await.expect("a read");
    assert_eq!(client.messages.into_values().collect::<Vec<_>>(), stored);
    let heads = db.heads(people[0].id).await.expect("a read");
    let rev = heads.first().map_or(0, |head| head.rev);
    assert_eq!(client.rev, rev);
    let mut revs: Vec<_> = stored.iter().map(|message| message.rev).filter(|it| *it > 0).collect();
    revs.sort_unstable();
    assert!(revs.is_sorted_by(|one, next| one < next), "each change has a rev of its own");
    assert!(revs.last().copied().unwrap_or(0) <= rev);
}

fn check(db: impl Future<Output = Database>) {
    let mut runner =
        TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let db = runtime.block_on(db);
    let runs = AtomicUsize::new(0);
    let steps = prop::collection::vec(step(), 1..120);
    let script = prop::collection::vec(prop::bool::weighted(0.15), 0..40);
    let result = runner.run(&(steps, script), |(steps, script)| {
        let run = i64::try_from(runs.fetch_add(1, Ordering::SeqCst)).expect("few");
        runtime.block_on(play(&db, run, steps, script));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn whoever_misses_changes_catches_up_on_sqlite() {
    check(Database::sqlite());
}

#[test]
fn whoever_misses_changes_catches_up_on_mysql() {
    check(Database::mysql());
}
