//! How a failure leaves the server.

use app::protocol::{ApiError, ErrorBody};
use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::error::Error;

/// A handler's failure, on its way out as `{"error": …}` with the status of its kind.
#[derive(Debug)]
pub struct Failure(pub Error);

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl Failure {
    /// No, or no valid, proof of identity.
    pub fn is_unauthenticated(&self) -> bool {
        matches!(&self.0, Error::Api(error) if error.code == 401)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        api_error(self.0.into_api(""))
    }
}

/// An error of the contract as an answer.
pub fn api_error(error: ApiError) -> Response {
    let status = StatusCode::from_u16(error.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let retry_after = error.retry_after_ms.map(|ms| HeaderValue::from(ms.div_ceil(1000)));
    let mut response = (status, Json(ErrorBody { error })).into_response();
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}
