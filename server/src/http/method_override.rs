//! The method that a program means that cannot send it, as tus has it: some libraries and proxies know GET and POST alone.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method};

/// Says which method is meant; heeded on a POST to an upload alone.
const METHOD_OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");

/// What is named here has such methods.
const UPLOADS: &str = "/api/v1/uploads/";

/// The request by the method that it means. To be asked before routes are, which go by the method, as limits do.
pub fn as_meant(mut request: Request) -> Request {
    if request.method() == Method::POST && request.uri().path().starts_with(UPLOADS) {
        match request.headers().get(METHOD_OVERRIDE).map(HeaderValue::as_bytes) {
            Some(b"PATCH") => *request.method_mut() = Method::PATCH,
            Some(b"DELETE") => *request.method_mut() = Method::DELETE,
            _ => {}
        }
    }
    request
}
