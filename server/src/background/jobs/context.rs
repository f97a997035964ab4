//! What an attempt at a job needs, and how jobs are worked at.

use std::time::Duration;

use super::kinds::Kinds;
use super::queue::JobQueue;
use crate::background::Backoff;
use crate::background::faults::Faults;
use crate::background::meters::JobMeters;
use crate::clock;

pub(super) struct Context {
    pub(super) queue: JobQueue,
    pub(super) kinds: Kinds,
    pub(super) options: JobOptions,
    pub(super) meters: JobMeters,
}

/// How jobs are worked at.
#[derive(Clone)]
pub struct JobOptions {
    /// How long a job is its owner's without a sign of life. It is given one three times in that time.
    pub lease: Duration,
    /// How long until it is looked anew for what is due: what others handed in, and what they left behind. With the
    /// lease it makes the time in which the jobs of a process that died are taken over.
    pub poll: Duration,
    /// How long a job that failed waits until it is tried again.
    pub retries: Backoff,
    /// Where tests cut attempts off.
    pub faults: Option<Faults>,
}

impl Default for JobOptions {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(6),
            poll: Duration::from_secs(2),
            retries: Backoff {
                first: Duration::from_secs(10),
                longest: Duration::from_hours(1),
                random: clock::random::<u16>,
            },
            faults: None,
        }
    }
}
