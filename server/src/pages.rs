//! The server-rendered pages.

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};

use crate::http::AppState;

/// All pages, and the assets that they need.
pub fn routes() -> Router<AppState> {
    Router::new()
}

/// Renders the page that `request` names (its path, as a GET), for forms that failed: their
/// [`FormOutcome`](app::forms::FormOutcome) lies in the request's extensions, and so does the
/// [`Viewer`](crate::http::Viewer) where someone is signed in. The caller sets the status.
pub async fn render(state: AppState, request: Request) -> Response {
    let _ = (state, request);
    "".into_response()
}
