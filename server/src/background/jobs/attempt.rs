//! One attempt at one job: the lease is kept while the handler works, and what came of it is written down as long as
//! the job is still this attempt's.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;

use super::context::Context;
use super::kinds::Kind;
use crate::background::faults::{self, Step};
use crate::store::jobs::{Attempt, DueJob, Next};

/// What has happened to an attempt.
enum Outcome {
    Done,
    Failed(String),
    /// The job is another's by now, or nobody knows whose.
    Lost,
    Stopped,
}

pub(super) async fn run(
    context: Arc<Context>,
    job: DueJob,
    attempt: Attempt,
    leased_until: Instant,
    stop: CancellationToken,
) {
    // A worker looks for kinds that it knows.
    let Some(kind) = context.kinds.get(&job.kind) else { return };
    faults::pass(context.options.faults.as_ref(), Step::Claimed).await;
    let outcome = if job.is_abandoned() && job.attempts >= kind.max_attempts() {
        Outcome::Failed("each process that began it died".to_owned())
    } else {
        tokio::select! {
            biased;
            outcome = work(kind, &job.payload) => outcome,
            () = stop.cancelled() => Outcome::Stopped,
            () = keep_lease(&context, attempt, leased_until) => Outcome::Lost,
        }
    };
    faults::pass(context.options.faults.as_ref(), Step::Worked).await;
    settle(&context, kind, &job, attempt, outcome).await;
    faults::pass(context.options.faults.as_ref(), Step::Settled).await;
}

async fn work(kind: &Kind, payload: &str) -> Outcome {
    match AssertUnwindSafe(async { kind.work(payload).await }).catch_unwind().await {
        Ok(Ok(())) => Outcome::Done,
        Ok(Err(error)) => Outcome::Failed(error.to_string()),
        Err(_) => Outcome::Failed("it panicked".to_owned()),
    }
}

/// Keeps the job ours; ends when it may be so no longer.
async fn keep_lease(context: &Context, attempt: Attempt, mut until: Instant) {
    let lease = context.options.lease;
    loop {
        sleep(lease / 3).await;
        let begun = Instant::now();
        let renewed = context.queue.store().renew_job(attempt, lease);
        match timeout_at(until, renewed).await {
            Ok(Ok(true)) => until = begun + lease,
            // While the database is away nobody else can have it, up to the end of the lease.
            Ok(Err(_)) if Instant::now() < until => {}
            Ok(Ok(false) | Err(_)) | Err(_) => return,
        }
    }
}

async fn settle(context: &Context, kind: &Kind, job: &DueJob, attempt: Attempt, outcome: Outcome) {
    let id = job.id;
    let (next, measured) = match &outcome {
        Outcome::Lost => {
            tracing::warn!(job = id, kind = job.kind, "lost its lease; another does it");
            return context.meters.ended(&job.kind, "lost");
        }
        Outcome::Stopped => (Next::Untouched, "stopped"),
        Outcome::Done => (kind.every.map_or(Next::Done, Next::Again), "done"),
        Outcome::Failed(error) if attempt.number >= kind.max_attempts() => {
            tracing::error!(job = id, kind = job.kind, %error, "failed too often, and is dead");
            (Next::Dead(error), "dead")
        }
        Outcome::Failed(error) => {
            tracing::warn!(job = id, kind = job.kind, %error, "failed, and will be tried again");
            (Next::Retry(retry_after(context, attempt), error), "failed")
        }
    };
    match context.queue.store().settle_job(attempt, next).await {
        Ok(true) => context.meters.ended(&job.kind, measured),
        Ok(false) => context.meters.ended(&job.kind, "lost"),
        // Its lease ends by itself, and it is done once more.
        Err(error) => {
            tracing::warn!(job = id, kind = job.kind, %error, "its end could not be stored");
            context.meters.ended(&job.kind, "lost");
        }
    }
}

fn retry_after(context: &Context, attempt: Attempt) -> Duration {
    context.options.retries.after(u32::try_from(attempt.number).unwrap_or(u32::MAX))
}
