//! Which pages may act with our cookies: the `Origin` rule. What it holds an origin against where no public URL is
//! set, the `Host`, has been looked at before ([`super::host`]).

use app::protocol::{ApiError, ErrorKind};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

use super::cookies;
use super::state::Site;

/// Refuses what a foreign page asks: to be called for every unsafe request and every upgrade.
///
/// # Errors
/// `forbidden` for a foreign or `null` origin, and for a missing one where our login cookie is
/// carried.
pub fn check(headers: &HeaderMap, site: &Site) -> Result<(), ApiError> {
    let own = match headers.get(ORIGIN) {
        None => !cookies::carries_login(headers),
        Some(origin) => origin.to_str().is_ok_and(|origin| is_own(origin, headers, site)),
    };
    if own {
        return Ok(());
    }
    Err(ApiError::new(ErrorKind::Forbidden, "This page may not act for you here"))
}

fn is_own(origin: &str, headers: &HeaderMap, site: &Site) -> bool {
    if let Some(public_url) = &site.public_url {
        return origin == public_url.origin();
    }
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    authority.is_some() && authority == host
}
