//! One of the writer's tasks: it takes what has arrived, stores it, and tells of it.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use app::protocol::{ApiError, ConversationId, ErrorKind, UserId};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::Sink;
use super::attempt::Attempts;
use super::outcome::{publish, refuse};
use super::work::{Command, QueuedAppend, QueuedMarks, Work};
use crate::clock::random;
use crate::store::StoreError;

/// The most that goes into one transaction: larger batches gain little and hold locks longer.
const BATCH: usize = 256;
/// How long a mark waits for a later one of the same member.
const COALESCE: Duration = Duration::from_millis(250);
/// How long a lane waits before it tries again what the database would not take.
const PAUSE: Duration = Duration::from_millis(100);
/// How often a lane without other work looks for messages of unknown fate.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

pub(super) struct Lane {
    queue: mpsc::Receiver<Command>,
    closing: CancellationToken,
    attempts: Attempts,
    sink: Sink,
    marks: HashMap<(ConversationId, UserId), QueuedMarks>,
    /// When the oldest of `marks` has waited long enough.
    marks_due: Option<Instant>,
    /// Messages whose senders were told `unavailable` while nobody knew whether they were stored.
    unknown: Vec<QueuedAppend>,
    unknown_due: Option<Instant>,
}

impl Lane {
    pub(super) fn new(
        queue: mpsc::Receiver<Command>,
        closing: CancellationToken,
        attempts: Attempts,
        sink: Sink,
    ) -> Self {
        Self {
            queue,
            closing,
            attempts,
            sink,
            marks: HashMap::new(),
            marks_due: None,
            unknown: Vec::new(),
            unknown_due: None,
        }
    }

    /// Runs until the writer is closing and the queue is empty.
    pub(super) async fn run(mut self) {
        let mut commands = Vec::with_capacity(BATCH);
        while self.wait(&mut commands).await {
            let work = self.take_work(&mut commands);
            if !work.is_empty() {
                self.store(work).await;
            }
        }
        // What waited for later marks goes now, and what is of unknown fate is looked for once more.
        self.marks_due = self.marks_due.map(|_| Instant::now());
        while !self.marks.is_empty() || !self.unknown.is_empty() {
            let work = self.take_work(&mut commands);
            self.store(work).await;
            if self.marks.is_empty() {
                break;
            }
        }
    }

    /// Waits for commands or for something to be due; false once nothing can come any more.
    async fn wait(&mut self, commands: &mut Vec<Command>) -> bool {
        let due = self.marks_due.into_iter().chain(self.unknown_due).min();
        let timer = async {
            match due {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = self.closing.cancelled(), if !self.queue.is_closed() => self.queue.close(),
            taken = self.queue.recv_many(commands, BATCH) => {
                self.attempts.meters.queue.decrement(taken);
                return taken > 0;
            }
            () = timer => {}
        }
        true
    }

    /// What goes into the next transaction.
    fn take_work(&mut self, commands: &mut Vec<Command>) -> Work {
        // First what arrived first.
        let mut work = Work { appends: std::mem::take(&mut self.unknown), marks: Vec::new() };
        self.unknown_due = None;
        for command in commands.drain(..) {
            match command {
                Command::Append(append) => work.appends.push(append),
                Command::Marks(marks) => self.hold(marks),
            }
        }
        if self.marks_due.is_some_and(|due| due <= Instant::now()) {
            let taken: Vec<_> = self.marks.keys().take(BATCH).copied().collect();
            work.marks.extend(taken.iter().filter_map(|key| self.marks.remove(key)));
            if self.marks.is_empty() {
                self.marks_due = None;
            }
        }
        work
    }

    /// Keeps marks back for a moment: a reader moves them with every message.
    fn hold(&mut self, marks: QueuedMarks) {
        // Someone who waits for the answer waits for nothing else.
        let wait = if marks.replies.is_empty() { COALESCE } else { Duration::ZERO };
        let due = marks.queued_at + wait;
        self.marks_due = Some(self.marks_due.map_or(due, |earlier| earlier.min(due)));
        let key = (marks.conversation_id, marks.user_id);
        match self.marks.get_mut(&key) {
            Some(earlier) => earlier.coalesce(marks),
            None => {
                self.marks.insert(key, marks);
            }
        }
    }

    async fn store(&mut self, mut work: Work) {
        match self.attempts.store(&mut work).await {
            Ok(outcome) => publish(&self.sink, work, outcome),
            Err(error) => {
                tracing::warn!(%error, "a batch failed; going on one conversation at a time");
                self.store_apart(work, error).await;
            }
        }
    }

    /// Stores what failed together: one conversation at a time, and where one is refused, one
    /// command at a time, so that nobody fails for another's sake. In a conversation the order is
    /// kept: nothing overtakes what waits to be tried again.
    async fn store_apart(&mut self, work: Work, error: StoreError) {
        let mut parts = work.by_conversation();
        let mut away = is_away(&error);
        while !parts.is_empty() {
            let mut again = Vec::new();
            let mut waiting = HashSet::new();
            for mut part in parts {
                let ids = part.conversations();
                if ids.iter().any(|id| waiting.contains(id)) {
                    again.push(part);
                    continue;
                }
                if away && part.deadline() <= Instant::now() {
                    self.give_up(part, &ApiError::unavailable());
                    continue;
                }
                match self.attempts.store(&mut part).await {
                    Ok(outcome) => {
                        away = false;
                        publish(&self.sink, part, outcome);
                    }
                    Err(error @ StoreError::Unavailable(_)) => {
                        away = is_away(&error);
                        if part.deadline() <= Instant::now() {
                            self.give_up(part, &ApiError::unavailable());
                        } else {
                            waiting.extend(ids);
                            again.push(part);
                        }
                    }
                    Err(error) if part.is_single() => {
                        self.give_up(part, &internal(&error));
                    }
                    Err(_) => {
                        waiting.extend(ids);
                        again.extend(part.one_by_one());
                    }
                }
            }
            parts = again;
            if away && !parts.is_empty() {
                sleep(PAUSE).await;
            }
        }
    }

    fn give_up(&mut self, work: Work, error: &ApiError) {
        self.unknown.extend(refuse(&self.sink, work, error));
        self.unknown_due = (!self.unknown.is_empty()).then(|| Instant::now() + LOOK_AGAIN);
    }
}

/// Whether nobody answers, so that it is no use to try others. A lock that could not be had says
/// nothing of the locks of others.
fn is_away(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(source) if source.as_database_error().is_none())
}

/// A failure of ours: opaque outside, logged once under the id that the sender is given.
fn internal(error: &StoreError) -> ApiError {
    let request_id = format!("{:016x}", random::<u64>());
    tracing::error!(request_id, %error, "a message or mark could not be stored");
    ApiError {
        request_id: Some(request_id),
        ..ApiError::new(ErrorKind::Internal, "Something went wrong on our side")
    }
}
