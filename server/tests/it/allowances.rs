//! Every write of a person has an allowance, and their requests do not take all places: no unsafe route
//! goes without.

use std::fs;
use std::path::Path;

use app::protocol::{AuthResponse, Command, ErrorKind, MessagePage, Role, limits};
use reqwest::Method;
use serde_json::json;
use tokio::time::{Duration, Instant};

use crate::contract::{example, operations};
use crate::harness::{
    Engine, ErrorFrame, HttpResponse, Raw, Socket, TestServer, contract, on_both_engines,
};

on_both_engines!(
    // Ten at once, of each.
    with [("KITH_RATE_WRITES", "1/h"), ("KITH_RATE_MESSAGES", "2/h")];
    every_unsafe_route_has_an_allowance,
    every_form_has_an_allowance,
    a_login_steps_on_as_often_as_its_owner_may_write,
);
on_both_engines!(
    with [("KITH_RATE_WRITES", "0"), ("KITH_RATE_MESSAGES", "1/h")];
    what_becomes_a_message_is_limited_as_messages_are,
);
on_both_engines!(
    with [("KITH_MAX_REQUESTS_PER_USER", "2")];
    requests_wait_for_their_turn_and_not_for_ever,
);

/// So many pass at once.
const BURST: usize = 10;

/// What has no allowance a person, and why.
const EXCEPTED: [(&str, &str); 8] = [
    ("/api/v1/auth/register", "counted by address (KITH_RATE_REGISTER)"),
    ("/api/v1/auth/login", "counted by address and name (KITH_RATE_LOGIN)"),
    ("/api/v1/auth/refresh", "counts for whoever the token belongs to"),
    ("/api/v1/auth/logout", "once a login"),
    ("/register", "as over the API"),
    ("/login", "as over the API"),
    ("/logout", "as over the API"),
    ("/preferences", "sets cookies, and is for everyone"),
];

fn is_excepted(route: &str) -> bool {
    EXCEPTED.iter().any(|(excepted, _)| *excepted == route)
}

#[track_caller]
fn assert_limited(answer: &HttpResponse, what: &str) {
    assert_eq!(answer.status, 429, "{what}: {}", answer.text);
    let seconds = answer.header("retry-after").parse::<u64>();
    assert!(seconds.is_ok_and(|seconds| seconds > 0), "{what}: {:?}", answer.headers);
}

async fn every_unsafe_route_has_an_allowance(server: TestServer) {
    let neighbour = server.person("neighbour").await;
    let mut walked = 0;
    for (number, (method, route, operation)) in operations(contract()).into_iter().enumerate() {
        if method == "get" {
            continue;
        }
        let person = server.person(&format!("person{number}")).await;
        let path = example(route);
        let method: Method = method.to_uppercase().parse().expect("a method");
        // Refused for whatever reason, it counts.
        let body = operation.get("requestBody").map(|_| "{}".to_owned());
        let ask = || person.client.send(method.clone(), &path, body.clone());
        for _ in 0..BURST {
            assert_ne!(ask().await.status, 429, "{method} {route}");
        }
        let answer = ask().await;
        // A piece of a file counts by its bytes.
        let is_piece = method == Method::PATCH && route == "/api/v1/uploads/{id}";
        if is_piece || is_excepted(route) {
            assert_ne!(answer.status, 429, "{method} {route} is no exception");
            continue;
        }
        answer.assert_error(ErrorKind::RateLimited);
        assert_limited(&answer, route);
        let wait = answer.error().retry_after_ms.expect("how long");
        assert_eq!(answer.header("retry-after"), wait.div_ceil(1000).to_string());
        walked += 1;
    }
    assert!(walked > 20, "{walked} routes");
    // It is each person's own.
    let path = format!("/api/v1/contacts/{}", server.person("someone").await.user.id);
    assert_eq!(neighbour.client.send(Method::PUT, &path, None).await.status, 204);
}

/// The addresses that take a form, as the sources register them.
fn forms() -> Vec<String> {
    let mut forms = Vec::new();
    let mut pending = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                pending.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("a file");
            for route in text.split(".route(\"").skip(1) {
                let (route, rest) = route.split_once('"').expect("a text");
                if rest.lines().next().is_some_and(|line| line.contains("post(")) {
                    forms.push(route.to_owned());
                }
            }
        }
    }
    assert!(forms.len() > 15, "{forms:?}");
    forms
}

