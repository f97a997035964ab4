//! What is queued, and how it is split when a batch fails.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Deref;

use app::protocol::{ApiError, ConversationId, NewContent, Seq, UserId};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::commands::{Append, Change, MoveMarks, ReplyTo};
use crate::clock::random;
use crate::events::Origin;
use crate::store::lease::DATABASE_TIMEOUT;

/// What comes through the queue.
pub(super) enum Command {
    Append(QueuedAppend),
    /// In a box: they are rare, and the queue keeps room for the largest.
    Change(Box<QueuedChange>),
    Marks(QueuedMarks),
}

impl Command {
    pub(super) fn append(append: Append) -> Self {
        let arrived_at = Instant::now();
        Self::Append(QueuedAppend { command: append, arrived_at, place: 0, may_be_stored: false })
    }

    pub(super) fn change(change: Change) -> Self {
        Self::Change(Box::new(QueuedChange {
            command: change,
            arrived_at: Instant::now(),
            place: 0,
            notice: notice_name(),
            may_be_stored: false,
        }))
    }

    pub(super) fn marks(marks: MoveMarks) -> Self {
        let MoveMarks { conversation_id, user_id, delivered, read, reply } = marks;
        let (origin, caller) = reply.split();
        Self::Marks(QueuedMarks {
            conversation_id,
            user_id,
            delivered: delivered.max(read),
            read,
            origin,
            replies: caller.into_iter().collect(),
            arrived_at: Instant::now(),
        })
    }

    /// When its sender has waited long enough.
    pub(super) fn deadline(&self) -> Instant {
        let arrived_at = match self {
            Self::Append(append) => append.arrived_at,
            Self::Change(change) => change.arrived_at,
            Self::Marks(marks) => marks.arrived_at,
        };
        arrived_at + DATABASE_TIMEOUT
    }
}

/// A message in the queue.
pub(super) struct QueuedAppend {
    /// Nobody waits for it once its sender was told `unavailable` while it was not known whether it was
    /// stored. It is then looked for, so that the others learn of it, but not stored.
    pub(super) command: Append,
    pub(super) arrived_at: Instant,
    /// Its place among what the shard has taken.
    pub(super) place: u64,
    /// A COMMIT was sent that held it. Found in the database, it is then no repeat, but ours.
    pub(super) may_be_stored: bool,
}

impl Deref for QueuedAppend {
    type Target = Append;

    fn deref(&self) -> &Append {
        &self.command
    }
}

/// A change of a conversation in the queue.
pub(super) struct QueuedChange {
    pub(super) command: Change,
    pub(super) arrived_at: Instant,
    /// Its place among what the shard has taken.
    pub(super) place: u64,
    /// The `client_id` of the system message that tells of it, by which another attempt finds out
    /// whether the one before was committed.
    pub(super) notice: String,
    /// A COMMIT was sent that held it.
    pub(super) may_be_stored: bool,
}

impl Deref for QueuedChange {
    type Target = Change;

    fn deref(&self) -> &Change {
        &self.command
    }
}

impl QueuedChange {
    /// The socket that asked for it.
    pub(super) fn origin(&self) -> Option<&Origin> {
        match &self.reply {
            ReplyTo::Socket(origin) => Some(origin),
            ReplyTo::Caller(_) | ReplyTo::Nobody => None,
        }
    }
}

fn notice_name() -> String {
    format!("sys:{:032x}", random::<u128>())
}

/// One member's marks in the queue, as far forward as all those who moved them said.
pub(super) struct QueuedMarks {
    pub(super) conversation_id: ConversationId,
    pub(super) user_id: UserId,
    pub(super) delivered: Seq,
    pub(super) read: Seq,
    /// Absent when several sockets moved them: each is told where they stand now.
    pub(super) origin: Option<Origin>,
    pub(super) replies: Vec<oneshot::Sender<Result<(), ApiError>>>,
    pub(super) arrived_at: Instant,
}

impl QueuedMarks {
    /// Takes in later marks of the same member.
    pub(super) fn coalesce(&mut self, later: Self) {
        self.delivered = self.delivered.max(later.delivered);
        self.read = self.read.max(later.read);
        let connection = |origin: &Option<Origin>| origin.as_ref().map(|origin| origin.connection);
        let same = connection(&self.origin) == connection(&later.origin);
        self.origin = later.origin.filter(|_| same);
        self.replies.extend(later.replies);
    }
}

