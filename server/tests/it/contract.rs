//! The published documents against what there is: every route, every frame, and what a run answers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use app::protocol::{Command, ErrorKind, MessageAck, Receipt, ServerFrame};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Contract, Engine, Exchange, NewMessage, Socket, TestServer, contract};

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// `method`, path and description of each operation.
pub fn operations(contract: &Contract) -> Vec<(&str, &str, &Value)> {
    let paths = contract.openapi["paths"].as_object().expect("paths");
    let all = paths.iter().flat_map(|(path, item)| {
        let operation =
            |method| item.get(method).map(|operation| (method, path.as_str(), operation));
        METHODS.into_iter().filter_map(operation)
    });
    let all: Vec<_> = all.collect();
    assert!(all.len() > 15, "the operations are there");
    all
}

/// A path of this template.
pub fn example(template: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    template.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn what_is_described_is_served_by_these_methods_and_no_other() {
    let server = TestServer::start(Engine::Sqlite).await;
    let client = server.client();
    let paths = contract().openapi["paths"].as_object().expect("paths");
    for (template, item) in paths {
        let answer = client.send(Method::OPTIONS, &example(template), None).await;
        // Where tus is spoken, this says so.
        let status = if item.get("options").is_some() { 204 } else { 405 };
        assert_eq!(answer.status, status, "{template}");
        let methods: BTreeSet<_> =
            answer.header("allow").split(',').map(|it| it.trim().to_lowercase()).collect();
        let described: BTreeSet<_> = item.as_object().expect("one").keys().cloned().collect();
        let head = BTreeSet::from(["head".to_owned()]);
        assert_eq!(&methods - &head, &described - &head, "{template}");
    }
}

/// Descriptions come with routes that are registered by `routes!`, and the API is put together from
/// such routers alone: they must not be given any without. Pages and forms have plain routers.
#[test]
fn no_route_of_the_api_is_registered_without_its_description() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    let mut pending = vec![folder];
    let mut described = 0;
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                pending.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("a file");
            let undescribed = [".route(", ".route_service(", ".nest_service("];
            let undescribed = undescribed.iter().any(|way| text.contains(way));
            let of_the_api = text.contains("OpenApiRouter");
            assert!(!undescribed || !of_the_api, "{}: use routes!", path.display());
            described += usize::from(of_the_api);
        }
    }
    assert!(described > 8, "the sources are there");
}

#[tokio::test]
async fn what_asks_for_proof_is_refused_without() {
    let server = TestServer::start(Engine::Sqlite).await;
    for (method, path, operation) in operations(contract()) {
        let method: Method = method.to_uppercase().parse().expect("a method");
        let open = operation.get("security") == Some(&json!([{}]));
        let body = operation.get("requestBody").map(|_| "{}".to_owned());
        let answer = server.client().send(method, &example(path), body).await;
        assert_eq!(answer.status == 401, !open, "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn the_documents_are_whole() {
    let _server = TestServer::start(Engine::Sqlite).await;
    let Contract { openapi, asyncapi } = contract();
    for document in [openapi, asyncapi] {
        for_each(document, &mut |key, value| match (key, value) {
            ("$ref", Value::String(to)) => {
                let target = document.pointer(to.trim_start_matches('#'));
                assert!(target.is_some(), "{to} leads nowhere");
            }
            ("description" | "summary", Value::String(text)) => {
                // Links into the source lead nowhere for whoever reads this.
                assert!(!text.contains("[`") && !text.contains("::"), "{text}");
            }
            _ => {}
        });
    }
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(contract()) {
        assert!(operation["summary"].is_string(), "{method} {path} has no summary");
        assert!(names.insert(operation["operationId"].as_str().expect("a name")), "{path}");
        let given = operation["parameters"].as_array().cloned().unwrap_or_default();
        for name in path.split('/').filter_map(|part| part.strip_prefix('{')) {
            let name = name.trim_end_matches('}');
            let described = given.iter().any(|parameter| parameter["name"] == name);
            assert!(described, "{method} {path}: {name} is not described");
        }
    }
}

fn for_each(value: &Value, look: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                look(key, value);
                for_each(value, look);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| for_each(item, look)),
        _ => {}
    }
}

