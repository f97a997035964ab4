//! Where tests cut work off, as a process does that is killed.

use std::sync::Arc;

/// A moment between two steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A job was claimed, and nothing of it is done.
    Claimed,
    /// A job's handler has ended, and that is not stored.
    Worked,
    /// A job's end is stored.
    Settled,
}

/// Asked at each step whether all ends there; absent outside tests.
pub type Faults = Arc<dyn Fn(Step) -> bool + Send + Sync>;

/// Goes no further where the process is to have died.
pub(super) async fn pass(faults: Option<&Faults>, step: Step) {
    if faults.is_some_and(|faults| faults(step)) {
        std::future::pending::<()>().await;
    }
}
