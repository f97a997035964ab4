//! Random runs of a group on both engines: people come and go while others write, and transactions
//! fail.
//!
//! What holds at the end: positions have no hole, and everyone is told of each message once and in
//! order; whoever was a member when something was said, and nobody else, is told of it (N6); who is
//! in the group is what the messages say, and one of them owns it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::protocol::{
    ApiError, ConversationId, ErrorKind, GroupName, History, Message, Role, Seq, SystemEvent, User,
    UserId,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use server::events::{Event, Fact, Local, Members};
use server::store::writer::{
    Appended, Boundary, Change, ChangeKind, Changed, Faults, NewGroup, ReplyTo, Rule,
};
use tokio::sync::oneshot;

use crate::database::{Database, PendingAnswer, TestWriter};

/// One step of a run; people are named by their number.
#[derive(Clone, Debug)]
enum Step {
    Send(usize),
    Add(usize, usize),
    Join(usize),
    Remove(usize, usize),
    Appoint(usize, usize, bool),
    /// Waits for all answers, so that what follows is in another batch.
    Settle,
}

const PEOPLE: usize = 5;

fn step() -> impl Strategy<Value = Step> {
    let someone = 0..PEOPLE;
    let two = (0..PEOPLE, 0..PEOPLE);
    prop_oneof![
        10 => someone.clone().prop_map(Step::Send),
        3 => two.clone().prop_map(|(by, who)| Step::Add(by, who)),
        3 => someone.prop_map(Step::Join),
        5 => two.clone().prop_map(|(by, who)| Step::Remove(by, who)),
        1 => (two, any::<bool>()).prop_map(|((by, who), owner)| Step::Appoint(by, who, owner)),
        3 => Just(Step::Settle),
    ]
}

fn scripted(script: Vec<bool>) -> Faults {
    let asked = AtomicUsize::new(0);
    Arc::new(move |_: Boundary| {
        script.get(asked.fetch_add(1, Ordering::SeqCst)).copied().unwrap_or(false)
    })
}

struct Run {
    id: ConversationId,
    people: Vec<Arc<User>>,
    writer: TestWriter,
    sent: usize,
    may_fail: bool,
    given_up: bool,
}

impl Run {
    async fn begin(db: &Database, number: i64, script: Vec<bool>) -> Self {
        let mut people = Vec::new();
        for id in number * 100 + 1..=number * 100 + i64::try_from(PEOPLE).expect("few") {
            people.push(db.person(id, &format!("user{id}"), "User").await);
        }
        let may_fail = script.contains(&true);
        let writer = db.writer_with(Some(scripted(script)));
        let run = Self {
            id: ConversationId::new(number),
            people,
            writer,
            sent: 0,
            may_fail,
            given_up: false,
        };
        let new = NewGroup {
            name: GroupName::parse("Tea").expect("a name"),
            members: vec![run.people[1].id],
            open: true,
            history: History::Joined,
        };
        let made = run.change(0, ChangeKind::Create(new)).await;
        made.await.expect("an answer").expect("made");
        run
    }

    /// By rules that are looser than ours: nobody acts who is no member, roles are the owner's to give.
    async fn change(&self, by: usize, kind: ChangeKind) -> PendingAnswer<Changed> {
        let (reply, answer) = oneshot::channel();
        let rule: Rule = match kind {
            ChangeKind::Join => |standing| match (standing.actor, standing.open) {
                (None, true) => Ok(()),
                _ => Err(ApiError::not_found()),
            },
            ChangeKind::SetRole(..) => |standing| match (standing.actor, standing.subject) {
                (Some(Role::Owner), Some(_)) if !standing.oneself => Ok(()),
                _ => Err(ApiError::not_found()),
            },
            ChangeKind::Remove(_) => |standing| match (standing.actor, standing.subject) {
                (Some(_), Some(_)) => Ok(()),
                _ => Err(ApiError::not_found()),
            },
            _ => |standing| standing.actor.map(drop).ok_or_else(ApiError::not_found),
        };
        let change = Change {
            conversation_id: self.id,
            actor: Arc::clone(&self.people[by]),
            kind,
            rule,
            reply: ReplyTo::Caller(reply),
        };
        self.writer.writer.change(change).await.expect("taken");
        answer
    }
}

