//! The page for whoever comes by a name that this server does not answer to.

use app::protocol::ErrorKind;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::response::Response;

use super::document::misdirected as document;
use super::{frame, html, nonce};
use crate::edge::error_given;

/// Says that this is not an address of this server, and what to set if it should be.
pub fn misdirected(parts: &Parts) -> Response {
    error_given("page", ErrorKind::Misdirected);
    let nonce = nonce();
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    html(ErrorKind::Misdirected.status(), document(host, &frame(parts, &nonce)), &nonce)
}
