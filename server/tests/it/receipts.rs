//! Delivered and read marks over HTTP.

use app::protocol::{Conversation, ErrorKind, Seq};
use serde_json::json;

use crate::harness::{Client, Person, TestServer, on_both_engines};

on_both_engines!(marks_move_forward_only, marks_are_cut_to_what_is_there);

async fn mark(client: &Client, conversation: &Conversation, kind: &str, seq: i64) {
    let path = format!("/api/v1/conversations/{}/{kind}", conversation.id);
    let answer = client.post(&path, json!({"seq": seq})).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
}

async fn show(person: &Person, conversation: &Conversation) -> Conversation {
    person.client.get(&format!("/api/v1/conversations/{}", conversation.id)).await.json(200)
}

/// Ana's view of three messages that Mei has written to her.
async fn three_messages(mei: &Person, ana: &Person) -> Conversation {
    for number in ["1", "2"] {
        mei.write_to(ana, number, "hi").await;
    }
    let id = mei.write_to(ana, "3", "hi").await.conversation_id;
    ana.client.get(&format!("/api/v1/conversations/{id}")).await.json(200)
}

async fn marks_move_forward_only(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let before = three_messages(&mei, &ana).await;
    assert_eq!((before.unread, before.read_seq, before.delivered_seq), (3, Seq::ZERO, Seq::ZERO));
    mark(&ana.client, &before, "delivered", 2).await;
    let now = show(&ana, &before).await;
    assert_eq!((now.unread, now.read_seq, now.delivered_seq), (3, Seq::ZERO, Seq::new(2)));
    mark(&ana.client, &before, "read", 3).await;
    mark(&ana.client, &before, "read", 1).await;
    mark(&ana.client, &before, "delivered", 0).await;
    let now = show(&ana, &before).await;
    assert_eq!((now.unread, now.read_seq, now.delivered_seq), (0, Seq::new(3), Seq::new(3)));
    let seen = show(&mei, &before).await;
    assert_eq!(
        (seen.peer_read_seq, seen.peer_delivered_seq),
        (Some(Seq::new(3)), Some(Seq::new(3)))
    );
}

async fn marks_are_cut_to_what_is_there(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let before = three_messages(&mei, &ana).await;
    mark(&ana.client, &before, "read", 9_007_199_254_740_991).await;
    assert_eq!(show(&ana, &before).await.read_seq, Seq::new(3));
    let path = format!("/api/v1/conversations/{}/read", before.id);
    for seq in [json!(-1), json!(9_007_199_254_740_992_i64), json!(null), json!("3")] {
        let answer = ana.client.post(&path, json!({"seq": seq})).await;
        answer.assert_error(ErrorKind::BadRequest);
    }
}
