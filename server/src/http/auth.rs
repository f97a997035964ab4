//! Registering, logging in, refreshing, logging out.

use app::protocol::{AuthResponse, LogInRequest, RefreshRequest, RegisterRequest};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::SignedIn;
use crate::edge::answer::Failure;
use crate::edge::client_ip::ClientIp;
use crate::edge::cookies;
use crate::edge::credentials::{begin_account, begin_login};
use crate::edge::extract::{Json, json, unread};
use crate::edge::session::{identity_to_end, step_on};
use crate::edge::state::{AppState, Site};
use crate::edge::viewer::{Viewer, not_signed_in};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(log_in))
        .routes(routes!(refresh))
        .routes(routes!(log_out))
}

/// Makes an account, and logs it in.
///
/// `forbidden` on the field `registration` where the site is closed, `conflict` where the username
/// is taken, `rate_limited` after too many accounts from one address. `validation` on `username` where it is
/// reserved, such as `admin`, and on `password` where it is the username or one that many people use.
#[utoipa::path(post, path = "/auth/register", security(()),
    responses((status = CREATED, body = AuthResponse)))]
async fn register(
    State(state): State<AppState>,
    Extension(ClientIp(address)): Extension<ClientIp>,
    headers: HeaderMap,
    Json(request): Json<RegisterRequest>,
) -> Result<Response, Failure> {
    let as_cookies = request.cookies == Some(true);
    let signed_in = begin_account(&state, address, &headers, request).await?;
    Ok(answer(StatusCode::CREATED, signed_in, as_cookies, &state.site))
}

/// Logs in on a device.
///
/// `bad_credentials` where the password is wrong or there is no such username, `rate_limited` after
/// too many such failures.
#[utoipa::path(post, path = "/auth/login", security(()),
    responses((status = OK, body = AuthResponse)))]
async fn log_in(
    State(state): State<AppState>,
    Extension(ClientIp(address)): Extension<ClientIp>,
    headers: HeaderMap,
    Json(request): Json<LogInRequest>,
) -> Result<Response, Failure> {
    let as_cookies = request.cookies == Some(true);
    let signed_in = begin_login(&state, address, &headers, request).await?;
    Ok(answer(StatusCode::OK, signed_in, as_cookies, &state.site))
}

/// Exchanges a refresh token for new tokens.
///
/// Without a body the token is read from the cookie, and the new ones are set as cookies. A token that is used
/// again gives the same successor until 30 s after that was first used, and for 24 h at most; used later, it ends
/// the login. A login also ends after 90 days without a refresh; of more than 100 of a person, the one that was
/// idle longest ends. A refresh counts among the person's writes: after `rate_limited` the token is as good as it
/// was.
#[utoipa::path(post, path = "/auth/refresh", security(()),
    request_body = Option<RefreshRequest>, responses((status = OK, body = AuthResponse)))]
async fn refresh(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let body = body.map_err(|rejection| unread(&rejection))?;
    if !body.is_empty() {
        let request: RefreshRequest = json(&body)?;
        let signed_in = step_on(&state, &request.refresh_token).await?;
        let as_cookies = request.cookies == Some(true);
        return Ok(answer(StatusCode::OK, signed_in, as_cookies, &state.site));
    }
    let token = cookies::refresh_token(&headers, &state.site).ok_or_else(not_signed_in)?;
    match step_on(&state, &token).await.map_err(Failure) {
        Ok(signed_in) => Ok(answer(StatusCode::OK, signed_in, true, &state.site)),
        Err(failure) if failure.is_unauthenticated() => {
            let mut response = failure.into_response();
            cookies::clear(response.headers_mut(), &state.site);
            Ok(response)
        }
        Err(failure) => Err(failure),
    }
}

/// Ends the login that asks: its tokens are worth nothing from now on, and its sockets are closed.
#[utoipa::path(post, path = "/auth/logout", responses((status = NO_CONTENT)))]
async fn log_out(
    State(state): State<AppState>,
    viewer: Result<Viewer, Failure>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let identity = identity_to_end(&state, viewer, &headers).await?.ok_or_else(not_signed_in)?;
    state.auth.log_out(identity).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if cookies::carries_login(&headers) {
        cookies::clear(response.headers_mut(), &state.site);
    }
    Ok(response)
}

fn answer(status: StatusCode, signed_in: SignedIn, as_cookies: bool, site: &Site) -> Response {
    let mut headers = HeaderMap::new();
    if as_cookies {
        cookies::set(&mut headers, site, &signed_in);
    }
    let body = AuthResponse {
        user: signed_in.user,
        access_token: (!as_cookies).then_some(signed_in.access_token),
        access_expires_at: signed_in.access_expires_at,
        refresh_token: (!as_cookies).then_some(signed_in.refresh_token),
    };
    (status, headers, axum::Json(body)).into_response()
}
