//! What is another's looks as what does not exist: every command and every route, with every id that
//! is not one's own, is answered by the same words.

use app::protocol::{Conversation, ListPage, Login, ServerFrame};
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::harness::{Person, Socket, TestServer, on_both_engines};

on_both_engines!(commands_tell_nothing_of_others, routes_tell_nothing_of_others);

/// Numbers that are something to somebody, but no conversation of eve's; the first is nothing at all.
async fn foreign_ids(server: &TestServer, eve: &Person) -> Vec<String> {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let written = mei.write_to(&ana, "1", "for your eyes").await.conversation_id;
    let notes = mei.write_to(&mei, "1", "to myself").await.conversation_id;
    let body = json!({"to_user_id": server.person("omar").await.user.id});
    let empty: Conversation = mei.client.post("/api/v1/conversations", body).await.json(201);
    // Eve's own life goes on beside it.
    eve.write_to(&mei, "1", "hello").await;
    [written, notes, empty.id]
        .iter()
        .map(ToString::to_string)
        .chain([mei.user.id.to_string(), eve.user.id.to_string()])
        .fold(vec!["1".to_owned()], |mut ids, id| {
            ids.push(id);
            ids
        })
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
            socket.send_raw(Frame::text(frame)).await;
            match socket.next().await {
                Ok(denial @ ServerFrame::Error { .. }) => denials.push(denial),
                other => panic!("{command} of {id}: {other:?}"),
            }
        }
        let ServerFrame::Error { error, .. } = &denials[0] else { panic!("an error") };
        assert_eq!(error.code, 404, "{command}");
        for (denial, id) in denials.iter().zip(&ids) {
            assert_eq!(denial, &denials[0], "{command} of {id}");
        }
    }
}

async fn routes_tell_nothing_of_others(server: TestServer) {
    let eve = server.person("eve").await;
    let ids = foreign_ids(&server, &eve).await;
    let seq = || Some(json!({"seq": 1}));
    let cases: [(Method, &str, Option<Value>); 18] = [
        (Method::GET, "", None),
        (Method::GET, "/members", None),
        (Method::GET, "/members?query=mei", None),
        (Method::GET, "/messages", None),
        (Method::GET, "/messages?before=1", None),
        (Method::GET, "/messages?after=0", None),
        (Method::GET, "/messages?around=1", None),
        (Method::GET, "/messages?at=0", None),
        (Method::GET, "/messages?after_rev=0", None),
        (Method::POST, "/read", seq()),
        (Method::POST, "/delivered", seq()),
        (Method::POST, "/read", Some(json!({"seq": 0}))),
        (Method::PATCH, "/messages/1", Some(json!({"content": "mine"}))),
        (Method::DELETE, "/messages/1", None),
        (Method::PUT, "/messages/1/reactions/%F0%9F%8C%BF", None),
        (Method::DELETE, "/messages/1/reactions/%F0%9F%8C%BF", None),
        (Method::PATCH, "", Some(json!({"pinned": true}))),
        (Method::DELETE, "", None),
    ];
    for (method, rest, body) in cases {
        let mut first = None;
        for id in &ids {
            let path = format!("/api/v1/conversations/{id}{rest}");
            let body = body.as_ref().map(Value::to_string);
            let answer = eve.client.send(method.clone(), &path, body).await;
            let first = first.get_or_insert_with(|| answer.text.clone());
            assert_eq!((answer.status, &answer.text), (404, &*first), "{method} {path}");
        }
    }
    let mut first = None;
    for id in &ids {
        let body = format!(r#"{{"client_id":"1","conversation_id":{id},"content":"let me in"}}"#);
        let answer = eve.client.post_text("/api/v1/messages", Some(&body)).await;
        let first = first.get_or_insert_with(|| answer.text.clone());
        assert_eq!((answer.status, &answer.text), (404, &*first), "{id}");
    }
    // The page of one.
    let cookie = format!("kith_access={}", eve.token);
    let browser = server.client().with("cookie", &cookie);
    for id in &ids {
        assert_eq!(browser.get(&format!("/c/{id}")).await.status, 404, "{id}");
    }
    // The logins of others.
    let mei = server.person("mei2").await;
    let logins: ListPage<Login> = mei.client.get("/api/v1/auth/logins").await.json(200);
    let absent = eve.client.send(Method::DELETE, "/api/v1/auth/logins/1", None).await;
    let path = format!("/api/v1/auth/logins/{}", logins.items[0].id);
    let foreign = eve.client.send(Method::DELETE, &path, None).await;
    assert_eq!((foreign.status, &foreign.text), (404, &absent.text));
    assert_eq!(mei.client.get("/api/v1/users/me").await.status, 200);
}
