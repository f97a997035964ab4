//! The values of settings, each with the words for what it may be.

use std::fmt;
use std::time::Duration;

use axum::http::Uri;

/// The address under which people reach this server, without a path: `https://chat.example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// # Errors
    /// What it may be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            let allowed = "give http:// or https:// and a host, such as https://chat.example";
            format!("not an address of a site: {text:?}; {allowed}")
        };
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"));
        let (Some(scheme), Some(authority)) = (scheme, uri.authority()) else {
            return Err(wrong());
        };
        if uri.path() != "/" || uri.query().is_some() || authority.as_str().contains('@') {
            return Err(wrong());
        }
        // As browsers write an origin: small letters, and no port that goes without saying.
        let host = authority.host().to_ascii_lowercase();
        let port = match (scheme, authority.port_u16()) {
            (_, None) | ("http", Some(80)) | ("https", Some(443)) => String::new(),
            (_, Some(port)) => format!(":{port}"),
        };
        Ok(Self(format!("{scheme}://{host}{port}")))
    }

    /// As browsers send it in `Origin`: scheme, host, and the port where it is not the scheme's own.
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// Whether it is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }
}

/// So many in so long a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many; at least 1.
    pub count: u32,
    /// The time in which so many may come.
    pub per: Duration,
}

impl Rate {
    /// `20/s`, `10/min`, `20/h`; `0` is none.
    ///
    /// # Errors
    /// What it may be.
    pub fn parse(text: &str) -> Result<Option<Self>, String> {
        let wrong = || {
            format!("not a rate: {text:?}; give one such as 20/s, 10/min or 20/h, or 0 for none")
        };
        if text == "0" {
            return Ok(None);
        }
        let (count, unit) = text.split_once('/').ok_or_else(wrong)?;
        let count = count.parse().ok().filter(|count| (1..=1_000_000).contains(count));
        let seconds = match unit {
            "s" => 1,
            "min" => 60,
            "h" => 3600,
            _ => return Err(wrong()),
        };
        let count = count.ok_or_else(wrong)?;
        Ok(Some(Self { count, per: Duration::from_secs(seconds) }))
    }

    /// So many times as many in the same time.
    #[must_use]
    pub fn times(self, factor: u32) -> Self {
        Self { count: self.count.saturating_mul(factor), ..self }
    }
}

/// A key of at least 32 bytes. Its `Debug` hides it, so that it cannot reach a log.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// # Errors
    /// What it may be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bytes = text.trim().as_bytes();
        if bytes.len() < 32 {
            let length = bytes.len();
            return Err(format!("too short ({length} bytes); give 32 random bytes or more"));
        }
        Ok(Self(bytes.to_vec()))
    }

    /// The key itself.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines that a person reads.
    Human,
    /// For a machine: one JSON object a line.
    Json,
}

#[cfg(test)]
mod tests {
    use super::{Duration, PublicUrl, Rate, Secret};

    #[test]
    fn a_public_url_is_written_as_browsers_write_an_origin() {
        let origin = |text| PublicUrl::parse(text).map(|url| url.origin().to_owned());
        assert_eq!(origin("https://Chat.Example:443/"), Ok("https://chat.example".into()));
        assert_eq!(origin("http://localhost:3000"), Ok("http://localhost:3000".into()));
        for bad in ["chat.example", "ftp://x", "https://", "https://x/chat", "https://a@x", "/"] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rates_have_a_count_and_a_unit() {
        let rate = |count, seconds| Ok(Some(Rate { count, per: Duration::from_secs(seconds) }));
        assert_eq!(Rate::parse("20/s"), rate(20, 1));
        assert_eq!(Rate::parse("10/min"), rate(10, 60));
        assert_eq!(Rate::parse("20/h"), rate(20, 3600));
        assert_eq!(Rate::parse("0"), Ok(None));
        for bad in ["", "20", "0/s", "-1/s", "1/d", "many/s", "1000001/s"] {
            assert!(Rate::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_secret_is_long_and_does_not_print() {
        assert!(Secret::parse(&"x".repeat(31)).is_err());
        let secret = Secret::parse(&"x".repeat(32)).expect("long enough");
        assert!(!format!("{secret:?}").contains('x'));
    }
}
