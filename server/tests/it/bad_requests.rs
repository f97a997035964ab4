//! HTTP requests that are not as they should be, from their first line to their last byte.

use app::protocol::{ErrorKind, Message, limits};
use serde_json::json;

use crate::harness::{Raw, RawAnswer, TestServer, on_both_engines};

on_both_engines!(
    bodies_that_are_not_json_are_refused_everywhere,
    numbers_outside_their_range_are_refused,
    texts_with_nul_are_refused,
    whatever_a_body_is_called_it_is_read_as_json,
    bodies_over_the_limit_are_refused_however_they_come,
    heads_without_end_are_refused,
    a_body_that_stops_midway_is_refused,
);

/// Paths that take a JSON body.
const POSTS: [&str; 6] = [
    "/api/v1/auth/login",
    "/api/v1/auth/register",
    "/api/v1/messages",
    "/api/v1/conversations",
    "/api/v1/conversations/1/read",
    "/api/v1/conversations/1/delivered",
];

async fn bodies_that_are_not_json_are_refused_everywhere(server: TestServer) {
    let mei = server.person("mei").await;
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
    for path in POSTS {
        for body in
            ["{", r#"{"x":"\ud800"}"#, r#"{"x":"\udc00\ud800"}"#, "{\"x\":\"\u{1}\"}", &deep]
        {
            let answer = mei.client.post_text(path, Some(body)).await;
            answer.assert_error(ErrorKind::BadJson);
        }
        for body in ["[]", "null", "\"text\"", "{}"] {
            mei.client.post_text(path, Some(body)).await.assert_error(ErrorKind::BadRequest);
        }
    }
    // No UTF-8, which the clients of other tests cannot even send.
    for bytes in [&b"{\"x\":\"\xff\"}"[..], b"{\"x\":\"\xed\xa0\x80\"}"] {
        let answer = posted(&server, "/api/v1/auth/login", bytes).await;
        assert_eq!(
            (answer.status, answer.body.contains("\"bad_json\"")),
            (400, true),
            "{answer:?}"
        );
    }
}

async fn posted(server: &TestServer, path: &str, body: &[u8]) -> RawAnswer {
    let length = body.len();
    let mut connection = Raw::connect(server).await;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: kith\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    );
    assert!(connection.send(head).await && connection.send(body).await);
    connection.answer().await
}

async fn numbers_outside_their_range_are_refused(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.write_to(&ana, "1", "hello").await.conversation_id;
    let numbers = ["-1", "9223372036854775808", "9007199254740992", "18446744073709551616", "1.5"];
    for number in numbers {
        for mark in ["read", "delivered"] {
            let path = format!("/api/v1/conversations/{id}/{mark}");
            let body = format!("{{\"seq\":{number}}}");
            mei.client.post_text(&path, Some(&body)).await.assert_error(ErrorKind::BadRequest);
        }
        for name in ["before", "after", "around", "at", "after_rev"] {
            let path = format!("/api/v1/conversations/{id}/messages?{name}={number}");
            mei.client.get(&path).await.assert_error(ErrorKind::BadRequest);
        }
        for path in ["users", "conversations"] {
            let answer = mei.client.get(&format!("/api/v1/{path}/{number}")).await;
            answer.assert_error(ErrorKind::BadRequest);
        }
    }
    for path in [
        format!("/api/v1/conversations/{id}/messages?"),
        "/api/v1/conversations?".to_owned(),
        "/api/v1/users?query=a&".to_owned(),
    ] {
        for limit in ["1000000000", "-1", "0", "101"] {
            let answer = mei.client.get(&format!("{path}limit={limit}")).await;
            answer.assert_error(ErrorKind::Validation);
            assert_eq!(answer.error().field.as_deref(), Some("limit"), "{path}{limit}");
        }
        for limit in ["9223372036854775808", "x", "1.5", ""] {
            let answer = mei.client.get(&format!("{path}limit={limit}")).await;
            assert_eq!(answer.status, 400, "{path}{limit}: {answer:?}");
        }
    }
}

