//! The login cookies: out of reach of scripts, and of other sites.

use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::CookieJar;

use super::state::Site;
use crate::auth::SignedIn;

/// Under TLS a browser takes `__Host-` names only from us, over TLS, and for the whole site.
const ACCESS: Names = Names { https: "__Host-kith_access", http: "kith_access" };
const REFRESH: Names = Names { https: "__Host-kith_refresh", http: "kith_refresh" };
/// 400 days in seconds, the longest that browsers keep one. The access cookie stays as long, though
/// its token does not: an expired one tells the server that there is something to refresh.
const MAX_AGE: u32 = 400 * 24 * 60 * 60;

struct Names {
    https: &'static str,
    http: &'static str,
}

impl Names {
    fn on(&self, site: &Site) -> &'static str {
        if site.is_https() { self.https } else { self.http }
    }
}

/// Whether a request carries one of our login cookies, good or not.
pub(crate) fn carries_login(headers: &HeaderMap) -> bool {
    let jar = CookieJar::from_headers(headers);
    let names = [ACCESS.https, ACCESS.http, REFRESH.https, REFRESH.http];
    names.iter().any(|name| jar.get(name).is_some())
}

/// The access token in the request's cookies.
pub(crate) fn access_token(headers: &HeaderMap, site: &Site) -> Option<String> {
    read(headers, ACCESS.on(site))
}

/// The refresh token in the request's cookies.
pub(crate) fn refresh_token(headers: &HeaderMap, site: &Site) -> Option<String> {
    read(headers, REFRESH.on(site))
}

fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = CookieJar::from_headers(headers).get(name)?.value().to_owned();
    (!value.is_empty()).then_some(value)
}

/// Sets both tokens on an answer.
pub(crate) fn set(headers: &mut HeaderMap, site: &Site, signed_in: &SignedIn) {
    write(headers, site, &ACCESS, &signed_in.access_token, MAX_AGE);
    write(headers, site, &REFRESH, &signed_in.refresh_token, MAX_AGE);
}

/// Takes both cookies back.
pub(crate) fn clear(headers: &mut HeaderMap, site: &Site) {
    write(headers, site, &ACCESS, "", 0);
    write(headers, site, &REFRESH, "", 0);
}

/// Whether an answer sets or takes back our cookies already.
pub(crate) fn decided(headers: &HeaderMap, site: &Site) -> bool {
    let ours = |value: &HeaderValue| value.as_bytes().starts_with(ACCESS.on(site).as_bytes());
    headers.get_all(SET_COOKIE).iter().any(ours)
}

fn write(headers: &mut HeaderMap, site: &Site, names: &Names, value: &str, max_age: u32) {
    let secure = if site.is_https() { "; Secure" } else { "" };
    let name = names.on(site);
    let cookie =
        format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}");
    // Tokens are of letters that a header may hold.
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.append(SET_COOKIE, cookie);
    }
}
