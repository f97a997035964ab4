//! Sending over HTTP, and reading history.

use app::protocol::{
    ConversationId, ErrorKind, Message, MessageChanges, MessagePage, OfflineMessages, Seq,
};
use serde_json::json;

use crate::harness::{Client, NewMessage, Socket, TestServer, on_both_engines};

on_both_engines!(
    a_message_is_sent_once,
    a_first_message_makes_the_conversation,
    exactly_one_target_is_given,
    texts_are_checked_and_kept,
    history_is_read_in_parts,
    history_is_read_at_a_moment,
    changes_are_asked_for_by_rev,
    who_is_connected_hears_of_it,
);

async fn history(client: &Client, id: ConversationId, query: &str) -> (Vec<i64>, MessagePage) {
    let path = format!("/api/v1/conversations/{id}/messages{query}");
    let page: MessagePage = client.get(&path).await.json(200);
    (page.items.iter().map(|message| message.seq.get()).collect(), page)
}

async fn a_message_is_sent_once(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let first = mei.write_to(&ana, "one", "hello").await;
    assert_eq!((first.seq, first.sender.id), (Seq::new(1), mei.user.id));
    // Again, by either way of naming the conversation, even with another text.
    for target in
        [json!({"conversation_id": first.conversation_id}), json!({"to_user_id": ana.user.id})]
    {
        let mut body = json!({"client_id": "one", "content": "another text"});
        body.as_object_mut().expect("an object").extend(target.as_object().expect("one").clone());
        let again: Message = mei.client.post("/api/v1/messages", body).await.json(200);
        assert_eq!((again.seq, again.text()), (first.seq, "hello"));
    }
    // The other's `client_id`s are their own.
    let other = ana.write(first.conversation_id, "one", "hi").await;
    assert_eq!(other.seq, Seq::new(2));
    assert_eq!(history(&ana.client, first.conversation_id, "").await.0, [1, 2]);
}

async fn a_first_message_makes_the_conversation(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let first = mei.write_to(&ana, "1", "hello").await;
    let answer = ana.write_to(&mei, "1", "hello yourself").await;
    assert_eq!((answer.conversation_id, answer.seq), (first.conversation_id, Seq::new(2)));
    let note = mei.write_to(&mei, "1", "milk").await;
    assert_ne!(note.conversation_id, first.conversation_id);
    let body = json!({"client_id": "x", "to_user_id": 1, "content": "anyone?"});
    mei.client.post("/api/v1/messages", body).await.assert_error(ErrorKind::NotFound);
}

async fn exactly_one_target_is_given(server: TestServer) {
    let mei = server.person("mei").await;
    for body in [
        json!({"client_id": "x", "content": "hi"}),
        json!({"client_id": "x", "content": "hi", "to_user_id": 1, "conversation_id": 1}),
    ] {
        mei.client.post("/api/v1/messages", body).await.assert_error(ErrorKind::BadRequest);
    }
}

async fn texts_are_checked_and_kept(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    for (client_id, content, field) in [
        ("1", "", "content"),
        ("1", " \n ", "content"),
        ("1", "a\0b", "content"),
        ("1", &"x".repeat(5_001), "content"),
        ("", "hi", "client_id"),
        ("a b", "hi", "client_id"),
    ] {
        let body = json!({"client_id": client_id, "to_user_id": ana.user.id, "content": content});
        let answer = mei.client.post("/api/v1/messages", body).await;
        answer.assert_error(ErrorKind::Validation);
        assert_eq!(answer.error().field.as_deref(), Some(field));
    }
    let text = "नमस्ते 😀😁\r\n\u{202e}שלום\u{202c}\t' \" \\ % _ é e\u{301} <b>&amp;";
    let longest = "😀".repeat(5_000);
    mei.write_to(&ana, "1", &format!("  {text}\n")).await;
    let sent = mei.write_to(&ana, "2", &longest).await;
    let (_, page) = history(&ana.client, sent.conversation_id, "").await;
    let texts: Vec<_> = page.items.iter().map(Message::text).collect();
    assert_eq!(texts, [text, longest.as_str()]);
}

