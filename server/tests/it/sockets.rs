//! Sockets and logins: whose a socket is, and when it ends with its login.

use app::protocol::{AuthResponse, Command, ErrorKind, MessageAck, SendMessage, Seq, close};
use serde_json::json;

use crate::harness::{
    ErrorFrame, NewConversation, Person, Pong, Socket, TestServer, on_both_engines,
};

on_both_engines!(
    a_socket_ends_with_its_login,
    a_first_message_brings_its_conversation,
    a_wrong_token_is_told_and_closed,
    sockets_are_told_when_the_server_ends,
);

async fn a_socket_ends_with_its_login(server: TestServer) {
    let mei = server.person("mei").await;
    let body = json!({"username": "mei", "password": "correct horse"});
    let other: AuthResponse = server.client().post("/api/v1/auth/login", body).await.json(200);
    let other = Person::of(&server.client(), &other);
    let (mut ends, mut stays) =
        (Socket::sign_in(&server, &mei).await, Socket::sign_in(&server, &other).await);
    assert_eq!(mei.client.post_text("/api/v1/auth/logout", None).await.status, 204);
    assert_eq!(ends.expect_close().await, close::UNAUTHENTICATED);
    stays.send_as("7", Command::Ping {}).await;
    let pong: Pong = stays.expect().await;
    assert_eq!(pong.id.as_deref(), Some("7"));
    assert!(pong.timestamp >= mei.user.created_at);
}

async fn a_first_message_brings_its_conversation(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let mut socket = Socket::sign_in(&server, &mei).await;
    let message = SendMessage {
        client_id: "1".into(),
        to_user_id: Some(ana.user.id),
        content: Some("hello".into()),
        ..SendMessage::default()
    };
    socket.send(Command::Message(message)).await;
    let NewConversation(conversation) = socket.expect().await;
    let ack: MessageAck = socket.expect().await;
    assert_eq!((ack.conversation_id, ack.seq), (conversation.id, Seq::new(1)));
}

async fn a_wrong_token_is_told_and_closed(server: TestServer) {
    let mut socket = Socket::open(&server).await;
    socket.send_as("1", Command::Auth { token: "a.b.c".into() }).await;
    let ErrorFrame { id, error, client_id } = socket.expect().await;
    assert_eq!((id.as_deref(), error.kind), (Some("1"), ErrorKind::Unauthenticated));
    assert_eq!(client_id, None);
    assert_eq!(socket.expect_close().await, close::UNAUTHENTICATED);
}

async fn sockets_are_told_when_the_server_ends(mut server: TestServer) {
    let mei = server.person("mei").await;
    let mut socket = Socket::sign_in(&server, &mei).await;
    let ended = tokio::task::spawn_blocking(move || server.terminate());
    let (frames, code) = socket.drain().await;
    assert_eq!((frames.len(), code), (0, close::RESTARTING));
    assert!(ended.await.expect("it ran"));
}
