//! Blocks: between two people nothing passes.

use app::protocol::PresenceStatus::{Offline, Online};
use app::protocol::{
    ApiError, Block, Command, Conversation, ConversationId, ErrorKind, ListPage, Mark, Message,
    MessageAck, Receipt, Seq, User, UserId,
};
use reqwest::Method;
use serde_json::json;

use crate::harness::{
    ErrorFrame, HttpResponse, NewConversation, NewMessage, Person, Pong, PresenceFrame, Socket,
    TestServer, TypingFrame, message_to, on_both_engines,
};

on_both_engines!(
    blocks_come_and_go,
    nobody_writes_across_a_block,
    a_first_message_meets_the_block,
    nothing_else_passes_a_block,
    presence_stops_and_returns,
);

async fn block(person: &Person, other: UserId) -> HttpResponse {
    person.client.send(Method::PUT, &format!("/api/v1/blocks/{other}"), None).await
}

async fn unblock(person: &Person, other: UserId) -> HttpResponse {
    person.client.send(Method::DELETE, &format!("/api/v1/blocks/{other}"), None).await
}

async fn blocks(person: &Person) -> Vec<User> {
    let page: ListPage<Block> = person.client.get("/api/v1/blocks").await.json(200);
    page.items.into_iter().map(|block| block.user).collect()
}

async fn hears_nothing(socket: &mut Socket) {
    socket.send(Command::Ping {}).await;
    let _: Pong = socket.expect().await;
}

async fn blocks_come_and_go(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let bo = server.person("ben").await;
    assert!(blocks(&mei).await.is_empty());
    for other in [&ana, &ana, &bo] {
        let answer = block(&mei, other.user.id).await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    }
    let mut listed = blocks(&mei).await;
    listed.sort_by_key(|user| user.id);
    assert_eq!(listed, [ana.user.clone(), bo.user.clone()]);
    assert!(blocks(&ana).await.is_empty(), "whoever is blocked is not told");
    let first: ListPage<Block> = mei.client.get("/api/v1/blocks?limit=1").await.json(200);
    let path = format!("/api/v1/blocks?limit=1&cursor={}", first.next_cursor.expect("more"));
    let second: ListPage<Block> = mei.client.get(&path).await.json(200);
    assert_eq!((second.items.len(), second.next_cursor), (1, None));
    assert_ne!(first.items, second.items);
    mei.client.get("/api/v1/blocks?limit=0").await.assert_error(ErrorKind::Validation);
    block(&mei, UserId::new(1)).await.assert_error(ErrorKind::NotFound);
    let oneself = block(&mei, mei.user.id).await;
    oneself.assert_error(ErrorKind::Validation);
    assert_eq!(oneself.error().field.as_deref(), Some("user_id"));
    for id in [ana.user.id, ana.user.id, UserId::new(1)] {
        assert_eq!(unblock(&mei, id).await.status, 204);
    }
    assert_eq!(blocks(&mei).await, [bo.user]);
}

/// Both are refused in the same words, over HTTP and on a socket, by conversation and by person.
async fn refused(server: &TestServer, one: &Person, other: &Person, id: ConversationId) {
    let mut words: Vec<ApiError> = Vec::new();
    for (from, to) in [(one, other), (other, one)] {
        let mut socket = Socket::sign_in(server, from).await;
        for target in [json!({"conversation_id": id}), json!({"to_user_id": to.user.id})] {
            let mut body = target;
            (body["client_id"], body["content"]) = ("no".into(), "let me in".into());
            words.push(from.client.post("/api/v1/messages", body).await.error());
        }
        for message in
            [Socket::message(id, "never", "let me in"), message_to(&to.user, "never", "let me in")]
        {
            socket.send(message).await;
            let refused: ErrorFrame = socket.find().await;
            assert_eq!(refused.client_id.as_deref(), Some("never"));
            words.push(refused.error);
        }
    }
    assert_eq!((words[0].kind, words[0].code), (ErrorKind::Forbidden, 403));
    words.dedup();
    assert_eq!(words.len(), 1, "{words:?}");
}