async fn history_is_read_in_parts(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let mut id = None;
    for number in 1..=60 {
        let message = mei.write_to(&ana, &number.to_string(), &format!("number {number}")).await;
        id = Some(message.conversation_id);
    }
    let id = id.expect("sent");
    let range = |from: i64, to: i64| (from..=to).collect::<Vec<_>>();
    let (seqs, page) = history(&ana.client, id, "").await;
    assert_eq!(seqs, range(11, 60));
    assert_eq!((page.has_more_before, page.has_more_after), (true, false));
    let (seqs, page) = history(&ana.client, id, "?before=11&limit=5").await;
    assert_eq!(seqs, range(6, 10));
    assert_eq!((page.has_more_before, page.has_more_after), (true, true));
    let (seqs, page) = history(&ana.client, id, "?after=50&limit=100").await;
    assert_eq!(seqs, range(51, 60));
    assert_eq!((page.from_seq, page.to_seq), (Seq::new(51), Seq::new(60)));
    let (seqs, _) = history(&ana.client, id, "?around=30&limit=11").await;
    assert!(seqs.len() == 11 && seqs.contains(&30), "{seqs:?}");
    let (seqs, page) = history(&ana.client, id, "?before=1").await;
    assert!(seqs.is_empty() && !page.has_more_before);
    for asked in [
        "before=5&after=5",
        "around=5&at=5",
        "at=5&after_rev=0",
        "at=-1",
        "at=9007199254740992",
        "at=yesterday",
        "after_rev=-1",
        "after_rev=9007199254740992",
    ] {
        let path = format!("/api/v1/conversations/{id}/messages?{asked}");
        ana.client.get(&path).await.assert_error(ErrorKind::BadRequest);
    }
    for way in ["at=5", "after_rev=0"] {
        let path = format!("/api/v1/conversations/{id}/messages?{way}");
        let over = ana.client.get(&format!("{path}&limit=101")).await;
        assert_eq!(over.error().field.as_deref(), Some("limit"));
        let eve = server.person(if way == "at=5" { "eve" } else { "ada" }).await;
        eve.client.get(&path).await.assert_error(ErrorKind::NotFound);
    }
}

async fn history_is_read_at_a_moment(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let mut sent = Vec::new();
    for number in 1..=9 {
        sent.push(mei.write_to(&ana, &number.to_string(), "hi").await);
    }
    let id = sent[0].conversation_id;
    let moment = sent[4].created_at;
    let first = sent.iter().find(|message| message.created_at >= moment).expect("itself");
    let (seqs, page) = history(&ana.client, id, &format!("?at={moment}&limit=1")).await;
    assert_eq!(seqs, [first.seq.get()]);
    assert!(page.has_more_after);
    assert_eq!(history(&ana.client, id, "?at=0&limit=3").await.0, [1, 2, 3]);
    let later = sent[8].created_at + 1;
    let (seqs, page) = history(&ana.client, id, &format!("?at={later}&limit=3")).await;
    assert_eq!((seqs, page.has_more_after), (vec![7, 8, 9], false));
}

async fn changes_are_asked_for_by_rev(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.write_to(&ana, "1", "hi").await.conversation_id;
    let path = format!("/api/v1/conversations/{id}/messages?after_rev=0");
    let none: MessageChanges = ana.client.get(&path).await.json(200);
    assert_eq!(none, MessageChanges { items: Vec::new(), rev: 0, has_more: false });
}

async fn who_is_connected_hears_of_it(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let first = mei.write_to(&ana, "1", "before").await;
    let mut socket = Socket::sign_in(&server, &ana).await;
    // While the conversation catches up, what is said comes with its pages.
    let _: OfflineMessages = socket.expect().await;
    mei.write(first.conversation_id, "2", "live").await;
    let NewMessage(message) = socket.find().await;
    assert_eq!((message.text(), message.seq), ("live", Seq::new(2)));
}
