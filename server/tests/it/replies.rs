//! Messages that answer others, that carry others' words on, and that name people.

use app::protocol::{
    Command, Conversation, ConversationId, ErrorKind, Message, MessageRef, OfflineMessages,
    SendMessage, Seq,
};
use serde_json::{Value, json};

use crate::harness::{ErrorFrame, NewMessage, Person, Socket, TestServer, on_both_engines};

on_both_engines!(
    a_reply_quotes_what_it_answers,
    a_reply_to_nothing_is_refused,
    who_joins_answers_nothing_of_before,
    what_is_forwarded_keeps_its_author,
    what_cannot_be_seen_cannot_be_forwarded,
    the_first_unread_mention_is_marked,
    a_repeat_is_acknowledged_whatever_has_become_of_it,
);

fn reply(id: ConversationId, client_id: &str, content: &str, to: i64) -> Value {
    json!({"client_id": client_id, "conversation_id": id, "content": content, "reply_to_seq": to})
}

fn forward(id: ConversationId, client_id: &str, from: &Message) -> Value {
    let from = json!({"conversation_id": from.conversation_id, "seq": from.seq});
    json!({"client_id": client_id, "conversation_id": id, "forward": from})
}

async fn row(person: &Person, id: ConversationId) -> Conversation {
    person.client.get(&format!("/api/v1/conversations/{id}")).await.json(200)
}

fn quoted(message: &Message) -> Option<(i64, String, String)> {
    let quote = message.reply_to.clone()?;
    Some((quote.seq.get(), quote.sender.username, quote.excerpt))
}

async fn a_reply_quotes_what_it_answers(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let mut socket = Socket::sign_in(&server, &mei).await;
    let asked = mei.write(id, "1", &format!("Tea\n\nat four? {}", "😀".repeat(300))).await;
    let answer: Message = ana.send(reply(id, "1", "Yes!", 2)).await.json(201);
    let excerpt = format!("Tea at four? {}…", "😀".repeat(146));
    let quote = Some((2, "mei".to_owned(), excerpt));
    assert_eq!(quoted(&answer), quote);
    let NewMessage(first) = socket.find().await;
    assert_eq!(first, asked);
    let NewMessage(told) = socket.find().await;
    assert_eq!(told, answer);
    // Over the socket, and to oneself.
    let frame = SendMessage {
        client_id: "2".into(),
        conversation_id: Some(id),
        content: Some("Good".into()),
        reply_to_seq: Some(Seq::new(3)),
        ..SendMessage::default()
    };
    socket.send(Command::Message(frame)).await;
    let ack = socket.ack("2").await;
    let second = ana.reads(&Message { seq: ack.seq, ..answer.clone() }).await;
    assert_eq!(quoted(&second), Some((3, "ana".into(), "Yes!".into())));
    let mut away = Socket::sign_in(&server, &ana).await;
    let missed: OfflineMessages = away.expect().await;
    assert_eq!(missed.messages.last(), Some(&second));
    assert_eq!(row(&mei, id).await.last_message, Some(second));
    // The quote is of the words as they are now.
    assert_eq!(mei.edit(&asked, "Tea at five?").await.status, 200);
    assert_eq!(quoted(&ana.reads(&answer).await), Some((2, "mei".into(), "Tea at five?".into())));
    assert_eq!(mei.recall(&asked).await.status, 204);
    assert_eq!(quoted(&ana.reads(&answer).await), Some((2, "mei".into(), String::new())));
    let late: Message = ana.send(reply(id, "3", "What was it?", 2)).await.json(201);
    assert_eq!(quoted(&late), Some((2, "mei".into(), String::new())));
    assert_eq!(ana.recall(&answer).await.status, 204);
    assert_eq!(quoted(&mei.reads(&answer).await), None);
}