#[tokio::test]
async fn the_page_shows_both_documents_without_a_script() {
    let server = TestServer::start(Engine::Sqlite).await;
    let page = server.client().get("/api/docs").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let dark = server.client().with("cookie", "theme=dark").get("/api/docs").await;
    assert!(dark.text.contains("data-theme=\"dark\"") && !page.text.contains("data-theme"));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    for forbidden in ["<script", "style=", "://"] {
        assert!(!page.text.contains(forbidden), "{forbidden}");
    }
    for (_, path, operation) in operations(contract()) {
        assert!(page.text.contains(&format!("<code>{path}</code>")), "{path}");
        let id = operation["operationId"].as_str().expect("a name");
        assert!(page.text.contains(&format!("<article id=\"{id}\">")), "{id}");
    }
    let Contract { openapi, asyncapi } = contract();
    for frame in asyncapi["components"]["messages"].as_object().expect("messages").keys() {
        assert!(page.text.contains(&format!("<article id=\"{frame}\">")), "{frame}");
    }
    for document in [openapi, asyncapi] {
        for name in document["components"]["schemas"].as_object().expect("schemas").keys() {
            assert!(page.text.contains(&format!("<article id=\"type-{name}\">")), "{name}");
        }
    }
    // Every link within the page leads somewhere.
    for link in page.text.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(page.text.contains(&format!("id=\"{link}\"")), "{link}");
    }
}

/// Names every variant: one that is added does not compile until it stands here, and then needs a
/// sample below.
fn name_of_command(command: &Command) -> &'static str {
    match command {
        Command::Auth { .. } => "client.auth",
        Command::Message(_) => "client.message",
        Command::Delivered(_) => "client.delivered",
        Command::Read(_) => "client.read",
        Command::Typing { .. } => "client.typing",
        Command::Presence { .. } => "client.presence",
        Command::Join { .. } => "client.join",
        Command::Leave { .. } => "client.leave",
        Command::Ping {} => "client.ping",
    }
}

fn name_of_frame(frame: &ServerFrame) -> &'static str {
    match frame {
        ServerFrame::Ready(_) => "server.ready",
        ServerFrame::MessageAck(_) => "server.message_ack",
        ServerFrame::NewMessage { .. } => "server.new_message",
        ServerFrame::OfflineMessages(_) => "server.offline_messages",
        ServerFrame::MessageUpdated { .. } => "server.message_updated",
        ServerFrame::Receipt(_) => "server.receipt",
        ServerFrame::Conversation { .. } => "server.conversation",
        ServerFrame::ConversationRemoved { .. } => "server.conversation_removed",
        ServerFrame::Typing { .. } => "server.typing",
        ServerFrame::Presence { .. } => "server.presence",
        ServerFrame::User { .. } => "server.user",
        ServerFrame::Notification(_) => "server.notification",
        ServerFrame::Resync { .. } => "server.resync",
        ServerFrame::Pong { .. } => "server.pong",
        ServerFrame::Error { .. } => "server.error",
    }
}

