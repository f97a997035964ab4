//! Keeps people signed in as they go from page to page: a navigation whose access cookie has expired
//! is refreshed on the way.

use app::protocol::ApiError;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;

use super::answer::Failure;
use super::cookies;
use super::state::AppState;
use super::viewer::Viewer;
use crate::auth::{Identity, SignedIn};
use crate::error::Error;

/// What a navigation's cookies are worth.
enum CookieLogin {
    /// Nothing, or nothing that could be found out now.
    Unknown,
    /// A valid access cookie.
    Known(Identity),
    /// Signed in anew, by the refresh cookie.
    Renewed(SignedIn),
    /// They were ours, and are good no more.
    Ended,
}

/// Tells the page who asks (its extension [`Viewer`]), and sets the cookies that changed on the way.
pub(crate) async fn keep_signed_in(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    if !is_navigation(request.headers()) {
        return next.run(request).await;
    }
    let cookie_login = cookie_login(&state, request.headers()).await;
    let identity = match &cookie_login {
        CookieLogin::Known(identity) => Some(*identity),
        CookieLogin::Renewed(signed_in) => Some(signed_in.identity()),
        CookieLogin::Unknown | CookieLogin::Ended => None,
    };
    if let Some(identity) = identity {
        request.extensions_mut().insert(Viewer(identity));
    }
    let mut response = next.run(request).await;
    // Whoever has just logged in or out has the last word.
    if !cookies::decided(response.headers(), &state.site) {
        match cookie_login {
            CookieLogin::Renewed(signed_in) => {
                cookies::set(response.headers_mut(), &state.site, &signed_in);
            }
            CookieLogin::Ended => cookies::clear(response.headers_mut(), &state.site),
            CookieLogin::Unknown | CookieLogin::Known(_) => {}
        }
    }
    response
}

/// Assets and calls by scripts are not; whoever does not say may be.
fn is_navigation(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-mode").is_none_or(|mode| mode == "navigate")
}

async fn cookie_login(state: &AppState, headers: &HeaderMap) -> CookieLogin {
    if let Some(token) = cookies::access_token(headers, &state.site) {
        match state.auth.verify(&token).await.map_err(Failure) {
            Ok(identity) => return CookieLogin::Known(identity),
            Err(failure) if failure.is_unauthenticated() => {}
            // The page will find the same failure, and say so.
            Err(_) => return CookieLogin::Unknown,
        }
    }
    let Some(token) = cookies::refresh_token(headers, &state.site) else {
        return CookieLogin::Unknown;
    };
    match step_on(state, &token).await.map_err(Failure) {
        Ok(signed_in) => CookieLogin::Renewed(signed_in),
        Err(failure) if failure.is_unauthenticated() => CookieLogin::Ended,
        Err(_) => CookieLogin::Unknown,
    }
}

/// Steps a login on to its next pair of tokens, unless whoever it belongs to writes too much; then the token stays
/// as good as it was.
pub(crate) async fn step_on(state: &AppState, refresh_token: &str) -> Result<SignedIn, Error> {
    if let Some(Identity { user_id, .. }) = state.auth.login_of(refresh_token).await?
        && let Err(wait) = state.rate_limits.write(user_id).await
    {
        state.rate_limits.pause(user_id).await;
        return Err(ApiError::rate_limited(wait).into());
    }
    state.auth.refresh(refresh_token).await
}

/// Whose login is to end: by the access token, and when that has expired by the refresh cookie.
pub(crate) async fn identity_to_end(
    state: &AppState,
    viewer: Result<Viewer, Failure>,
    headers: &HeaderMap,
) -> Result<Option<Identity>, Failure> {
    match viewer {
        Ok(Viewer(identity)) => Ok(Some(identity)),
        Err(failure) if failure.is_unauthenticated() => {
            match cookies::refresh_token(headers, &state.site) {
                Some(token) => Ok(state.auth.login_of(&token).await?),
                None => Ok(None),
            }
        }
        Err(failure) => Err(failure),
    }
}
