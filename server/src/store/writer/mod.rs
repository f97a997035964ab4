//! The one door by which messages are appended, conversations change, and marks move.
//!
//! A few tasks ([`shard`]) write, a conversation always with the same one, so that its order is that
//! of one queue. A task takes all that arrived during its last commit and stores it in one
//! transaction ([`attempt`]): under load batches grow by themselves, and at rest a message waits
//! for nothing. What was committed leaves as one ordered stream of facts and replies ([`outcome`]).
//!
//! * [`commands`] — what the writer is asked to do
//! * [`batch`] — what is queued, and how it is split when a batch fails
//! * [`recovery`] — what a shard does when a batch fails, or nobody answers
//! * [`in_doubt`] — messages of which it is not known whether they are stored
//! * [`change`] — what else happens to a conversation under its lock, a file a concern
//! * [`lookups`] — what is read for messages before it is decided on them, and becomes [`known`]
//! * [`plan`] — numbering, repeats and marks, decided in memory under the conversations' locks
//! * [`sessions`] — who is in the locked conversations, and where they stand
//! * [`statements`] — the transaction's SQL
//! * [`faults`] — where tests make it fail

mod attempt;
mod batch;
mod change;
mod commands;
mod faults;
mod in_doubt;
mod known;
mod lookups;
mod meters;
mod outcome;
mod plan;
mod recovery;
mod sessions;
mod shard;
mod statements;

use std::sync::Arc;

use app::protocol::{ApiError, ConversationId};
use tokio::sync::mpsc;
use tokio::time::timeout_at;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Store;
use crate::clock::Clock;
use crate::events::Publisher;

pub use commands::{
    Append, Appended, Change, ChangeKind, Changed, Extras, GroupSettings, MoveMarks, NewAvatar,
    NewGroup, ReplyTo, Rule, Standing,
};
pub use faults::{Boundary, Faults};
pub use meters::describe_metrics;

use attempt::Attempts;
use batch::Command;
use meters::Meters;
use sessions::Groups;
use shard::Shard;

/// Commands that a shard holds before those who bring more must wait: some seconds of work.
const QUEUE_CAPACITY: usize = 4_096;

/// How the writer is set.
#[derive(Clone, Copy, Debug)]
pub struct WriterOptions {
    /// Tasks that append side by side, at least one; SQLite always has one.
    pub tasks: usize,
}

impl Default for WriterOptions {
    /// Two tasks: while one waits for the disk the other fills its batch.
    fn default() -> Self {
        Self { tasks: 2 }
    }
}

/// The writer's handle. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    shared: Arc<Shared>,
}

struct Shared {
    shards: Vec<mpsc::Sender<Command>>,
    closing: CancellationToken,
    tasks: TaskTracker,
    meters: Meters,
}

impl Writer {
    /// Starts the writer's tasks on the current runtime. What they commit they tell `events`, in the order of the commits.
    pub fn start(store: Store, clock: Clock, events: Publisher, options: WriterOptions) -> Self {
        Self::start_with_faults(store, clock, events, options, None)
    }

    /// Starts a writer whose transactions fail where `faults` says so, for tests.
    pub fn start_with_faults(
        store: Store,
        clock: Clock,
        events: Publisher,
        options: WriterOptions,
        faults: Option<Faults>,
    ) -> Self {
        let count = if store.has_one_writer() { 1 } else { options.tasks.max(1) };
        let closing = CancellationToken::new();
        let tasks = TaskTracker::new();
        let meters = Meters::new();
        let attempts =
            Attempts { store, clock, faults, meters: meters.clone(), groups: Groups::default() };
        let start_shard = |(attempts, events)| {
            let (sender, queue) = mpsc::channel(QUEUE_CAPACITY);
            tasks.spawn(Shard::new(queue, closing.clone(), attempts, events).run());
            sender
        };
        let shards = std::iter::repeat_n((attempts, events), count).map(start_shard).collect();
        tasks.close();
        Self { shared: Arc::new(Shared { shards, closing, tasks, meters }) }
    }

    /// Queues a message; waits only while the queue is full.
    ///
    /// # Errors
    /// `unavailable` once the writer is shutting down, or when the queue was full for 5 s. The
    /// append's reply is then not used.
    pub async fn append(&self, append: Append) -> Result<(), ApiError> {
        self.queue(append.conversation_id, Command::append(append)).await
    }

    /// Queues a change; waits only while the queue is full.
    ///
    /// # Errors
    /// `unavailable` once the writer is shutting down, or when the queue was full for 5 s. The
    /// change's reply is then not used.
    pub async fn change(&self, change: Change) -> Result<(), ApiError> {
        self.queue(change.conversation_id, Command::change(change)).await
    }

    /// Queues a mark; marks of one member are coalesced over up to 250 ms, unless someone waits
    /// for the reply.
    ///
    /// # Errors
    /// `unavailable` once the writer is shutting down, or when the queue was full for 5 s.
    pub async fn move_marks(&self, marks: MoveMarks) -> Result<(), ApiError> {
        self.queue(marks.conversation_id, Command::marks(marks)).await
    }

    /// Takes no more, commits what is queued, and ends the tasks.
    pub async fn shut_down(&self) {
        self.shared.closing.cancel();
        self.shared.tasks.wait().await;
    }

    async fn queue(&self, id: ConversationId, command: Command) -> Result<(), ApiError> {
        let shards = &self.shared.shards;
        // Ids end in random bits. A conversation's shard never changes while the process runs.
        let shard = usize::try_from(id.get()).unwrap_or_default() % shards.len();
        // The time that a command waits for a place is part of the time that it is given.
        let place = timeout_at(command.deadline(), shards[shard].reserve()).await;
        let Ok(Ok(place)) = place else { return Err(ApiError::unavailable()) };
        self.shared.meters.queue.increment(1);
        place.send(command);
        Ok(())
    }
}
