//! Frames that cannot be read at all, or whose numbers are none, and the close codes for them.

use app::protocol::{ErrorKind, Message, close, limits};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::harness::{ErrorFrame, Pong, Raw, Socket, TestServer, on_both_engines};

on_both_engines!(
    bytes_that_are_no_text_close_with_1007,
    what_is_too_large_closes_with_1009,
    pieces_that_make_a_frame_are_one,
    a_claim_of_much_costs_nothing,
    nesting_too_deep_closes_with_4400,
    numbers_outside_their_range_are_refused,
    nothing_bad_is_forgiven_before_auth,
);

async fn bytes_that_are_no_text_close_with_1007(server: TestServer) {
    let mei = server.person("mei").await;
    // 0xff is in no UTF-8; a surrogate and an overlong slash are encoded as if they were.
    for bytes in [&b"\xff"[..], b"{\"type\":\"ping\",\"x\":\"\xed\xa0\x80\"}", b"\"\xc0\xaf\""] {
        let mut socket = Socket::sign_in(&server, &mei).await;
        assert!(socket.try_send_piece(bytes, true, true).await);
        assert_eq!(socket.expect_close().await, close::NOT_UTF8, "{bytes:?}");
    }
    let mut socket = Socket::sign_in(&server, &mei).await;
    assert!(socket.try_send_piece(b"{\"type\":", true, false).await);
    assert!(socket.try_send_piece(b"\"\xff\"}", false, true).await);
    assert_eq!(socket.expect_close().await, close::NOT_UTF8);
}

async fn what_is_too_large_closes_with_1009(server: TestServer) {
    let mei = server.person("mei").await;
    // The code arrives even where most of the frame was never read.
    for length in [limits::CLIENT_FRAME + 1, 200_000, 8 << 20] {
        let mut socket = Socket::sign_in(&server, &mei).await;
        // The server may close before all of it is sent.
        socket.try_send_raw(Frame::text(" ".repeat(length))).await;
        assert_eq!(socket.expect_close().await, close::TOO_LARGE, "{length}");
    }
    // In pieces, each of them small; and pieces without end.
    for size in [16 * 1024, 100] {
        let mut socket = Socket::sign_in(&server, &mei).await;
        let piece = vec![b' '; size];
        let mut sent = socket.try_send_piece(&piece, true, false).await;
        let mut count = 1;
        while sent && count * size < 8 << 20 {
            sent = socket.try_send_piece(&piece, false, false).await;
            count += 1;
        }
        assert_eq!(socket.expect_close().await, close::TOO_LARGE, "{size}");
    }
}

async fn pieces_that_make_a_frame_are_one(server: TestServer) {
    let mei = server.person("mei").await;
    let mut socket = Socket::sign_in(&server, &mei).await;
    let frame = br#"{"type":"ping","id":"pieces"}"#;
    for (index, byte) in frame.iter().enumerate() {
        let last = index == frame.len() - 1;
        assert!(socket.try_send_piece(&[*byte], index == 0, last).await);
    }
    let pong: Pong = socket.expect().await;
    assert_eq!(pong.id.as_deref(), Some("pieces"));
}

async fn a_claim_of_much_costs_nothing(server: TestServer) {
    let before = server.metric("process_resident_memory_bytes").await;
    let mut connections = Vec::new();
    for _ in 0..50 {
        let mut connection = Raw::connect(&server).await;
        let upgrade = "GET /ws HTTP/1.1\r\nHost: kith\r\nConnection: Upgrade\r\n\
                       Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        assert!(connection.send(upgrade).await);
        // A text whose head says that four exabytes follow.
        let head = [0x81, 0xff, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4];
        assert!(connection.send(head).await);
        connections.push(connection);
    }
    for connection in connections {
        let answer = connection.answer().await;
        assert_eq!(answer.status, 101);
        // 1009, as it stands in a close frame.
        assert!(answer.body.contains("\u{3}\u{fffd}"), "{answer:?}");
    }
    let after = server.metric("process_resident_memory_bytes").await;
    assert!(after - before < f64::from(32 << 20), "from {before} to {after}");
}

