//! The own account: names and settings, the password, its end.

use app::protocol::{
    AuthResponse, Command, Conversation, ErrorKind, ListPage, Me, Message, MessagePage, User, close,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{
    Engine, HttpResponse, NewConversation, NewMessage, Person, Pong, Socket, TestServer, UserFrame,
    on_both_engines,
};
use crate::logins::assert_dead;

on_both_engines!(
    settings_are_changed,
    a_new_name_is_told_at_once,
    news_of_people_are_told_to_those_who_know_them,
    a_password_is_changed,
    a_wrong_old_password_changes_nothing,
    a_deleted_account_leaves_its_messages,
    nobody_writes_to_a_deleted_account,
);

async fn patch(person: &Person, body: Value) -> HttpResponse {
    person.client.send(Method::PATCH, "/api/v1/users/me", Some(body.to_string())).await
}

async fn change_password(person: &Person, old: &str, new: &str) -> HttpResponse {
    let body = json!({"old": old, "new": new}).to_string();
    person.client.send(Method::PUT, "/api/v1/users/me/password", Some(body)).await
}

async fn delete(person: &Person, password: &str) -> HttpResponse {
    let body = json!({"password": password}).to_string();
    person.client.send(Method::DELETE, "/api/v1/users/me", Some(body)).await
}

async fn log_in(server: &TestServer, password: &str) -> HttpResponse {
    let body = json!({"username": "mei", "password": password});
    server.client().post("/api/v1/auth/login", body).await
}

async fn settings_are_changed(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let me: Me = mei.client.get("/api/v1/users/me").await.json(200);
    assert_eq!((&me.user, me.show_last_seen), (&mei.user, true));
    let me: Me = patch(&mei, json!({"show_last_seen": false, "unknown": 1})).await.json(200);
    assert_eq!((me.user.nickname.as_str(), me.show_last_seen), ("mei", false));
    let me: Me = patch(&mei, json!({"nickname": "  林美 🌿 "})).await.json(200);
    assert_eq!((me.user.nickname.as_str(), me.show_last_seen), ("林美 🌿", false));
    assert_eq!(patch(&mei, json!({})).await.json::<Me>(200), me);
    assert_eq!(patch(&mei, json!({"nickname": null})).await.json::<Me>(200), me);
    for bad in ["", " ", "two\nlines", &"x".repeat(65)] {
        let answer = patch(&mei, json!({"nickname": bad, "show_last_seen": true})).await;
        answer.assert_error(ErrorKind::Validation);
        assert_eq!(answer.error().field.as_deref(), Some("nickname"));
    }
    for bad in [json!({"nickname": 5}), json!({"show_last_seen": "yes"})] {
        patch(&mei, bad).await.assert_error(ErrorKind::BadRequest);
    }
    // Others see the name and not the setting.
    let path = format!("/api/v1/users/{}", mei.user.id);
    let seen: Value = ana.client.get(&path).await.json(200);
    assert_eq!(seen["nickname"], "林美 🌿");
    assert!(seen.get("show_last_seen").is_none(), "{seen}");
    assert_eq!(mei.client.get("/api/v1/users/me").await.json::<Me>(200), me);
}

async fn a_new_name_is_told_at_once(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let heads = async || ana.client.get("/api/v1/conversations/heads").await.json::<Value>(200);
    let before = heads().await;
    let mut hers = Socket::sign_in(&server, &mei).await;
    let mut socket = Socket::sign_in(&server, &ana).await;
    patch(&mei, json!({"nickname": "Mei Lin"})).await.json::<Me>(200);
    let NewConversation(told) = socket.find().await;
    assert_eq!((told.id, told.name.as_str()), (id, "Mei Lin"));
    assert_eq!(told.peer.expect("she").nickname, "Mei Lin");
    // Who was away sees it by `heads`.
    assert_ne!(heads().await, before);
    // What is said from now on carries it, on a socket that was open before as well.
    hers.say(id, "2", "it is me").await;
    let NewMessage(message) = socket.find().await;
    assert_eq!(message.sender.nickname, "Mei Lin");
}

async fn news_of_people_are_told_to_those_who_know_them(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let (omar, tom) = (server.person("omar").await, server.person("tom").await);
    mei.greet(&ana).await;
    omar.group("Tea", &[&mei]).await;
    let sockets = async |person| Socket::sign_in_among_people(&server, person).await;
    let mut stranger = sockets(&tom).await;
    let mut who_know = [sockets(&ana).await, sockets(&omar).await, sockets(&mei).await];
    patch(&mei, json!({"nickname": "Mei Lin"})).await.json::<Me>(200);
    for socket in &mut who_know {
        let UserFrame(told) = socket.find().await;
        assert_eq!((told.id, told.nickname.as_str()), (mei.user.id, "Mei Lin"));
        assert_eq!(told.presence, None, "the same bytes for all");
    }
    // Of the same person not again within ten seconds.
    patch(&mei, json!({"nickname": "Mei"})).await.json::<Me>(200);
    patch(&ana, json!({"nickname": "Ana A."})).await.json::<Me>(200);
    let UserFrame(told) = who_know[2].find().await;
    assert_eq!(told.nickname, "Ana A.");
    stranger.send(Command::Ping {}).await;
    let _: Pong = stranger.expect().await;
}

async fn a_password_is_changed(server: TestServer) {
    let mei = server.person("mei").await;
    let other: AuthResponse = log_in(&server, "correct horse").await.json(200);
    let other = Person::of(&server.client(), &other);
    let (mut ends, mut stays) =
        (Socket::sign_in(&server, &other).await, Socket::sign_in(&server, &mei).await);
    assert_eq!(change_password(&mei, "correct horse", "battery staple").await.status, 204);
    assert_eq!(ends.expect_close().await, close::UNAUTHENTICATED);
    assert_dead(&server, &other).await;
    stays.say_first(&mei.user, "1", "still here").await;
    let body = json!({"refresh_token": mei.refresh_token});
    server.client().post("/api/v1/auth/refresh", body).await.json::<AuthResponse>(200);
    log_in(&server, "correct horse").await.assert_error(ErrorKind::BadCredentials);
    log_in(&server, "battery staple").await.json::<AuthResponse>(200);
}

async fn a_wrong_old_password_changes_nothing(server: TestServer) {
    let mei = server.person("mei").await;
    let other: AuthResponse = log_in(&server, "correct horse").await.json(200);
    let other = Person::of(&server.client(), &other);
    for (old, new, kind, field) in [
        ("wrong horse", "battery staple", ErrorKind::BadCredentials, "old"),
        ("", "battery staple", ErrorKind::BadCredentials, "old"),
        ("correct horse", "short", ErrorKind::Validation, "new"),
        ("correct horse", &"x".repeat(129), ErrorKind::Validation, "new"),
    ] {
        let answer = change_password(&mei, old, new).await;
        answer.assert_error(kind);
        assert_eq!(answer.error().field.as_deref(), Some(field));
    }
    log_in(&server, "correct horse").await.json::<AuthResponse>(200);
    other.client.get("/api/v1/users/me").await.json::<User>(200);
}

async fn a_deleted_account_leaves_its_messages(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let first = mei.write_to(&ana, "1", "I was here").await;
    mei.write_to(&mei, "2", "to myself").await;
    ana.write_to(&mei, "3", "so was I").await;
    let mut hers = Socket::sign_in(&server, &mei).await;
    let mut socket = Socket::sign_in(&server, &ana).await;

    let refused = delete(&mei, "wrong horse").await;
    refused.assert_error(ErrorKind::BadCredentials);
    assert_eq!(refused.error().field.as_deref(), Some("password"));
    mei.client.get("/api/v1/users/me").await.json::<Me>(200);

    assert_eq!(delete(&mei, "correct horse").await.status, 204);
    assert_eq!(hers.drain().await.1, close::UNAUTHENTICATED);
    assert_dead(&server, &mei).await;
    log_in(&server, "correct horse").await.assert_error(ErrorKind::BadCredentials);

    let NewConversation(told) = socket.find().await;
    assert_eq!((told.id, told.name.as_str()), (first.conversation_id, "Deleted account"));
    let path = format!("/api/v1/conversations/{}/messages", first.conversation_id);
    let page: MessagePage = ana.client.get(&path).await.json(200);
    let seen = page.items.iter().map(|message| (message.text(), message.sender.nickname.as_str()));
    let seen: Vec<_> = seen.collect();
    assert_eq!(seen, [("I was here", "Deleted account"), ("so was I", "ana")]);
    let list: ListPage<Conversation> = ana.client.get("/api/v1/conversations").await.json(200);
    assert_eq!(list.items[0].name, "Deleted account");

    let path = format!("/api/v1/users/{}", mei.user.id);
    let gone: User = ana.client.get(&path).await.json(200);
    assert_eq!((gone.id, gone.nickname.as_str()), (mei.user.id, "Deleted account"));
    assert_ne!(gone.username, "mei");
    for query in ["mei", "Deleted", "deleted"] {
        let path = format!("/api/v1/users?query={query}");
        let found: ListPage<User> = ana.client.get(&path).await.json(200);
        assert!(found.items.is_empty(), "{query}");
    }
    // Nobody takes on the name of someone who is gone.
    let body = json!({"username": "mei", "password": "correct horse"});
    server.client().post("/api/v1/auth/register", body).await.assert_error(ErrorKind::Conflict);
}

async fn nobody_writes_to_a_deleted_account(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let eve = server.person("eve").await;
    let first = ana.write_to(&mei, "1", "hello").await;
    // This socket knows the conversation already.
    let mut socket = Socket::sign_in(&server, &ana).await;
    socket.say_first(&mei.user, "2", "hello?").await;
    assert_eq!(delete(&mei, "correct horse").await.status, 204);
    for (person, target) in [
        (&ana, json!({"conversation_id": first.conversation_id})),
        (&ana, json!({"to_user_id": mei.user.id})),
        (&eve, json!({"to_user_id": mei.user.id})),
    ] {
        let mut body = json!({"client_id": "x", "content": "anyone?"});
        body.as_object_mut().expect("an object").extend(target.as_object().expect("one").clone());
        let answer = person.client.post("/api/v1/messages", body).await;
        answer.assert_error(ErrorKind::Forbidden);
    }
    let start = json!({"to_user_id": mei.user.id});
    eve.client.post("/api/v1/conversations", start).await.assert_error(ErrorKind::Forbidden);
    // What was stored is acknowledged all the same.
    let body = json!({"client_id": "1", "to_user_id": mei.user.id, "content": "hello"});
    let again: Message = ana.client.post("/api/v1/messages", body).await.json(200);
    assert_eq!(again.seq, first.seq);
    socket.send(crate::harness::message_to(&mei.user, "3", "still there?")).await;
    let refused: crate::harness::ErrorFrame = socket.find().await;
    assert_eq!(
        (refused.error.kind, refused.client_id.as_deref()),
        (ErrorKind::Forbidden, Some("3"))
    );
}

#[tokio::test]
async fn guesses_at_the_old_password_count_as_failed_log_ins() {
    let server = TestServer::start_with(Engine::Sqlite, &[("KITH_RATE_LOGIN", "3/h")]).await;
    let mei = server.person("mei").await;
    change_password(&mei, "wrong", "battery staple").await.assert_error(ErrorKind::BadCredentials);
    delete(&mei, "wrong").await.assert_error(ErrorKind::BadCredentials);
    log_in(&server, "wrong").await.assert_error(ErrorKind::BadCredentials);
    for answer in [
        change_password(&mei, "correct horse", "battery staple").await,
        delete(&mei, "correct horse").await,
        log_in(&server, "correct horse").await,
    ] {
        answer.assert_error(ErrorKind::RateLimited);
        let wait = answer.error().retry_after_ms.expect("how long");
        assert_eq!(answer.header("retry-after"), wait.div_ceil(1000).to_string());
    }
}
