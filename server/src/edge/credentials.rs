//! Where a password is asked for: an address may fail so often, and log in or register so often.

use std::net::IpAddr;

use app::protocol::{
    ApiError, ChangePassword, DeleteAccount, ErrorKind, LogInRequest, RegisterRequest,
};
use axum::http::HeaderMap;

use super::device;
use super::state::AppState;
use crate::auth::{Identity, SignedIn};
use crate::error::Error;

/// Makes an account and its first login, if this address may.
pub(crate) async fn begin_account(
    state: &AppState,
    address: IpAddr,
    headers: &HeaderMap,
    request: RegisterRequest,
) -> Result<SignedIn, Error> {
    if !state.site.registration_open {
        let message = "New accounts are made by whoever runs this site";
        let field = Some("registration".into());
        return Err(ApiError { field, ..ApiError::new(ErrorKind::Forbidden, message) }.into());
    }
    state.rate_limits.registration(address).await.map_err(ApiError::rate_limited)?;
    let result = state.auth.register(request, &device::name(None, headers)).await;
    if matches!(&result, Err(Error::Api(error)) if error.kind == ErrorKind::Validation) {
        state.rate_limits.give_back_registration(address).await;
    }
    result
}

/// Begins a login, if this address has not failed too often.
pub(crate) async fn begin_login(
    state: &AppState,
    address: IpAddr,
    headers: &HeaderMap,
    request: LogInRequest,
) -> Result<SignedIn, Error> {
    let username = request.username.clone();
    let turn = state.rate_limits.log_in_turn(address, &username).await;
    let _turn = turn.map_err(ApiError::rate_limited)?;
    state.rate_limits.log_in(address, &username).await.map_err(ApiError::rate_limited)?;
    let device = device::name(request.device.as_deref(), headers);
    let result = state.auth.log_in(request, &device).await;
    let failed =
        matches!(&result, Err(Error::Api(error)) if error.kind == ErrorKind::BadCredentials);
    if !failed {
        state.rate_limits.give_back_log_in(address, &username).await;
    }
    result
}

/// Changes the viewer's password, if this address has not failed too often.
pub(crate) async fn change_password(
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
pub(crate) async fn delete_account(
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
