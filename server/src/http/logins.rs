//! The logins of whoever asks.

use app::protocol::{ListPage, Login, LoginId};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get};
use axum::{Json, Router};

use super::answer::Failure;
use super::cookies;
use super::extract::Path;
use super::state::AppState;
use super::viewer::Viewer;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/auth/logins", get(list).delete(end_others))
        .route("/auth/logins/{id}", delete(end))
}

async fn list(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
) -> Result<Json<ListPage<Login>>, Failure> {
    let items = state.auth.logins(viewer).await?;
    Ok(Json(ListPage { items, next_cursor: None }))
}

async fn end(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    Path(id): Path<LoginId>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    state.auth.end_login(viewer, id).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if id == viewer.login_id && cookies::carries_login(&headers) {
        cookies::clear(response.headers_mut(), &state.site);
    }
    Ok(response)
}

async fn end_others(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
) -> Result<StatusCode, Failure> {
    state.auth.end_other_logins(viewer).await?;
    Ok(StatusCode::NO_CONTENT)
}
