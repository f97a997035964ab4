//! The site's files (code, style, icons), carried in the binary.
//!
//! Pages name them with a version in the query that changes with the bytes, so that browsers may
//! keep them for good.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;
use std::sync::LazyLock;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

/// What `build.rs` has left; `*.br` beside a file is the same, packed.
#[derive(Embed)]
#[folder = "$OUT_DIR/site"]
struct Site;

/// Where the site's files are, each with its version in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// The style sheet of every page.
    pub css: String,
    /// That of what the server alone renders.
    pub static_css: String,
    /// The JavaScript that loads the WebAssembly.
    pub js: String,
    /// The WebAssembly.
    pub wasm: String,
    /// The web app's manifest.
    pub manifest: String,
    /// The site's icon.
    pub icon: String,
}

/// The addresses that pages name, each with its version.
pub fn assets() -> &'static Assets {
    static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets {
        css: versioned("pkg/kith.css"),
        static_css: versioned("pkg/static.css"),
        js: versioned("pkg/kith.js"),
        wasm: versioned("pkg/kith_bg.wasm"),
        manifest: versioned("manifest.webmanifest"),
        icon: versioned("icon.svg"),
    });
    &ASSETS
}

/// The address of the documentation's style sheet.
pub fn docs_css() -> &'static str {
    static ADDRESS: LazyLock<String> = LazyLock::new(|| versioned("pkg/docs.css"));
    &ADDRESS
}

/// Whether there is a file at this path.
pub fn has(path: &str) -> bool {
    Site::get(path.trim_start_matches('/')).is_some()
}

/// The file that a request names, if there is one.
pub fn file(request: &Parts) -> Option<Response> {
    let path = request.uri.path().trim_start_matches('/');
    let packed = Path::new(path).extension().is_some_and(|extension| extension == "br");
    let file = Site::get(path).filter(|_| !packed)?;
    let etag = HeaderValue::from_str(&format!("\"{}\"", version(&file))).ok()?;
    let versioned = request.uri.query().is_some_and(|query| query.starts_with("v="));
    let caching = if versioned { "public, max-age=31536000, immutable" } else { "no-cache" };
    let caching = HeaderValue::from_static(caching);
    let known = request.headers.get_all(IF_NONE_MATCH).iter().any(|known| names(known, &etag));
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { content(request, path, file) };
    let headers = response.headers_mut();
    headers.insert(ETAG, etag);
    headers.insert(CACHE_CONTROL, caching);
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    Some(response)
}

fn content(request: &Parts, path: &str, file: EmbeddedFile) -> Response {
    let packed = if takes_brotli(request) { Site::get(&format!("{path}.br")) } else { None };
    let mut response = match packed {
        Some(packed) => {
            let mut response = body(packed.data).into_response();
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
            response
        }
        None => body(file.data).into_response(),
    };
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    response
}

fn body(data: Cow<'static, [u8]>) -> Body {
    match data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

/// The compression layer takes care of whoever takes only gzip.
fn takes_brotli(request: &Parts) -> bool {
    request.headers.get_all(ACCEPT_ENCODING).iter().any(|header| {
        let codings = header.to_str().unwrap_or_default().split(',').map(str::trim);
        codings.into_iter().any(|coding| match coding.split_once(';') {
            Some((name, quality)) => name.trim() == "br" && quality.trim() != "q=0",
            None => coding == "br",
        })
    })
}

/// Whether `If-None-Match` names this version; compression on the way makes an `ETag` weak.
fn names(known: &HeaderValue, etag: &HeaderValue) -> bool {
    let (known, etag) = (known.to_str().unwrap_or_default(), etag.to_str().unwrap_or_default());
    known.split(',').map(str::trim).any(|known| known.trim_start_matches("W/") == etag)
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

fn versioned(path: &str) -> String {
    match Site::get(path) {
        Some(file) => format!("/{path}?v={}", version(&file)),
        None => format!("/{path}"),
    }
}

/// The beginning of the bytes' SHA-256.
fn version(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash()[..8].iter().fold(String::new(), |mut version, byte| {
        // Writing to a String cannot fail.
        let _ = write!(version, "{byte:02x}");
        version
    })
}

#[cfg(test)]
mod tests {
    use axum::http::header::ACCEPT_ENCODING;
    use axum::http::{HeaderValue, Request};

    use super::{names, takes_brotli};

    #[test]
    fn encodings_are_read_as_they_are_meant() {
        for (header, takes) in [
            ("gzip, deflate, br", true),
            ("br;q=0.5", true),
            ("br;q=0, gzip", false),
            ("gzip", false),
            ("zbr", false),
        ] {
            let request = Request::builder().header(ACCEPT_ENCODING, header).body(()).unwrap();
            assert_eq!(takes_brotli(&request.into_parts().0), takes, "{header}");
        }
    }

    #[test]
    fn a_known_version_is_recognised() {
        let etag = HeaderValue::from_static("\"ab\"");
        assert!(names(&HeaderValue::from_static("\"x\", W/\"ab\""), &etag));
        assert!(!names(&HeaderValue::from_static("\"abc\""), &etag));
    }
}
