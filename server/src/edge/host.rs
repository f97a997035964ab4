//! Under which names this server is reached: the `Host` rule.
//!
//! Without `KITH_PUBLIC_URL` the `Host` decides which pages are our own ([`super::origin`]). A page of a
//! foreign site that lets its name lead to this machine (DNS rebinding) would be one of them, so only
//! what no such site can be called is taken for a name of ours. With `KITH_PUBLIC_URL` the `Host` decides
//! nothing, and any is taken: a probe's, or one that a proxy has made up.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use app::protocol::{ApiError, ErrorKind};
use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;

use super::answer::Failure;
use super::state::Site;
use crate::site;

/// The page that tells a person that this server is not reached under that name.
pub(crate) type MisdirectedPage = fn(&Parts) -> BoxFuture<'static, Response>;

/// Refuses what is asked of a server of another name with 421, and what does not say of which with 400.
pub(crate) async fn ours_only(
    State((site, page)): State<(Arc<Site>, MisdirectedPage)>,
    mut request: Request,
    next: Next,
) -> Response {
    // A target with a host of its own takes the place of `Host` (RFC 9112, 3.2.2).
    let target = request.uri().authority().map(|authority| authority.as_str().parse());
    if let Some(Ok(target)) = target {
        request.headers_mut().insert(HOST, target);
    }
    let host = match host(request.headers(), request.version()) {
        Ok(host) => host,
        Err(error) => return Failure::from(error).into_response(),
    };
    let is_ours = site.public_url.is_some() || host.as_ref().is_none_or(is_own_name);
    let path = request.uri().path();
    if is_ours || is_for_anyone(path) {
        return next.run(request).await;
    }
    if path == "/ws" || path.starts_with("/api/") {
        return Failure::from(misdirected()).into_response();
    }
    page(&request.into_parts().0).await
}

/// Where a calendar reads the feed with this secret: below the public URL, else where the request found us.
pub(crate) fn calendar_address(site: &Site, headers: &HeaderMap, secret: &str) -> String {
    let origin = site.public_url.as_ref().map(|url| url.origin().to_owned());
    let host = || headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let origin = origin.unwrap_or_else(|| format!("http://{}", host()));
    format!("{origin}/calendar/{secret}.ics")
}

/// Whom the request is for; absent where that may stay unsaid, as before HTTP/1.1, which no browser
/// speaks.
fn host(headers: &HeaderMap, version: Version) -> Result<Option<Authority>, ApiError> {
    let mut hosts = headers.get_all(HOST).iter();
    let malformed = |message| Err(ApiError::new(ErrorKind::BadRequest, message));
    match (hosts.next(), hosts.next()) {
        (None, _) if version < Version::HTTP_11 => Ok(None),
        (None, _) => malformed("There is no Host header"),
        (Some(host), None) => match authority(host) {
            Some(host) => Ok(Some(host)),
            None => malformed("The Host header names no host"),
        },
        (Some(_), Some(_)) => malformed("There are several Host headers"),
    }
}

fn authority(host: &HeaderValue) -> Option<Authority> {
    let host: Authority = host.to_str().ok()?.parse().ok()?;
    let rest = host.as_str().strip_prefix(host.host())?;
    let is_host = !host.host().is_empty() && (rest.is_empty() || rest.starts_with(':'));
    is_host.then_some(host)
}

/// An IP address, a name without a dot such as `localhost`, or a name in `.local`: none of them is for
/// sale. Whatever the port.
fn is_own_name(host: &Authority) -> bool {
    let name = host.host();
    if let Some(address) = name.strip_prefix('[') {
        return address.trim_end_matches(']').parse::<Ipv6Addr>().is_ok();
    }
    match name.rsplit_once('.') {
        None => true,
        Some((before, last)) if last.eq_ignore_ascii_case("local") => !before.is_empty(),
        Some(_) => name.parse::<IpAddr>().is_ok(),
    }
}

/// Whoever watches over the process asks by whatever name; the files of the site are the same for all,
/// and the page that says what is wrong looks better with them.
fn is_for_anyone(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz") || site::has(path)
}

fn misdirected() -> ApiError {
    let message = "This server does not answer to this Host. Whoever runs it has to set \
                   KITH_PUBLIC_URL to the address under which people reach it";
    ApiError::new(ErrorKind::Misdirected, message)
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, HeaderValue, Version, host, is_own_name};

    fn is_ours(name: &str) -> Option<bool> {
        let headers = HeaderMap::from_iter([(super::HOST, name.parse().expect("a header"))]);
        let host = host(&headers, Version::HTTP_11).ok()?;
        host.as_ref().map(is_own_name)
    }

    #[test]
    fn names_that_nobody_can_buy_are_ours() {
        for ours in [
            "127.0.0.1:3000",
            "192.168.1.7",
            "[::1]:3000",
            "[fe80::1]",
            "[::ffff:10.0.0.1]",
            "localhost",
            "LOCALHOST:80",
            "kith",
            "nas:3000",
            "nas.local",
            "NAS.Local:3000",
            "a.b.local",
        ] {
            assert_eq!(is_ours(ours), Some(true), "{ours}");
        }
        for foreign in [
            "evil.example",
            "evil.example:3000",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "nas.local.evil.example",
            "evillocal.example",
            "evil.notlocal",
            "localhost.",
            "nas.local.",
            ".local",
            "1.2.3.4.5",
            "256.0.0.1",
            "127.1",
            "xn--bcher-kva.example",
        ] {
            assert_ne!(is_ours(foreign), Some(true), "{foreign}");
        }
    }

    #[test]
    fn what_names_no_host_or_several_is_malformed() {
        for bad in [
            "",
            " ",
            "a b",
            "a/b",
            "user@localhost",
            "localhost, evil.example",
            "[::1",
            "[::1].evil.example",
        ] {
            assert_eq!(is_ours(bad), None, "{bad:?}");
        }
        let mut headers = HeaderMap::new();
        assert!(host(&headers, Version::HTTP_11).is_err());
        assert_eq!(host(&headers, Version::HTTP_10), Ok(None));
        headers.append(super::HOST, HeaderValue::from_static("localhost"));
        headers.append(super::HOST, HeaderValue::from_static("localhost"));
        assert!(host(&headers, Version::HTTP_10).is_err());
    }
}
