//! How often someone may do something.

use app::protocol::ErrorKind;
use serde_json::json;

use crate::harness::{Engine, HttpResponse, TestServer};

#[track_caller]
fn assert_says_how_long(answer: &HttpResponse) {
    answer.assert_error(ErrorKind::RateLimited);
    let wait = answer.error().retry_after_ms.expect("how long");
    assert!((1..=3_600_000).contains(&wait), "{wait}");
    assert_eq!(answer.header("retry-after"), wait.div_ceil(1000).to_string());
}

#[tokio::test]
async fn guesses_at_a_password_are_limited() {
    let server = TestServer::start_with(Engine::Sqlite, &[("KITH_RATE_LOGIN", "3/h")]).await;
    server.person("mei").await;
    let log_in = async |username: &str, password: &str| {
        let body = json!({"username": username, "password": password});
        server.client().post("/api/v1/auth/login", body).await
    };
    // Those that succeed do not count.
    for _ in 0..5 {
        assert_eq!(log_in("mei", "correct horse").await.status, 200);
    }
    for _ in 0..3 {
        log_in("mei", "wrong horse").await.assert_error(ErrorKind::BadCredentials);
    }
    for password in ["wrong horse", "correct horse"] {
        assert_says_how_long(&log_in("MEI", password).await);
    }
    // The form of the page answers by the page, with the same status and header.
    let fields = [("username", "mei"), ("password", "correct horse")];
    let page = server.client().with("origin", &server.url).post_form("/login", &fields).await;
    assert_eq!(page.status, 429);
    assert!(page.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
    // Other names have their own count.
    log_in("ana", "wrong horse").await.assert_error(ErrorKind::BadCredentials);
}

/// Each takes a processor while it is checked: more at once would be the processors of all others.
#[tokio::test]
async fn log_ins_of_one_name_take_turns() {
    let server = TestServer::start_with(Engine::Sqlite, &[("KITH_RATE_LOGIN", "3/h")]).await;
    server.person("mei").await;
    let client = server.client();
    let body = json!({"username": "mei", "password": "correct horse"});
    // More than may fail at once; none of them does.
    let log_ins = (0..10).map(|_| client.post("/api/v1/auth/login", body.clone()));
    for answer in futures_util::future::join_all(log_ins).await {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}

#[tokio::test]
async fn new_accounts_are_limited_and_can_be_closed() {
    let server = TestServer::start_with(Engine::Sqlite, &[("KITH_RATE_REGISTER", "2/h")]).await;
    let register = async |server: &TestServer, username: &str| {
        let body = json!({"username": username, "password": "correct horse"});
        server.client().post("/api/v1/auth/register", body).await
    };
    for _ in 0..3 {
        register(&server, "x").await.assert_error(ErrorKind::Validation);
    }
    assert_eq!(register(&server, "mei").await.status, 201);
    assert_eq!(register(&server, "ana").await.status, 201);
    assert_says_how_long(&register(&server, "eve").await);

    let server = TestServer::start_with(Engine::Sqlite, &[("KITH_REGISTRATION", "closed")]).await;
    let refused = register(&server, "mei").await;
    refused.assert_error(ErrorKind::Forbidden);
    assert_eq!(refused.error().field.as_deref(), Some("registration"));
}

#[tokio::test]
async fn messages_are_limited() {
    let server = TestServer::start_with(Engine::Sqlite, &[("KITH_RATE_MESSAGES", "2/h")]).await;
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    for number in 0..10 {
        mei.write_to(&ana, &number.to_string(), "hi").await;
    }
    let body = json!({"client_id": "x", "to_user_id": ana.user.id, "content": "too many"});
    assert_says_how_long(&mei.client.post("/api/v1/messages", body).await);
    ana.write_to(&mei, "1", "I may").await;
}