async fn a_reply_to_nothing_is_refused(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let notes = mei.write_to(&mei, "1", "milk").await;
    let mut socket = Socket::sign_in(&server, &ana).await;
    for to in [0, 2, 99] {
        let refused = ana.send(reply(id, "x", "hm", to)).await;
        refused.assert_error(ErrorKind::Validation);
        assert_eq!(refused.error().field.as_deref(), Some("reply_to_seq"), "{to}");
        let frame = SendMessage {
            client_id: format!("s{to}"),
            conversation_id: Some(id),
            content: Some("hm".into()),
            reply_to_seq: Some(Seq::new(to)),
            ..SendMessage::default()
        };
        socket.send(Command::Message(frame)).await;
        let refused: ErrorFrame = socket.expect().await;
        assert_eq!(refused.client_id, Some(format!("s{to}")));
        assert_eq!(refused.error.field.as_deref(), Some("reply_to_seq"));
    }
    // Whoever is no member learns nothing of what is there.
    for to in [1, 99] {
        let refused = ana.send(reply(notes.conversation_id, "x", "hm", to)).await;
        refused.assert_error(ErrorKind::NotFound);
    }
    let first =
        json!({"client_id": "y", "to_user_id": ana.user.id, "content": "?", "reply_to_seq": 1});
    ana.send(first).await.assert_error(ErrorKind::Validation);
    assert_eq!(row(&ana, id).await.last_seq, Seq::new(1));
}

async fn who_joins_answers_nothing_of_before(server: TestServer) {
    let (mei, eve) = (server.person("mei").await, server.person("eve").await);
    let mut socket = Socket::sign_in(&server, &eve).await;
    for name in ["Tea", "Coffee", "Milk"] {
        let body = json!({"name": name, "member_ids": [], "open": true});
        let made: Conversation = mei.client.post("/api/v1/conversations", body).await.json(201);
        let secret = mei.write(made.id, "1", "a secret").await;
        // At once, so that both are stored together.
        socket.send(Command::Join { conversation_id: made.id }).await;
        let answer = |client_id: &str, seq| SendMessage {
            client_id: client_id.into(),
            conversation_id: Some(made.id),
            content: Some("what is it?".into()),
            reply_to_seq: Some(seq),
            ..SendMessage::default()
        };
        socket.send(Command::Message(answer("1", secret.seq))).await;
        // What she has said herself may be there by then.
        socket.send(Command::Message(answer("2", Seq::new(3)))).await;
        let refused: ErrorFrame = socket.find().await;
        assert_eq!(refused.error.field.as_deref(), Some("reply_to_seq"));
        let ack = socket.ack("2").await;
        let said = mei.reads(&Message { seq: ack.seq, ..secret.clone() }).await;
        assert_eq!(said.reply_to.map(|quote| quote.seq), Some(Seq::new(3)));
    }
}

async fn what_is_forwarded_keeps_its_author(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let tom = server.person("tom").await;
    let with_ana = mei.greet(&ana).await;
    let with_tom = mei.greet(&tom).await;
    let said = ana.write(with_ana, "1", "@mei @tom tea at four").await;
    let mut socket = Socket::sign_in(&server, &tom).await;
    let carried: Message = mei.send(forward(with_tom, "1", &said)).await.json(201);
    assert_eq!(carried.text(), said.text());
    assert_eq!(carried.forwarded_from.as_ref().map(|author| author.id), Some(ana.user.id));
    assert!(carried.mentions.is_empty() && carried.sender == mei.user, "they name nobody here");
    let NewMessage(told) = socket.find().await;
    assert_eq!(told, carried);
    assert_eq!(tom.reads(&carried).await, carried);
    // On again, over the socket, to a person, as an answer: the first author's words still.
    let from = MessageRef { conversation_id: with_tom, seq: carried.seq };
    let frame = SendMessage {
        client_id: "2".into(),
        to_user_id: Some(mei.user.id),
        forward: Some(from),
        reply_to_seq: Some(carried.seq),
        ..SendMessage::default()
    };
    socket.send(Command::Message(frame)).await;
    let ack: app::protocol::MessageAck = socket.find().await;
    let again = mei.reads(&Message { seq: ack.seq, ..carried.clone() }).await;
    assert_eq!(again.forwarded_from.map(|author| author.id), Some(ana.user.id));
    assert_eq!(again.reply_to.map(|quote| quote.seq), Some(carried.seq));
    // They are not the sender's to change.
    mei.edit(&carried, "Tea at six").await.assert_error(ErrorKind::Forbidden);
    assert_eq!(mei.recall(&carried).await.status, 204);
    let left = tom.reads(&carried).await;
    assert_eq!((left.text(), &left.forwarded_from), ("", &None));
}

