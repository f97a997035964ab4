//! `/healthz` and `/readyz`, for whoever watches over the process.

use app::protocol::ApiError;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::edge::answer::Failure;
use crate::edge::state::{AppState, Probe};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz))
}

/// Answers `ok` while the process serves.
#[utoipa::path(get, path = "/healthz", security(()), responses((status = OK, body = String)))]
async fn healthz() -> &'static str {
    "ok"
}

/// Answers `ok` while the database answers, too.
///
/// `unavailable` where it does not.
#[utoipa::path(get, path = "/readyz", security(()), responses((status = OK, body = String)))]
async fn readyz(State(probe): State<Probe>) -> Result<&'static str, Failure> {
    if probe.ready().await { Ok("ok") } else { Err(ApiError::unavailable().into()) }
}
