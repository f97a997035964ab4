//! One supervisor for every task that runs in the background as long as the server does: it starts them, starts
//! them again after a failure or a panic, measures them, and ends them in order.
//!
//! A short task that a socket or a request has belongs to the `TaskTracker` of its room instead.

mod run;
#[cfg(test)]
mod tests;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout_at};
use tracing::Instrument;

use super::Backoff;
use crate::clock;
use crate::error::Error;

pub use run::{Run, Runs};

/// How long a task that broke waits before it is started again: long enough that one that breaks at once costs
/// nothing, short enough that nobody waits for it once its cause is gone.
const RESTARTS: Backoff = Backoff {
    first: Duration::from_millis(500),
    longest: Duration::from_secs(30),
    random: clock::random::<u16>,
};

/// How long a task may take to end when those before it took all the time.
const LAST_MOMENT: Duration = Duration::from_millis(500);

/// Starts the tasks that run in the background, and ends them. One that is dropped ends them at once.
pub struct Supervisor {
    restarts: Backoff,
    /// In the order in which they were started.
    tasks: Vec<Task>,
    runs: Runs,
}

struct Task {
    run: Run,
    handle: JoinHandle<()>,
}

impl Default for Supervisor {
    fn default() -> Self {
        Self::with_restarts(RESTARTS)
    }
}

impl Supervisor {
    /// A supervisor without tasks that waits so long before it starts one again.
    pub fn with_restarts(restarts: Backoff) -> Self {
        Self { restarts, tasks: Vec::new(), runs: Runs::default() }
    }

    /// Starts a task that runs until its [`Run`] is stopped, and says by it when it has done something well. One
    /// that panics or fails is started anew after a while; one that ends well has ended for good.
    pub fn start<W, F>(&mut self, name: &'static str, work: W)
    where
        W: Fn(Run) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let run = Run::new(name);
        self.runs.add(run.clone());
        // The log says of each line whether a request is behind it or one of these tasks.
        let span = tracing::info_span!("background", task = name);
        let running = keep_running(work, run.clone(), self.restarts).instrument(span);
        let handle = tokio::spawn(running);
        self.tasks.push(Task { run, handle });
    }

    /// Starts a task that does the same again and again, this long after the last time; a time that fails is
    /// followed by the next one. At the end it is cut off wherever it is.
    pub fn every<W, F>(&mut self, name: &'static str, pause: Duration, work: W)
    where
        W: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let work = Arc::new(work);
        self.start(name, move |run| {
            let work = Arc::clone(&work);
            async move {
                let mut tick = interval(pause);
                tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
                while run.unless_stopped(tick.tick()).await.is_some() {
                    if let Some(outcome) = run.unless_stopped(work()).await {
                        run.note(outcome);
                    }
                }
                Ok(())
            }
        });
    }

    /// What is known of the tasks, those that are started later among them.
    pub fn runs(&self) -> Runs {
        self.runs.clone()
    }

    /// Ends the tasks one after the other, the last started first: it may stand on those before it. What has not
    /// ended within this time is left behind; those after it have [`LAST_MOMENT`] each.
    pub async fn stop(mut self, within: Duration) {
        let deadline = Instant::now() + within;
        while let Some(mut task) = self.tasks.pop() {
            task.run.stop();
            let deadline = deadline.max(Instant::now() + LAST_MOMENT);
            if timeout_at(deadline, &mut task.handle).await.is_err() {
                tracing::warn!(task = task.run.name(), "did not end in time, and is left behind");
                task.handle.abort();
            }
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.handle.abort();
        }
    }
}

async fn keep_running<W, F>(work: W, run: Run, restarts: Backoff)
where
    W: Fn(Run) -> F,
    F: Future<Output = Result<(), Error>>,
{
    let mut failures = 0;
    loop {
        let successes = run.successes();
        // A panic says on standard error what it was; what the task had is dropped with it.
        let ended = AssertUnwindSafe(async { work(run.clone()).await }).catch_unwind().await;
        match ended {
            Ok(Ok(())) => return,
            Ok(Err(error)) => run.failed(&error),
            Err(_) => run.panicked(),
        }
        failures = if run.successes() == successes { failures + 1 } else { 1 };
        let wait = tokio::time::sleep(restarts.after(failures));
        if run.unless_stopped(wait).await.is_none() {
            return;
        }
        run.restarted();
    }
}
