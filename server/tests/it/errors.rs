//! Errors have one shape, whatever goes wrong.

use app::protocol::ErrorKind;
use reqwest::Method;
use serde_json::json;

use crate::harness::{TestServer, on_both_engines};

on_both_engines!(
    what_is_not_there_says_so,
    bodies_that_cannot_be_read_are_refused,
    numbers_out_of_range_are_refused,
    nothing_is_shown_without_proof,
    every_answer_carries_its_headers,
);

async fn what_is_not_there_says_so(server: TestServer) {
    let mei = server.person("mei").await;
    for path in ["/api", "/api/v1", "/api/v1/nothing", "/api/v2/users/me", "/api/v1/users/1"] {
        mei.client.get(path).await.assert_error(ErrorKind::NotFound);
    }
    let answer = mei.client.send(Method::PUT, "/api/v1/users/me", None).await;
    assert_eq!((answer.status, answer.error().kind), (405, ErrorKind::BadRequest));
    assert!(answer.header("allow").contains("GET"), "{answer:?}");
}

async fn bodies_that_cannot_be_read_are_refused(server: TestServer) {
    let mei = server.person("mei").await;
    let post = async |body: &str| mei.client.post_text("/api/v1/messages", Some(body)).await;
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(200), "]".repeat(200));
    for body in ["", "hello", "{", r#"{"x":"\ud800"}"#, &deep] {
        post(body).await.assert_error(ErrorKind::BadJson);
    }
    for body in [
        "[]",
        "5",
        "{}",
        r#"{"client_id":5,"to_user_id":1,"content":"hi"}"#,
        r#"{"client_id":"a","to_user_id":"1","content":"hi"}"#,
        r#"{"client_id":"a","to_user_id":0,"content":"hi"}"#,
        r#"{"client_id":"a","conversation_id":9007199254740992,"content":"hi"}"#,
    ] {
        post(body).await.assert_error(ErrorKind::BadRequest);
    }
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(64 * 1024));
    post(&large).await.assert_error(ErrorKind::TooLarge);
}

async fn numbers_out_of_range_are_refused(server: TestServer) {
    let mei = server.person("mei").await;
    let cases = [
        ("/api/v1/users/0", ErrorKind::BadRequest),
        ("/api/v1/users/x", ErrorKind::BadRequest),
        ("/api/v1/users/9223372036854775808", ErrorKind::BadRequest),
        ("/api/v1/conversations/-1", ErrorKind::BadRequest),
        ("/api/v1/conversations/1/messages?before=-1", ErrorKind::BadRequest),
        ("/api/v1/conversations/1/messages?after=9223372036854775808", ErrorKind::BadRequest),
        ("/api/v1/conversations/1/messages?before=5&after=5", ErrorKind::BadRequest),
        ("/api/v1/conversations/1/messages?after=1&around=2", ErrorKind::BadRequest),
        ("/api/v1/conversations/1/messages?limit=x", ErrorKind::BadRequest),
        ("/api/v1/conversations/1/messages?limit=0", ErrorKind::Validation),
        ("/api/v1/conversations/1/messages?limit=1000000000", ErrorKind::Validation),
        ("/api/v1/conversations?limit=101", ErrorKind::Validation),
        ("/api/v1/users?query=a&limit=-1", ErrorKind::Validation),
    ];
    for (path, kind) in cases {
        mei.client.get(path).await.assert_error(kind);
    }
}

async fn nothing_is_shown_without_proof(server: TestServer) {
    let client = server.client();
    for path in [
        "/api/v1/users/me",
        "/api/v1/users?query=a",
        "/api/v1/users/1",
        "/api/v1/conversations",
        "/api/v1/conversations/heads",
        "/api/v1/conversations/1",
        "/api/v1/conversations/1/messages",
    ] {
        client.get(path).await.assert_error(ErrorKind::Unauthenticated);
        let wrong = client.with_bearer("a.b.c").get(path).await;
        wrong.assert_error(ErrorKind::Unauthenticated);
    }
    for path in ["messages", "conversations", "conversations/1/read", "conversations/1/delivered"] {
        let answer = client.post(&format!("/api/v1/{path}"), json!({})).await;
        answer.assert_error(ErrorKind::Unauthenticated);
    }
}

async fn every_answer_carries_its_headers(server: TestServer) {
    let client = server.client();
    for path in ["/api/v1/users/me", "/healthz", "/nothing"] {
        let answer = client.get(path).await;
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
    }
    let api = client.get("/api/v1/users/me").await;
    assert_eq!(api.header("cache-control"), "no-store");
    assert!(api.header("content-security-policy").contains("frame-ancestors 'none'"));
}
