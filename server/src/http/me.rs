//! The account of whoever asks: settings, password, its end.

use std::net::IpAddr;

use app::protocol::{ApiError, ChangePassword, DeleteAccount, ErrorKind, Me, UpdateMe};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::Failure;
use super::client_ip::ClientIp;
use super::cookies;
use super::extract;
use super::state::AppState;
use super::viewer::Viewer;
use crate::auth::Identity;
use crate::chat::Chat;
use crate::error::Error;

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

/// Changes the viewer's password, if this address has not failed too often.
pub(super) async fn change_password(
    state: &AppState,
    address: IpAddr,
    viewer: Identity,
    ChangePassword { old, new }: ChangePassword,
) -> Result<(), Error> {
    let change = state.auth.change_password(viewer, old, new);
    guarded(state, address, viewer, change).await
}

/// Deletes the viewer's account, after they have left their groups, if this address has not failed
/// too often.
pub(super) async fn delete_account(
    state: &AppState,
    address: IpAddr,
    viewer: Identity,
    DeleteAccount { password }: DeleteAccount,
) -> Result<(), Error> {
    let deleting = async {
        let proof = state.auth.prove(viewer, password).await?;
        loop {
            state.chat.leave_groups(viewer.user_id).await?;
            // Absent when someone has brought them into another one meanwhile.
            if let Some(changed) = state.auth.delete_account(viewer, &proof).await? {
                return Ok(changed);
            }
        }
    };
    let changed = guarded(state, address, viewer, deleting).await?;
    state.chat.person_changed(viewer.user_id, changed).await;
    Ok(())
}

/// Whoever has a login that is not theirs could guess at its password here: each wrong one counts as
/// a failed log-in.
async fn guarded<T>(
    state: &AppState,
    address: IpAddr,
    viewer: Identity,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let name = state.chat.user(viewer.user_id).await?.username.clone();
    state.rate_limits.log_in(address, &name).await.map_err(ApiError::rate_limited)?;
    let result = work.await;
    let failed =
        matches!(&result, Err(Error::Api(error)) if error.kind == ErrorKind::BadCredentials);
    if !failed {
        state.rate_limits.give_back_log_in(address, &name).await;
    }
    result
}
