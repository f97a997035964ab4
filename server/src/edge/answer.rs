//! How a failure leaves the server: logged once, opaque where it is ours, in the contract's shape.

use std::any::Any;
use std::sync::Arc;

use app::protocol::{ApiError, ErrorBody, ErrorKind};
use axum::Json;
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::meters;
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
        matches!(&self.0, Error::Api(error) if error.kind.status() == 401)
    }

    /// The request breaks the contract's shape.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        ApiError::new(ErrorKind::BadRequest, message).into()
    }
}

impl IntoResponse for Failure {
    /// The answer has no body yet: [`finish`] writes it, which knows the request's id.
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Unfinished(Arc::new(self.0)));
        response
    }
}

/// A failure on its way to [`finish`]. Never cloned, though extensions ask that it could be.
#[derive(Clone)]
struct Unfinished(Arc<Error>);

/// Writes the body of an answer that failed; called once, at the boundary.
pub(crate) fn finish(mut response: Response, request_id: &str) -> Response {
    let unfinished = response.extensions_mut().remove::<Unfinished>();
    let Some(error) = unfinished.and_then(|unfinished| Arc::into_inner(unfinished.0)) else {
        return response;
    };
    let error = error.into_api(request_id);
    meters::error_given("http", error.kind);
    let mut finished = api_error(error);
    // What a handler put beside its failure stays, such as cookies that it takes back.
    for (name, value) in response.headers().iter().filter(|(name, _)| *name != CONTENT_LENGTH) {
        finished.headers_mut().append(name, value.clone());
    }
    finished
}

/// An error of the contract as an answer.
pub fn api_error(error: ApiError) -> Response {
    let status = StatusCode::from_u16(error.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let retry_after_ms = error.retry_after_ms;
    let mut response = (status, Json(ErrorBody { error })).into_response();
    retry_after(response.headers_mut(), retry_after_ms);
    response
}

/// Says when another try may succeed, in whole seconds, where that is known.
pub fn retry_after(headers: &mut HeaderMap, milliseconds: Option<u64>) {
    if let Some(milliseconds) = milliseconds {
        headers.insert(RETRY_AFTER, HeaderValue::from(milliseconds.div_ceil(1000)));
    }
}

/// What a handler that panicked answers.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over so")]
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    Failure(Error::internal(Panicked(text.to_owned()))).into_response()
}

#[derive(Debug, thiserror::Error)]
#[error("a handler panicked: {0}")]
struct Panicked(String);

/// Where there is nothing.
pub(crate) async fn not_found() -> Failure {
    ApiError::not_found().into()
}

/// Where there is something, but not for this method.
pub(crate) async fn method_not_allowed() -> Failure {
    let message = "This method cannot be used here";
    ApiError { code: 405, ..ApiError::new(ErrorKind::BadRequest, message) }.into()
}
