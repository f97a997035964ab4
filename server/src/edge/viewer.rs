//! Who asks: read from the `Authorization` header or the login cookie.

use app::protocol::{ApiError, ErrorKind};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::answer::Failure;
use super::cookies;
use super::state::{AppState, Site};
use crate::auth::Identity;

/// The person who asks; the request is refused with 401 without proof of identity.
///
/// On pages take `Option<Viewer>`: absent for whoever is not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer(pub Identity);

/// The access token that a request carries: `Authorization: Bearer`, else the login cookie.
pub fn access_token(headers: &HeaderMap, site: &Site) -> Option<String> {
    match headers.get(AUTHORIZATION) {
        Some(header) => {
            let (scheme, token) = header.to_str().ok()?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
        }
        None => cookies::access_token(headers, site),
    }
}

/// No proof of identity at all.
pub(crate) fn not_signed_in() -> ApiError {
    ApiError::new(ErrorKind::Unauthenticated, "Log in first")
}

impl Viewer {
    /// The person who asks, whose access token may have expired while their login lives.
    pub(crate) async fn by_living_login(parts: &Parts, state: &AppState) -> Result<Self, Failure> {
        let token = access_token(&parts.headers, &state.site).ok_or_else(not_signed_in)?;
        Ok(Self(state.auth.verify_login(&token).await?))
    }
}

impl FromRequestParts<AppState> for Viewer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        // A page's middleware has looked already, and may have refreshed the login on the way.
        if let Some(viewer) = parts.extensions.get::<Self>() {
            return Ok(*viewer);
        }
        let token = access_token(&parts.headers, &state.site).ok_or_else(not_signed_in)?;
        Ok(Self(state.auth.verify(&token).await?))
    }
}

impl OptionalFromRequestParts<AppState> for Viewer {
    type Rejection = Failure;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Option<Self>, Failure> {
        match <Self as FromRequestParts<AppState>>::from_request_parts(parts, state).await {
            Ok(viewer) => Ok(Some(viewer)),
            Err(failure) if failure.is_unauthenticated() => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}
