//! Whom a request came from, behind proxies.

use app::protocol::ErrorKind;
use serde_json::json;

use crate::harness::{Engine, HttpResponse, TestServer};

async fn log_in(server: &TestServer, forwarded_for: &str) -> HttpResponse {
    let body = json!({"username": "mei", "password": "wrong horse"});
    let client = server.client().with("x-forwarded-for", forwarded_for);
    client.post("/api/v1/auth/login", body).await
}

#[tokio::test]
async fn a_trusted_proxy_tells_clients_apart() {
    let variables = [("KITH_RATE_LOGIN", "2/h"), ("KITH_TRUSTED_PROXIES", "127.0.0.0/8, 10.0.0.1")];
    let server = TestServer::start_with(Engine::Sqlite, &variables).await;
    for _ in 0..2 {
        log_in(&server, "192.0.2.1").await.assert_error(ErrorKind::BadCredentials);
    }
    // However much someone writes in front of what the proxies add.
    for same in ["192.0.2.1", "192.0.2.99, 192.0.2.1", "8.8.8.8, 192.0.2.1, 10.0.0.1"] {
        log_in(&server, same).await.assert_error(ErrorKind::RateLimited);
    }
    log_in(&server, "192.0.2.2").await.assert_error(ErrorKind::BadCredentials);
    assert!(!server.log().contains("KITH_TRUSTED_PROXIES"), "nothing to warn of");
}

#[tokio::test]
async fn others_are_not_believed_and_named_once_in_the_log() {
    let variables = [("KITH_RATE_LOGIN", "2/h"), ("KITH_TRUSTED_PROXIES", "10.0.0.1")];
    let server = TestServer::start_with(Engine::Sqlite, &variables).await;
    // Whatever is asked first.
    server.client().with("x-forwarded-for", "192.0.2.9").get("/healthz").await;
    assert!(server.log().contains("KITH_TRUSTED_PROXIES"));
    for claimed in ["192.0.2.1", "192.0.2.2"] {
        log_in(&server, claimed).await.assert_error(ErrorKind::BadCredentials);
    }
    log_in(&server, "192.0.2.3").await.assert_error(ErrorKind::RateLimited);
    let log = server.log();
    let warnings: Vec<_> =
        log.lines().filter(|line| line.contains("KITH_TRUSTED_PROXIES")).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("WARN") && warnings[0].contains("127.0.0.1"), "{warnings:?}");
}
