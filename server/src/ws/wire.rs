//! A WebSocket as the sessions use it: text in, text out, and one way to end.

use std::time::Duration;

use app::protocol::close;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::{SinkExt, StreamExt};

use super::meters;

/// How long a farewell may take before the connection is dropped.
const FAREWELL: Duration = Duration::from_secs(1);

/// How long a client may take none of what is sent to it, before it counts as gone.
const WRITE: Duration = Duration::from_mins(1);

/// Why a socket ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// We close it, with this code.
    Close(u16),
    /// The other side has gone.
    Gone,
}

/// What came in.
#[derive(Debug)]
pub(super) enum Inbound {
    /// A text frame.
    Text(Utf8Bytes),
    /// A ping or a pong: a sign of life.
    SignOfLife,
}

/// See the module.
pub(super) struct Wire(WebSocket);

impl Wire {
    pub(super) fn new(socket: WebSocket) -> Self {
        Self(socket)
    }

    /// The next thing that the client sends. May be dropped and called again.
    pub(super) async fn receive(&mut self) -> Result<Inbound, End> {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => Ok(Inbound::Text(text)),
            Some(Ok(Message::Binary(_))) => Err(End::Close(close::BAD_FRAME)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Inbound::SignOfLife),
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
            Some(Err(error)) => Err(why(error)),
        }
    }

    /// Puts a frame into the write buffer; [`Wire::flush`] sends it.
    pub(super) async fn feed(&mut self, frame: Utf8Bytes) -> Result<(), End> {
        meters::sent(&frame);
        in_time(self.0.feed(Message::Text(frame))).await
    }

    /// Sends what was fed.
    pub(super) async fn flush(&mut self) -> Result<(), End> {
        in_time(self.0.flush()).await
    }

    /// Sends one frame.
    pub(super) async fn send(&mut self, frame: Utf8Bytes) -> Result<(), End> {
        self.feed(frame).await?;
        self.flush().await
    }

    /// Asks the client for a sign of life.
    pub(super) async fn ping(&mut self) -> Result<(), End> {
        in_time(self.0.send(Message::Ping(Vec::new().into()))).await
    }

    /// Ends the connection. After our close frame it reads on for a moment: bytes that lie unread
    /// when a connection is dropped turn the farewell into a reset.
    pub(super) async fn end(mut self, end: End) {
        meters::ended(end);
        let End::Close(code) = end else { return };
        let frame = CloseFrame { code, reason: Utf8Bytes::default() };
        let _ = tokio::time::timeout(FAREWELL, async {
            if self.0.send(Message::Close(Some(frame))).await.is_ok() {
                while let Some(Ok(_)) = self.0.next().await {}
            }
        })
        .await;
    }
}

/// A write that the client takes in time.
async fn in_time(write: impl Future<Output = Result<(), axum::Error>>) -> Result<(), End> {
    match tokio::time::timeout(WRITE, write).await {
        Ok(result) => result.map_err(|_| End::Gone),
        Err(_) => Err(End::Close(close::TOO_SLOW)),
    }
}

/// Which close code the contract has for a frame that could not be read.
fn why(error: axum::Error) -> End {
    match error.into_inner().downcast_ref::<tungstenite::Error>() {
        Some(tungstenite::Error::Capacity(_)) => End::Close(close::TOO_LARGE),
        Some(tungstenite::Error::Utf8(_)) => End::Close(close::NOT_UTF8),
        _ => End::Gone,
    }
}
