//! What every request passes: it gets an id and a place in the log and the metrics, an end in time,
//! and is refused where a foreign page sends it.

use std::time::{Duration, Instant};

use app::protocol::ApiError;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::answer::{self, Failure};
use super::origin;
use super::state::AppState;
use crate::clock::random;

/// An answer that takes longer is given up; the slowest, a send, is answered 503 after five.
const PATIENCE: Duration = Duration::from_secs(30);

/// Names a request in the log, in the answer's `x-request-id` and in a 500's `request_id`.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Gives the request an id, writes down how it went, and finishes the answer of one that failed.
/// The log has the path without its query, and no header.
pub(super) async fn observe(mut request: Request, next: Next) -> Response {
    let id = format!("{:016x}", random::<u64>());
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>();
    // Of its own kind and not the path itself: each label is a series.
    let route = matched.map_or("none", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id, %method, path = request.uri().path());
    let started = Instant::now();
    let mut response = async {
        let response = answer::finish(next.run(request).await, &id);
        let (status, took) = (response.status().as_u16(), started.elapsed());
        tracing::debug!(status, ms = took.as_millis(), "answered");
        response
    }
    .instrument(span)
    .await;
    let labels = [
        ("method", known(&method).to_owned()),
        ("route", route),
        ("status", response.status().as_u16().to_string()),
    ];
    metrics::histogram!("kith_http_request_seconds", &labels).record(started.elapsed());
    if let Ok(id) = id.parse() {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

/// A method's name as a label; anyone can make up others.
fn known(method: &Method) -> &str {
    let all = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    if all.contains(method) { method.as_str() } else { "other" }
}

/// Gives up on an answer that does not come.
pub(super) async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::from(ApiError::unavailable()).into_response(),
    }
}

/// Refuses what a foreign page asks us to change.
pub(super) async fn own_pages_only(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, Failure> {
    if !request.method().is_safe() {
        origin::check(request.headers(), &state.site)?;
    }
    Ok(next.run(request).await)
}
