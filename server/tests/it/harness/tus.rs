//! Uploads as tus has them, request by request.

use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use reqwest::{Method, Response};

use super::{Person, TestServer};

/// A person's uploads at a server.
pub struct Tus {
    http: reqwest::Client,
    url: String,
    bearer: String,
}

impl Tus {
    /// This person's.
    pub fn of(server: &TestServer, person: &Person) -> Self {
        let bearer = person.client.header("authorization");
        Self { http: reqwest::Client::new(), url: server.url.clone(), bearer }
    }

    /// A request of tus with these headers and this body.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Response {
        self.try_to_send(method, path, headers, body).await.expect("answers")
    }

    /// The same where there may be no answer.
    pub async fn try_to_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Option<Response> {
        let request = self.http.request(method, format!("{}{path}", self.url));
        let mut request = request.header("authorization", &self.bearer);
        request = request.header("tus-resumable", "1.0.0");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(body).send().await.ok()
    }

    /// Begins an upload of so many bytes; returns its path.
    pub async fn begin(&self, size: usize, words: &[(&str, &str)]) -> String {
        let answer = self.announce(size, words).await;
        assert_eq!(answer.status(), 201);
        header(&answer, "location")
    }

    /// Asks to begin one.
    pub async fn announce(&self, size: usize, words: &[(&str, &str)]) -> Response {
        let said = words.iter().map(|(word, value)| format!("{word} {}", BASE64.encode(value)));
        let said = said.collect::<Vec<_>>().join(",");
        let headers = [("upload-length", &*size.to_string()), ("upload-metadata", &*said)];
        self.send(Method::POST, "/api/v1/uploads", &headers, "").await
    }

    /// Sends a piece.
    pub async fn piece(&self, path: &str, offset: usize, bytes: &[u8]) -> Response {
        self.piece_with(path, offset, bytes.to_vec(), &[]).await
    }

    /// Sends a piece with more headers.
    pub async fn piece_with(
        &self,
        path: &str,
        offset: usize,
        body: impl Into<reqwest::Body>,
        more: &[(&str, &str)],
    ) -> Response {
        let offset = offset.to_string();
        let mut headers = vec![
            ("upload-offset", offset.as_str()),
            ("content-type", "application/offset+octet-stream"),
        ];
        headers.extend(more);
        self.send(Method::PATCH, path, &headers, body).await
    }

    /// The offset that an upload has.
    pub async fn offset(&self, path: &str) -> Result<usize, u16> {
        let answer = self.send(Method::HEAD, path, &[], "").await;
        match answer.status().as_u16() {
            200 => Ok(header(&answer, "upload-offset").parse().expect("a number")),
            status => Err(status),
        }
    }

    /// Uploads a file in one piece; returns its id.
    pub async fn upload(&self, bytes: &[u8], words: &[(&str, &str)]) -> i64 {
        let path = self.begin(bytes.len(), words).await;
        if !bytes.is_empty() {
            assert_eq!(self.piece(&path, 0, bytes).await.status(), 204);
        }
        path.rsplit('/').next().expect("an id").parse().expect("a number")
    }

    /// Asks for something with these headers.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        self.send(Method::GET, path, headers, "").await
    }
}

/// A header of an answer; empty where it is absent.
pub fn header(answer: &Response, name: &str) -> String {
    let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// So many bytes, no two pieces of which are the same.
pub fn some_bytes(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[1]
    };
    (0..count).map(next).collect()
}
