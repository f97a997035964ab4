//! How many connections there may be, how large a request's head, and what is said to more.

use app::protocol::{ErrorBody, ErrorKind};
use tokio::time::{Duration, Instant};

use crate::harness::{Engine, Raw, RawAnswer, Socket, TestServer};

const HELLO: &str = "GET /healthz HTTP/1.1\r\nHost: kith\r\nConnection: close\r\n\r\n";

/// What a new connection is told that asks whether the server is alive.
async fn ask(server: &TestServer) -> RawAnswer {
    let mut connection = Raw::connect(server).await;
    // A server that has no place may have closed by then.
    connection.send(HELLO).await;
    connection.answer().await
}

/// So many connections that ask nothing, as many as there are places for.
async fn fill(server: &TestServer, count: usize) -> Vec<Raw> {
    let mut idle = Vec::new();
    for _ in 0..count {
        idle.push(Raw::connect(server).await);
    }
    // They are taken in the order in which they came.
    let begun = Instant::now();
    while server.metric("kith_connections").await < f64::from(u32::try_from(count).expect("few")) {
        assert!(begun.elapsed() < Duration::from_secs(10), "they are not counted");
    }
    idle
}

async fn assert_refused(server: &TestServer) {
    let answer = ask(server).await;
    assert_eq!(answer.status, 503);
    let body: ErrorBody = serde_json::from_str(&answer.body).expect("the contract's shape");
    assert_eq!(body.error.kind, ErrorKind::Unavailable);
    assert_eq!(Socket::open_with(server, &[]).await.err(), Some(503));
}

async fn assert_served(server: &TestServer) {
    let begun = Instant::now();
    while ask(server).await.status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(10), "no place becomes free");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_more_than_may_be_is_answered_503() {
    let server = TestServer::start_with(Engine::Sqlite, &[("KITH_MAX_CONNECTIONS", "30")]).await;
    let idle = fill(&server, 29).await;
    assert_served(&server).await;
    let last = fill_one_more(&server).await;
    assert_refused(&server).await;
    assert!(server.metric("kith_connections_refused_total").await >= 2.0);
    drop(last);
    assert_served(&server).await;
    drop(idle);
}

/// The last place, as a socket: it counts as well.
async fn fill_one_more(server: &TestServer) -> Raw {
    let begun = Instant::now();
    loop {
        let mut connection = Raw::connect(server).await;
        if connection.try_upgrade(None).await {
            return connection;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "no place becomes free");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_so_many_and_a_trusted_proxy_more() {
    let limit = ("KITH_MAX_CONNECTIONS_PER_ADDRESS", "10");
    let server = TestServer::start_with(Engine::Sqlite, &[limit]).await;
    let _idle = fill(&server, 10).await;
    assert_refused(&server).await;
    let proxied = [limit, ("KITH_TRUSTED_PROXIES", "127.0.0.1")];
    let server = TestServer::start_with(Engine::Sqlite, &proxied).await;
    let _idle = fill(&server, 50).await;
    assert_served(&server).await;
    let unlimited = [("KITH_MAX_CONNECTIONS_PER_ADDRESS", "0"), ("KITH_MAX_CONNECTIONS", "0")];
    let server = TestServer::start_with(Engine::Sqlite, &unlimited).await;
    let _idle = fill(&server, 50).await;
    assert_served(&server).await;
}

/// Where the process may have few files open there are fewer places: those beyond are refused, and do not
/// wait for ever to be taken.
#[tokio::test(flavor = "multi_thread")]
async fn there_are_no_more_than_files() {
    let server = TestServer::start_within(Engine::Sqlite, "-n 200").await;
    let _idle = fill(&server, 100).await;
    assert_refused(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_has_64_kib_at_most() {
    let server = TestServer::start(Engine::Sqlite).await;
    let long =
        |length: usize| format!("GET /healthz HTTP/1.1\r\nHost: kith\r\nx: {}", "x".repeat(length));
    let mut connection = Raw::connect(&server).await;
    assert!(connection.send(long(60_000) + "\r\nConnection: close\r\n\r\n").await);
    assert_eq!(connection.answer().await.status, 200);
    // Whether or not it ends.
    let mut connection = Raw::connect(&server).await;
    assert!(connection.send(long(66_000)).await);
    assert_eq!(connection.answer().await.status, 431);
}
