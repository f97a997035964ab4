//! Whatever is asked, the database finds it by its keys: of a table with 200,000 rows no statement
//! reads more than it needs.

use std::collections::BTreeSet;

use app::protocol::{Conversation, ConversationId, ListPage, Member, Message};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{LOGGED, Person, Socket, TestServer, on_both_engines, statements_in};

on_both_engines!(
    with [("KITH_LOG", super::LOGGED), ("KITH_RATE_MESSAGES", "0")];
    everything_is_found_by_its_keys,
);

const CONVERSATIONS: i64 = 200;
const EACH: i64 = 1_000;
/// Of each conversation: what is counted.
const UNREAD: i64 = 10;

/// Rows that one request may have MariaDB read. A list of a hundred conversations takes the most:
/// their rows with all that shows of them, and what is unread in each, and mentioned.
const READ: i64 = 5_000;

/// A person with 200 conversations of 1,000 messages, each of which mentions them.
async fn seed(server: &TestServer, mei: &Person) {
    server.seed_waiting(mei, CONVERSATIONS, EACH).await;
    let (mei, read) = (mei.user.id, EACH - UNREAD);
    for statement in [
        format!(
            "UPDATE message_session SET read_seq = {read}, delivered_seq = {EACH} \
                 WHERE user_id = {mei}"
        ),
        format!(
            "INSERT INTO mention (conversation_id, user_id, seq, sender_id) \
                 SELECT conversation_id, {mei}, seq, sender_id FROM message"
        ),
    ] {
        server.execute(statement).await;
    }
    if server.database_url().is_some() {
        let tables = "user, conversation, message_session, message, mention";
        server.execute(format!("ANALYZE TABLE {tables}")).await;
        server.count_rows_read().await;
    }
}

/// A group of many, in which something was said.
async fn group(mei: &Person, members: i64) -> (ConversationId, Message) {
    let ids: Vec<_> = (1..=members).collect();
    let body = json!({"name": "Crowd", "member_ids": ids, "open": true});
    let made: Conversation = mei.client.post("/api/v1/conversations", body).await.json(201);
    (made.id, mei.write(made.id, "said", "said").await)
}

/// Requests of all sorts, in an order in which each succeeds.
fn requests(mei: &Person, omar: &Person, id: ConversationId, said: &Message) -> Vec<Request> {
    let group = format!("conversations/{id}");
    let (message, member) = (format!("{group}/messages/{}", said.seq), format!("{group}/members"));
    let (them, her) = (omar.user.id, mei.user.id);
    let send = |fields: Value| {
        let mut message = json!({"client_id": "c", "conversation_id": id, "content": "@all, look"});
        for (name, value) in fields.as_object().expect("fields") {
            message[name] = value.clone();
        }
        (Method::POST, "messages".to_owned(), Some(message))
    };
    let get = |path: String| (Method::GET, path, None);
    let to = |method: Method, path: String, body: Value| (method, path, Some(body));
    let react = format!("{message}/reactions/%F0%9F%8C%BF");
    vec![
        get("conversations?limit=100".into()),
        get("conversations/1".into()),
        get("conversations/heads".into()),
        get(group.clone()),
        get(format!("{member}?limit=100")),
        get(format!("{member}?query=stranger19")),
        get("conversations/1/messages?limit=100".into()),
        get("conversations/1/messages?around=500".into()),
        get("conversations/1/messages?at=1".into()),
        get("conversations/1/messages?after_rev=0".into()),
        get("groups?query=cr".into()),
        get("users?query=stranger19".into()),
        send(json!({})),
        send(json!({"client_id": "r", "content": "@stranger7", "reply_to_seq": said.seq})),
        send(json!({"client_id": "f", "content": null,
            "forward": {"conversation_id": id, "seq": said.seq}})),
        (Method::PUT, react.clone(), None),
        get(format!("{group}/messages")),
        get(format!("{message}/receipts")),
        (Method::DELETE, react, None),
        send(json!({"client_id": "i", "message_type": "image", "file_ids": [11, 12]})),
        get(format!("{group}/files?kind=image")),
        get(format!("{group}/files")),
        get("files".into()),
        get("users/me".into()),
        (Method::DELETE, format!("{group}/messages/{}", said.seq.get() + 4), None),
        to(Method::PATCH, message.clone(), json!({"content": "@all, listen"})),
        get(format!("{group}/messages?after_rev=0")),
        (Method::DELETE, message, None),
        to(Method::PATCH, group.clone(), json!({"name": "Multitude", "history": "all"})),
        to(Method::POST, member.clone(), json!({"user_ids": [them]})),
        to(Method::PATCH, format!("{member}/{them}"), json!({"role": "admin"})),
        (Method::DELETE, format!("{member}/{them}"), None),
        to(Method::POST, format!("{group}/read"), json!({"seq": 3})),
        to(Method::POST, "conversations/1/delivered".into(), json!({"seq": EACH})),
        to(Method::PATCH, "conversations/1".into(), json!({"pinned": true, "archived": true})),
        get("conversations?archived=true".into()),
        (Method::DELETE, "conversations/2".into(), None),
        to(Method::PUT, format!("contacts/{them}"), json!({"alias": "O"})),
        get("contacts".into()),
        (Method::PUT, format!("blocks/{them}"), None),
        get("blocks".into()),
        (Method::DELETE, format!("blocks/{them}"), None),
        (Method::DELETE, format!("contacts/{them}"), None),
        get(format!("users/{them}")),
        (Method::DELETE, format!("{member}/{her}"), None),
    ]
}

