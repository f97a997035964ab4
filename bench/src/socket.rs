//! A signed-in WebSocket that speaks the protocol's types.

use app::protocol::{ClientFrame, Command, ServerFrame};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::Failure;
use crate::account::Account;

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The half that sends.
pub(crate) struct Sender(SplitSink<Stream, Message>);

/// The half that receives.
pub(crate) struct Receiver(SplitStream<Stream>);

/// Connects, and waits for `ready`.
pub(crate) async fn connect(url: &str, account: &Account) -> Result<(Sender, Receiver), Failure> {
    let url = format!("{}/ws", url.replacen("http", "ws", 1));
    let (stream, _) = connect_async(url).await?;
    let (sink, stream) = stream.split();
    let (mut sender, mut receiver) = (Sender(sink), Receiver(stream));
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
        let text = serde_json::to_string(&ClientFrame { id: None, command })?;
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
        loop {
            match self.0.next().await.ok_or("the server closed the socket")?? {
                Message::Text(text) => return Ok(serde_json::from_str(&text)?),
                Message::Close(frame) => return Err(format!("closed: {frame:?}").into()),
                _ => {}
            }
        }
    }
}
