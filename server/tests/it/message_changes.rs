//! Messages that change: edited, recalled, reacted to; and everyone who hears of it.

use app::protocol::{
    Content, Conversation, ConversationId, ErrorKind, Message, MessageChanges, MessageType,
    Reaction, ReactionChange,
};
use reqwest::Method;

use crate::harness::{
    MessageUpdated, NewMessage, Person, Pong, Socket, TestServer, on_both_engines,
};

on_both_engines!(
    an_edit_is_told_to_everyone_and_kept,
    an_edit_is_refused_where_it_must_be,
    what_is_recalled_is_gone,
    reactions_are_counted_and_told,
    what_is_no_emoji_is_no_reaction,
    every_change_is_refused_to_strangers,
    what_changes_nothing_is_told_to_nobody,
);

async fn changes(person: &Person, id: ConversationId, after: i64) -> MessageChanges {
    let path = format!("/api/v1/conversations/{id}/messages?after_rev={after}");
    person.client.get(&path).await.json(200)
}

async fn row(person: &Person, id: ConversationId) -> Conversation {
    person.client.get(&format!("/api/v1/conversations/{id}")).await.json(200)
}

async fn an_edit_is_told_to_everyone_and_kept(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let mut sockets = Vec::new();
    for person in [&mei, &mei, &ana] {
        sockets.push(Socket::sign_in(&server, person).await);
    }
    let sent = mei.write(id, "1", "Tea at fuor?").await;
    let edited: Message = mei.edit(&sent, " Tea at four?\n").await.json(200);
    let expected = Message {
        content: Content::Text("Tea at four?".into()),
        edited_at: edited.edited_at,
        rev: 1,
        ..sent.clone()
    };
    assert_eq!(edited, expected);
    assert!(edited.edited_at.is_some_and(|at| at >= sent.created_at));
    for socket in &mut sockets {
        let NewMessage(first) = socket.find().await;
        assert_eq!(first.text(), "Tea at fuor?");
        let told: MessageUpdated = socket.expect().await;
        assert_eq!((&told.message, told.by, told.reaction), (&edited, mei.user.id, None));
    }
    assert_eq!(ana.reads(&sent).await, edited);
    assert_eq!(changes(&ana, id, 0).await.items, std::slice::from_ref(&edited));
    let row = row(&ana, id).await;
    assert_eq!((row.rev, row.last_message, row.unread), (1, Some(edited.clone()), 2));
    // A repeat of the first words is answered with what there is now.
    let again: Message = mei
        .send(serde_json::json!({"client_id": "1", "conversation_id": id, "content": "x"}))
        .await
        .json(200);
    assert_eq!(again, edited);
}

async fn an_edit_is_refused_where_it_must_be(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let sent = mei.write_to(&ana, "1", "hello").await;
    for bad in ["", "  ", "a\u{0}b"] {
        let answer = mei.edit(&sent, bad).await;
        answer.assert_error(ErrorKind::Validation);
        assert_eq!(answer.error().field.as_deref(), Some("content"));
    }
    ana.edit(&sent, "goodbye").await.assert_error(ErrorKind::Forbidden);
    assert_eq!(mei.recall(&sent).await.status, 204);
    mei.edit(&sent, "never mind").await.assert_error(ErrorKind::Forbidden);
    for seq in [0, 2] {
        let nowhere = Message { seq: app::protocol::Seq::new(seq), ..sent.clone() };
        mei.edit(&nowhere, "hi").await.assert_error(ErrorKind::NotFound);
    }
    assert_eq!(changes(&mei, sent.conversation_id, 0).await.rev, 1, "only the recall");
    // Nobody can say more to someone who is gone, but everyone can take back what they said.
    let second = mei.write_to(&ana, "2", "still there?").await;
    let body = serde_json::json!({"password": "correct horse"}).to_string();
    let gone = ana.client.send(Method::DELETE, "/api/v1/users/me", Some(body)).await;
    assert_eq!(gone.status, 204);
    mei.edit(&second, "hello?").await.assert_error(ErrorKind::Forbidden);
    mei.react(Method::PUT, &second, "👍").await.assert_error(ErrorKind::Forbidden);
    assert_eq!(mei.recall(&second).await.status, 204);
}

async fn what_is_recalled_is_gone(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let sent = mei.write(id, "1", "@ana a secret").await;
    assert_eq!(row(&ana, id).await.mention_seq, Some(sent.seq));
    assert_eq!(ana.react(Method::PUT, &sent, "😮").await.status, 204);
    let mut socket = Socket::sign_in(&server, &ana).await;
    ana.recall(&sent).await.assert_error(ErrorKind::Forbidden);
    assert_eq!(mei.recall(&sent).await.status, 204);
    let told: MessageUpdated = socket.find().await;
    let left = Message {
        content: Content::Recalled(MessageType::Text),
        mentions: Vec::new(),
        mentioned: Vec::new(),
        rev: 2,
        ..sent.clone()
    };
    assert_eq!((&told.message, told.by), (&left, mei.user.id));
    assert_eq!(ana.reads(&sent).await, left);
    assert_eq!(changes(&ana, id, 1).await.items, std::slice::from_ref(&left));
    let row = row(&ana, id).await;
    assert_eq!((row.unread, row.mention_seq, row.last_message), (1, None, Some(left)));
    assert_eq!(mei.recall(&sent).await.status, 204, "it is gone already");
    mei.react(Method::PUT, &sent, "😮").await.assert_error(ErrorKind::Forbidden);
    assert_eq!(changes(&ana, id, 2).await.rev, 2);
}

