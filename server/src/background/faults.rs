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
    /// A follower knows what there is to follow, and has done nothing of it.
    Found,
    /// A follower has made what is to be kept, and it is not stored.
    Gathered,
    /// What a follower keeps is stored, with how far it has come.
    Kept,
    /// A follower has looked for what it missed, and it is not stored up to when.
    Looked,
}

/// Asked at each step whether all ends there; absent outside tests.
pub type Faults = Arc<dyn Fn(Step) -> bool + Send + Sync>;

/// Goes no further where the process is to have died.
pub(super) async fn pass(faults: Option<&Faults>, step: Step) {
    if faults.is_some_and(|faults| faults(step)) {
        std::future::pending::<()>().await;
    }
}
