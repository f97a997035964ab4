//! Starting conversations, and the chat list.

use app::protocol::{Conversation, ConversationKind, ErrorKind, Head, ListPage, Seq};
use serde_json::json;

use crate::harness::{Client, TestServer, on_both_engines};

on_both_engines!(
    a_conversation_is_started_once,
    the_list_is_in_the_order_of_activity,
    heads_tell_where_everything_stands,
    strangers_see_nothing,
    two_first_messages_at_once_make_one_conversation,
);

async fn list(client: &Client, query: &str) -> ListPage<Conversation> {
    client.get(&format!("/api/v1/conversations{query}")).await.json(200)
}

async fn a_conversation_is_started_once(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let start = async |client: &Client, to| {
        client.post("/api/v1/conversations", json!({"to_user_id": to})).await
    };
    let made: Conversation = start(&mei.client, ana.user.id).await.json(201);
    assert_eq!((made.kind, made.last_seq), (ConversationKind::Private, Seq::ZERO));
    assert_eq!(made.peer.as_ref().map(|peer| peer.id), Some(ana.user.id));
    let found: Conversation = start(&mei.client, ana.user.id).await.json(200);
    let by_ana: Conversation = start(&ana.client, mei.user.id).await.json(200);
    assert_eq!((found.id, by_ana.id), (made.id, made.id));
    assert_eq!(by_ana.name, "mei");
    // Empty, it stands in nobody's list.
    assert!(list(&mei.client, "").await.items.is_empty());
    let shown = mei.client.get(&format!("/api/v1/conversations/{}", made.id)).await;
    assert_eq!(shown.json::<Conversation>(200).id, made.id);
    start(&mei.client, app::protocol::UserId::new(1)).await.assert_error(ErrorKind::NotFound);
    // Notes to oneself.
    let notes: Conversation = start(&mei.client, mei.user.id).await.json(201);
    assert_eq!((notes.peer, notes.member_count), (None, 1));
}

async fn the_list_is_in_the_order_of_activity(server: TestServer) {
    let mei = server.person("mei").await;
    let mut newest_first = Vec::new();
    for name in ["ana", "ben", "cas"] {
        let other = server.person(name).await;
        let message = other.write_to(&mei, "1", &format!("from {name}")).await;
        newest_first.insert(0, message.conversation_id);
    }
    let page = list(&mei.client, "").await;
    let ids: Vec<_> = page.items.iter().map(|row| row.id).collect();
    assert_eq!((ids, page.next_cursor), (newest_first.clone(), None));
    let row = &page.items[0];
    let last = row.last_message.as_ref().map(|message| message.content.as_str());
    assert_eq!((last, row.unread, row.name.as_str()), (Some("from cas"), 1, "cas"));
    // Page by page.
    let mut ids = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = list(&mei.client, &format!("?limit=1{cursor}")).await;
        ids.extend(page.items.iter().map(|row| row.id));
        let Some(next) = page.next_cursor else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(ids, newest_first);
    assert!(list(&mei.client, "?archived=true").await.items.is_empty());
}

async fn heads_tell_where_everything_stands(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    ana.write_to(&mei, "1", "one").await;
    let message = ana.write_to(&mei, "2", "two").await;
    let heads: Vec<Head> = mei.client.get("/api/v1/conversations/heads").await.json(200);
    assert_eq!(heads.len(), 1);
    let text = mei.client.get("/api/v1/conversations/heads").await.text;
    let start = format!("[[{},2,0,0,0,", message.conversation_id);
    assert!(text.starts_with(&start), "{text}");
}

async fn strangers_see_nothing(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let eve = server.person("eve").await;
    let id = ana.write_to(&mei, "1", "for your eyes").await.conversation_id;
    let absent = eve.client.get("/api/v1/conversations/1").await.text;
    for path in
        [format!("/api/v1/conversations/{id}"), format!("/api/v1/conversations/{id}/messages")]
    {
        let answer = eve.client.get(&path).await;
        answer.assert_error(ErrorKind::NotFound);
        // The same as for one that does not exist.
        assert_eq!(answer.text, absent);
    }
    for mark in ["read", "delivered"] {
        let path = format!("/api/v1/conversations/{id}/{mark}");
        eve.client.post(&path, json!({"seq": 1})).await.assert_error(ErrorKind::NotFound);
    }
    let body = json!({"client_id": "x", "conversation_id": id, "content": "let me in"});
    eve.client.post("/api/v1/messages", body).await.assert_error(ErrorKind::NotFound);
    assert!(list(&eve.client, "").await.items.is_empty());
}

async fn two_first_messages_at_once_make_one_conversation(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let sends = (0..20).map(|number| {
        let (from, to) = if number % 2 == 0 { (&mei, &ana) } else { (&ana, &mei) };
        async move { from.write_to(to, &number.to_string(), "first!").await }
    });
    let messages = futures_util::future::join_all(sends).await;
    let id = messages[0].conversation_id;
    assert!(messages.iter().all(|message| message.conversation_id == id));
    let mut seqs: Vec<_> = messages.iter().map(|message| message.seq.get()).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=20).collect::<Vec<_>>());
}
