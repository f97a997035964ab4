//! What the work in the background measures.

use metrics::{Counter, Gauge, Unit, counter, describe_counter, describe_gauge, gauge};

const AGE: &str = "kith_task_success_age_seconds";
const RUNS: &str = "kith_task_runs_total";
const RESTARTS: &str = "kith_task_restarts_total";
const JOBS: &str = "kith_jobs_total";
const DEAD: &str = "kith_jobs_dead";
const FOLLOWED: &str = "kith_followed_total";
const SHARDS: &str = "kith_follower_shards";
const OVERDUE: &str = "kith_jobs_overdue_seconds";

/// Says what the metrics mean, to the recorder that is installed.
pub fn describe_metrics() {
    describe_gauge!(AGE, Unit::Seconds, "Seconds since the task last did its work well");
    describe_counter!(RUNS, "Runs of a task, by how they ended (ok, failed)");
    describe_counter!(RESTARTS, "Starts of a task after it had failed or panicked");
    describe_counter!(
        JOBS,
        "Attempts at jobs, by kind and how they ended (done, failed, dead, lost, stopped)"
    );
    describe_gauge!(DEAD, "Jobs that failed too often and are kept, in the whole database");
    describe_counter!(
        FOLLOWED,
        "Conversations in which a follower went on, each counted once a time, by this node"
    );
    describe_gauge!(SHARDS, "Shares of a follower's work that are this node's, of 64");
    describe_gauge!(OVERDUE, Unit::Seconds, "How long the job waits that was due first");
}

/// What is measured of one task.
pub(super) struct TaskMeters {
    pub(super) age: Gauge,
    pub(super) succeeded: Counter,
    pub(super) failed: Counter,
    pub(super) restarted: Counter,
}

impl TaskMeters {
    pub(super) fn of(task: &'static str) -> Self {
        let runs = |outcome: &'static str| counter!(RUNS, "task" => task, "outcome" => outcome);
        Self {
            age: gauge!(AGE, "task" => task),
            succeeded: runs("ok"),
            failed: runs("failed"),
            restarted: counter!(RESTARTS, "task" => task),
        }
    }
}

/// What is measured of jobs.
pub(super) struct JobMeters {
    dead: Gauge,
    overdue: Gauge,
}

impl JobMeters {
    pub(super) fn new() -> Self {
        Self { dead: gauge!(DEAD), overdue: gauge!(OVERDUE) }
    }

    /// An attempt at a job of this kind has ended.
    pub(super) fn ended(&self, kind: &str, outcome: &'static str) {
        if outcome == "dead" {
            self.dead.increment(1);
        }
        counter!(JOBS, "kind" => kind.to_owned(), "outcome" => outcome).increment(1);
    }

    pub(super) fn set_dead(&self, count: i64) {
        self.dead.set(as_f64(count));
    }

    /// Sets since how many milliseconds the first job is due.
    pub(super) fn set_overdue(&self, millis: i64) {
        self.overdue.set(as_f64(millis.max(0)) / 1_000.0);
    }
}

/// What is measured of a follower.
pub(super) struct FollowerMeters {
    followed: Counter,
    shards: Gauge,
}

impl FollowerMeters {
    pub(super) fn of(follower: &'static str) -> Self {
        Self {
            followed: counter!(FOLLOWED, "follower" => follower),
            shards: gauge!(SHARDS, "follower" => follower),
        }
    }

    pub(super) fn followed(&self, conversations: usize) {
        self.followed.increment(conversations as u64);
    }

    pub(super) fn set_shards(&self, count: usize) {
        self.shards.set(as_f64(i64::try_from(count).unwrap_or(i64::MAX)));
    }
}

/// A count as the recorder wants it. No count here comes near 2^53.
#[expect(clippy::cast_precision_loss, reason = "it is far from where that begins")]
fn as_f64(count: i64) -> f64 {
    count as f64
}
