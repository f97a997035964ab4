//! One of the writer's tasks: it takes what has arrived, stores it, and tells of it.

use std::collections::HashMap;
use std::time::Duration;

use app::protocol::{ConversationId, UserId};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::QUEUE_CAPACITY;
use super::attempt::{Attempts, Outcome};
use super::batch::{Batch, Command, QueuedMarks};
use super::in_doubt::InDoubt;
use super::outcome::publish;
use super::statements::Locks;
use crate::events::Publisher;

/// The most that goes into one transaction: larger batches gain little and hold locks longer.
const MAX_BATCH: usize = 256;
/// How long a mark waits for a later one of the same member.
const COALESCE_WINDOW: Duration = Duration::from_millis(250);

pub(super) struct Shard {
    queue: mpsc::Receiver<Command>,
    closing: CancellationToken,
    pub(super) attempts: Attempts,
    pub(super) events: Publisher,
    /// Marks that wait for later ones.
    pub(super) marks: HashMap<(ConversationId, UserId), QueuedMarks>,
    /// When the oldest of `marks` has waited long enough for them.
    pub(super) marks_due: Option<Instant>,
    pub(super) in_doubt: InDoubt,
    /// How many commands it has taken.
    taken: u64,
    /// When last asked, the database did not answer.
    pub(super) away: bool,
}

impl Shard {
    pub(super) fn new(
        queue: mpsc::Receiver<Command>,
        closing: CancellationToken,
        attempts: Attempts,
        events: Publisher,
    ) -> Self {
        let in_doubt = InDoubt::new(attempts.meters.forgotten.clone());
        Self {
            queue,
            closing,
            attempts,
            events,
            marks: HashMap::new(),
            marks_due: None,
            in_doubt,
            taken: 0,
            away: false,
        }
    }

    /// Runs until the writer is closing and the queue is empty.
    pub(super) async fn run(mut self) {
        let mut commands = Vec::with_capacity(MAX_BATCH);
        while self.wait(&mut commands).await {
            let batch = self.take_batch(&mut commands);
            if !batch.is_empty() {
                self.store(batch).await;
            }
        }
        // What waited for later marks goes now, and what is in doubt is looked for once more.
        self.marks_due = self.marks_due.map(|_| Instant::now());
        while !self.marks.is_empty() || !self.in_doubt.is_empty() {
            let batch = self.take_batch(&mut commands);
            self.store(batch).await;
            if self.marks.is_empty() {
                break;
            }
        }
    }

    /// Waits for commands or for something to be due; false once nothing can come any more.
    async fn wait(&mut self, commands: &mut Vec<Command>) -> bool {
        let due = self.marks_due.into_iter().chain(self.in_doubt.due()).min();
        let timer = async {
            match due {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = self.closing.cancelled(), if !self.queue.is_closed() => self.queue.close(),
            taken = self.queue.recv_many(commands, MAX_BATCH) => {
                self.attempts.meters.queue.decrement(taken);
                return taken > 0;
            }
            () = timer => {}
        }
        true
    }

    /// Takes in what has arrived meanwhile, behind what is there.
    pub(super) fn take_more(&mut self, parts: &mut Vec<Batch>) {
        if self.closing.is_cancelled() {
            self.queue.close();
        }
        let mut room = QUEUE_CAPACITY.saturating_sub(parts.iter().map(Batch::len).sum());
        let mut commands = Vec::new();
        loop {
            let arrived = std::iter::from_fn(|| self.queue.try_recv().ok());
            commands.extend(arrived.take(room.min(MAX_BATCH)));
            let taken = commands.len();
            self.attempts.meters.queue.decrement(taken);
            parts.push(self.take_batch(&mut commands));
            room -= taken;
            if taken == 0 {
                return;
            }
        }
    }

    /// What goes into the next transaction.
    fn take_batch(&mut self, commands: &mut Vec<Command>) -> Batch {
        // First what arrived first.
        let mut batch = Batch { appends: self.in_doubt.take(), ..Batch::default() };
        for command in commands.drain(..) {
            self.taken += 1;
            let place = self.taken;
            match command {
                Command::Append(mut append) => {
                    append.place = place;
                    batch.appends.push(append);
                }
                Command::Change(mut change) => {
                    change.place = place;
                    batch.changes.push(*change);
                }
                Command::Marks(marks) => self.hold(marks),
            }
        }
        if self.marks_due.is_some_and(|due| due <= Instant::now()) {
            let taken: Vec<_> = self.marks.keys().take(MAX_BATCH).copied().collect();
            batch.marks.extend(taken.iter().filter_map(|key| self.marks.remove(key)));
            if self.marks.is_empty() {
                self.marks_due = None;
            }
        }
        batch
    }

    /// Keeps marks back for a moment: a reader moves them with every message.
    fn hold(&mut self, marks: QueuedMarks) {
        // Someone who waits for the answer waits for nothing else.
        let wait = if marks.replies.is_empty() { COALESCE_WINDOW } else { Duration::ZERO };
        let due = marks.arrived_at + wait;
        self.marks_due = Some(self.marks_due.map_or(due, |earlier| earlier.min(due)));
        let key = (marks.conversation_id, marks.user_id);
        match self.marks.get_mut(&key) {
            Some(earlier) => earlier.coalesce(marks),
            None => {
                self.marks.insert(key, marks);
            }
        }
    }

    /// Stores it, or does with it what there is to do when that fails.
    async fn store(&mut self, mut batch: Batch) {
        if self.away {
            return self.recover(vec![batch]).await;
        }
        match self.attempts.store(&mut batch, Locks::Wait).await {
            Ok(outcome) => self.publish(batch, outcome),
            Err(error) => {
                tracing::warn!(%error, "a batch failed; going on one conversation at a time");
                self.away = error.is_away();
                self.recover(batch.by_conversation()).await;
            }
        }
    }

    pub(super) fn publish(&mut self, batch: Batch, outcome: Outcome) {
        publish(&self.events, batch, outcome);
        self.in_doubt.database_is_back();
    }
}
