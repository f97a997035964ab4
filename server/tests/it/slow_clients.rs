//! Clients that begin and never end: none is waited for without a limit. What takes its time takes
//! it here side by side, and the same on every database.

use app::protocol::close;
use tokio::time::{Duration, Instant, sleep};

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
        requests_whose_answers_are_not_read(&server),
        answers_that_are_read_byte_by_byte(&server),
        frames_that_are_not_read(),
    );
    assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
    assert!(server.metric("kith_sockets").await < 0.5);
    // The one that asks, and what is just being closed gently.
    let begun = Instant::now();
    while server.metric("kith_connections").await > 0.5 {
        assert!(begun.elapsed() < Duration::from_secs(5), "connections stay");
    }
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
    let (piece, pace) = (Socket::piece(b" ", false, false), (1, Duration::from_millis(200)));
    let patient = || begun.elapsed() < Duration::from_secs(40);
    let (_, code) = socket.flood(&piece, pace, patient).await;
    assert_eq!(code, Some(close::RATE_LIMITED));
}

/// A large answer, again and again: soon more than the system takes for a client that reads nothing.
fn requests() -> String {
    "GET /api/openapi.json HTTP/1.1\r\nHost: kith\r\n\r\n".repeat(1_000)
}

/// It asks for answer after answer, and takes none.
async fn requests_whose_answers_are_not_read(server: &TestServer) {
    let mut connection = Raw::connect_narrow(server).await;
    let reset = async { while connection.send(requests()).await {} };
    tokio::time::timeout(Duration::from_secs(50), reset).await.expect("reset in time");
}

/// It takes some, but so little that it would hold on to the rest for hours.
async fn answers_that_are_read_byte_by_byte(server: &TestServer) {
    let mut connection = Raw::connect_narrow(server).await;
    assert!(connection.send(requests()).await);
    let begun = Instant::now();
    // What has come already could be read for long after a reset: it is seen by sending.
    while connection.take_a_byte().await && connection.send("x").await {
        assert!(begun.elapsed() < Duration::from_secs(50), "it is still served");
        sleep(Duration::from_millis(100)).await;
    }
}

/// A socket that takes none of the messages that come.
async fn frames_that_are_not_read() {
    let server = TestServer::start_with(Engine::Sqlite, &[("KITH_RATE_MESSAGES", "0")]).await;
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let silent = Raw::connect_narrow(&server).await.upgrade(Some(&ana)).await;
    let mut socket = Socket::sign_in(&server, &mei).await;
    let text = "\u{1f427}".repeat(5_000);
    let id = socket.say_first(&ana.user, "first", &text).await.conversation_id;
    // More than the system takes for a client that reads nothing, and less than the queue holds.
    for number in 0..400 {
        socket.say(id, &format!("{number}"), &text).await;
    }
    silent.wait_for_reset().await;
    while server.metric("kith_sockets").await > 1.5 {}
    socket.say(id, "last", "still here").await;
}