async fn every_form_has_an_allowance(server: TestServer) {
    for (number, route) in forms().into_iter().enumerate() {
        let person = server.person(&format!("person{number}")).await;
        let page = example(&route);
        // Each refused for something else.
        let ask = || person.client.post_form(&page, &[("part", "none"), ("nickname", "")]);
        for _ in 0..BURST {
            assert_ne!(ask().await.status, 429, "{route}");
        }
        let answer = ask().await;
        if is_excepted(&route) {
            assert_ne!(answer.status, 429, "{route} is no exception");
            continue;
        }
        assert_limited(&answer, &route);
        assert!(answer.text.contains("</html>"), "{route}: {}", answer.text);
    }
}

async fn a_login_steps_on_as_often_as_its_owner_may_write(server: TestServer) {
    let mei = server.person("mei").await;
    let client = server.client();
    let step = async |token: &str| {
        client.post("/api/v1/auth/refresh", json!({"refresh_token": token})).await
    };
    let mut token = mei.refresh_token;
    for _ in 0..BURST {
        let stepped: AuthResponse = step(&token).await.json(200);
        token = stepped.refresh_token.expect("a token");
    }
    assert_limited(&step(&token).await, "one too many");
    // Nor on another login.
    let body = json!({"username": "mei", "password": "correct horse"});
    let other: AuthResponse = client.post("/api/v1/auth/login", body).await.json(200);
    let other = other.refresh_token.expect("a token");
    assert_limited(&step(&other).await, "on another login");
    // A write like any other; reading goes on, and so does the login.
    let alias = mei.client.send(Method::PUT, "/api/v1/contacts/1", None).await;
    assert_limited(&alias, "a contact");
    assert_eq!(mei.client.get("/api/v1/users/me").await.status, 200);
}

#[tokio::test]
async fn a_form_that_is_refused_keeps_what_was_typed() {
    let variables = [("KITH_RATE_WRITES", "1/h"), ("KITH_RATE_MESSAGES", "1/h")];
    let server = TestServer::start_with(Engine::Sqlite, &variables).await;
    let (mei, omar) = (server.browser("mei").await, server.person("omar").await);
    let id = mei.write_to(&omar, "first", "hello").await.conversation_id;
    let group = mei.group("Tea", &[]).await.id;
    let words = "Too many tries. Wait a moment, then try again.";
    let last = async |path: &str, fields: &[(&str, &str)]| {
        loop {
            let page = mei.client.post_form(path, fields).await;
            if page.status == 429 {
                assert!(page.text.contains(words), "{}", page.text);
                return page.text;
            }
        }
    };
    let fields = [("content", "a long letter"), ("client_id", "mine")];
    let page = last(&format!("/c/{id}"), &fields).await;
    assert!(page.contains("a long letter") && page.contains("value=\"mine\""), "{page}");
    let page = last("/settings/nickname", &[("nickname", "Mei the Second")]).await;
    assert!(page.contains("Mei the Second"), "{page}");
    let passwords = [("old", "correct horse"), ("new", "battery staple")];
    let page = last("/settings/password", &passwords).await;
    assert!(!page.contains("horse") && !page.contains("staple"), "{page}");
    let person = format!("/u/{}", omar.user.id);
    let page = last(&person, &[("part", "contact"), ("alias", "Omar from work")]).await;
    assert!(page.contains("Omar from work"), "{page}");
    // A file is not read, and its form stands there again.
    let forms = [
        (format!("/c/{id}/files"), "file", format!("action=\"/c/{id}")),
        ("/settings/avatar".to_owned(), "picture", "action=\"/settings/avatar".to_owned()),
        (format!("/c/{group}/avatar"), "picture", format!("action=\"/c/{group}/avatar")),
    ];
    for (path, field, form) in forms {
        let page = mei.client.post_file(&path, field).await;
        assert_eq!(page.status, 429, "{path}: {}", page.text);
        assert!(page.text.contains(words) && page.text.contains(&form), "{path}: {}", page.text);
    }
}

/// Five at once.
const MESSAGES: usize = 5;

