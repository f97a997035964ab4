//! The logins of whoever asks.

use app::protocol::{ListPage, Login, LoginId};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::edge::answer::Failure;
use crate::edge::cookies;
use crate::edge::extract::Path;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, end_others)).routes(routes!(end))
}

/// Your logins, the last used first.
#[utoipa::path(get, path = "/auth/logins", responses((status = OK, body = ListPage<Login>)))]
async fn list(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
) -> Result<Json<ListPage<Login>>, Failure> {
    let items = state.auth.logins(viewer).await?;
    Ok(Json(ListPage { items, next_cursor: None }))
}

/// Ends one of your logins: its tokens are worth nothing from now on, and its sockets are closed.
#[utoipa::path(delete, path = "/auth/logins/{id}", params(("id" = LoginId, Path)),
    responses((status = NO_CONTENT)))]
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

/// Ends all your logins but the one that asks.
#[utoipa::path(delete, path = "/auth/logins", responses((status = NO_CONTENT)))]
async fn end_others(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
) -> Result<StatusCode, Failure> {
    state.auth.end_other_logins(viewer).await?;
    Ok(StatusCode::NO_CONTENT)
}