async fn nobody_writes_across_a_block(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let bo = server.person("ben").await;
    let id = mei.greet(&ana).await;
    bo.greet(&mei).await;
    assert_eq!(block(&mei, ana.user.id).await.status, 204);
    refused(&server, &mei, &ana, id).await;
    // What was stored is acknowledged all the same.
    let body = json!({"client_id": "greeting", "conversation_id": id, "content": "hello"});
    let repeat: Message = mei.client.post("/api/v1/messages", body).await.json(200);
    assert_eq!(repeat.seq, Seq::new(1));
    // Both read what was said, and others are not concerned.
    for person in [&mei, &ana] {
        let path = format!("/api/v1/conversations/{id}/messages");
        assert_eq!(person.client.get(&path).await.status, 200);
    }
    bo.write_to(&mei, "c2", "and you?").await;
    assert_eq!(block(&ana, mei.user.id).await.status, 204);
    assert_eq!(unblock(&mei, ana.user.id).await.status, 204);
    refused(&server, &mei, &ana, id).await;
    assert_eq!(unblock(&ana, mei.user.id).await.status, 204);
    assert_eq!(ana.write_to(&mei, "c3", "friends again").await.seq, Seq::new(2));
}

async fn a_first_message_meets_the_block(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    assert_eq!(block(&mei, ana.user.id).await.status, 204);
    // An empty one may be made, by either.
    let start = json!({"to_user_id": mei.user.id});
    let made: Conversation = ana.client.post("/api/v1/conversations", start).await.json(201);
    assert_eq!(made.peer.expect("mei").presence, None);
    refused(&server, &mei, &ana, made.id).await;
    for person in [&mei, &ana] {
        let list: ListPage<Conversation> =
            person.client.get("/api/v1/conversations").await.json(200);
        assert!(list.items.is_empty(), "nothing was said");
    }
}

async fn nothing_else_passes_a_block(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let mut desk = Socket::sign_in(&server, &mei).await;
    let mut hers = Socket::sign_in(&server, &ana).await;
    let mut phone = Socket::sign_in(&server, &ana).await;
    let typing = |active| Command::Typing { conversation_id: id, active };
    hers.send(typing(true)).await;
    let told: TypingFrame = desk.expect().await;
    assert!(told.active);
    assert_eq!(block(&mei, ana.user.id).await.status, 204);
    // What she typed ends; what changed is told to both.
    let told: TypingFrame = desk.expect().await;
    assert!(!told.active);
    for socket in [&mut desk, &mut hers, &mut phone] {
        let NewConversation(changed) = socket.expect().await;
        assert_eq!((changed.id, changed.peer.expect("the other").presence), (id, None));
    }
    hers.send(typing(false)).await;
    hers.send(typing(true)).await;
    hers.send(Command::Read(Mark { conversation_id: id, seq: Seq::new(1) })).await;
    let own: Receipt = phone.expect().await;
    assert_eq!((own.user_id, own.read_seq, own.unread), (ana.user.id, Seq::new(1), Some(0)));
    hears_nothing(&mut desk).await;
    let path = format!("/api/v1/conversations/{id}");
    let seen = async || mei.client.get(&path).await.json::<Conversation>(200).peer_read_seq;
    assert_eq!(seen().await, Some(Seq::ZERO), "as it stood");
    assert_eq!(unblock(&mei, ana.user.id).await.status, 204);
    for socket in [&mut desk, &mut hers, &mut phone] {
        let NewConversation(changed) = socket.expect().await;
        assert_eq!(changed.id, id);
    }
    assert_eq!(seen().await, Some(Seq::new(1)));
    let _: MessageAck = hers.say(id, "c1", "thank you").await;
    let NewMessage(message) = desk.expect().await;
    assert_eq!(message.text(), "thank you");
}

async fn presence_stops_and_returns(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    mei.greet(&ana).await;
    let mut desk = Socket::sign_in_among_people(&server, &mei).await;
    let mut hers = Socket::sign_in_among_people(&server, &ana).await;
    let told: PresenceFrame = desk.find().await;
    assert_eq!((told.user_id, told.status), (ana.user.id, Online));
    assert_eq!(block(&ana, mei.user.id).await.status, 204);
    for (socket, other) in [(&mut desk, &ana), (&mut hers, &mei)] {
        // `conversation` comes beside it, before or after.
        loop {
            let told: PresenceFrame = socket.find().await;
            if told.status == Offline {
                assert_eq!((told.user_id, told.last_seen_at), (other.user.id, None));
                break;
            }
        }
    }
    let away = Command::Presence { status: app::protocol::PresenceStatus::Away };
    hers.send(away).await;
    let path = format!("/api/v1/users/{}", ana.user.id);
    assert_eq!(mei.client.get(&path).await.json::<User>(200).presence, None);
    let later = Socket::sign_in_among_people(&server, &ana).await;
    assert_eq!(unblock(&ana, mei.user.id).await.status, 204);
    let told: PresenceFrame = desk.find().await;
    assert_eq!((told.user_id, told.status), (ana.user.id, Online), "the first since");
    drop(later);
}
