//! The first moments of a socket: whose it is, and how many one may have.

use app::protocol::{Command, ErrorKind, Ready, close};
use serde_json::json;

use crate::harness::{ErrorFrame, Pong, Socket, TestServer, on_both_engines};

on_both_engines!(
    a_client_without_a_cookie_sends_auth_first,
    a_cookie_with_an_ended_login_is_closed_for_good,
);

on_both_engines!(
    with [("KITH_MAX_SOCKETS_PER_USER", "2")];
    the_oldest_of_too_many_sockets_makes_room,
);

async fn a_client_without_a_cookie_sends_auth_first(server: TestServer) {
    let mei = server.person("mei").await;
    let mut socket = Socket::open(&server).await;
    socket.send_as("early", Command::Ping {}).await;
    let early: ErrorFrame = socket.expect().await;
    assert_eq!(early.id.as_deref(), Some("early"));
    assert_eq!(early.error.kind, ErrorKind::Unauthenticated);
    socket.send_as("a1", Command::Auth { token: mei.token.clone() }).await;
    let ready: Ready = socket.expect().await;
    assert_eq!((ready.id.as_deref(), ready.user), (Some("a1"), mei.user));
    assert!(ready.heartbeat_ms > 0 && ready.server_time > 0 && !ready.connection_id.is_empty());
    socket.send_as("a2", Command::Auth { token: mei.token }).await;
    let again: ErrorFrame = socket.expect().await;
    assert_eq!(again.error.kind, ErrorKind::BadRequest, "it is signed in already");
}

async fn a_cookie_with_an_ended_login_is_closed_for_good(server: TestServer) {
    let body = json!({"username": "mei", "password": "correct horse", "cookies": true});
    let answer = server.client().post("/api/v1/auth/register", body).await;
    let browser = server.client().with_cookies_of(&answer);
    let cookie = answer.cookies().join("; ");
    let mut socket = Socket::sign_in_by_cookie(&server, &cookie).await;
    assert_eq!(browser.post_text("/api/v1/auth/logout", None).await.status, 204);
    assert_eq!(socket.expect_close().await, close::UNAUTHENTICATED);
    let headers = [("cookie", cookie.as_str()), ("origin", server.url.as_str())];
    let mut again = Socket::open_with(&server, &headers).await.expect("the upgrade is accepted");
    assert_eq!(again.expect_close().await, close::UNAUTHENTICATED);
}

async fn the_oldest_of_too_many_sockets_makes_room(server: TestServer) {
    let mei = server.person("mei").await;
    let mut oldest = Socket::sign_in(&server, &mei).await;
    let mut second = Socket::sign_in(&server, &mei).await;
    let mut third = Socket::sign_in(&server, &mei).await;
    assert_eq!(oldest.expect_close().await, close::REPLACED);
    for socket in [&mut second, &mut third] {
        socket.send(Command::Ping {}).await;
        let _: Pong = socket.expect().await;
    }
}