async fn nesting_too_deep_closes_with_4400(server: TestServer) {
    let mei = server.person("mei").await;
    for depth in [129, 200, 30_000] {
        let (open, shut) = ("[".repeat(depth), "]".repeat(depth));
        let mut socket = Socket::sign_in(&server, &mei).await;
        let frame = format!(r#"{{"type":"ping","x":{open}{shut}}}"#);
        socket.send_raw(Frame::text(frame)).await;
        let refused: ErrorFrame = socket.expect().await;
        assert_eq!(refused.error.kind, ErrorKind::BadJson, "{depth}");
        assert_eq!(socket.expect_close().await, close::BAD_FRAME, "{depth}");
    }
    let mut socket = Socket::sign_in(&server, &mei).await;
    let (open, shut) = ("[".repeat(100), "]".repeat(100));
    socket.send_raw(Frame::text(format!(r#"{{"type":"ping","x":{open}{shut}}}"#))).await;
    let _: Pong = socket.expect().await;
}

async fn numbers_outside_their_range_are_refused(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let message: Message = mei.write_to(&omar, "1", "hello").await;
    let id = message.conversation_id;
    let mut socket = Socket::sign_in(&server, &mei).await;
    for number in [
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "9007199254740992",
        "1.5",
        "\"1\"",
        "[]",
    ] {
        for frame in [
            format!(r#"{{"type":"read","id":"n","conversation_id":{id},"seq":{number}}}"#),
            format!(r#"{{"type":"delivered","id":"n","conversation_id":{id},"seq":{number}}}"#),
            format!(r#"{{"type":"read","id":"n","conversation_id":{number},"seq":1}}"#),
            format!(r#"{{"type":"typing","id":"n","conversation_id":{number},"active":true}}"#),
            format!(r#"{{"type":"join","id":"n","conversation_id":{number}}}"#),
            format!(r#"{{"type":"message","id":"n","client_id":"c","to_user_id":{number}}}"#),
            format!(r#"{{"type":"message","id":"n","client_id":"c","conversation_id":{number}}}"#),
        ] {
            socket.send_raw(Frame::text(frame.clone())).await;
            let refused: ErrorFrame = socket.expect().await;
            assert_eq!(refused.id.as_deref(), Some("n"), "{frame}");
            assert_eq!(refused.error.kind, ErrorKind::BadRequest, "{frame}");
        }
    }
    // What is only larger than all there is, is cut to that.
    let mark = json!({"type": "read", "conversation_id": id, "seq": (1_i64 << 53) - 1});
    socket.send_raw(Frame::text(mark.to_string())).await;
    assert_eq!(socket.say(id, "2", "still there").await.seq.get(), 2);
}

async fn nothing_bad_is_forgiven_before_auth(server: TestServer) {
    let mut socket = Socket::open(&server).await;
    assert!(socket.try_send_piece(b"\xff", true, true).await);
    assert_eq!(socket.expect_close().await, close::NOT_UTF8);
    let mut socket = Socket::open(&server).await;
    socket.try_send_raw(Frame::text(" ".repeat(limits::CLIENT_FRAME + 1))).await;
    assert_eq!(socket.expect_close().await, close::TOO_LARGE);
    let mut socket = Socket::open(&server).await;
    socket.send_raw(Frame::binary(b"{}".to_vec())).await;
    assert_eq!(socket.expect_close().await, close::BAD_FRAME);
    for text in ["[]", "no", r#"{"type":"auth","token":"\ud800"}"#] {
        let mut socket = Socket::open(&server).await;
        socket.send_raw(Frame::text(text)).await;
        let _: ErrorFrame = socket.expect().await;
        assert_eq!(socket.expect_close().await, close::BAD_FRAME, "{text}");
    }
    // What is a frame, but none that may come first, is answered, and the time runs on.
    let mut socket = Socket::open(&server).await;
    for text in [r#"{"type":"dance"}"#, "{}", r#"{"type":"auth"}"#, r#"{"type":"auth","token":5}"#]
    {
        socket.send_raw(Frame::text(text)).await;
        let refused: ErrorFrame = socket.expect().await;
        assert_eq!(refused.error.kind, ErrorKind::Unauthenticated, "{text}");
    }
}
