//! The account of whoever asks: settings, password, its end.

use app::protocol::{ChangePassword, DeleteAccount, Me, UpdateMe};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::chat::Chat;
use crate::edge::answer::Failure;
use crate::edge::client_ip::ClientIp;
use crate::edge::cookies;
use crate::edge::credentials::{change_password, delete_account};
use crate::edge::extract;
use crate::edge::state::AppState;
use crate::edge::viewer::Viewer;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show, update, delete)).routes(routes!(password))
}

/// Your account.
#[utoipa::path(get, path = "/users/me", responses((status = OK, body = Me)))]
async fn show(State(chat): State<Chat>, Viewer(viewer): Viewer) -> Result<Json<Me>, Failure> {
    Ok(Json(chat.me(viewer.user_id).await?))
}

/// Changes your settings; what is absent stays as it is.
#[utoipa::path(patch, path = "/users/me", responses((status = OK, body = Me)))]
async fn update(
    State(chat): State<Chat>,
    Viewer(viewer): Viewer,
    extract::Json(update): extract::Json<UpdateMe>,
) -> Result<Json<Me>, Failure> {
    Ok(Json(chat.update_me(viewer.user_id, &update).await?))
}

/// Changes your password, and ends your other logins.
///
/// `bad_credentials` where the old one is wrong, `rate_limited` after too many such failures, `validation` on
/// `new` where that is the username or one that many people use.
#[utoipa::path(put, path = "/users/me/password", responses((status = NO_CONTENT)))]
async fn password(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    Extension(ClientIp(address)): Extension<ClientIp>,
    extract::Json(request): extract::Json<ChangePassword>,
) -> Result<StatusCode, Failure> {
    change_password(&state, address, viewer, request).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes your account; your messages stay, under "Deleted account".
///
/// `bad_credentials` where the password is wrong, `rate_limited` after too many such failures.
#[utoipa::path(delete, path = "/users/me", request_body = DeleteAccount,
    responses((status = NO_CONTENT)))]
async fn delete(
    State(state): State<AppState>,
    Viewer(viewer): Viewer,
    Extension(ClientIp(address)): Extension<ClientIp>,
    headers: HeaderMap,
    extract::Json(request): extract::Json<DeleteAccount>,
) -> Result<Response, Failure> {
    delete_account(&state, address, viewer, request).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if cookies::carries_login(&headers) {
        cookies::clear(response.headers_mut(), &state.site);
    }
    Ok(response)
}
