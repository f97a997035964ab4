//! Failures inside the server, and what of them the outside sees.

use app::protocol::{ApiError, ErrorKind};

use crate::store::StoreError;

/// What a use case fails with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An error of the contract, for the caller to see as it is.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The database failed: opaque outside, logged once at the boundary.
    #[error(transparent)]
    Store(StoreError),
    /// Something else failed that should not: opaque outside, logged once at the boundary.
    #[error("{0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(what) => {
                Self::Api(ApiError::new(ErrorKind::Conflict, format!("That {what} is taken")))
            }
            StoreError::Gone => Self::Api(ApiError::closed()),
            error => Self::Store(error),
        }
    }
}

impl Error {
    /// A failure of ours.
    pub fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Internal(Box::new(error))
    }

    /// What the outside sees. A failure of ours is logged here, once, under `request_id`.
    pub fn into_api(self, request_id: &str) -> ApiError {
        match self {
            Self::Api(error) => error,
            Self::Store(error @ StoreError::Unavailable(_)) => {
                tracing::warn!(request_id, error = %error, "unavailable");
                ApiError::unavailable()
            }
            error => {
                tracing::error!(request_id, error = %error, "internal error");
                ApiError {
                    request_id: Some(request_id.to_owned()),
                    ..ApiError::new(ErrorKind::Internal, "Something went wrong on our side")
                }
            }
        }
    }
}
