//! WebSockets.

use axum::Router;

use crate::http::AppState;

/// This node's sockets. Cheap to clone.
#[derive(Clone)]
pub struct Hub {}

/// `/ws`.
pub fn routes() -> Router<AppState> {
    Router::new()
}
