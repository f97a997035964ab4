//! Typing: a line on the others' screens, for seconds.

use std::time::{Duration, Instant};

use app::protocol::{Command, Conversation, ConversationId, ErrorKind};
use serde_json::json;

use crate::harness::{
    ErrorFrame, NewConversation, NewMessage, Pong, Socket, TestServer, TypingFrame, on_both_engines,
};

on_both_engines!(
    the_others_see_who_types,
    typing_is_over_after_a_while,
    typing_is_over_when_the_socket_goes,
    a_foreign_conversation_is_as_one_that_does_not_exist,
);

fn typing(conversation_id: ConversationId, active: bool) -> Command {
    Command::Typing { conversation_id, active }
}

async fn hears_nothing(socket: &mut Socket) {
    socket.send(Command::Ping {}).await;
    let _: Pong = socket.expect().await;
}

async fn the_others_see_who_types(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut typist = Socket::sign_in(&server, &mei).await;
    let mut elsewhere = Socket::sign_in(&server, &mei).await;
    let mut others = [Socket::sign_in(&server, &omar).await, Socket::sign_in(&server, &omar).await];
    let id = typist.say_first(&omar.user, "c1", "one").await.conversation_id;
    let frame = |active| TypingFrame { conversation_id: id, user_id: mei.user.id, active };
    // Said again too early it is not told again, and neither is an end before a beginning.
    for active in [false, true, true, true, false, false, true] {
        typist.send(typing(id, active)).await;
    }
    let ack = typist.say(id, "c2", "two").await;
    for socket in &mut others {
        let NewConversation(_) = socket.expect().await;
        let NewMessage(_) = socket.expect().await;
        assert_eq!(socket.expect::<TypingFrame>().await, frame(true));
        assert_eq!(socket.expect::<TypingFrame>().await, frame(false));
        let NewMessage(message) = socket.expect().await;
        assert_eq!(message.seq, ack.seq);
    }
    let NewConversation(_) = elsewhere.expect().await;
    for _ in 0..2 {
        let NewMessage(_) = elsewhere.expect().await;
    }
    hears_nothing(&mut elsewhere).await;
    // The others' typing is their own.
    others[0].send(typing(id, true)).await;
    let theirs = TypingFrame { user_id: omar.user.id, ..frame(true) };
    for socket in [&mut typist, &mut elsewhere] {
        assert_eq!(socket.expect::<TypingFrame>().await, theirs);
    }
    hears_nothing(&mut others[1]).await;
}

async fn typing_is_over_after_a_while(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let id = mei.greet(&omar).await;
    let mut typist = Socket::sign_in(&server, &mei).await;
    let mut other = Socket::sign_in(&server, &omar).await;
    let begun = Instant::now();
    typist.send(typing(id, true)).await;
    assert!(other.expect::<TypingFrame>().await.active);
    // Said again in time, it goes on.
    tokio::time::sleep(Duration::from_millis(3_200)).await;
    typist.send(typing(id, true)).await;
    assert!(other.expect::<TypingFrame>().await.active);
    assert!(!other.expect::<TypingFrame>().await.active);
    assert!(begun.elapsed() > Duration::from_secs(9), "{:?}", begun.elapsed());
    typist.send(typing(id, false)).await;
    hears_nothing(&mut typist).await;
    hears_nothing(&mut other).await;
}

async fn typing_is_over_when_the_socket_goes(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let id = mei.greet(&omar).await;
    let mut typist = Socket::sign_in(&server, &mei).await;
    let mut other = Socket::sign_in(&server, &omar).await;
    let begun = Instant::now();
    typist.send(typing(id, true)).await;
    assert!(other.expect::<TypingFrame>().await.active);
    drop(typist);
    assert!(!other.expect::<TypingFrame>().await.active);
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
}

async fn a_foreign_conversation_is_as_one_that_does_not_exist(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let ana = server.person("ana").await;
    let foreign = mei.greet(&omar).await;
    let mut socket = Socket::sign_in(&server, &ana).await;
    for id in [foreign, ConversationId::new(1)] {
        for active in [true, false] {
            socket.send_as("t", typing(id, active)).await;
            let refused: ErrorFrame = socket.expect().await;
            assert_eq!((refused.id.as_deref(), refused.client_id), (Some("t"), None));
            assert_eq!(refused.error.kind, ErrorKind::NotFound);
            assert_eq!(refused.error.message, "Not found");
        }
    }
    // Nobody hears of a conversation in which nothing was said.
    let mut other = Socket::sign_in(&server, &mei).await;
    let body = json!({"to_user_id": mei.user.id});
    let empty: Conversation = ana.client.post("/api/v1/conversations", body).await.json(201);
    socket.send(typing(empty.id, true)).await;
    hears_nothing(&mut socket).await;
    hears_nothing(&mut other).await;
}