/// A frame of every sort, with every field.
fn samples() -> Vec<Value> {
    let user = json!({"id": 1, "username": "mei", "nickname": "Mei", "avatar_url": null,
        "created_at": 1, "presence": {"status": "away", "last_seen_at": 5}});
    let schedule = json!({"title": "Tea", "starts_at": 1, "ends_at": null, "all_day": true,
        "zone": "UTC", "place": "Here", "remind_before_ms": 5,
        "counts": {"yes": 1, "no": 0, "maybe": 2}, "answers": [{"user": user, "answer": "maybe"}],
        "mine": "yes", "rev": 3});
    let message = json!({"conversation_id": 1, "seq": 2, "client_id": "c", "sender": user,
        "message_type": "text", "content": "hi", "file": {"id": 1, "name": "a.png", "size": 5,
        "mime": "image/png", "voice": false, "width": 1, "height": 1, "duration_ms": 5, "waveform": [0, 100],
        "animated": false, "color": "#7a9e55", "url": "/a", "thumbnail_url": null}, "files": [],
        "schedule": schedule, "reply_to": {"seq": 1, "sender": user, "message_type": "file",
        "voice": true, "excerpt": "h"},
        "forwarded_from": user, "mentions": [1], "mentions_all": true, "reactions": [{"emoji": "🌿", "count": 1}],
        "system": {"event": "renamed", "actor": user, "subjects": [user],
            "subjects_more": 3, "name": "Tea"},
        "created_at": 5, "edited_at": 6, "recalled": false, "rev": 0});
    let conversation = json!({"id": 1, "kind": "private", "name": "Omar", "avatar_url": null,
        "peer": user, "role": "member", "member_count": 2, "last_message": message, "first_seq": 1,
        "last_seq": 2, "rev": 0, "updated_at": 5, "read_seq": 2, "delivered_seq": 2,
        "peer_read_seq": 1, "peer_delivered_seq": 1, "unread": 0, "mention_seq": null,
        "marked_unread": false, "pinned": false, "muted_until": 7, "archived": false,
        "open": false, "history": "joined"});
    vec![
        json!({"type": "ready", "id": "1", "user": user, "connection_id": "x", "server_time": 5,
            "heartbeat_ms": 5}),
        json!({"type": "message_ack", "id": "1", "client_id": "c", "conversation_id": 1, "seq": 2,
            "created_at": 5, "duplicate": false}),
        json!({"type": "new_message", "message": message}),
        json!({"type": "offline_messages", "conversation_id": 1, "messages": [message],
            "has_more": true}),
        json!({"type": "message_updated", "message": message, "by": 1,
            "reaction": {"emoji": "🌿", "added": true}}),
        json!({"type": "receipt", "conversation_id": 1, "user_id": 1, "delivered_seq": 2,
            "read_seq": 0, "unread": 3}),
        json!({"type": "conversation", "conversation": conversation}),
        json!({"type": "conversation_removed", "conversation_id": 1}),
        json!({"type": "typing", "conversation_id": 1, "user_id": 1, "active": true}),
        json!({"type": "presence", "user_id": 1, "status": "offline", "last_seen_at": 5}),
        json!({"type": "user", "user": {"id": 1, "username": "mei", "nickname": "Mei",
            "avatar_url": "/avatars/0f", "created_at": 1}}),
        json!({"type": "notification", "id": 1, "kind": "reminder", "title": "Tea", "body": "Now",
            "conversation_id": 1, "seq": 2, "at": 5}),
        json!({"type": "resync", "spread_ms": 5}),
        json!({"type": "pong", "id": "1", "timestamp": 5}),
        json!({"type": "error", "id": "1", "client_id": "c", "code": 500, "kind": "internal",
            "message": "Oh", "field": "x", "retry_after_ms": 5, "request_id": "y"}),
    ]
}

/// A command of every sort, with every field.
fn sample_commands() -> Vec<Value> {
    let schedule = json!({"title": "Tea", "starts_at": 1, "ends_at": 2, "all_day": true,
        "zone": "UTC", "place": "Here", "remind_before_ms": 5});
    vec![
        json!({"type": "auth", "id": "1", "token": "t"}),
        json!({"type": "message", "id": "1", "client_id": "c", "conversation_id": 1,
            "to_user_id": 1, "message_type": "schedule", "content": "hi", "file_id": 1, "file_ids": [1],
            "schedule": schedule, "reply_to_seq": 1,
            "forward": {"conversation_id": 1, "seq": 1}}),
        json!({"type": "delivered", "id": "1", "conversation_id": 1, "seq": 0}),
        json!({"type": "read", "id": "1", "conversation_id": 1, "seq": 2}),
        json!({"type": "typing", "id": "1", "conversation_id": 1, "active": true}),
        json!({"type": "presence", "id": "1", "status": "away"}),
        json!({"type": "join", "id": "1", "conversation_id": 1}),
        json!({"type": "leave", "id": "1", "conversation_id": 1}),
        json!({"type": "ping", "id": "1"}),
    ]
}

#[tokio::test]
async fn every_frame_is_described_and_every_described_frame_exists() {
    let _server = TestServer::start(Engine::Sqlite).await;
    let contract = contract();
    let mut names = BTreeSet::new();
    for sample in sample_commands() {
        let command: Command = serde_json::from_value(sample.clone()).expect("a command");
        names.insert(name_of_command(&command).to_owned());
        assert_described("client", &sample);
    }
    for sample in samples() {
        let frame: ServerFrame = serde_json::from_value(sample.clone()).expect("a frame");
        names.insert(name_of_frame(&frame).to_owned());
        assert_described("server", &serde_json::to_value(&frame).expect("JSON"));
    }
    let described = contract.asyncapi["components"]["messages"].as_object().expect("messages");
    assert_eq!(names, described.keys().cloned().collect());
    let channel = contract.asyncapi["channels"]["socket"]["messages"].as_object().expect("them");
    assert_eq!(names, channel.keys().cloned().collect());
}

