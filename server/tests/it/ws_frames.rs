//! Frames that are not as they should be, and the answers that the contract names.

use app::protocol::{ErrorKind, close, limits};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::harness::{ErrorFrame, Pong, Socket, TestServer, on_both_engines};

on_both_engines!(
    what_is_no_json_object_closes_the_socket,
    a_frame_over_the_limit_closes_the_socket,
    other_mistakes_are_answered_and_the_socket_stays,
    a_bad_message_is_refused_by_its_client_id,
);

on_both_engines!(
    with [("KITH_RATE_MESSAGES", "1/h")];
    whoever_sends_on_past_the_limit_is_closed,
);

async fn what_is_no_json_object_closes_the_socket(server: TestServer) {
    let mei = server.person("mei").await;
    for (text, kind) in [
        ("hello", ErrorKind::BadJson),
        (r#"{"type":"ping","x":"\ud800"}"#, ErrorKind::BadJson),
        ("[1,2,3]", ErrorKind::BadRequest),
    ] {
        let mut socket = Socket::sign_in(&server, &mei).await;
        socket.send_raw(Frame::text(text)).await;
        let refused: ErrorFrame = socket.expect().await;
        assert_eq!(refused.error.kind, kind, "{text}");
        assert_eq!(socket.expect_close().await, close::BAD_FRAME, "{text}");
    }
    let mut socket = Socket::sign_in(&server, &mei).await;
    socket.send_raw(Frame::binary(b"{}".to_vec())).await;
    assert_eq!(socket.expect_close().await, close::BAD_FRAME);
}

async fn a_frame_over_the_limit_closes_the_socket(server: TestServer) {
    let mei = server.person("mei").await;
    let around = r#"{"type":"ping","x":""}"#.len();
    let filling = "x".repeat(limits::CLIENT_FRAME - around);
    let fitting = format!(r#"{{"type":"ping","x":"{filling}"}}"#);
    let mut socket = Socket::sign_in(&server, &mei).await;
    socket.send_raw(Frame::text(fitting.clone())).await;
    let _: Pong = socket.expect().await;
    socket.send_raw(Frame::text(fitting + " ")).await;
    assert_eq!(socket.expect_close().await, close::TOO_LARGE);
}

async fn other_mistakes_are_answered_and_the_socket_stays(server: TestServer) {
    let mei = server.person("mei").await;
    let mut socket = Socket::sign_in(&server, &mei).await;
    let mark = |seq: i64| json!({"type": "read", "id": "1", "conversation_id": 1, "seq": seq});
    for (frame, kind) in [
        (json!({"type": "dance", "id": "1"}), ErrorKind::UnknownType),
        (json!({"id": "1"}), ErrorKind::BadRequest),
        (mark(-1), ErrorKind::BadRequest),
        (mark(1 << 60), ErrorKind::BadRequest),
        (mark(1), ErrorKind::NotFound),
        (json!({"type": "presence", "id": "1", "status": "busy"}), ErrorKind::BadRequest),
        (json!({"type": "presence", "id": "1", "status": "offline"}), ErrorKind::Validation),
        (json!({"type": "join", "id": "1", "conversation_id": 1}), ErrorKind::NotFound),
    ] {
        socket.send_raw(Frame::text(frame.to_string())).await;
        let refused: ErrorFrame = socket.expect().await;
        assert_eq!((refused.id.as_deref(), refused.error.kind), (Some("1"), kind), "{frame}");
    }
}

async fn a_bad_message_is_refused_by_its_client_id(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut socket = Socket::sign_in(&server, &mei).await;
    let to = omar.user.id;
    let long = "x".repeat(limits::TEXT + 1);
    let invalid = (ErrorKind::Validation, Some("content"));
    for (fields, (kind, field)) in [
        (json!({"to_user_id": to, "content": " \n "}), invalid),
        (json!({"to_user_id": to, "content": long}), invalid),
        (json!({"to_user_id": to, "content": "a\u{0}b"}), invalid),
        (json!({"to_user_id": to}), invalid),
        (json!({"content": "to nobody"}), (ErrorKind::BadRequest, None)),
        (
            json!({"to_user_id": to, "conversation_id": 1, "content": "x"}),
            (ErrorKind::BadRequest, None),
        ),
        (json!({"to_user_id": 1, "content": "to a stranger"}), (ErrorKind::NotFound, None)),
        (
            json!({"conversation_id": 1, "content": "to a foreign place"}),
            (ErrorKind::NotFound, None),
        ),
    ] {
        let refused = refusal(&mut socket, "c1", &fields).await;
        assert_eq!((refused.id.as_deref(), refused.client_id.as_deref()), (Some("7"), Some("c1")));
        assert_eq!((refused.error.kind, refused.error.field.as_deref()), (kind, field), "{fields}");
    }
    let refused =
        refusal(&mut socket, "has space", &json!({"to_user_id": to, "content": "x"})).await;
    assert_eq!(refused.error.field.as_deref(), Some("client_id"));
}

async fn refusal(socket: &mut Socket, client_id: &str, fields: &Value) -> ErrorFrame {
    let mut frame = json!({"type": "message", "id": "7", "client_id": client_id});
    let (Value::Object(frame), Value::Object(fields)) = (&mut frame, fields) else {
        panic!("objects");
    };
    frame.extend(fields.clone());
    let text = serde_json::to_string(frame).expect("JSON");
    socket.send_raw(Frame::text(text)).await;
    socket.expect().await
}

async fn whoever_sends_on_past_the_limit_is_closed(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut socket = Socket::sign_in(&server, &mei).await;
    socket.say_first(&omar.user, "c0", "within the limit").await;
    for n in 0..250 {
        let fields = json!({"to_user_id": omar.user.id, "content": "x"});
        let mut frame = json!({"type": "message", "client_id": format!("c{n}")});
        frame.as_object_mut().expect("one").extend(fields.as_object().expect("one").clone());
        socket.send_raw(Frame::text(frame.to_string())).await;
    }
    let refused: ErrorFrame = socket.find().await;
    assert_eq!(refused.error.kind, ErrorKind::RateLimited);
    assert!(refused.error.retry_after_ms.is_some_and(|wait| wait > 0));
    assert_eq!(socket.drain().await.1, close::RATE_LIMITED);
}
