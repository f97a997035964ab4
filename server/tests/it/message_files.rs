//! Messages that hold files: sending them by every way in, what is refused, and who sees what they hold.

use app::protocol::{
    Command, Content, Conversation, ConversationId, ErrorKind, FileId, ListPage, Me, Message,
    MessageAck, MessagePage, MessageType, OfflineMessages, OwnFile, SendMessage, SharedFile,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{
    ErrorFrame, LOGGED, MessageUpdated, NewMessage, Person, Socket, TestServer, on_both_engines,
    statements_in,
};

on_both_engines!(
    albums_and_files_are_sent_by_both_ways_in,
    what_cannot_be_sent_is_refused_by_its_field,
    a_caption_is_edited_and_told,
    who_cannot_read_a_message_sees_nothing_of_its_files,
    what_is_forwarded_is_shared,
    people_see_what_their_files_take_up_and_where_they_are,
);

on_both_engines!(
    with [("KITH_LOG", super::LOGGED)];
    a_text_asks_for_no_files,
);

fn holding(id: ConversationId, client_id: &str, kind: &str, ids: &[FileId]) -> Value {
    json!({"client_id": client_id, "conversation_id": id, "message_type": kind, "file_ids": ids})
}

fn names(message: &Message) -> Vec<&str> {
    message.files().iter().map(|file| &*file.name).collect()
}

async fn album(server: &TestServer, mei: &Person) -> [FileId; 2] {
    [server.seed_upload(mei, 11, "photo").await, server.seed_upload(mei, 12, "photo").await]
}

async fn albums_and_files_are_sent_by_both_ways_in(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let pictures = album(&server, &mei).await;
    let voice = server.seed_upload(&mei, 13, "voice").await;
    let mut hers = Socket::sign_in(&server, &ana).await;
    let mut fields = holding(id, "1", "image", &pictures);
    fields["content"] = json!(" for @ana ");
    let sent: Message = mei.send(fields.clone()).await.json(201);
    assert_eq!((sent.text(), names(&sent)), ("for @ana", vec!["f11", "f12"]));
    assert_eq!((sent.content.kind(), &*sent.mentions), (MessageType::Image, &[ana.user.id][..]));
    let NewMessage(told) = hers.find().await;
    assert_eq!(told, sent);
    let again: Message = mei.send(fields).await.json(200);
    assert_eq!(again, sent, "stored once");
    // Over the socket; without a caption, by the name for one alone.
    let mut socket = Socket::sign_in(&server, &mei).await;
    let frame = SendMessage {
        client_id: "2".into(),
        conversation_id: Some(id),
        message_type: Some(MessageType::File),
        file_id: Some(voice),
        ..SendMessage::default()
    };
    socket.send(Command::Message(frame.clone())).await;
    let ack: MessageAck = socket.find().await;
    assert_eq!((ack.seq.get(), ack.duplicate), (3, false));
    let NewMessage(told) = hers.find().await;
    assert_eq!((told.content.is_voice(), names(&told), told.text()), (true, vec!["f13"], ""));
    assert_eq!(ana.reads(&told).await, told);
    socket.send(Command::Message(frame)).await;
    let repeat: MessageAck = socket.find().await;
    assert_eq!((repeat.seq, repeat.duplicate), (ack.seq, true));
    let row: Conversation = ana.client.get(&format!("/api/v1/conversations/{id}")).await.json(200);
    assert_eq!((row.unread, row.mention_seq, row.last_message), (3, Some(sent.seq), Some(told)));
    // Who was away is told of all they hold.
    let mut later = Socket::sign_in(&server, &ana).await;
    let missed: OfflineMessages = later.find().await;
    let missed: Vec<_> = missed.messages.iter().map(names).collect();
    assert_eq!(missed.last(), Some(&vec!["f13"]));
    assert!(missed.contains(&vec!["f11", "f12"]), "{missed:?}");
    // On the wire the first stands by itself as well.
    let page = ana.client.get(&format!("/api/v1/conversations/{id}/messages")).await;
    let page: Value = serde_json::from_str(&page.text).expect("JSON");
    let [.., of_album, _] = &page["items"].as_array().expect("items")[..] else { panic!("{page}") };
    assert_eq!(of_album["file"], of_album["files"][0]);
    assert_eq!(of_album["files"][1]["url"], "/api/v1/files/12");
    assert_eq!((&page["items"][0]["file"], &page["items"][0]["files"]), (&Value::Null, &json!([])));
}

async fn what_cannot_be_sent_is_refused_by_its_field(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let [one, two] = album(&server, &mei).await;
    let document = server.seed_upload(&mei, 13, "file").await;
    let hers = server.seed_upload(&ana, 14, "photo").await;
    let begun = server.seed_upload(&mei, 15, "photo").await;
    let expired = server.seed_upload(&mei, 16, "photo").await;
    server.execute("UPDATE file SET state = 1 WHERE id = 15".into()).await;
    server.execute("UPDATE file SET expires_at = 5 WHERE id = 16".into()).await;
    let many: Vec<_> = (100..111).map(FileId::new).collect();
    let mut socket = Socket::sign_in(&server, &mei).await;
    for (kind, ids, field) in [
        ("image", &[][..], "file_ids"),
        ("file", &many, "file_ids"),
        ("image", &[one, one], "file_ids"),
        ("image", &[one, document], "file_ids"),
        ("image", &[one, hers], "file_ids"),
        ("file", &[begun], "file_ids"),
        ("file", &[expired], "file_ids"),
        ("file", &[FileId::new(99)], "file_ids"),
        ("text", &[one], "file_ids"),
        ("schedule", &[], "schedule"),
        ("system", &[], "message_type"),
    ] {
        let fields = holding(id, "x", kind, ids);
        let answer = mei.send(fields.clone()).await;
        answer.assert_error(ErrorKind::Validation);
        assert_eq!(answer.error().field.as_deref(), Some(field), "{fields}");
        let message = serde_json::from_value(fields.clone()).expect("a message");
        socket.send(Command::Message(message)).await;
        let told: ErrorFrame = socket.find().await;
        assert_eq!(
            (told.error, told.client_id.as_deref()),
            (answer.error(), Some("x")),
            "{fields}"
        );
    }
    let mut fields = holding(id, "x", "image", &[one]);
    fields["content"] = json!("a".repeat(5_001));
    assert_eq!(mei.send(fields.clone()).await.error().field.as_deref(), Some("content"));
    fields["forward"] = json!({"conversation_id": id, "seq": 1});
    assert_eq!(mei.send(fields.clone()).await.error().field.as_deref(), Some("forward"));
    fields["content"] = Value::Null;
    assert_eq!(mei.send(fields).await.error().field.as_deref(), Some("forward"));
    // None of this has taken the name, or a place.
    let sent: Message = mei.send(holding(id, "x", "image", &[two, one])).await.json(201);
    assert_eq!((sent.seq.get(), names(&sent)), (2, vec!["f12", "f11"]));
}

async fn a_caption_is_edited_and_told(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let pictures = album(&server, &mei).await;
    let sent: Message = mei.send(holding(id, "1", "image", &pictures)).await.json(201);
    let mut socket = Socket::sign_in(&server, &ana).await;
    for words in ["look, @ana", ""] {
        let edited: Message = mei.edit(&sent, words).await.json(200);
        assert_eq!((edited.text(), edited.files()), (words, sent.files()));
        assert_eq!(edited.mentions.len(), usize::from(!words.is_empty()));
        let told: MessageUpdated = socket.find().await;
        assert_eq!(told.message, edited);
    }
    mei.edit(&sent, &"a".repeat(5_001)).await.assert_error(ErrorKind::Validation);
    ana.edit(&sent, "mine").await.assert_error(ErrorKind::Forbidden);
    let text = mei.write(id, "2", "words").await;
    mei.edit(&text, "").await.assert_error(ErrorKind::Validation);
    assert_eq!(ana.react(Method::PUT, &sent, "😮").await.status, 204);
    assert_eq!(mei.recall(&sent).await.status, 204);
    let left = ana.reads(&sent).await;
    assert_eq!(left.content, Content::Recalled(MessageType::Image));
    mei.edit(&sent, "back").await.assert_error(ErrorKind::Forbidden);
}

async fn shared(person: &Person, id: ConversationId, query: &str) -> Vec<i64> {
    let path = format!("/api/v1/conversations/{id}/files{query}");
    let page: ListPage<SharedFile> = person.client.get(&path).await.json(200);
    page.items.iter().map(|item| item.file.id.get()).collect()
}

async fn who_cannot_read_a_message_sees_nothing_of_its_files(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let (tom, eve) = (server.person("tom").await, server.person("eve").await);
    let id = mei.group("Tea", &[&ana, &tom]).await.id;
    let pictures = album(&server, &mei).await;
    let sent: Message = mei.send(holding(id, "1", "image", &pictures)).await.json(201);
    assert_eq!(shared(&ana, id, "").await, [12, 11]);
    assert_eq!(shared(&ana, id, "?kind=voice").await, [0_i64; 0]);
    let first: ListPage<SharedFile> =
        ana.client.get(&format!("/api/v1/conversations/{id}/files?limit=1")).await.json(200);
    let next = first.next_cursor.expect("a second page");
    assert_eq!(shared(&ana, id, &format!("?kind=image&limit=1&cursor={next}")).await, [11]);
    for bad in ["?limit=0", "?limit=101"] {
        let answer = ana.client.get(&format!("/api/v1/conversations/{id}/files{bad}")).await;
        answer.assert_error(ErrorKind::Validation);
    }
    let answer = ana.client.get(&format!("/api/v1/conversations/{id}/files?kind=song")).await;
    answer.assert_error(ErrorKind::BadRequest);
    // Who joins later sees what comes then; who left, was removed or never was there, nothing.
    let members = format!("/api/v1/conversations/{id}/members");
    mei.client.post(&members, json!({"user_ids": [eve.user.id]})).await;
    assert_eq!(shared(&eve, id, "").await, [0_i64; 0]);
    let later = server.seed_upload(&mei, 13, "file").await;
    let _: Message = mei.send(holding(id, "2", "file", &[later])).await.json(201);
    assert_eq!(shared(&eve, id, "").await, [13]);
    assert_eq!(mei.client.delete(&format!("{members}/{}", ana.user.id)).await.status, 204);
    assert_eq!(tom.client.delete(&format!("{members}/{}", tom.user.id)).await.status, 204);
    let ben = server.person("ben").await;
    for person in [&ana, &tom, &ben] {
        let answer = person.client.get(&format!("/api/v1/conversations/{id}/files")).await;
        answer.assert_error(ErrorKind::NotFound);
        let forward = json!({"client_id": "f", "to_user_id": person.user.id,
            "forward": {"conversation_id": id, "seq": sent.seq}});
        person.send(forward).await.assert_error(ErrorKind::NotFound);
    }
    // What one hides from oneself stays to others.
    assert_eq!(mei.client.delete(&format!("/api/v1/conversations/{id}")).await.status, 204);
    assert_eq!(shared(&mei, id, "").await, [0_i64; 0]);
    assert_eq!(shared(&eve, id, "").await, [13]);
    let third = server.seed_upload(&mei, 14, "voice").await;
    let third: Message = mei.send(holding(id, "3", "file", &[third])).await.json(201);
    assert_eq!(shared(&eve, id, "?kind=voice").await, [14]);
    assert_eq!(mei.recall(&third).await.status, 204);
    assert_eq!(shared(&eve, id, "").await, [13]);
}

async fn what_is_forwarded_is_shared(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let pictures = album(&server, &mei).await;
    let mut fields = holding(id, "1", "image", &pictures);
    fields["content"] = json!("tea");
    let sent: Message = mei.send(fields).await.json(201);
    let forward = json!({"client_id": "1", "to_user_id": ana.user.id,
        "forward": {"conversation_id": id, "seq": sent.seq}});
    let notes: Message = ana.send(forward).await.json(201);
    assert_eq!((&notes.content, notes.forwarded_from.as_ref()), (&sent.content, Some(&mei.user)));
    ana.edit(&notes, "mine").await.assert_error(ErrorKind::Forbidden);
    assert_eq!(mei.recall(&sent).await.status, 204);
    let path = format!("/api/v1/conversations/{}/messages", notes.conversation_id);
    let page: MessagePage = ana.client.get(&path).await.json(200);
    assert_eq!(names(&page.items[0]), ["f11", "f12"], "hers holds them still");
    // Hidden for oneself, it is there for others.
    let hidden = ana.client.delete(&format!("/api/v1/conversations/{id}")).await;
    assert_eq!(hidden.status, 204);
    assert_eq!(shared(&ana, notes.conversation_id, "").await, [12, 11]);
}

async fn people_see_what_their_files_take_up_and_where_they_are(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let me: Me = mei.client.get("/api/v1/users/me").await.json(200);
    assert_eq!((me.files_used, me.files_quota), (0, 5 * 1024 * 1024 * 1024));
    let pictures = album(&server, &mei).await;
    let sent: Message = mei.send(holding(id, "1", "image", &pictures[..1])).await.json(201);
    let me: Me = mei.client.get("/api/v1/users/me").await.json(200);
    assert_eq!(me.files_used, 23);
    let own: ListPage<OwnFile> = mei.client.get("/api/v1/files").await.json(200);
    let seen: Vec<_> = own
        .items
        .iter()
        .map(|own| (own.file.id.get(), own.expires_at.is_some(), own.sent.len()))
        .collect();
    assert_eq!(seen, [(12, true, 0), (11, false, 1)]);
    assert_eq!(own.items[1].sent[0].seq, sent.seq);
    let hers: ListPage<OwnFile> = ana.client.get("/api/v1/files").await.json(200);
    assert_eq!(hers.items, []);
    assert_eq!(mei.recall(&sent).await.status, 204);
    let me: Me = mei.client.get("/api/v1/users/me").await.json(200);
    assert_eq!(me.files_used, 12);
}

async fn a_text_asks_for_no_files(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let about_files = |before: usize| {
        let statements = statements_in(&server.log()[before..]);
        assert!(!statements.is_empty());
        statements.iter().filter(|sql| sql.contains("file")).count()
    };
    let page = format!("/api/v1/conversations/{id}/messages");
    let before = server.log().len();
    let text = mei.write(id, "1", "words").await;
    mei.edit(&text, "other words").await;
    ana.client.get(&page).await;
    ana.client.get("/api/v1/conversations").await;
    mei.recall(&text).await;
    assert_eq!(about_files(before), 0);
    let before = server.log().len();
    let pictures = album(&server, &mei).await;
    let _: Message = mei.send(holding(id, "2", "image", &pictures)).await.json(201);
    // What can be sent of them, what holds them, and that they go no more: and not one more.
    assert_eq!(about_files(before), 3);
    let before = server.log().len();
    ana.client.get(&page).await;
    assert_eq!(about_files(before), 1);
}