async fn what_cannot_be_seen_cannot_be_forwarded(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let eve = server.person("eve").await;
    let id = mei.greet(&ana).await;
    let secret = mei.write(id, "1", "a secret").await;
    let hers = eve.write_to(&eve, "1", "mine").await.conversation_id;
    eve.send(forward(hers, "x", &secret)).await.assert_error(ErrorKind::NotFound);
    let nowhere = Message { seq: Seq::new(99), ..secret.clone() };
    mei.send(forward(id, "x", &nowhere)).await.assert_error(ErrorKind::NotFound);
    let mut both = forward(id, "x", &secret);
    both["content"] = "and more".into();
    let refused = mei.send(both).await;
    refused.assert_error(ErrorKind::Validation);
    assert_eq!(refused.error().field.as_deref(), Some("forward"));
    mei.recall(&secret).await;
    mei.send(forward(id, "x", &secret)).await.assert_error(ErrorKind::Forbidden);
}

async fn the_first_unread_mention_is_marked(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    server.person("tom").await;
    let id = mei.greet(&ana).await;
    let mut socket = Socket::sign_in(&server, &ana).await;
    let plain = mei.write(id, "1", "ana, and mail@ana.org, and @all, and @tom").await;
    assert!(plain.mentions.is_empty(), "{:?}", plain.mentions);
    let first = mei.write(id, "2", "@ANA. Are you there, @ana? It is @mei").await;
    assert_eq!(first.mentions, [ana.user.id, mei.user.id]);
    let second = mei.write(id, "3", "@ana!").await;
    for expected in [&plain, &first, &second] {
        let NewMessage(told) = socket.find().await;
        assert_eq!(told.mentions, expected.mentions);
    }
    assert_eq!(ana.reads(&first).await, first);
    assert_eq!(row(&ana, id).await.mention_seq, Some(first.seq));
    assert_eq!(row(&mei, id).await.mention_seq, None, "nobody is told what they said themselves");
    // An edit names others.
    let edited: Message = mei.edit(&first, "never mind").await.json(200);
    assert!(edited.mentions.is_empty());
    assert_eq!(row(&ana, id).await.mention_seq, Some(second.seq));
    let edited: Message = mei.edit(&plain, "@ana, after all").await.json(200);
    assert_eq!(edited.mentions, [ana.user.id]);
    assert_eq!(row(&ana, id).await.mention_seq, Some(plain.seq));
    let path = format!("/api/v1/conversations/{id}/read");
    ana.client.post(&path, json!({"seq": first.seq})).await;
    assert_eq!(row(&ana, id).await.mention_seq, Some(second.seq));
    ana.client.post(&path, json!({"seq": second.seq})).await;
    assert_eq!(row(&ana, id).await.mention_seq, None);
}

async fn a_repeat_is_acknowledged_whatever_has_become_of_it(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let said = mei.write(id, "1", "tea @ana").await;
    let answer: Message = mei.send(reply(id, "2", "@ana?", 2)).await.json(201);
    let carried: Message = mei.send(forward(id, "3", &said)).await.json(201);
    mei.recall(&said).await;
    let again: Message = mei.send(forward(id, "3", &said)).await.json(200);
    assert_eq!(again, carried);
    let again: Message = mei.send(reply(id, "2", "something else", 99)).await.json(200);
    assert_eq!((again.seq, again.mentions.as_slice()), (answer.seq, &[ana.user.id][..]));
    assert_eq!(quoted(&again), Some((2, "mei".into(), String::new())));
}
