//! Where tests make a transaction fail.

use std::sync::Arc;

use crate::store::{Result, StoreError};

/// A moment in a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// All is written; a failure here undoes it.
    BeforeCommit,
    /// All is committed; a failure here is a COMMIT whose reply was lost.
    AfterCommit,
}

/// Asked at each boundary whether the transaction fails there; absent outside tests.
pub type Faults = Arc<dyn Fn(Boundary) -> bool + Send + Sync>;

pub(super) fn pass(faults: Option<&Faults>, boundary: Boundary) -> Result<()> {
    match faults {
        Some(faults) if faults(boundary) => Err(StoreError::Unavailable(sqlx::Error::Io(
            std::io::ErrorKind::ConnectionReset.into(),
        ))),
        _ => Ok(()),
    }
}
