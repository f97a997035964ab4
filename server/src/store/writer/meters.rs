//! What the writer measures.

use metrics::{Counter, Gauge, Histogram, counter, describe_counter, describe_gauge};
use metrics::{Unit, describe_histogram, gauge, histogram};

const BATCH: &str = "kith_writer_batch_messages";
const COMMIT: &str = "kith_writer_commit_seconds";
const QUEUE: &str = "kith_writer_queue";
const MESSAGES: &str = "kith_messages_total";
const FORGOTTEN: &str = "kith_writer_forgotten_total";

/// Says what the writer's metrics mean, to the recorder that is installed.
pub fn describe_metrics() {
    describe_histogram!(BATCH, "Messages appended by one transaction that appended any");
    describe_histogram!(
        COMMIT,
        Unit::Seconds,
        "From BEGIN to the end of COMMIT, when it went well"
    );
    describe_gauge!(QUEUE, "Messages and marks that wait to be stored");
    describe_counter!(MESSAGES, "Messages stored by this node");
    describe_counter!(
        FORGOTTEN,
        "Messages in doubt that were too many to be looked for when the database is back"
    );
}

/// The handles, taken once: looking them up by name costs more than what they count.
#[derive(Clone)]
pub(super) struct Meters {
    pub(super) batch: Histogram,
    pub(super) commit: Histogram,
    pub(super) queue: Queue,
    pub(super) messages: Counter,
    pub(super) forgotten: Counter,
}

impl Meters {
    pub(super) fn new() -> Self {
        Self {
            batch: histogram!(BATCH),
            commit: histogram!(COMMIT),
            queue: Queue(gauge!(QUEUE)),
            messages: counter!(MESSAGES),
            forgotten: counter!(FORGOTTEN),
        }
    }
}

/// How much is queued.
#[derive(Clone)]
pub(super) struct Queue(Gauge);

impl Queue {
    pub(super) fn increment(&self, by: usize) {
        self.0.increment(as_f64(by));
    }

    pub(super) fn decrement(&self, by: usize) {
        self.0.decrement(as_f64(by));
    }
}

/// A count as the recorder wants it. No count here comes near 2^32.
pub(super) fn as_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
