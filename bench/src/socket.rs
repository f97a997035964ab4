//! A signed-in WebSocket that speaks the protocol's types.

use app::protocol::{ClientFrame, Command, ServerFrame};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::Failure;
use crate::account::Account;

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The half that sends.
pub(crate) struct Sender(SplitSink<Stream, Message>);

/// The half that receives.
pub(crate) struct Receiver(SplitStream<Stream>);

/// Connects to whatever speaks WebSocket there.
pub(crate) async fn open(url: &str) -> Result<(Sender, Receiver), Failure> {
    let url = format!("{}/ws", url.replacen("http", "ws", 1));
    let (stream, _) = connect_async(url).await?;
    let (sink, stream) = stream.split();
    Ok((Sender(sink), Receiver(stream)))
}

/// Connects, and waits for `ready`.
pub(crate) async fn connect(url: &str, account: &Account) -> Result<(Sender, Receiver), Failure> {
    let (mut sender, mut receiver) = open(url).await?;
    sender.feed(Command::Auth { token: account.access_token.clone() }).await?;
    sender.flush().await?;
    loop {
        match receiver.next().await? {
            ServerFrame::Ready(_) => return Ok((sender, receiver)),
            ServerFrame::Error { error, .. } => return Err(error.message.into()),
            _ => {}
        }
    }
}

impl Sender {
    /// Buffers a command.
    pub(crate) async fn feed(&mut self, command: Command) -> Result<(), Failure> {
        self.feed_text(serde_json::to_string(&ClientFrame { id: None, command })?).await
    }

    /// Buffers a frame as it stands.
    pub(crate) async fn feed_text(&mut self, text: String) -> Result<(), Failure> {
        Ok(self.0.feed(Message::text(text)).await?)
    }

    /// Sends what is buffered.
    pub(crate) async fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.0.flush().await?)
    }
}

impl Receiver {
    /// The next frame.
    pub(crate) async fn next(&mut self) -> Result<ServerFrame, Failure> {
        Ok(serde_json::from_str(&self.next_text().await?)?)
    }

    /// The next frame as it stands.
    pub(crate) async fn next_text(&mut self) -> Result<Utf8Bytes, Failure> {
        loop {
            match self.0.next().await.ok_or("the server closed the socket")?? {
                Message::Text(text) => return Ok(text),
                Message::Close(frame) => return Err(format!("closed: {frame:?}").into()),
                _ => {}
            }
        }
    }
}