type Request = (Method, String, Option<Value>);

async fn everything_is_found_by_its_keys(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    seed(&server, &mei).await;
    let (id, said) = group(&mei, 150).await;
    for id in 11..=12 {
        server.seed_upload(&mei, id, "photo").await;
    }
    let page: ListPage<Member> =
        mei.client.get(&format!("/api/v1/conversations/{id}/members")).await.json(200);
    assert_eq!(page.items.len(), 50);
    let on_mariadb = server.database_url().is_some();
    let before = server.log().len();
    for (method, path, body) in requests(&mei, &omar, id, &said) {
        let read = if on_mariadb { server.rows_read().await } else { 0 };
        let path = format!("/api/v1/{path}");
        let body = body.as_ref().map(Value::to_string);
        let answer = mei.client.send(method.clone(), &path, body).await;
        assert!((200..300).contains(&answer.status), "{method} {path}: {answer:?}");
        if on_mariadb {
            let read = server.rows_read().await - read;
            println!("{method} {path} {read}");
            assert!(read <= READ, "{method} {path} reads {read} rows");
        }
    }
    let _ = Socket::sign_in(&server, &mei).await;
    if !on_mariadb {
        for statement in statements_in(&server.log()[before..]).into_iter().collect::<BTreeSet<_>>()
        {
            assert_by_keys(&server, &statement).await;
        }
    }
}

/// That SQLite goes through no table from its beginning to its end.
async fn assert_by_keys(server: &TestServer, statement: &str) {
    if ["BEGIN", "COMMIT", "ROLLBACK"].iter().any(|word| statement.starts_with(word)) {
        return;
    }
    let plan = server.plan_of(statement).await;
    for step in &plan {
        let Some(scanned) = step.strip_prefix("SCAN ") else { continue };
        let made = ["MATERIALIZE ", "CO-ROUTINE "];
        let is_made = plan.iter().any(|step| {
            made.iter().any(|made| step.strip_prefix(made).is_some_and(|name| name == scanned))
        });
        let is_given = ["CONSTANT ROW", "CONSTANT ROWS", "VALUES CLAUSE"];
        let is_given = is_given.iter().any(|given| scanned.ends_with(given));
        assert!(is_made || is_given, "{statement}\n{plan:#?}");
    }
}