async fn reactions_are_counted_and_told(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let sent = mei.write(id, "1", "Tea?").await;
    let mut socket = Socket::sign_in(&server, &mei).await;
    let of = |emoji: &str, count, mine| Reaction { emoji: emoji.into(), count, mine };
    // As it was typed without its variation selector, it is the same emoji.
    for (person, method, emoji) in [
        (&ana, Method::PUT, "❤"),
        (&ana, Method::PUT, "👍🏽"),
        (&mei, Method::PUT, "❤️"),
        (&ana, Method::DELETE, "👍🏽"),
    ] {
        assert_eq!(person.react(method, &sent, emoji).await.status, 204);
    }
    let told = [
        (ana.user.id, "❤️", true, vec![of("❤️", 1, None)]),
        (ana.user.id, "👍🏽", true, vec![of("❤️", 1, None), of("👍🏽", 1, None)]),
        (mei.user.id, "❤️", true, vec![of("❤️", 2, None), of("👍🏽", 1, None)]),
        (ana.user.id, "👍🏽", false, vec![of("❤️", 2, None)]),
    ];
    for ((by, emoji, added, reactions), rev) in told.into_iter().zip(1..) {
        let frame: MessageUpdated = socket.find().await;
        assert_eq!((frame.by, frame.message.rev), (by, rev));
        assert_eq!(frame.reaction, Some(ReactionChange { emoji: emoji.into(), added }));
        assert_eq!(frame.message.reactions, reactions);
    }
    assert_eq!(ana.react(Method::PUT, &sent, "😁").await.status, 204);
    let mine = vec![of("❤️", 2, Some(true)), of("😁", 1, Some(false))];
    assert_eq!(mei.reads(&sent).await.reactions, mine);
    let hers = row(&ana, id).await.last_message.map(|message| message.reactions);
    assert_eq!(hers, Some(vec![of("❤️", 2, Some(true)), of("😁", 1, Some(true))]));
    assert_eq!(changes(&mei, id, 4).await.items[0].reactions, mine);
    // What someone felt who is gone counts on.
    let body = serde_json::json!({"password": "correct horse"}).to_string();
    ana.client.send(Method::DELETE, "/api/v1/users/me", Some(body)).await;
    assert_eq!(mei.reads(&sent).await.reactions, mine);
}

async fn what_is_no_emoji_is_no_reaction(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let sent = mei.write_to(&ana, "1", "Tea?").await;
    for text in ["a", "👍👍", " ", "%", "<b>", "👍\u{0}"] {
        for method in [Method::PUT, Method::DELETE] {
            let answer = ana.react(method, &sent, text).await;
            answer.assert_error(ErrorKind::Validation);
            assert_eq!(answer.error().field.as_deref(), Some("emoji"));
        }
    }
    let faces = ["😀", "😃", "😄", "😁", "😆", "😅", "🤣", "😂", "🙂", "🙃"];
    let beasts = ["🐵", "🐒", "🦍", "🦧", "🐶", "🐕", "🦮", "🐩", "🐺", "🦊"];
    for emoji in faces.into_iter().chain(beasts) {
        assert_eq!(ana.react(Method::PUT, &sent, emoji).await.status, 204, "{emoji}");
    }
    let one_more = mei.react(Method::PUT, &sent, "🦝").await;
    one_more.assert_error(ErrorKind::Validation);
    assert_eq!(mei.react(Method::PUT, &sent, "🦊").await.status, 204, "it is there already");
}

async fn every_change_is_refused_to_strangers(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let eve = server.person("eve").await;
    let sent = mei.write_to(&ana, "1", "hello").await;
    let elsewhere = Message { conversation_id: ConversationId::new(1), ..sent.clone() };
    let mut answers = Vec::new();
    for message in [&sent, &elsewhere] {
        for answer in [
            eve.edit(message, "mine").await,
            eve.recall(message).await,
            eve.react(Method::PUT, message, "👍").await,
            eve.react(Method::DELETE, message, "👍").await,
        ] {
            answer.assert_error(ErrorKind::NotFound);
            answers.push(answer.text);
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "one answer for all");
    assert_eq!(mei.reads(&sent).await, sent);
}

async fn what_changes_nothing_is_told_to_nobody(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let sent = mei.write(id, "1", "hello").await;
    assert_eq!(ana.react(Method::PUT, &sent, "👍").await.status, 204);
    let path = format!("/api/v1/conversations/{id}/delivered");
    ana.client.post(&path, serde_json::json!({"seq": sent.seq})).await;
    let mut socket = Socket::sign_in(&server, &ana).await;
    let same: Message = mei.edit(&sent, "hello").await.json(200);
    assert_eq!((same.edited_at, same.rev), (None, 1));
    assert_eq!(ana.react(Method::PUT, &sent, "👍").await.status, 204);
    assert_eq!(mei.react(Method::DELETE, &sent, "👍").await.status, 204, "it is not hers");
    socket.send(app::protocol::Command::Ping {}).await;
    let _: Pong = socket.expect().await;
    assert_eq!(changes(&ana, id, 0).await.rev, 1);
}