/// Waits for all answers; tells whether a change was given up: nobody looks for what becomes of it.
async fn settle(
    sends: &mut Vec<PendingAnswer<Appended>>,
    changes: &mut Vec<PendingAnswer<Changed>>,
) -> bool {
    let mut given_up = false;
    for answer in sends.drain(..) {
        if let Err(error) = answer.await.expect("an answer") {
            assert_ne!(error.kind, ErrorKind::Internal, "{error}");
        }
    }
    for answer in changes.drain(..) {
        if let Err(error) = answer.await.expect("an answer") {
            assert_ne!(error.kind, ErrorKind::Internal, "{error}");
            given_up |= error.kind == ErrorKind::Unavailable;
        }
    }
    given_up
}

async fn play(db: &Database, number: i64, steps: &[Step], script: Vec<bool>) {
    let mut run = Run::begin(db, number, script).await;
    let (mut sends, mut changes) = (Vec::new(), Vec::new());
    let of = |run: &Run, who: usize| run.people[who].id;
    for step in steps {
        let (by, kind) = match *step {
            Step::Settle => {
                run.given_up |= settle(&mut sends, &mut changes).await;
                continue;
            }
            Step::Send(by) => {
                run.sent += 1;
                let name = format!("n{}", run.sent);
                sends.push(run.writer.queue(run.id, &run.people[by], &name, "words").await);
                continue;
            }
            Step::Add(by, who) => (by, ChangeKind::Add(vec![of(&run, who)])),
            Step::Join(by) => (by, ChangeKind::Join),
            Step::Remove(by, who) => (by, ChangeKind::Remove(of(&run, who))),
            Step::Appoint(by, who, owner) => {
                let role = if owner { Role::Owner } else { Role::Admin };
                (by, ChangeKind::SetRole(of(&run, who), role))
            }
        };
        changes.push(run.change(by, kind).await);
    }
    run.given_up |= settle(&mut sends, &mut changes).await;
    run.writer.writer.shut_down().await;
    holds(db, &run).await;
}

/// Whom a message takes in or out.
fn takes_effect(message: &Message, members: &mut BTreeSet<UserId>) {
    let Some(notice) = message.notice() else { return };
    let subjects = notice.subjects.iter().map(|user| user.id);
    match notice.event {
        SystemEvent::Created => {
            members.extend(subjects);
            members.insert(notice.actor.id);
        }
        SystemEvent::Added => members.extend(subjects),
        SystemEvent::Joined => {
            members.insert(notice.actor.id);
        }
        SystemEvent::Left => {
            members.remove(&notice.actor.id);
        }
        SystemEvent::Removed => subjects.for_each(|user| {
            members.remove(&user);
        }),
        _ => {}
    }
}

