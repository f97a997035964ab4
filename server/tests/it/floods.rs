//! Whoever sends without end what is of no use is told so, and then closed.

use app::protocol::{ErrorKind, ServerFrame, close};
use tokio::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::harness::{Pong, Raw, Socket, TestServer, on_both_engines};

on_both_engines!(
    floods_of_pieces_are_closed,
    messages_byte_by_byte_are_closed,
    floods_of_frames_are_refused_and_closed,
    floods_of_control_pings_are_closed,
    floods_before_auth_are_closed,
    an_honest_burst_passes,
);

/// So long the server may take a flood.
const FLOOD_TIMEOUT: Duration = Duration::from_secs(20);

/// Sends until the server closes; gives what it said before, and its code.
async fn flood(socket: &mut Socket, frame: Frame) -> (Vec<String>, u16) {
    let begun = Instant::now();
    let (frames, code) =
        socket.flood(&frame, (50, Duration::ZERO), || begun.elapsed() < FLOOD_TIMEOUT).await;
    (frames, code.unwrap_or_else(|| panic!("still open: {frame:?}")))
}

/// How many of these were refused by the limit; each says for how long.
fn refused(texts: &[String]) -> usize {
    let frames = texts.iter().map(|text| serde_json::from_str(text).expect("a frame"));
    let limited = frames.filter(|frame| match frame {
        ServerFrame::Error { error, .. } if error.kind == ErrorKind::RateLimited => {
            assert!(error.retry_after_ms.is_some_and(|wait| wait > 0), "{error:?}");
            true
        }
        _ => false,
    });
    limited.count()
}

async fn floods_of_frames_are_refused_and_closed(server: TestServer) {
    let mei = server.person("mei").await;
    for text in [
        r#"{"type":"ping","id":"again"}"#,
        r#"{"type":"presence","status":"away"}"#,
        r#"{"type":"typing","conversation_id":1,"active":true}"#,
        r#"{"type":"delivered","conversation_id":1,"seq":1}"#,
        r#"{"type":"read","conversation_id":1,"seq":1}"#,
    ] {
        let mut socket = Socket::sign_in(&server, &mei).await;
        let (frames, code) = flood(&mut socket, Frame::text(text)).await;
        assert_eq!(code, close::RATE_LIMITED, "{text}");
        assert!(refused(&frames) >= 100, "{text}: {}", refused(&frames));
    }
    // Refused anyway: no other answer, but no more of them.
    for text in [
        r#"{"type":"dance"}"#,
        r#"{"type":"read","conversation_id":1,"seq":-1}"#,
        r#"{"type":"join","conversation_id":1}"#,
        r#"{"type":"message","client_id":"c"}"#,
    ] {
        let mut socket = Socket::sign_in(&server, &mei).await;
        let (_, code) = flood(&mut socket, Frame::text(text)).await;
        assert_eq!(code, close::RATE_LIMITED, "{text}");
    }
}

async fn floods_of_control_pings_are_closed(server: TestServer) {
    let mei = server.person("mei").await;
    for frame in [Frame::Ping(vec![b'x'; 125].into()), Frame::Pong(Vec::new().into())] {
        let mut socket = Socket::sign_in(&server, &mei).await;
        assert_eq!(flood(&mut socket, frame).await, (Vec::new(), close::RATE_LIMITED));
    }
}

async fn floods_before_auth_are_closed(server: TestServer) {
    for frame in [Frame::text(r#"{"type":"ping"}"#), Frame::Ping(Vec::new().into())] {
        let mut socket = Socket::open(&server).await;
        let (texts, code) = flood(&mut socket, frame).await;
        assert_eq!(code, close::RATE_LIMITED);
        let errors = texts.iter().filter(|text| text.contains("\"type\":\"error\""));
        assert_eq!(errors.count(), texts.len());
    }
}

/// Of these the library that puts messages together tells nothing, however many there are.
async fn floods_of_pieces_are_closed(server: TestServer) {
    let mei = server.person("mei").await;
    for piece in [&b""[..], b" "] {
        let mut socket = Socket::sign_in(&server, &mei).await;
        assert!(socket.try_send_piece(b"", true, false).await);
        let end = flood(&mut socket, Socket::piece(piece, false, false)).await;
        assert_eq!(end, (Vec::new(), close::RATE_LIMITED));
        let mut stranger = Socket::open(&server).await;
        assert!(stranger.try_send_piece(b"", true, false).await);
        let end = flood(&mut stranger, Socket::piece(piece, false, false)).await;
        assert_eq!(end, (Vec::new(), 1006), "nobody is told a code before the sign-in");
    }
}

/// A frame that is begun and never ends: each byte costs as much work as a whole message.
async fn messages_byte_by_byte_are_closed(server: TestServer) {
    let mei = server.person("mei").await;
    for (person, code) in [(Some(&mei), close::RATE_LIMITED), (None, 1006)] {
        let mut socket = Raw::open_socket(&server, person).await;
        // A masked text of 60,000 bytes.
        let mut open = socket.send([0x81, 0xfe, 0xea, 0x60]).await;
        let mut sent = 0;
        while open {
            assert!(sent < 60_000, "all of it was taken");
            sent += 1;
            open = socket.send(b"x").await;
            // So that each byte comes by itself.
            tokio::time::sleep(Duration::from_micros(50)).await;
        }
        assert_eq!(socket.close_code().await, code);
    }
}

async fn an_honest_burst_passes(server: TestServer) {
    let mei = server.person("mei").await;
    let mut socket = Socket::sign_in(&server, &mei).await;
    for _ in 0..500 {
        socket.send_raw(Frame::text(r#"{"type":"ping"}"#)).await;
        socket.send_raw(Frame::Ping(Vec::new().into())).await;
    }
    for _ in 0..500 {
        assert!(matches!(socket.next().await, Ok(ServerFrame::Pong { .. })));
    }
    // As large as a frame may be, in pieces as some libraries make them, faster than anyone may write.
    let mut socket = Socket::sign_in(&server, &mei).await;
    let text = format!(r#"{{"type":"ping","id":"piece by piece"{}}}"#, " ".repeat(60_000));
    for _ in 0..20 {
        let pieces: Vec<_> = text.as_bytes().chunks(1_024).collect();
        for (index, piece) in pieces.iter().enumerate() {
            let (first, last) = (index == 0, index + 1 == pieces.len());
            assert!(socket.try_send_piece(piece, first, last).await);
        }
        let pong: Pong = socket.expect().await;
        assert_eq!(pong.id.as_deref(), Some("piece by piece"));
    }
}
