//! What requests measure.

use std::time::Duration;

use app::protocol::ErrorKind;
use axum::http::{Method, StatusCode};
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use serde_json::Value;

const REQUESTS: &str = "kith_http_request_seconds";
const ERRORS: &str = "kith_errors_total";

/// Says what the requests' metrics mean, to the recorder that is installed.
pub fn describe_metrics() {
    describe_histogram!(
        REQUESTS,
        Unit::Seconds,
        "Seconds from a request's head to its answer's, by method, route and status"
    );
    describe_counter!(
        ERRORS,
        Unit::Count,
        "Errors that people and programs were given, by kind and by way (http, page, socket)"
    );
}

/// A request was answered.
pub(crate) fn answered(method: &Method, route: String, status: StatusCode, took: Duration) {
    let labels = [
        ("method", known(method).to_owned()),
        ("route", route),
        ("status", status.as_str().to_owned()),
    ];
    histogram!(REQUESTS, &labels).record(took);
}

/// A method's name as a label; anyone can make up others.
fn known(method: &Method) -> &str {
    let all = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    if all.contains(method) { method.as_str() } else { "other" }
}

/// Someone was given an error, `via` `http`, a `page` or a `socket`.
pub fn error_given(via: &'static str, kind: ErrorKind) {
    let Ok(Value::String(kind)) = serde_json::to_value(kind) else { return };
    counter!(ERRORS, "via" => via, "kind" => kind).increment(1);
}
