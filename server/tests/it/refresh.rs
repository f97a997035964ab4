//! Refresh tokens: each use steps on, and a repeated use gives the same successor.

use app::protocol::{AuthResponse, ErrorKind, User, close};
use serde_json::json;

use crate::harness::{HttpResponse, Socket, TestServer, on_both_engines};
use crate::logins::assert_dead;

on_both_engines!(
    a_repeated_use_gives_the_same_successor,
    many_at_once_agree,
    a_lost_answer_logs_nobody_out,
    a_thief_who_keeps_pace_has_a_day,
    an_old_token_has_a_day_even_beside_its_successor,
    a_busy_login_keeps_its_grace,
    a_token_from_before_the_grace_ends_the_login,
    forged_tokens_are_refused,
);

async fn refresh(server: &TestServer, token: &str) -> HttpResponse {
    server.client().post("/api/v1/auth/refresh", json!({"refresh_token": token})).await
}

async fn step(server: &TestServer, token: &str) -> String {
    let answer: AuthResponse = refresh(server, token).await.json(200);
    let access = answer.access_token.expect("a token");
    let client = server.client().with_bearer(&access);
    assert_eq!(client.get("/api/v1/users/me").await.json::<User>(200), answer.user);
    answer.refresh_token.expect("a token")
}

async fn a_repeated_use_gives_the_same_successor(server: TestServer) {
    let mei = server.person("mei").await;
    let second = step(&server, &mei.refresh_token).await;
    assert_ne!(second, mei.refresh_token);
    assert_eq!(step(&server, &mei.refresh_token).await, second);
    let third = step(&server, &second).await;
    // Its successor was used, but not half a minute ago.
    assert_eq!(step(&server, &mei.refresh_token).await, second);
    assert_eq!(step(&server, &second).await, third);
    // The access token from the registration is still good, too.
    mei.client.get("/api/v1/users/me").await.json::<User>(200);
}

const HOUR_MS: i64 = 3_600_000;

/// However long it takes until the client is back, up to a day: what it never got, it never used.
async fn a_lost_answer_logs_nobody_out(server: TestServer) {
    let mei = server.person("mei").await;
    let lost = step(&server, &mei.refresh_token).await;
    server.set_back_logins(23 * HOUR_MS).await;
    assert_eq!(step(&server, &mei.refresh_token).await, lost);
    step(&server, &lost).await;
    // Whoever was away for longer has used it, or has never sent it.
    let newest = step(&server, &lost).await;
    server.set_back_logins(80 * 24 * HOUR_MS).await;
    step(&server, &newest).await;
}

/// Whoever stole a token and never uses its successor, so that nothing is ever used twice.
async fn a_thief_who_keeps_pace_has_a_day(server: TestServer) {
    let mei = server.person("mei").await;
    let successor = step(&server, &mei.refresh_token).await;
    let mut socket = Socket::sign_in(&server, &mei).await;
    for _ in 0..23 {
        server.set_back_logins(HOUR_MS).await;
        assert_eq!(step(&server, &mei.refresh_token).await, successor);
    }
    server.set_back_logins(HOUR_MS).await;
    refresh(&server, &mei.refresh_token).await.assert_error(ErrorKind::Unauthenticated);
    assert_eq!(socket.expect_close().await, close::UNAUTHENTICATED);
    assert_dead(&server, &mei).await;
    refresh(&server, &successor).await.assert_error(ErrorKind::Unauthenticated);
}

async fn an_old_token_has_a_day_even_beside_its_successor(server: TestServer) {
    let mei = server.person("mei").await;
    let successor = step(&server, &mei.refresh_token).await;
    server.set_back_logins(25 * HOUR_MS).await;
    let newest = step(&server, &successor).await;
    // Its successor was first used just now.
    refresh(&server, &mei.refresh_token).await.assert_error(ErrorKind::Unauthenticated);
    refresh(&server, &newest).await.assert_error(ErrorKind::Unauthenticated);
}

/// Many tabs and restarts in a few seconds: a slow one with an old token is not taken for a thief.
async fn a_busy_login_keeps_its_grace(server: TestServer) {
    let mei = server.person("mei").await;
    let mut tokens = vec![mei.refresh_token.clone()];
    for _ in 0..5 {
        server.set_back_logins(7_000).await;
        tokens.push(step(&server, tokens.last().expect("one")).await);
    }
    // The login is older than the grace; the second token was first used 21 seconds ago.
    for (index, token) in tokens[..5].iter().enumerate() {
        assert_eq!(step(&server, token).await, tokens[index + 1], "{index}");
    }
    server.set_back_logins(10_000).await;
    assert_eq!(step(&server, &tokens[1]).await, tokens[2]);
    refresh(&server, &tokens[0]).await.assert_error(ErrorKind::Unauthenticated);
    refresh(&server, &tokens[5]).await.assert_error(ErrorKind::Unauthenticated);
}

async fn many_at_once_agree(server: TestServer) {
    let mei = server.person("mei").await;
    let tabs = (0..8).map(|_| refresh(&server, &mei.refresh_token));
    let answers = futures_util::future::join_all(tabs).await;
    let mut tokens: Vec<_> =
        answers.iter().map(|answer| answer.json::<AuthResponse>(200).refresh_token).collect();
    tokens.dedup();
    assert_eq!(tokens.len(), 1);
}

async fn a_token_from_before_the_grace_ends_the_login(server: TestServer) {
    let mei = server.person("mei").await;
    let second = step(&server, &mei.refresh_token).await;
    step(&server, &second).await;
    let mut socket = Socket::sign_in(&server, &mei).await;
    server.set_back_logins(31_000).await;
    refresh(&server, &mei.refresh_token).await.assert_error(ErrorKind::Unauthenticated);
    assert_eq!(socket.expect_close().await, close::UNAUTHENTICATED);
    mei.client.get("/api/v1/users/me").await.assert_error(ErrorKind::Unauthenticated);
    refresh(&server, &second).await.assert_error(ErrorKind::Unauthenticated);
}

async fn forged_tokens_are_refused(server: TestServer) {
    let mei = server.person("mei").await;
    let mut forged = mei.refresh_token.clone();
    let first = if forged.starts_with('1') { "2" } else { "1" };
    forged.replace_range(0..1, first);
    for token in ["", "1.1.1", &forged, &mei.token] {
        refresh(&server, token).await.assert_error(ErrorKind::Unauthenticated);
    }
    step(&server, &mei.refresh_token).await;
}