async fn texts_with_nul_are_refused(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let body = json!({"client_id": "1", "to_user_id": ana.user.id, "content": "a\u{0}b"});
    let answer = mei.client.post("/api/v1/messages", body).await;
    answer.assert_error(ErrorKind::Validation);
    assert_eq!(answer.error().field.as_deref(), Some("content"));
    let body = json!({"client_id": "a\u{0}", "to_user_id": ana.user.id, "content": "x"});
    let answer = mei.client.post("/api/v1/messages", body).await;
    assert_eq!(answer.error().field.as_deref(), Some("client_id"));
    let body = json!({"nickname": "a\u{0}b"}).to_string();
    let answer = mei.client.send(reqwest::Method::PATCH, "/api/v1/users/me", Some(body)).await;
    answer.assert_error(ErrorKind::Validation);
    assert_eq!(answer.error().field.as_deref(), Some("nickname"));
    let body = json!({"username": "a\u{0}bc", "password": "correct horse"});
    let answer = mei.client.post("/api/v1/auth/register", body).await;
    assert_eq!(answer.error().field.as_deref(), Some("username"));
    // A name that cannot exist is one that nobody has.
    let body = json!({"username": "a\u{0}bc", "password": "correct horse"});
    let answer = mei.client.post("/api/v1/auth/login", body).await;
    answer.assert_error(ErrorKind::BadCredentials);
    assert_eq!(mei.client.get("/api/v1/users?query=%00").await.status, 200);
}

async fn whatever_a_body_is_called_it_is_read_as_json(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    for (number, kind) in ["text/plain", "application/xml", "nonsense"].iter().enumerate() {
        let client = mei.client.with("content-type", kind);
        let body = json!({
            "client_id": number.to_string(), "to_user_id": ana.user.id, "content": "hello",
        });
        client.post("/api/v1/messages", body).await.json::<Message>(201);
        client.post_text("/api/v1/messages", Some("a=b")).await.assert_error(ErrorKind::BadJson);
    }
    // A form is a form.
    let page = server.client().with("origin", &server.url);
    let answer = page.post("/login", json!({"username": "mei"})).await;
    answer.assert_error(ErrorKind::BadRequest);
}

async fn bodies_over_the_limit_are_refused_however_they_come(server: TestServer) {
    let mei = server.person("mei").await;
    for length in [limits::CLIENT_FRAME + 1, 16 << 20] {
        let body = format!("{{\"x\":\"{}\"}}", "x".repeat(length));
        for path in POSTS {
            mei.client.post_text(path, Some(&body)).await.assert_error(ErrorKind::TooLarge);
        }
        let page = server.client().with("origin", &server.url);
        let form = page.post_form("/login", &[("username", &"x".repeat(length))]).await;
        form.assert_error(ErrorKind::TooLarge);
    }
    // In chunks, so that nobody knows how long it is to be.
    let mut connection = Raw::connect(&server).await;
    let head =
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: kith\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert!(connection.send(head).await);
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    for _ in 0..1_000 {
        if !connection.send(&chunk).await {
            break;
        }
    }
    let answer = connection.answer().await;
    assert_eq!((answer.status, answer.body.contains("\"too_large\"")), (413, true), "{answer:?}");
}

async fn heads_without_end_are_refused(server: TestServer) {
    let ask = async |head: String| {
        let mut connection = Raw::connect(&server).await;
        // The server may have had enough before the end.
        connection.send(head).await;
        connection.answer().await.status
    };
    let long = "x".repeat(1 << 20);
    let many = "a: b\r\n".repeat(1_000);
    assert_eq!(ask(format!("GET /healthz HTTP/1.1\r\nHost: kith\r\nx: {long}\r\n\r\n")).await, 431);
    assert_eq!(ask(format!("GET /healthz HTTP/1.1\r\nHost: kith\r\n{many}\r\n")).await, 431);
    assert_eq!(ask(format!("GET /ws HTTP/1.1\r\nHost: kith\r\n{many}\r\n")).await, 431);
    assert_eq!(ask(format!("GET /?{} HTTP/1.1\r\nHost: kith\r\n\r\n", &long[..70_000])).await, 414);
    assert_eq!(ask(format!("GET /{long} HTTP/1.1\r\nHost: kith\r\n\r\n")).await, 431);
    for nonsense in ["nonsense\r\n\r\n", "GET\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}\u{5}hello\r\n\r\n"] {
        assert_eq!(ask(nonsense.to_owned()).await, 400, "{nonsense:?}");
    }
    assert_eq!(server.client().get("/healthz").await.status, 200);
}

async fn a_body_that_stops_midway_is_refused(server: TestServer) {
    let mut connection = Raw::connect(&server).await;
    let head =
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: kith\r\nContent-Length: 100\r\n\r\n{\"user";
    assert!(connection.send(head).await);
    connection.end().await;
    let answer = connection.answer().await;
    assert_eq!((answer.status, answer.body.contains("\"bad_request\"")), (400, true), "{answer:?}");
}
