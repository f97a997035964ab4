//! Clients that hang up before their answer: what they asked for is done, and told to everyone.

use app::protocol::{Contact, ListPage, PresenceStatus};
use reqwest::Method;

use crate::harness::{
    Held, NewConversation, Person, PresenceFrame, Raw, Socket, TestServer, on_both_engines,
};

on_both_engines!(
    a_contact_who_was_taken_out_learns_of_it,
    a_block_is_told,
    a_new_name_is_told,
    what_a_form_asked_for_is_told,
    a_stopping_server_ends_what_was_begun,
);

/// Asks for something whose write waits for what is held, and hangs up while it does.
async fn ask_and_hang_up(server: &TestServer, asked: &str, body: &str, person: &Person) {
    let mut connection = Raw::connect(server).await;
    let (token, length) = (&person.token, body.len());
    // What is JSON is read as such, whatever it is called.
    let form = "application/x-www-form-urlencoded";
    let request = format!(
        "{asked} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: {form}\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    while writers(server).await > 0 {}
    assert!(connection.send(request).await);
    while writers(server).await == 0 {}
    let broken = server.log().matches(BROKE).count();
    drop(connection);
    server.logged(BROKE, broken + 1).await;
}

/// Connections to the database that write at this moment.
async fn writers(server: &TestServer) -> usize {
    let metrics = server.metrics().await;
    let busy = |line: &&str| {
        line.starts_with("kith_database_connections{")
            && line.contains("state=\"busy\"")
            && !line.contains("pool=\"readers\"")
            && !line.ends_with(" 0")
    };
    metrics.lines().filter(busy).count()
}

/// What the log says of a connection that ended before its answer.
const BROKE: &str = "a connection broke";

/// On MariaDB all that either of the two is about.
async fn hold_people(server: &TestServer, one: &Person, other: &Person) -> Held {
    server.hold(&format!("user WHERE id IN ({}, {})", one.user.id, other.user.id)).await
}

/// The statement that takes someone out is a transaction by itself: the database does it, whoever is gone.
async fn a_contact_who_was_taken_out_learns_of_it(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let path = format!("/api/v1/contacts/{}", ana.user.id);
    assert_eq!(mei.client.send(Method::PUT, &path, None).await.status, 204);
    let _there = Socket::sign_in(&server, &mei).await;
    let mut socket = Socket::sign_in_among_people(&server, &ana).await;
    let seen: PresenceFrame = socket.find().await;
    assert_eq!((seen.user_id, seen.status), (mei.user.id, PresenceStatus::Online));
    let held = server.hold(&format!("contact WHERE user_id = {}", mei.user.id)).await;
    ask_and_hang_up(&server, &format!("DELETE {path}"), "", &mei).await;
    held.release().await;
    let seen: PresenceFrame = socket.find().await;
    assert_eq!((seen.user_id, seen.status), (mei.user.id, PresenceStatus::Offline));
}

async fn a_block_is_told(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let mut socket = Socket::sign_in(&server, &ana).await;
    let held = hold_people(&server, &mei, &ana).await;
    ask_and_hang_up(&server, &format!("PUT /api/v1/blocks/{}", ana.user.id), "", &mei).await;
    held.release().await;
    let NewConversation(changed) = socket.find().await;
    assert_eq!(changed.id, id);
}

async fn a_new_name_is_told(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    mei.greet(&ana).await;
    let mut socket = Socket::sign_in(&server, &ana).await;
    let held = hold_people(&server, &mei, &ana).await;
    ask_and_hang_up(&server, "PATCH /api/v1/users/me", r#"{"nickname":"Mei Lin"}"#, &mei).await;
    held.release().await;
    let NewConversation(changed) = socket.find().await;
    assert_eq!(changed.peer.expect("private").nickname, "Mei Lin");
}

async fn what_a_form_asked_for_is_told(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    mei.greet(&ana).await;
    let mut socket = Socket::sign_in(&server, &ana).await;
    let held = hold_people(&server, &mei, &ana).await;
    ask_and_hang_up(&server, "POST /settings/nickname", "nickname=Mei+Lin", &mei).await;
    held.release().await;
    let NewConversation(changed) = socket.find().await;
    assert_eq!(changed.peer.expect("private").nickname, "Mei Lin");
}

async fn a_stopping_server_ends_what_was_begun(mut server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let held = hold_people(&server, &mei, &ana).await;
    let path = format!("PUT /api/v1/contacts/{}", ana.user.id);
    ask_and_hang_up(&server, &path, "", &mei).await;
    server.ask_to_end();
    server.logged("shutting down", 1).await;
    held.release().await;
    assert!(tokio::task::block_in_place(|| server.terminate()), "it ends well");
    server.kill_and_restart(&[]);
    let client = server.client().with_bearer(&mei.token);
    let contacts: ListPage<Contact> = client.get("/api/v1/contacts").await.json(200);
    assert_eq!(contacts.items.len(), 1, "{contacts:?}");
}
