//! One request to the server, and what became of it.

use gloo_net::http::{Request, RequestBuilder, Response};

use super::json;
use crate::protocol::{ApiError, ErrorBody};

/// Sends a request without a body.
pub(super) async fn send_bare(request: RequestBuilder) -> Result<Response, ApiError> {
    send(request.build().map_err(|_| ApiError::unavailable())?).await
}

/// Sends a request of this origin, with its cookies.
pub(super) async fn send(request: Request) -> Result<Response, ApiError> {
    let response = request.send().await.map_err(|_| ApiError::unavailable())?;
    if response.ok() {
        return Ok(response);
    }
    // Something between us and Kith may answer in words of its own.
    let text = response.text().await.unwrap_or_default();
    let body: Option<ErrorBody> = json::read(&text);
    Err(body.map_or_else(ApiError::unavailable, |body| body.error))
}
