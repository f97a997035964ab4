//! What is another's looks as what does not exist: every command and every route, with every id that
//! is not one's own, is answered by the same words, at the cost of as many statements.

use app::protocol::{Conversation, ConversationId, ListPage, Login, ServerFrame};
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::harness::{LOGGED, Person, Socket, TestServer, on_both_engines};

on_both_engines!(
    with [("KITH_LOG", super::LOGGED), ("KITH_RATE_MESSAGES", "0"), ("KITH_RATE_WRITES", "0")];
    commands_tell_nothing_of_others,
    routes_tell_nothing_of_others,
    logins_tell_nothing_of_others,
);

/// Numbers that are something to somebody, but no conversation of eve's; the first is nothing at all.
async fn foreign_ids(server: &TestServer, eve: &Person) -> Vec<String> {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let written = mei.write_to(&ana, "1", "for your eyes").await.conversation_id;
    let notes = mei.write_to(&mei, "1", "to myself").await.conversation_id;
    let body = json!({"to_user_id": server.person("omar").await.user.id});
    let empty: Conversation = mei.client.post("/api/v1/conversations", body).await.json(201);
    let group = mei.group("Tea", &[&ana]).await.id;
    let left = mei.group("Once", &[&ana, eve]).await.id;
    leave(eve, left).await;
    // Eve's own life goes on beside it.
    eve.write_to(&mei, "1", "hello").await;
    let people = [mei.user.id.to_string(), eve.user.id.to_string()];
    let conversations = [written, notes, empty.id, group, left].map(|id| id.to_string());
    ["1".to_owned()].into_iter().chain(conversations).chain(people).collect()
}

/// Has the server remember nothing of who is in a group, as of one that was quiet for long.
async fn forget_members(server: &TestServer, id: &str) {
    let set = "UPDATE conversation SET members_rev = members_rev + 1 WHERE kind = 2";
    server.execute(format!("{set} AND id = {id}")).await;
}

async fn leave(person: &Person, id: ConversationId) {
    let path = format!("/api/v1/conversations/{id}/members/{}", person.user.id);
    assert_eq!(person.client.delete(&path).await.status, 204);
}

