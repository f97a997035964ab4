//! What every request passes: it gets an id and a place in the log and the metrics, an end in time,
//! and is refused where a foreign page sends it.

use std::panic::resume_unwind;
use std::time::{Duration, Instant};

use app::protocol::ApiError;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use super::answer::{self, Failure};
use super::state::AppState;
use super::{meters, origin};
use crate::clock::random;

/// The id of a request, which whoever sends it may choose.
const REQUEST_ID: &str = "x-request-id";

/// Characters that a chosen id may have.
const MAX_ID_LENGTH: usize = 64;

/// An answer that takes longer is given up; the slowest, a send, is answered 503 after five.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Names a request in the log, in the answer's `x-request-id` and in a 500's `request_id`.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Gives the request an id, writes down how it went, and finishes the answer of one that failed.
/// The log has the path without its query, and no header; its line is below `info`, since whoever
/// wants one for every request has it from the proxy as well.
pub(crate) async fn observe(mut request: Request, next: Next) -> Response {
    let id = chosen_id(request.headers()).unwrap_or_else(|| format!("{:016x}", random::<u64>()));
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>();
    // Of its own kind and not the path itself: each label is a series.
    let route = matched.map_or("none", MatchedPath::as_str).to_owned();
    let path = told_path(request.uri().path());
    let span = tracing::info_span!("request", id, %method, path);
    let started = Instant::now();
    let mut response = async {
        let response = answer::finish(next.run(request).await, &id);
        let (status, took) = (response.status().as_u16(), started.elapsed());
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(target: "kith::requests", status, ms, "answered");
        response
    }
    .instrument(span)
    .await;
    meters::answered(&method, route, response.status(), started.elapsed());
    if let Ok(id) = id.parse() {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Where the feeds of calendars are.
const CALENDAR: &str = "/calendar/";

/// The path as the log has it: whoever knows the address of a feed can read it.
fn told_path(path: &str) -> &str {
    if path.starts_with(CALENDAR) { "/calendar/…" } else { path }
}

/// The id that the client, or the proxy before us, has given the request. Anything that could be
/// more than a name is not taken.
fn chosen_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    ((1..=MAX_ID_LENGTH).contains(&id.len()) && id.bytes().all(plain)).then(|| id.to_owned())
}

/// Requests whose bodies are files, which may take long: they have limits of their own, on silence.
const WITH_FILES: [(Method, &str); 5] = [
    (Method::POST, "/api/v1/files"),
    (Method::POST, "/api/v1/uploads"),
    (Method::PATCH, "/api/v1/uploads/{id}"),
    (Method::POST, "/c/{id}/files"),
    (Method::POST, "/new/{user_id}/files"),
];

/// Gives up on an answer that does not come.
pub(crate) async fn in_time(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if WITH_FILES.contains(&(request.method().clone(), route)) {
        return next.run(request).await;
    }
    match tokio::time::timeout(ANSWER_TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::from(ApiError::unavailable()).into_response(),
    }
}

/// Does what changes something to its end, even if whoever asked hangs up meanwhile: in a task of its own,
/// so that what was committed is always told as well. A stopping server waits for it.
pub(crate) async fn to_its_end(
    State(writes): State<TaskTracker>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match writes.spawn(next.run(request).in_current_span()).await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The process is ending.
            Err(_) => Failure::from(ApiError::unavailable()).into_response(),
        },
    }
}

/// Refuses what a foreign page asks us to change.
pub(crate) async fn own_pages_only(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, Failure> {
    if !request.method().is_safe() {
        origin::check(request.headers(), &state.site)?;
    }
    Ok(next.run(request).await)
}