/// What goes into one transaction.
#[derive(Default)]
pub(super) struct Batch {
    /// In the order in which they arrived.
    pub(super) appends: Vec<QueuedAppend>,
    /// In the order in which they arrived; `place` tells where between the appends.
    pub(super) changes: Vec<QueuedChange>,
    /// At most one a member.
    pub(super) marks: Vec<QueuedMarks>,
}

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.appends.is_empty() && self.changes.is_empty() && self.marks.is_empty()
    }

    /// How many commands it holds.
    pub(super) fn len(&self) -> usize {
        self.appends.len() + self.changes.len() + self.marks.len()
    }

    pub(super) fn is_single(&self) -> bool {
        self.len() == 1
    }

    /// Whether anyone waits for any of it.
    pub(super) fn is_waited_for(&self) -> bool {
        let waited_for = !self.marks.is_empty() || !self.changes.is_empty();
        waited_for || self.appends.iter().any(|append| !append.reply.is_nobody())
    }

    /// The conversations that it changes and those whose words it carries on, ascending: the order
    /// in which everyone locks them.
    pub(super) fn locks(&self) -> Vec<ConversationId> {
        let sources = self.appends.iter().filter_map(|append| match &append.content {
            NewContent::Forward(of) => Some(of.conversation_id),
            NewContent::Text(_)
            | NewContent::Image(_)
            | NewContent::File(_)
            | NewContent::Schedule { .. } => None,
        });
        self.conversations()
            .into_iter()
            .chain(sources)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }

    /// The conversations that it changes, ascending.
    pub(super) fn conversations(&self) -> Vec<ConversationId> {
        let appends = self.appends.iter().map(|append| append.conversation_id);
        let changes = self.changes.iter().map(|change| change.conversation_id);
        let marks = self.marks.iter().map(|marks| marks.conversation_id);
        appends.chain(changes).chain(marks).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Who does something where: with several members' sessions in a conversation, theirs are those
    /// that matter.
    pub(super) fn actors(&self) -> impl Iterator<Item = (ConversationId, UserId)> {
        let appends = self.appends.iter().map(|append| (append.conversation_id, append.sender.id));
        let changes = self.changes.iter().map(|change| (change.conversation_id, change.actor.id));
        let marks = self.marks.iter().map(|marks| (marks.conversation_id, marks.user_id));
        appends.chain(changes).chain(marks)
    }

    /// Whether an earlier attempt may have stored some of it.
    pub(super) fn may_be_stored(&self) -> bool {
        self.appends.iter().any(|append| append.may_be_stored)
            || self.changes.iter().any(|change| change.may_be_stored)
    }

    /// When those who wait have waited long enough; now, if nobody does.
    pub(super) fn deadline(&self) -> Instant {
        let appends = self.appends.iter().filter(|append| !append.reply.is_nobody());
        let appends = appends.map(|append| append.arrived_at);
        let marks = self.marks.iter().map(|marks| marks.arrived_at);
        let changes = self.changes.iter().map(|change| change.arrived_at);
        let oldest = appends.chain(changes).chain(marks).min();
        oldest.map_or_else(Instant::now, |arrived_at| arrived_at + DATABASE_TIMEOUT)
    }

    /// Takes out what touches these conversations.
    pub(super) fn take_of(&mut self, ids: &HashSet<ConversationId>) -> Self {
        let appends = self.appends.extract_if(.., |append| ids.contains(&append.conversation_id));
        let changes = self.changes.extract_if(.., |change| ids.contains(&change.conversation_id));
        let marks = self.marks.extract_if(.., |marks| ids.contains(&marks.conversation_id));
        Self { appends: appends.collect(), changes: changes.collect(), marks: marks.collect() }
    }

    /// A part a conversation, each in its order.
    pub(super) fn by_conversation(self) -> Vec<Self> {
        let mut parts = BTreeMap::<_, Self>::new();
        for append in self.appends {
            parts.entry(append.conversation_id).or_default().appends.push(append);
        }
        for change in self.changes {
            parts.entry(change.conversation_id).or_default().changes.push(change);
        }
        for marks in self.marks {
            parts.entry(marks.conversation_id).or_default().marks.push(marks);
        }
        parts.into_values().collect()
    }

    /// A part a command, in their order.
    pub(super) fn one_by_one(self) -> Vec<Self> {
        let append = |append: QueuedAppend| {
            (append.place, Self { appends: vec![append], ..Self::default() })
        };
        let change = |change: QueuedChange| {
            (change.place, Self { changes: vec![change], ..Self::default() })
        };
        let mut parts: Vec<_> = self.appends.into_iter().map(append).collect();
        parts.extend(self.changes.into_iter().map(change));
        parts.sort_by_key(|(place, _)| *place);
        let marks =
            self.marks.into_iter().map(|marks| Self { marks: vec![marks], ..Self::default() });
        parts.into_iter().map(|(_, part)| part).chain(marks).collect()
    }
}