async fn commands_tell_nothing_of_others(server: TestServer) {
    let eve = server.person("eve").await;
    let ids = foreign_ids(&server, &eve).await;
    let mut socket = Socket::sign_in(&server, &eve).await;
    for command in [
        r#""type":"message","client_id":"1","content":"let me in""#,
        r#""type":"message","client_id":"2","content":"let me in @mei","reply_to_seq":1"#,
        r#""type":"read","seq":1"#,
        r#""type":"read","seq":0"#,
        r#""type":"delivered","seq":1"#,
        r#""type":"typing","active":true"#,
        r#""type":"typing","active":false"#,
        r#""type":"join""#,
        r#""type":"leave""#,
    ] {
        let mut denials = Vec::new();
        for id in &ids {
            let frame = format!(r#"{{{command},"id":"d","conversation_id":{id}}}"#);
            let mut told = Vec::new();
            let ask = async |_: usize| {
                socket.send_raw(Frame::text(frame.clone())).await;
                match socket.next().await {
                    Ok(denial @ ServerFrame::Error { .. }) => told.push(denial),
                    other => panic!("{command} of {id}: {other:?}"),
                }
            };
            let statements = server.statements_of(async || forget_members(&server, id).await, ask);
            let statements = statements.await;
            denials.push((told, statements));
        }
        let (nothing, for_nothing) = &denials[0];
        let ServerFrame::Error { error, .. } = &nothing[0] else { panic!("an error") };
        assert_eq!(error.code, 404, "{command}");
        for ((denial, statements), id) in denials.iter().zip(&ids) {
            assert_eq!(denial, nothing, "{command} of {id}");
            let more = format!("{command} of {id}: {statements:#?} instead of {for_nothing:#?}");
            assert_eq!(statements.len(), for_nothing.len(), "{more}");
        }
    }
}

/// That a request is denied in the same words for each of these ids, by as many statements.
async fn assert_denied(
    server: &TestServer,
    ids: &[String],
    case: &str,
    ask: impl AsyncFn(&str) -> (u16, String),
) {
    let mut nothing = None;
    for id in ids {
        let mut told = Vec::new();
        let forget = async || forget_members(server, id).await;
        let statements = server.statements_of(forget, async |_| told.push(ask(id).await)).await;
        assert_eq!(told[0].0, 404, "{case} of {id}: {told:?}");
        let (as_told, for_nothing) = nothing.get_or_insert((told.clone(), statements.clone()));
        assert_eq!(&told, as_told, "{case} of {id}");
        let more = format!("{case} of {id}: {statements:#?} instead of {for_nothing:#?}");
        assert_eq!(statements.len(), for_nothing.len(), "{more}");
    }
}

async fn routes_tell_nothing_of_others(server: TestServer) {
    let eve = server.person("eve").await;
    let ids = foreign_ids(&server, &eve).await;
    let seq = || Some(json!({"seq": 1}));
    let at = 9_000_000_000_000_i64;
    let cases: [(Method, &str, Option<Value>); 32] = [
        (Method::GET, "", None),
        (Method::GET, "/members", None),
        (Method::GET, "/members?query=mei", None),
        (Method::GET, "/messages", None),
        (Method::GET, "/messages?before=1", None),
        (Method::GET, "/messages?after=0", None),
        (Method::GET, "/messages?around=1", None),
        (Method::GET, "/messages?at=0", None),
        (Method::GET, "/messages?after_rev=0", None),
        (Method::GET, "/messages/1/receipts", None),
        (Method::GET, "/files", None),
        (Method::POST, "/read", seq()),
        (Method::POST, "/delivered", seq()),
        (Method::POST, "/read", Some(json!({"seq": 0}))),
        (Method::POST, "/join", None),
        (Method::POST, "/members", Some(json!({"user_ids": [1]}))),
        (Method::PATCH, "/members/1", Some(json!({"role": "admin"}))),
        (Method::DELETE, "/members/1", None),
        (Method::PATCH, "/messages/1", Some(json!({"content": "mine"}))),
        (Method::DELETE, "/messages/1", None),
        (Method::PUT, "/messages/1/reactions/%F0%9F%8C%BF", None),
        (Method::DELETE, "/messages/1/reactions/%F0%9F%8C%BF", None),
        (Method::PUT, "/messages/1/reminder", Some(json!({ "at": at }))),
        (Method::DELETE, "/messages/1/reminder", None),
        (Method::PATCH, "/messages/1", Some(json!({"schedule": {"title": "mine"}}))),
        (Method::PUT, "/messages/1/answer", Some(json!({"answer": "yes"}))),
        (Method::DELETE, "/messages/1/answer", None),
        (Method::GET, "/messages/1/answers", None),
        (Method::GET, "/messages/1/schedule.ics", None),
        (Method::PATCH, "", Some(json!({"name": "Mine", "open": true}))),
        (Method::PATCH, "", Some(json!({"pinned": true}))),
        (Method::DELETE, "", None),
    ];
    for (method, rest, body) in cases {
        let body = body.as_ref().map(Value::to_string);
        assert_denied(&server, &ids, &format!("{method} {rest}"), async |id| {
            let path = format!("/api/v1/conversations/{id}{rest}");
            let answer = eve.client.send(method.clone(), &path, body.clone()).await;
            (answer.status, answer.text)
        })
        .await;
    }
    for (case, more) in [
        ("message", r#""content":"let me in","conversation_id":{}"#),
        ("reply", r#""content":"let me in","reply_to_seq":1,"conversation_id":{}"#),
        ("forward", r#""forward":{"conversation_id":{},"seq":1},"to_user_id":{eve}"#),
    ] {
        let more = more.replace("{eve}", &eve.user.id.to_string());
        assert_denied(&server, &ids, case, async |id| {
            let body = format!(r#"{{"client_id":"{case}",{}}}"#, more.replace("{}", id));
            let answer = eve.client.post_text("/api/v1/messages", Some(&body)).await;
            (answer.status, answer.text)
        })
        .await;
    }
    // The page of one.
    let browser = server.client().with("cookie", &format!("kith_access={}", eve.token));
    assert_denied(&server, &ids, "the page", async |id| {
        (browser.get(&format!("/c/{id}")).await.status, String::new())
    })
    .await;
}

async fn logins_tell_nothing_of_others(server: TestServer) {
    let (eve, mei) = (server.person("eve").await, server.person("mei").await);
    let logins: ListPage<Login> = mei.client.get("/api/v1/auth/logins").await.json(200);
    let ids = ["1".to_owned(), logins.items[0].id.to_string()];
    assert_denied(&server, &ids, "the login", async |id| {
        let path = format!("/api/v1/auth/logins/{id}");
        let answer = eve.client.send(Method::DELETE, &path, None).await;
        (answer.status, answer.text)
    })
    .await;
    assert_eq!(mei.client.get("/api/v1/users/me").await.status, 200);
}
