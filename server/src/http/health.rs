//! `/healthz` and `/readyz`, for whoever watches over the process.

use app::protocol::ApiError;
use axum::extract::State;

use super::answer::Failure;
use super::state::Probe;

/// The process serves.
pub(super) async fn healthz() -> &'static str {
    "ok"
}

/// What it depends on answers, too.
pub(super) async fn readyz(State(probe): State<Probe>) -> Result<&'static str, Failure> {
    if probe.ready().await { Ok("ok") } else { Err(ApiError::unavailable().into()) }
}
