//! The site's files (code, style, icons), carried in the binary.
//!
//! Code and style have the version of the whole in their path (`/pkg/{version}/kith.js`), so that browsers may keep
//! them for good, a part that is loaded later fits what has loaded it, and a page of another release finds none
//! rather than a wrong one. Icons and the like have their own version in the query.

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
use sha2::{Digest, Sha256};

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
    /// That of pictures, sound and files in messages.
    pub files_css: String,
    /// The script that loads parts when they are first asked for.
    pub starter: String,
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
        css: packaged("kith.css"),
        static_css: packaged("static.css"),
        files_css: packaged("files.css"),
        starter: packaged("starter.js"),
        js: packaged("kith.js"),
        wasm: packaged("kith_bg.wasm"),
        manifest: versioned("manifest.webmanifest"),
        icon: versioned("icon.svg"),
    });
    &ASSETS
}

/// The address of the documentation's style sheet.
pub fn docs_css() -> &'static str {
    static ADDRESS: LazyLock<String> = LazyLock::new(|| packaged("docs.css"));
    &ADDRESS
}

/// Whether there is a file at this path.
pub fn has(path: &str) -> bool {
    Address::of(path, None).is_some_and(|address| Site::get(&address.file).is_some())
}

/// Whether a path is that of code or style, of whatever release.
pub fn is_packaged(path: &str) -> bool {
    path.starts_with("/pkg/")
}

/// The file that a request names, if there is one.
pub fn file(request: &Parts) -> Option<Response> {
    let Address { file: path, forever } = Address::of(request.uri.path(), request.uri.query())?;
    let file = Site::get(&path)?;
    let etag = HeaderValue::from_str(&format!("\"{}\"", version(&file))).ok()?;
    let caching = if forever { "public, max-age=31536000, immutable" } else { "no-cache" };
    let caching = HeaderValue::from_static(caching);
    let known = request.headers.get_all(IF_NONE_MATCH).iter().any(|known| names(known, &etag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        content(request, &path, file)
    };
    let headers = response.headers_mut();
    headers.insert(ETAG, etag);
    headers.insert(CACHE_CONTROL, caching);
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    Some(response)
}

/// What a path and a query name.
struct Address {
    /// The file's path in the site.
    file: String,
    /// The address names these very bytes.
    forever: bool,
}

impl Address {
    /// Nothing where the path names another release's.
    fn of(path: &str, query: Option<&str>) -> Option<Self> {
        let path = path.trim_start_matches('/');
        let packed = Path::new(path).extension().is_some_and(|extension| extension == "br");
        if packed {
            return None;
        }
        let Some(packaged) = path.strip_prefix("pkg/") else {
            let forever = query.is_some_and(|query| query.starts_with("v="));
            return Some(Self { file: path.to_owned(), forever });
        };
        let name = packaged.strip_prefix(release())?.strip_prefix('/')?;
        Some(Self { file: format!("pkg/{name}"), forever: true })
    }
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

/// The address of a file of `pkg`.
fn packaged(name: &str) -> String {
    format!("/pkg/{}/{name}", release())
}

/// What changes with any byte of `pkg`.
fn release() -> &'static str {
    static RELEASE: LazyLock<String> = LazyLock::new(|| {
        let mut names: Vec<_> = Site::iter().filter(|name| name.starts_with("pkg/")).collect();
        names.sort_unstable();
        let mut whole = Sha256::new();
        for name in names {
            whole.update(name.as_bytes());
            whole.update(Site::get(&name).map_or([0; 32], |file| file.metadata.sha256_hash()));
        }
        hex(&whole.finalize())
    });
    &RELEASE
}

fn versioned(path: &str) -> String {
    match Site::get(path) {
        Some(file) => format!("/{path}?v={}", version(&file)),
        None => format!("/{path}"),
    }
}

/// What changes with any byte of a file.
fn version(file: &EmbeddedFile) -> String {
    hex(&file.metadata.sha256_hash())
}

/// The beginning of a SHA-256.
fn hex(hash: &[u8]) -> String {
    hash.iter().take(8).fold(String::new(), |mut version, byte| {
        // Writing to a String cannot fail.
        let _ = write!(version, "{byte:02x}");
        version
    })
}

#[cfg(test)]
mod tests {
    use axum::http::header::ACCEPT_ENCODING;
    use axum::http::{HeaderValue, Request};

    use super::{Address, names, packaged, takes_brotli};

    #[test]
    fn code_of_another_release_is_not_there() {
        let file = |path: &str, query| Address::of(path, query).map(|address| address.file);
        let address = Address::of(&packaged("parts/emoji-picker.js"), Some("?"));
        assert!(address.is_some_and(|it| it.forever && it.file == "pkg/parts/emoji-picker.js"));
        for other in ["/pkg/kith.js", "/pkg/0123456789abcdef/kith.js", "/pkg/", "/pkg"] {
            assert_eq!(file(other, Some("v=1")).filter(|file| file != "pkg"), None, "{other}");
        }
        assert_eq!(file(&format!("{}x", packaged("")), None).as_deref(), Some("pkg/x"));
        assert_eq!(file(&packaged("kith.js.br"), None), None);
        assert!(Address::of("/icon.svg", Some("v=1")).is_some_and(|it| it.forever));
        assert!(Address::of("/icon.svg", None).is_some_and(|it| !it.forever));
    }

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
