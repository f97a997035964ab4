//! Whom a request came from: the address that connected, or behind proxies that are trusted the one
//! that they name.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Once};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;

use super::state::Site;
use crate::config::TrustedProxies;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address that a request came from, for limits; an extension of every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientIp(pub(crate) IpAddr);

/// Finds out once a request whom it came from, whatever it asks: so that a proxy which nobody trusts
/// is told of when it is first used, and not when someone first logs in.
pub(crate) async fn find(
    State(site): State<Arc<Site>>,
    ConnectInfo(connected): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let client = client(connected.ip(), request.headers(), &site.trusted_proxies);
    request.extensions_mut().insert(ClientIp(client));
    next.run(request).await
}

/// Anyone can write the header, and each proxy adds to its right end whom it was connected by. So it
/// is read from the right, for as long as trusted proxies speak: the first address that is not one
/// of theirs is the client's.
fn client(connected: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    if !trusted.trusts(connected) {
        if headers.contains_key(FORWARDED_FOR) {
            warn_once(connected);
        }
        return connected;
    }
    let mut client = connected;
    let lines: Vec<_> = headers.get_all(FORWARDED_FOR).iter().collect();
    let hops = lines.iter().rev().flat_map(|line| line.to_str().unwrap_or("?").rsplit(','));
    for hop in hops {
        // What is no address was not written by a proxy of ours: the last that spoke is all we know.
        let Some(address) = address(hop.trim()) else { break };
        client = address;
        if !trusted.trusts(address) {
            break;
        }
    }
    client
}

/// An address, as some proxies write it with a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse().map(|address: SocketAddr| address.ip());
    bare.parse().or_else(|_| with_port()).ok()
}

/// Once, since whoever sends the header sends it with every request.
fn warn_once(connected: IpAddr) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            from = %connected,
            "X-Forwarded-For from an address that is not trusted is not believed; if it is your \
             proxy, name it in KITH_TRUSTED_PROXIES"
        );
    });
}

#[cfg(test)]
mod tests {
    use super::{FORWARDED_FOR, HeaderMap, IpAddr, TrustedProxies, client};

    fn seen(connected: &str, lines: &[&'static str]) -> String {
        let trusted = TrustedProxies::parse("127.0.0.1, 10.0.0.0/8").expect("a list");
        let connected: IpAddr = connected.parse().expect("an address");
        let lines = lines.iter().map(|line| (FORWARDED_FOR, line.parse().expect("a header")));
        let mut headers = HeaderMap::new();
        for (name, line) in lines {
            headers.append(name, line);
        }
        client(connected, &headers, &trusted).to_string()
    }

    #[test]
    fn the_rightmost_address_that_is_not_ours_counts() {
        for (connected, lines, expected) in [
            ("192.0.2.1", &[][..], "192.0.2.1"),
            ("192.0.2.1", &["198.51.100.7"], "192.0.2.1"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.7"], "198.51.100.7"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.7, 10.2.3.4"], "198.51.100.7"),
            ("127.0.0.1", &["1.1.1.1", "198.51.100.7", "10.2.3.4"], "198.51.100.7"),
            ("127.0.0.1", &["10.9.9.9, 10.2.3.4"], "10.9.9.9"),
            ("127.0.0.1", &["1.1.1.1, nonsense, 10.2.3.4"], "10.2.3.4"),
            ("127.0.0.1", &["nonsense"], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.7:4711"], "198.51.100.7"),
            ("127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("127.0.0.1", &["[2001:db8::1]"], "2001:db8::1"),
            ("::ffff:127.0.0.1", &["2001:db8::1"], "2001:db8::1"),
        ] {
            assert_eq!(seen(connected, lines), expected, "{connected} {lines:?}");
        }
    }
}
