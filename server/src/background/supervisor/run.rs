//! What a task in the background is told, and what is known of how it does.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::background::meters::TaskMeters;
use crate::error::Error;

/// A task's side of its supervision: when to stop, and where to say how it does. Cheap to clone.
#[derive(Clone)]
pub struct Run(Arc<Inner>);

struct Inner {
    name: &'static str,
    stop: CancellationToken,
    meters: TaskMeters,
    successes: AtomicU64,
    /// When it last did well; before the first time, when it was made.
    succeeded_at: Mutex<Instant>,
    /// Its last time failed, which the log has been told.
    failing: AtomicBool,
}

impl Run {
    pub(super) fn new(name: &'static str) -> Self {
        Self(Arc::new(Inner {
            name,
            stop: CancellationToken::new(),
            meters: TaskMeters::of(name),
            successes: AtomicU64::new(0),
            succeeded_at: Mutex::new(Instant::now()),
            failing: AtomicBool::new(false),
        }))
    }

    /// The name of the task.
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// Cancelled when the task is to end.
    pub fn stopped(&self) -> &CancellationToken {
        &self.0.stop
    }

    /// Waits for something, but no longer than until the task is to end: then there is nothing.
    pub async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        self.0.stop.run_until_cancelled(work).await
    }

    /// The task has done its work well, or found that there is none.
    pub fn succeeded(&self) {
        self.0.successes.fetch_add(1, Ordering::Relaxed);
        self.0.meters.succeeded.increment(1);
        *self.succeeded_at() = Instant::now();
        if self.0.failing.swap(false, Ordering::Relaxed) {
            tracing::info!(task = self.0.name, "works again");
        }
    }

    /// The task's work failed. The log is told once, until it does well again.
    pub fn failed(&self, error: &Error) {
        self.0.meters.failed.increment(1);
        if !self.0.failing.swap(true, Ordering::Relaxed) {
            tracing::warn!(task = self.0.name, %error, "failed, and will be tried again");
        }
    }

    /// The task's work went well, or failed.
    pub fn note(&self, outcome: Result<(), Error>) {
        match outcome {
            Ok(()) => self.succeeded(),
            Err(error) => self.failed(&error),
        }
    }

    pub(super) fn panicked(&self) {
        self.0.meters.failed.increment(1);
        self.0.failing.store(true, Ordering::Relaxed);
        tracing::error!(task = self.0.name, "broke by a panic, and will be started again");
    }

    pub(super) fn restarted(&self) {
        self.0.meters.restarted.increment(1);
    }

    pub(super) fn successes(&self) -> u64 {
        self.0.successes.load(Ordering::Relaxed)
    }

    pub(super) fn stop(&self) {
        self.0.stop.cancel();
    }

    fn succeeded_at(&self) -> MutexGuard<'_, Instant> {
        self.0.succeeded_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known of all tasks of a supervisor. Cheap to clone.
#[derive(Clone, Default)]
pub struct Runs(Arc<Mutex<Vec<Run>>>);

impl Runs {
    pub(super) fn add(&self, run: Run) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(run);
    }

    /// Sets the gauges of how long ago each task last did well.
    pub fn measure(&self) {
        for run in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            run.0.meters.age.set(run.succeeded_at().elapsed().as_secs_f64());
        }
    }
}
