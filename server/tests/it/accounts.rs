//! Registering, logging in, logging out.

use app::protocol::{AuthResponse, ErrorKind, User};
use reqwest::Method;
use serde_json::json;

use crate::harness::{Client, TestServer, on_both_engines};

on_both_engines!(
    an_account_is_made_and_used,
    names_are_taken_once,
    bad_names_and_passwords_are_named,
    an_account_from_before_the_rules_keeps_working,
    a_wrong_name_and_a_wrong_password_look_alike,
    a_login_that_ended_is_no_proof,
);

async fn an_account_is_made_and_used(server: TestServer) {
    let client = server.client();
    let body = json!({"username": "Mei.Lin", "nickname": "林美 🌿", "password": "correct horse"});
    let answer = client.post("/api/v1/auth/register", body).await;
    let made: AuthResponse = answer.json(201);
    assert_eq!((made.user.username.as_str(), made.user.nickname.as_str()), ("mei.lin", "林美 🌿"));
    assert!(answer.set_cookies().is_empty());

    let body = json!({"username": "MEI.LIN", "password": "correct horse", "device": "a test"});
    let login: AuthResponse = client.post("/api/v1/auth/login", body).await.json(200);
    assert_eq!(login.user, made.user);
    let fifteen_minutes = login.access_expires_at - made.user.created_at;
    assert!((890_000..=960_000).contains(&fifteen_minutes), "{fifteen_minutes}");
    for token in [made.access_token, login.access_token] {
        let token = token.expect("a token");
        let me: User = client.with_bearer(&token).get("/api/v1/users/me").await.json(200);
        assert_eq!(me, made.user);
    }
}

async fn names_are_taken_once(server: TestServer) {
    server.person("mei").await;
    let body = json!({"username": "Mei", "password": "another horse"});
    let answer = server.client().post("/api/v1/auth/register", body).await;
    answer.assert_error(ErrorKind::Conflict);
    assert_eq!(answer.error().field.as_deref(), Some("username"));
}

async fn bad_names_and_passwords_are_named(server: TestServer) {
    let client = server.client();
    for (username, nickname, password, field) in [
        ("ab", None, "correct horse", "username"),
        ("with space", None, "correct horse", "username"),
        ("mei", Some(" "), "correct horse", "nickname"),
        ("mei", None, "short", "password"),
        ("mei", None, "Password", "password"),
        ("mei", None, "12345678", "password"),
        ("mei.lin-mei", None, "Mei.Lin-Mei", "password"),
        ("Admin", None, "correct horse", "username"),
        ("all", None, "correct horse", "username"),
        ("here", None, "correct horse", "username"),
        ("everyone", None, "correct horse", "username"),
        ("system", None, "correct horse", "username"),
        ("kith", None, "correct horse", "username"),
    ] {
        let body = json!({"username": username, "nickname": nickname, "password": password});
        let answer = client.post("/api/v1/auth/register", body).await;
        answer.assert_error(ErrorKind::Validation);
        assert_eq!(answer.error().field.as_deref(), Some(field), "{username} {password}");
    }
}

/// The rules are for what is chosen from now on.
async fn an_account_from_before_the_rules_keeps_working(server: TestServer) {
    let mei = server.person("mei").await;
    let change = async |client: &Client, old: &str, new: &str| {
        let body = json!({"old": old, "new": new}).to_string();
        client.send(Method::PUT, "/api/v1/users/me/password", Some(body)).await
    };
    assert_eq!(change(&mei.client, "correct horse", "horse-horse").await.status, 204);
    let log_in = async |username: &str, password: &str| {
        let hex: Vec<_> = username.bytes().map(|byte| format!("{byte:02x}")).collect();
        let hex = hex.concat();
        let set = format!("username = '{username}', username_key = x'{hex}'");
        server.execute(format!("UPDATE user SET {set}")).await;
        let body = json!({"username": username, "password": password});
        let login: AuthResponse = server.client().post("/api/v1/auth/login", body).await.json(200);
        server.client().with_bearer(&login.access_token.expect("a token"))
    };
    let client = log_in("horse-horse", "horse-horse").await;
    for weak in ["iloveyou", "Horse-Horse"] {
        let answer = change(&client, "horse-horse", weak).await;
        answer.assert_error(ErrorKind::Validation);
        assert_eq!(answer.error().field.as_deref(), Some("new"), "{weak}");
    }
    assert_eq!(change(&client, "horse-horse", "correct horse").await.status, 204);
    log_in("admin", "correct horse").await;
}

async fn a_wrong_name_and_a_wrong_password_look_alike(server: TestServer) {
    server.person("mei").await;
    let mut seen = Vec::new();
    for username in ["mei", "nobody", "no such name!"] {
        let before = server.metric("kith_argon2_runs_total").await;
        let body = json!({"username": username, "password": "wrong horse"});
        let answer = server.client().post("/api/v1/auth/login", body).await;
        answer.assert_error(ErrorKind::BadCredentials);
        let runs = server.metric("kith_argon2_runs_total").await - before;
        seen.push((answer.text, runs));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
    assert!((seen[0].1 - 1.0).abs() < f64::EPSILON, "one run, not {}", seen[0].1);
}

async fn a_login_that_ended_is_no_proof(server: TestServer) {
    let mei = server.person("mei").await;
    // Known to live just now, so that the answer is remembered.
    mei.client.get("/api/v1/users/me").await.json::<User>(200);
    assert_eq!(mei.client.post_text("/api/v1/auth/logout", None).await.status, 204);
    mei.client.get("/api/v1/users/me").await.assert_error(ErrorKind::Unauthenticated);
    mei.client
        .post_text("/api/v1/auth/logout", None)
        .await
        .assert_error(ErrorKind::Unauthenticated);
    let body = json!({"refresh_token": mei.refresh_token});
    let answer = server.client().post("/api/v1/auth/refresh", body).await;
    answer.assert_error(ErrorKind::Unauthenticated);
}
