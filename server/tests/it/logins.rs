//! The logins of a person: seen, and ended.

use app::protocol::{AuthResponse, ErrorKind, ListPage, Login, User, close};
use reqwest::Method;
use serde_json::json;

use crate::harness::{Client, Person, Socket, TestServer, on_both_engines};

on_both_engines!(
    logins_are_listed,
    a_login_is_ended_from_another,
    all_others_are_ended_at_once,
    nobody_ends_what_is_not_theirs,
    ending_the_own_one_takes_the_cookies_back,
    one_that_is_idle_for_ninety_days_has_ended,
    a_person_has_a_hundred_at_most,
);

async fn log_in(server: &TestServer, device: &str) -> Person {
    let body = json!({"username": "mei", "password": "correct horse", "device": device});
    let answer: AuthResponse = server.client().post("/api/v1/auth/login", body).await.json(200);
    Person::of(&server.client(), &answer)
}

async fn logins(client: &Client) -> Vec<Login> {
    let page: ListPage<Login> = client.get("/api/v1/auth/logins").await.json(200);
    assert_eq!(page.next_cursor, None);
    page.items
}

async fn end(client: &Client, path: &str) -> u16 {
    client.send(Method::DELETE, path, None).await.status
}

/// Every way in refuses the tokens of this login.
pub async fn assert_dead(server: &TestServer, person: &Person) {
    let json = |text: &str| Some(text.to_owned());
    for (method, path, body) in [
        (Method::GET, "/api/v1/users/me", None),
        (Method::PATCH, "/api/v1/users/me", json("{}")),
        (Method::DELETE, "/api/v1/users/me", json(r#"{"password":"correct horse"}"#)),
        (Method::PUT, "/api/v1/users/me/password", json(r#"{"old":"x","new":"y"}"#)),
        (Method::GET, "/api/v1/users?query=a", None),
        (Method::GET, "/api/v1/users/1", None),
        (Method::GET, "/api/v1/conversations", None),
        (Method::GET, "/api/v1/conversations/heads", None),
        (Method::POST, "/api/v1/conversations", json(r#"{"to_user_id":1}"#)),
        (Method::GET, "/api/v1/conversations/1", None),
        (Method::GET, "/api/v1/conversations/1/messages", None),
        (Method::POST, "/api/v1/conversations/1/read", json(r#"{"seq":1}"#)),
        (Method::POST, "/api/v1/conversations/1/delivered", json(r#"{"seq":1}"#)),
        (Method::POST, "/api/v1/messages", json(r#"{"client_id":"x","to_user_id":1}"#)),
        (Method::GET, "/api/v1/auth/logins", None),
        (Method::DELETE, "/api/v1/auth/logins", None),
        (Method::DELETE, "/api/v1/auth/logins/1", None),
        (Method::POST, "/api/v1/auth/logout", None),
    ] {
        let answer = person.client.send(method.clone(), path, body).await;
        assert_eq!(answer.status, 401, "{method} {path} {}", answer.text);
        answer.assert_error(ErrorKind::Unauthenticated);
    }
    let body = json!({"refresh_token": person.refresh_token});
    let answer = server.client().post("/api/v1/auth/refresh", body).await;
    answer.assert_error(ErrorKind::Unauthenticated);
    // An upgrade is accepted and then closed, so that a browser can read why.
    let bearer = format!("Bearer {}", person.token);
    let upgraded = Socket::open_with(server, &[("authorization", &bearer)]).await;
    assert_eq!(upgraded.expect("upgraded").expect_close().await, close::UNAUTHENTICATED);
    let mut socket = Socket::open(server).await;
    socket.send(app::protocol::Command::Auth { token: person.token.clone() }).await;
    assert_eq!(socket.drain().await.1, close::UNAUTHENTICATED);
}

async fn logins_are_listed(server: TestServer) {
    let mei = server.person("mei").await;
    server.person("ana").await;
    let phone = log_in(&server, " a 📱\n").await;
    let seen = logins(&phone.client).await;
    assert_eq!(seen.len(), 2, "{seen:?}");
    let current: Vec<_> = seen.iter().filter(|login| login.current).collect();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0].device, "a 📱");
    assert!(current[0].created_at >= mei.user.created_at);
    // A refresh is a use.
    server.set_back_logins(60_000).await;
    let body = json!({"refresh_token": mei.refresh_token});
    server.client().post("/api/v1/auth/refresh", body).await.json::<AuthResponse>(200);
    let seen = logins(&mei.client).await;
    assert!(seen[0].current && !seen[1].current, "{seen:?}");
    assert!(seen[0].last_used_at >= seen[0].created_at + 60_000, "{seen:?}");
    assert_eq!(seen[1].last_used_at, seen[1].created_at);
}

async fn a_login_is_ended_from_another(server: TestServer) {
    let mei = server.person("mei").await;
    let lost = log_in(&server, "lost phone").await;
    lost.client.get("/api/v1/users/me").await.json::<User>(200);
    let (mut ends, mut stays) =
        (Socket::sign_in(&server, &lost).await, Socket::sign_in(&server, &mei).await);
    let id = logins(&mei.client).await.into_iter().find(|login| login.device == "lost phone");
    let path = format!("/api/v1/auth/logins/{}", id.expect("listed").id);
    assert_eq!(end(&mei.client, &path).await, 204);
    assert_eq!(ends.expect_close().await, close::UNAUTHENTICATED);
    assert_dead(&server, &lost).await;
    mei.client.send(Method::DELETE, &path, None).await.assert_error(ErrorKind::NotFound);
    stays.say_first(&mei.user, "1", "still here").await;
    assert_eq!(logins(&mei.client).await.len(), 1);
}

async fn all_others_are_ended_at_once(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let others = [log_in(&server, "one").await, log_in(&server, "two").await];
    let mut sockets = Vec::new();
    for other in &others {
        sockets.push(Socket::sign_in(&server, other).await);
    }
    assert_eq!(end(&mei.client, "/api/v1/auth/logins").await, 204);
    for mut socket in sockets {
        assert_eq!(socket.expect_close().await, close::UNAUTHENTICATED);
    }
    for other in &others {
        assert_dead(&server, other).await;
    }
    for person in [&mei, &ana] {
        let left = logins(&person.client).await;
        assert!(left.len() == 1 && left[0].current, "{left:?}");
    }
    assert_eq!(end(&mei.client, "/api/v1/auth/logins").await, 204, "there is nothing left to end");
}

async fn nobody_ends_what_is_not_theirs(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let hers = logins(&ana.client).await[0].id;
    for id in [hers.get(), 1] {
        let path = format!("/api/v1/auth/logins/{id}");
        let answer = mei.client.send(Method::DELETE, &path, None).await;
        answer.assert_error(ErrorKind::NotFound);
    }
    for id in ["0", "-1", "x", "9007199254740992"] {
        let path = format!("/api/v1/auth/logins/{id}");
        let answer = mei.client.send(Method::DELETE, &path, None).await;
        answer.assert_error(ErrorKind::BadRequest);
    }
    ana.client.get("/api/v1/users/me").await.json::<User>(200);
}

async fn ending_the_own_one_takes_the_cookies_back(server: TestServer) {
    let mei = server.person("mei").await;
    let body = json!({"username": "mei", "password": "correct horse", "cookies": true});
    let answer = server.client().post("/api/v1/auth/login", body).await;
    let browser = server.client().with_cookies_of(&answer);
    let own = logins(&browser).await.into_iter().find(|login| login.current).expect("one").id;
    // A foreign page cannot.
    let foreign = browser.with("origin", "https://evil.example");
    let path = format!("/api/v1/auth/logins/{own}");
    foreign.send(Method::DELETE, &path, None).await.assert_error(ErrorKind::Forbidden);
    let goodbye = browser.send(Method::DELETE, &path, None).await;
    assert_eq!((goodbye.status, goodbye.set_cookies().len()), (204, 2));
    assert!(goodbye.set_cookies().iter().all(|cookie| cookie.contains("Max-Age=0")));
    browser.get("/api/v1/users/me").await.assert_error(ErrorKind::Unauthenticated);
    assert_eq!(logins(&mei.client).await.len(), 1);
}

const DAY_MS: i64 = 24 * 3_600_000;

async fn one_that_is_idle_for_ninety_days_has_ended(server: TestServer) {
    let mei = server.person("mei").await;
    let mut socket = Socket::sign_in(&server, &mei).await;
    server.set_back_logins(90 * DAY_MS - 60_000).await;
    mei.client.get("/api/v1/users/me").await.json::<User>(200);
    let phone = log_in(&server, "phone").await;
    assert_eq!(logins(&phone.client).await.len(), 2);
    server.set_back_logins(60_000).await;
    // The socket, which nobody asks anything by, ends as well.
    assert_eq!(socket.expect_close().await, close::UNAUTHENTICATED);
    assert_dead(&server, &mei).await;
    let left = logins(&phone.client).await;
    assert!(left.len() == 1 && left[0].current, "{left:?}");
    let body = json!({"refresh_token": phone.refresh_token});
    server.client().post("/api/v1/auth/refresh", body).await.json::<AuthResponse>(200);
}

async fn a_person_has_a_hundred_at_most(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let second = log_in(&server, "second").await;
    server.set_back_logins(DAY_MS).await;
    // Used since, it was idle for less long.
    let body = json!({"refresh_token": mei.refresh_token});
    server.client().post("/api/v1/auth/refresh", body).await.json::<AuthResponse>(200);
    let others = (1..=98).map(|id| {
        let (user, at) = (mei.user.id, mei.user.created_at);
        format!("({id}, {user}, 1, x'00', 'tablet', {at}, {at})")
    });
    let columns = "id, user_id, generation, refresh_hash, device, created_at, last_used_at";
    let others = others.collect::<Vec<_>>().join(", ");
    server.execute(format!("INSERT INTO login ({columns}) VALUES {others}")).await;
    assert_eq!(logins(&mei.client).await.len(), 100);
    let mut ends = Socket::sign_in(&server, &second).await;
    let mut stays = Socket::sign_in(&server, &mei).await;

    let newest = log_in(&server, "one too many").await;
    assert_eq!(ends.expect_close().await, close::UNAUTHENTICATED);
    assert_dead(&server, &second).await;
    let left = logins(&newest.client).await;
    assert!(left.len() == 100 && left.iter().all(|login| login.device != "second"), "{left:?}");
    stays.say_first(&mei.user, "1", "still here").await;
    assert_eq!(logins(&ana.client).await.len(), 1, "not hers");
}
