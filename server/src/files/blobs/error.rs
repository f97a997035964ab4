//! What goes wrong with the store of bytes, and how long it is waited for.

use std::time::Duration;

use app::protocol::ApiError;

use crate::error::Error;

/// How long one call of the store may take, its own tries among them.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);

/// Why the store of bytes did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// There is no such object.
    #[error("there is no such object")]
    Absent,
    /// It cannot be reached, has no room, or failed in the middle: another try may succeed.
    #[error("the store of files is not available: {0}")]
    Away(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl BlobError {
    /// The store said less than it had promised.
    pub(super) fn cut_off() -> Self {
        Self::Away(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into())
    }
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Absent,
            error => Self::Away(error.into()),
        }
    }
}

impl From<std::io::Error> for BlobError {
    fn from(error: std::io::Error) -> Self {
        Self::Away(error.into())
    }
}

impl From<BlobError> for Error {
    fn from(error: BlobError) -> Self {
        tracing::warn!(%error, "a file could not be kept, read or deleted");
        ApiError::unavailable().into()
    }
}

/// The answer of the store, which has to come in time.
pub(super) async fn in_time<T>(
    call: impl Future<Output = object_store::Result<T>>,
) -> Result<T, BlobError> {
    match tokio::time::timeout(CALL_TIMEOUT, call).await {
        Ok(answer) => Ok(answer?),
        Err(late) => Err(BlobError::Away(late.into())),
    }
}
