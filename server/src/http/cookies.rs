//! The login cookies: out of reach of scripts, and of other sites.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::CookieJar;

pub(super) const ACCESS: [&str; 2] = ["__Host-kith_access", "kith_access"];
pub(super) const REFRESH: [&str; 2] = ["__Host-kith_refresh", "kith_refresh"];

/// Whether a request carries one of our login cookies, good or not.
pub fn carries_login(headers: &HeaderMap) -> bool {
    let jar = CookieJar::from_headers(headers);
    ACCESS.iter().chain(&REFRESH).any(|name| jar.get(name).is_some())
}

/// The access token in the request's cookies.
pub fn access_token(headers: &HeaderMap, https: bool) -> Option<String> {
    let name = if https { ACCESS[0] } else { ACCESS[1] };
    CookieJar::from_headers(headers).get(name).map(|cookie| cookie.value().to_owned())
}
