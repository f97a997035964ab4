//! The one way to send someone on to another page.

use std::fmt::Write;

use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// 303: the answer is at this path of ours, to be asked for by GET. What a header cannot hold goes out
/// percent-encoded, as a browser would send it; whether the path is one of ours is for the caller to know
/// (`app::ui::route::own_path`).
pub fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let location = HeaderValue::from_str(&printable(path));
    // All of it is printable ASCII.
    let location = location.unwrap_or_else(|_| HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, location);
    response
}

fn printable(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut printable, byte| {
        if byte.is_ascii_graphic() {
            printable.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(printable, "%{byte:02X}");
        }
        printable
    })
}

#[cfg(test)]
mod tests {
    use super::{LOCATION, StatusCode, see_other};

    #[test]
    fn whatever_the_path_there_is_a_location() {
        for (path, location) in [
            ("/c/5?m=7#m-7", "/c/5?m=7#m-7"),
            ("/%00x", "/%00x"),
            ("/\0x", "/%00x"),
            ("/a b\r\nx: y", "/a%20b%0D%0Ax:%20y"),
            ("/é\u{7f}", "/%C3%A9%7F"),
            ("", ""),
        ] {
            let response = see_other(path);
            assert_eq!(response.status(), StatusCode::SEE_OTHER);
            assert_eq!(response.headers()[LOCATION], location);
        }
    }
}