/// As it is it fits, and not with a field too many or of another type.
#[track_caller]
fn assert_described(side: &str, frame: &Value) {
    let contract = contract();
    let check = |frame: &Value| contract.check_frame(side, &frame.to_string());
    assert_eq!(check(frame), Ok(()), "{frame}");
    let mut more = frame.clone();
    more["more"] = true.into();
    assert!(check(&more).is_err(), "{more}");
    for field in frame.as_object().expect("an object").keys() {
        let mut other = frame.clone();
        other[field] = json!(["of", "another", "type"]);
        assert!(check(&other).is_err(), "{other}");
    }
}

/// What the whole suite relies on: the harness finds an answer that is not as described.
#[tokio::test]
async fn an_answer_that_is_not_as_described_is_found() {
    let server = TestServer::start(Engine::Sqlite).await;
    let mei = server.person("mei").await;
    let omar = server.person("omar").await;
    let id = mei.write_to(&omar, "c1", "hello").await.conversation_id;
    let path = &format!("/api/v1/conversations/{id}/messages");
    let answer = mei.client.get(path).await;
    let good: Value = answer.json(200);
    let check = |status: u16, received: &Value| {
        let (method, received) = (&Method::GET, &received.to_string());
        contract().check(&Exchange { method, path, sent: None, status, received }).is_ok()
    };
    assert!(check(200, &good));
    assert!(!check(201, &good), "a status that is not there");
    let change = |pointer: &str, value: Value| {
        let mut changed = good.clone();
        *changed.pointer_mut(pointer).expect("it is there") = value;
        check(200, &changed)
    };
    assert!(!change("/items/0/seq", json!("1")), "another type");
    assert!(!change("/items/0/message_type", json!("song")), "another word");
    assert!(!change("/items/0/sender", json!({"id": 1})), "fields that are missing");
    let mut more = good["items"][0]["sender"].clone();
    more["password"] = "correct horse".into();
    assert!(!change("/items/0/sender", more), "a field too many");
    let mut error = json!({"error": {"code": 404, "kind": "not_found", "message": "Not found"}});
    assert!(check(404, &error));
    error["error"]["kind"] = "lost".into();
    assert!(!check(404, &error), "a kind that is not there");
}

/// The clients of the harness hold every answer and frame against the documents on the way.
#[tokio::test]
async fn a_whole_session_is_as_described() {
    let server = TestServer::start(Engine::Sqlite).await;
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let body = json!({"username": "omar", "password": "correct horse", "device": "Bot"});
    server.client().post("/api/v1/auth/login", body).await;
    let body = json!({"refresh_token": omar.refresh_token});
    server.client().post("/api/v1/auth/refresh", body).await;
    let mut socket = Socket::sign_in(&server, &omar).await;
    let start = json!({"to_user_id": omar.user.id});
    assert_eq!(mei.client.post("/api/v1/conversations", start.clone()).await.status, 201);
    assert_eq!(mei.client.post("/api/v1/conversations", start).await.status, 200);
    let first = mei.write_to(&omar, "c1", "hello").await;
    let id = first.conversation_id;
    let _: NewMessage = socket.find().await;
    let _: MessageAck = socket.say(id, "c1", "hello yourself").await;
    let seq = json!({"seq": 2});
    for mark in ["delivered", "read"] {
        let path = format!("/api/v1/conversations/{id}/{mark}");
        assert_eq!(mei.client.post(&path, seq.clone()).await.status, 204);
    }
    let _: Receipt = socket.find().await;
    for path in ["", "/heads", &format!("/{id}"), &format!("/{id}/messages?after=0")] {
        assert_eq!(mei.client.get(&format!("/api/v1/conversations{path}")).await.status, 200);
    }
    for path in ["?query=o", "/me", &format!("/{}", omar.user.id)] {
        assert_eq!(mei.client.get(&format!("/api/v1/users{path}")).await.status, 200);
    }
    for path in ["/healthz", "/readyz"] {
        assert_eq!(mei.client.get(path).await.status, 200);
    }
    mei.client.get("/api/v1/conversations/99").await.assert_error(ErrorKind::NotFound);
    mei.client.get("/api/v1/users?limit=0").await.assert_error(ErrorKind::Validation);
    assert_eq!(mei.client.post_text("/api/v1/auth/logout", None).await.status, 204);
    mei.client.get("/api/v1/users/me").await.assert_error(ErrorKind::Unauthenticated);
}