async fn holds(db: &Database, run: &Run) {
    let stored = db.messages_between(run.id, Seq::ZERO, Seq::new(9_999)).await.expect("a read");
    for (message, seq) in stored.iter().zip(1..) {
        assert_eq!(message.seq.get(), seq, "no hole");
    }
    let mut members = BTreeSet::new();
    let members_at: Vec<_> = stored
        .iter()
        .map(|message| {
            takes_effect(message, &mut members);
            members.clone()
        })
        .collect();
    let (mut told, mut left_for) = (Vec::new(), 0);
    // What was refused in a batch whose COMMIT lost its reply may be done in the next try, and is then
    // told before what it follows: the hub brings a conversation into the order of `seq`.
    let mut events = run.writer.events.all();
    if run.may_fail {
        events.sort_by_key(|event| match event {
            Event::Fact { fact: Fact::MessageStored { message, .. }, .. } => message.seq,
            Event::Fact { fact: Fact::GroupChanged(change), .. } => {
                change.messages.first().map_or(Seq::ZERO, |first| first.seq)
            }
            _ => Seq::ZERO,
        });
    }
    let roster = db.roster(run.id).await.expect("a read").expect("a group");
    for event in events {
        let Event::Fact { fact, local: Local { members, .. } } = &event else { continue };
        let (messages, audience) = match fact {
            Fact::MessageStored { message, audience } => (vec![Arc::clone(message)], audience),
            Fact::GroupChanged(change) => {
                left_for += change.left.len();
                (change.messages.clone(), &change.audience)
            }
            _ => continue,
        };
        told.extend(messages.iter().map(|message| (**message).clone()));
        let Some(Members::Group(group)) = members else { panic!("{event:?}") };
        let to = &group.ids;
        assert_eq!(*audience, Members::Group(group.clone()).audience());
        // Another node that hears of it now, and has to read who is in the group.
        let elsewhere = roster.as_of(messages[0].seq);
        assert!(elsewhere.ids.iter().all(|user| to.contains(user)), "N6 elsewhere: {event:?}");
        let seq = messages.last().expect("a message").seq.get();
        let then = &members_at[usize::try_from(seq - 1).expect("a position")];
        assert!(to.iter().all(|user| then.contains(user)), "N6: {event:?}");
        // What is told late, after a COMMIT whose reply was lost, is not told to whoever left since.
        assert!(run.may_fail || to.len() == then.len(), "everyone in it hears: {event:?}");
    }
    let seqs = |messages: &[Message]| messages.iter().map(|it| it.seq.get()).collect::<Vec<_>>();
    if run.given_up {
        assert!(told.windows(2).all(|pair| pair[0].seq < pair[1].seq), "none twice");
    } else {
        assert_eq!(seqs(&told), seqs(&stored), "everyone is told of each once, in order");
        assert_eq!(told, stored, "as it is stored");
    }
    let gone = |message: &&Message| {
        let notice = message.notice();
        notice.is_some_and(|it| matches!(it.event, SystemEvent::Left | SystemEvent::Removed))
    };
    let gone = stored.iter().filter(gone).count();
    assert!(left_for == gone || run.may_fail, "whoever goes is told: {left_for} of {gone}");
    let page = db.members(run.id, "", None, 100).await.expect("a read");
    let mut listed: Vec<_> = page.items.iter().map(|member| member.user.id).collect();
    listed.sort_unstable();
    assert_eq!(listed, members.iter().copied().collect::<Vec<_>>(), "who is in it");
    let owners = page.items.iter().filter(|member| member.role == Role::Owner).count();
    assert_eq!(owners, usize::from(!members.is_empty()), "one owns it");
    for member in &members {
        let seen = db.conversation(*member, run.id, 1).await.expect("a read").expect("a member");
        assert_eq!(seen.member_count as usize, members.len());
        assert!(seen.first_seq <= seen.last_seq && seen.read_seq <= seen.delivered_seq);
        assert!(seen.read_seq.next() >= seen.first_seq, "what was before is not unread");
    }
}

fn check(db: impl Future<Output = Database>) {
    let mut runner =
        TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let (db, number) = (runtime.block_on(db), AtomicUsize::new(0));
    let steps = prop::collection::vec(step(), 1..100);
    let script = prop_oneof![
        2 => prop::collection::vec(prop::bool::weighted(0.15), 0..40),
        1 => Just(Vec::new()),
    ];
    let result = runner.run(&(steps, script), |(steps, script)| {
        let number = number.fetch_add(1, Ordering::Relaxed) + 1;
        let number = i64::try_from(number).expect("few");
        runtime.block_on(play(&db, number, &steps, script));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn whoever_is_not_in_a_group_is_told_nothing_on_sqlite() {
    check(Database::sqlite());
}

#[test]
fn whoever_is_not_in_a_group_is_told_nothing_on_mysql() {
    check(Database::mysql());
}