async fn what_becomes_a_message_is_limited_as_messages_are(server: TestServer) {
    let others = [server.person("ana").await, server.person("tom").await];
    let ids = [others[0].user.id, others[1].user.id];
    let mut number = 0;
    let mut someone = async || {
        number += 1;
        server.person(&format!("person{number}")).await
    };
    let eve = someone().await;
    let group = json!({"name": "Tea", "member_ids": ids});
    let make = async || eve.client.post("/api/v1/conversations", group.clone()).await;
    limited(MESSAGES, make).await;
    // A private conversation is no message.
    let private = json!({"to_user_id": ids[0]});
    assert_eq!(eve.client.post("/api/v1/conversations", private).await.status, 201);
    // One was used up by making the group.
    for what in ["name", "open", "members", "role", "remove", "join", "leave"] {
        let eve = someone().await;
        let id = eve.group("Tea", &[&others[0]]).await.id;
        let path = format!("/api/v1/conversations/{id}");
        let (member, stranger, oneself) = (ids[0], ids[1], eve.user.id);
        let ask = async || {
            let client = &eve.client;
            match what {
                "name" => client.patch(&path, json!({"name": "Coffee"})).await,
                "open" => client.patch(&path, json!({"open": true})).await,
                "members" => {
                    let body = json!({"user_ids": [stranger]});
                    client.post(&format!("{path}/members"), body).await
                }
                "role" => {
                    let body = json!({"role": Role::Admin});
                    client.patch(&format!("{path}/members/{member}"), body).await
                }
                "remove" => client.delete(&format!("{path}/members/{member}")).await,
                "join" => client.post_text(&format!("{path}/join"), None).await,
                _ => client.delete(&format!("{path}/members/{oneself}")).await,
            }
        };
        limited(MESSAGES - 1, ask).await;
        // What is one's own alone is no message.
        let mute = eve.client.patch(&path, json!({"muted_until": 5})).await;
        assert_ne!(mute.status, 429, "{what}");
    }
    let eve = someone().await;
    let mut socket = Socket::sign_in(&server, &eve).await;
    let id = others[0].group("Open", &[]).await.id;
    for attempt in 0..=MESSAGES {
        socket.send(Command::Join { conversation_id: id }).await;
        let refused: ErrorFrame = socket.expect().await;
        let kind = if attempt < MESSAGES { ErrorKind::NotFound } else { ErrorKind::RateLimited };
        assert_eq!(refused.error.kind, kind);
    }
    // However often it is asked: what stands there is what was let through.
    let eve = someone().await;
    let id = eve.group("Tea", &[&others[0]]).await.id;
    for number in 0..3 * MESSAGES {
        let name = json!({"name": format!("Coffee {number}")});
        eve.client.patch(&format!("/api/v1/conversations/{id}"), name).await;
    }
    let path = format!("/api/v1/conversations/{id}/messages?limit={}", limits::PAGE_MAX);
    let page: MessagePage = others[0].client.get(&path).await.json(200);
    assert_eq!(page.items.len(), MESSAGES, "with the one that tells of its beginning");
    // By a form as well.
    let eve = someone().await;
    let page = format!("/c/{}/info", eve.group("Tea", &[]).await.id);
    let fields = [("part", "name"), ("name", "Coffee")];
    limited(MESSAGES - 1, async || eve.client.post_form(&page, &fields).await).await;
}

/// That so many pass, and no more.
async fn limited(allowed: usize, ask: impl AsyncFn() -> HttpResponse) {
    for number in 0..allowed {
        let answer = ask().await;
        assert_ne!(answer.status, 429, "the {number}th: {}", answer.text);
    }
    assert_limited(&ask().await, "one too many");
}

async fn requests_wait_for_their_turn_and_not_for_ever(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let path = "/api/v1/conversations";
    // Two that have begun, and do not end.
    let mut open = Vec::new();
    for _ in 0..2 {
        let mut connection = Raw::connect(&server).await;
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: kith\r\nAuthorization: Bearer {}\r\n\
             Content-Length: 100\r\n\r\n{{",
            mei.token
        );
        assert!(connection.send(head).await);
        open.push(connection);
    }
    let begun = Instant::now();
    let refused = loop {
        let answer = mei.client.get(path).await;
        // Until both are there.
        if answer.status != 200 {
            break answer;
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "they have no turn");
    };
    let waited = begun.elapsed();
    refused.assert_error(ErrorKind::RateLimited);
    assert_limited(&refused, path);
    assert!(waited >= Duration::from_millis(4_900), "{waited:?}");
    assert_limited(&mei.client.get("/").await, "a page");
    // Others do not wait, and neither do those who ask for nothing of theirs.
    let begun = Instant::now();
    assert_eq!(omar.client.get(path).await.status, 200);
    assert_eq!(server.client().get("/login").await.status, 200);
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    // Whoever waits has the turn of one that ends.
    let waiting = tokio::spawn({
        let client = mei.client.clone();
        async move { client.get(path).await.status }
    });
    drop(open);
    assert_eq!(waiting.await.expect("no panic"), 200);
}
