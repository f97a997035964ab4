//! Looks for what is due, and has so many jobs at a time done.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tracing::Instrument;

use super::attempt;
use super::context::{Context, JobOptions};
use super::kinds::Kinds;
use super::queue::JobQueue;
use crate::background::Run;
use crate::background::meters::JobMeters;
use crate::clock;
use crate::error::Error;
use crate::store::jobs::{Due, NewJob};

/// Jobs that a process works at, at once.
const MAX_RUNNING: usize = 4;
/// How long dead jobs are kept, and how many at most.
const DEAD_KEPT: Duration = Duration::from_hours(30 * 24);
const MAX_DEAD: u32 = 10_000;
/// How often dead jobs are looked for that are to be forgotten.
const SWEEP_INTERVAL: Duration = Duration::from_hours(1);
/// Rows that are swept by one statement.
const SWEEP_BATCH: u32 = 256;
/// How often the dead are counted.
const COUNT_INTERVAL: Duration = Duration::from_mins(1);

/// Does the jobs of the kinds that it knows.
pub struct Worker {
    context: Arc<Context>,
    /// This process, as the owner of what it works at.
    owner: i64,
}

impl Worker {
    /// A worker for jobs of these kinds.
    pub fn new(queue: JobQueue, mut kinds: Kinds, options: JobOptions) -> Arc<Self> {
        let store = queue.store().clone();
        kinds.every("sweep_dead_jobs", SWEEP_INTERVAL, move || {
            let store = store.clone();
            async move {
                while store.forget_dead_jobs(DEAD_KEPT, MAX_DEAD, SWEEP_BATCH).await? > 0 {}
                Ok(())
            }
        });
        let meters = JobMeters::new();
        let owner = i64::from(clock::random::<u32>()) + 1;
        let context = Arc::new(Context { queue, kinds, options, meters });
        Arc::new(Self { context, owner })
    }

    /// Works until it is stopped. What is then under way is given back, for others or for later.
    ///
    /// # Errors
    /// Where the jobs that come again and again cannot be stored.
    pub async fn run(self: Arc<Self>, run: Run) -> Result<(), Error> {
        let Context { queue, kinds, options, meters } = &*self.context;
        for kind in kinds.periodic() {
            let (id, key) = (queue.fresh_id(), Some(kind.to_owned()));
            let due = Due::In(Duration::ZERO);
            queue.insert(NewJob { id, kind, key, due, payload: String::new() }).await?;
        }
        let kinds = kinds.names();
        let mut running = JoinSet::new();
        let mut counted: Option<Instant> = None;
        loop {
            while running.try_join_next().is_some() {}
            let wait = match self.begin_due(&kinds, &run, &mut running).await {
                Ok(wait) => {
                    run.succeeded();
                    wait
                }
                Err(error) => {
                    run.failed(&error);
                    options.poll
                }
            };
            if counted.is_none_or(|counted| counted.elapsed() >= COUNT_INTERVAL)
                && let Ok(dead) = queue.store().count_dead_jobs().await
            {
                meters.set_dead(dead);
                counted = Some(Instant::now());
            }
            tokio::select! {
                () = run.stopped().cancelled() => break,
                Some(_) = running.join_next() => {}
                () = queue.handed_in(), if running.len() < MAX_RUNNING => {}
                () = sleep(wait) => {}
            }
        }
        while running.join_next().await.is_some() {}
        Ok(())
    }

    /// Begins what is due, as far as there is a place for it. Returns how long it is until the next look.
    async fn begin_due(
        &self,
        kinds: &[&'static str],
        run: &Run,
        running: &mut JoinSet<()>,
    ) -> Result<Duration, Error> {
        let Context { queue, options, meters, .. } = &*self.context;
        let mut wait = options.poll;
        if running.len() >= MAX_RUNNING {
            return Ok(wait);
        }
        let limit = u32::try_from(MAX_RUNNING).unwrap_or(u32::MAX);
        let jobs = queue.store().due_jobs(kinds, limit).await?;
        let overdue = jobs.iter().map(|job| -job.due_in).max().unwrap_or(0);
        meters.set_overdue(overdue);
        for job in jobs {
            if !job.is_abandoned() && job.due_in > 0 {
                // The database's clock was rounded down.
                let due_in = Duration::from_millis(job.due_in.unsigned_abs() + 1);
                wait = wait.min(due_in);
                break;
            }
            if running.len() >= MAX_RUNNING {
                break;
            }
            // From before the database began to count.
            let leased_until = Instant::now() + options.lease;
            let claimed = queue.store().claim_job(&job, self.owner, options.lease).await?;
            if let Some(claim) = claimed {
                let work = attempt::run(
                    Arc::clone(&self.context),
                    job,
                    claim,
                    leased_until,
                    run.stopped().clone(),
                );
                running.spawn(work.in_current_span());
            }
        }
        Ok(wait)
    }
}
