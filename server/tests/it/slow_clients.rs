//! Clients that begin and never end: none is waited for without a limit. What takes its time takes
//! it here side by side, and the same on every database.

use app::protocol::close;
use tokio::time::{Duration, Instant, sleep};
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::harness::{Engine, Raw, Socket, TestServer};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_waited_for_without_a_limit() {
    let server = TestServer::start(Engine::Sqlite).await;
    let begun = Instant::now();
    tokio::join!(
        half_an_upgrade(&server),
        a_head_byte_by_byte(&server),
        nothing_at_all(&server),
        half_a_body(&server),
        an_answered_client_that_asks_no_more(&server),
        a_message_of_empty_pieces(&server),
        a_message_that_never_ends(&server),
    );
    assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
    assert!(server.metric("kith_sockets").await < 0.5);
}

async fn half_an_upgrade(server: &TestServer) {
    let mut connection = Raw::connect(server).await;
    assert!(connection.send("GET /ws HTTP/1.1\r\nHost: kith\r\nUpgrade: webso").await);
    assert_eq!(connection.answer().await.status, 0);
}

/// What comes bit by bit has no more time than what stops.
async fn a_head_byte_by_byte(server: &TestServer) {
    let mut connection = Raw::connect(server).await;
    assert!(connection.send("GET /healthz HTTP/1.1\r\nx: ").await);
    let begun = Instant::now();
    while connection.send("x").await {
        assert!(begun.elapsed() < Duration::from_secs(40), "it is still taken");
        sleep(Duration::from_millis(200)).await;
    }
}

async fn nothing_at_all(server: &TestServer) {
    assert_eq!(Raw::connect(server).await.answer().await.status, 0);
}

async fn half_a_body(server: &TestServer) {
    let mut connection = Raw::connect(server).await;
    let head =
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: kith\r\nContent-Length: 100\r\n\r\n{\"user";
    assert!(connection.send(head).await);
    let answer = connection.answer().await;
    assert_eq!((answer.status, answer.body.contains("\"unavailable\"")), (503, true), "{answer:?}");
}

async fn an_answered_client_that_asks_no_more(server: &TestServer) {
    let mut connection = Raw::connect(server).await;
    assert!(connection.send("GET /healthz HTTP/1.1\r\nHost: kith\r\n\r\n").await);
    assert_eq!(connection.answer().await.status, 200);
}

/// Its bytes never add up to too much, but they are no `auth` either.
async fn a_message_of_empty_pieces(server: &TestServer) {
    let mut socket = Socket::open(server).await;
    assert!(socket.try_send_piece(b"", true, false).await);
    let begun = Instant::now();
    while socket.try_send_piece(b"", false, false).await {
        assert!(begun.elapsed() < Duration::from_secs(20), "it is still taken");
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(socket.drain().await.1, close::UNAUTHENTICATED);
}

/// It answers pings all the while: a client that is there, with a message that is not.
async fn a_message_that_never_ends(server: &TestServer) {
    let mei = server.person("mei").await;
    let mut socket = Socket::sign_in(server, &mei).await;
    assert!(socket.try_send_piece(b"{", true, false).await);
    let begun = Instant::now();
    while socket.try_send_piece(b" ", false, false).await
        && socket.try_send_raw(Frame::Pong(Vec::new().into())).await
    {
        assert!(begun.elapsed() < Duration::from_secs(40), "it is still taken");
        sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(socket.drain().await.1, close::RATE_LIMITED);
}
