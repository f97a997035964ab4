//! `/healthz` and `/readyz`, for whoever watches over the process.

use app::protocol::ApiError;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::edge::answer::Failure;
use crate::edge::state::{AppState, Probe};
use crate::files::Files;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz))
}

/// Answers `ok` while the process serves.
#[utoipa::path(get, path = "/healthz", security(()), responses((status = OK, body = String)))]
async fn healthz() -> &'static str {
    "ok"
}

/// Answers `ok` while the database answers, too; `degraded: files` while only files are not well: their store is
/// away, or its disk is full.
///
/// `unavailable` where the database does not answer.
#[utoipa::path(get, path = "/readyz", security(()), responses((status = OK, body = String)))]
async fn readyz(
    State(probe): State<Probe>,
    State(files): State<Files>,
) -> Result<&'static str, Failure> {
    match (probe.ready().await, files.is_well()) {
        (false, _) => Err(ApiError::unavailable().into()),
        (true, true) => Ok("ok"),
        (true, false) => Ok("degraded: files"),
    }
}
