//! A WebSocket as the sessions use it: text in, text out, and one way to end.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use app::protocol::{close, limits};
use futures_util::future::poll_fn;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWrite;
use tokio::time::{Instant, Sleep, sleep};
use tungstenite::protocol::frame::coding::{Data, OpCode};
use tungstenite::protocol::frame::{CloseFrame, Frame};
use tungstenite::protocol::{Role, WebSocketConfig, WebSocketContext};
use tungstenite::{Message, Utf8Bytes};

use super::end::End;
use super::incoming::{self, Incoming};
use super::meters;

/// How long a farewell may take before the connection is dropped.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(1);

/// What is looked at while the client's own farewell is waited for.
const MAX_FAREWELL_FRAMES: usize = 1_000;

/// How long a message may take to come, from its first byte to its last.
const MESSAGE_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes of fed frames that are sent without being asked to.
const FLUSH_BYTES: usize = 32 * 1024;

/// Bytes that the library's own read buffer begins with; it grows with the frames that come.
const READ_BUFFER_BYTES: usize = 128;

/// What came in.
#[derive(Debug)]
pub(super) enum Inbound {
    /// A text frame.
    Text(Utf8Bytes),
    /// A ping or a pong: a sign of life.
    SignOfLife,
}

/// See the module.
pub(super) struct SocketStream {
    io: TokioIo<Upgraded>,
    /// Puts frames together to messages, and answers pings.
    protocol: WebSocketContext,
    incoming: Incoming,
    /// What is to be sent. It holds no memory while there is nothing.
    outgoing: Vec<u8>,
    /// So many bytes of it have been sent.
    sent: usize,
    /// Runs out when a message that has begun takes too long; absent while none has.
    message_deadline: Option<Pin<Box<Sleep>>>,
    /// What came could not be understood: where the next frame begins is not known.
    broken: bool,
}

impl SocketStream {
    pub(super) fn new(upgraded: Upgraded) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .max_message_size(Some(limits::CLIENT_FRAME))
            .max_frame_size(Some(limits::CLIENT_FRAME));
        Self {
            io: TokioIo::new(upgraded),
            protocol: WebSocketContext::new(Role::Server, Some(config)),
            incoming: Incoming::new(Instant::now()),
            outgoing: Vec::new(),
            sent: 0,
            message_deadline: None,
            broken: false,
        }
    }

    /// The next thing that the client sends. May be dropped and called again.
    pub(super) async fn receive(&mut self) -> Result<Inbound, End> {
        poll_fn(|context| self.poll_receive(context)).await
    }

    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<Result<Inbound, End>> {
        while !self.broken {
            // Answers to pings among it. From a client that takes no answers nothing is taken either.
            ready!(self.poll_flush(context))?;
            let mut stream = incoming::Stream::new(
                &mut self.io,
                context,
                &mut self.incoming,
                &mut self.outgoing,
            );
            let received = match self.protocol.read(&mut stream) {
                Ok(Message::Text(text)) => {
                    self.message_deadline = None;
                    Ok(Inbound::Text(text))
                }
                Ok(Message::Binary(_)) => Err(End::Close(close::BAD_FRAME)),
                Ok(Message::Ping(_) | Message::Pong(_)) => Ok(Inbound::SignOfLife),
                Ok(Message::Close(_) | Message::Frame(_)) => {
                    // The answer to a farewell is a farewell; it fails where we spoke first.
                    let _ = self.protocol.flush(&mut stream);
                    Err(End::Gone)
                }
                Err(tungstenite::Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => {
                    if !self.outgoing.is_empty() {
                        continue;
                    }
                    ready!(self.poll_message_deadline(context));
                    Err(End::Close(close::RATE_LIMITED))
                }
                Err(error) => {
                    self.broken = true;
                    Err(why(&error))
                }
            };
            return Poll::Ready(received);
        }
        Poll::Ready(Err(End::Gone))
    }

    /// Ready when a message that has begun has taken too long.
    fn poll_message_deadline(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if !self.incoming.is_within_message() {
            return Poll::Pending;
        }
        let deadline =
            self.message_deadline.get_or_insert_with(|| Box::pin(sleep(MESSAGE_TIMEOUT)));
        deadline.as_mut().poll(context)
    }

    /// Puts a frame into the write buffer; [`SocketStream::flush`] sends it.
    pub(super) async fn feed(&mut self, frame: Utf8Bytes) -> Result<(), End> {
        meters::sent(&frame);
        self.put(Frame::message(frame, OpCode::Data(Data::Text), true));
        if self.outgoing.len() < FLUSH_BYTES { Ok(()) } else { self.flush().await }
    }

    /// Sends what was fed. The connection itself ends it when the client does not take it.
    pub(super) async fn flush(&mut self) -> Result<(), End> {
        poll_fn(|context| self.poll_flush(context)).await
    }

    /// Sends one frame.
    pub(super) async fn send(&mut self, frame: Utf8Bytes) -> Result<(), End> {
        self.feed(frame).await?;
        self.flush().await
    }

    /// Asks the client for a sign of life.
    pub(super) async fn ping(&mut self) -> Result<(), End> {
        self.put(Frame::ping(Vec::new()));
        self.flush().await
    }

    /// Ends the connection. After our close frame it reads on for a moment: bytes that lie unread
    /// when a connection is dropped turn the farewell into a reset.
    pub(super) async fn end(mut self, end: End) {
        meters::ended(end);
        let farewell = async {
            match end {
                End::Close(code) => self.say_farewell(code).await,
                End::Gone => self.flush().await,
            }
        };
        let _ = tokio::time::timeout(FAREWELL_TIMEOUT, farewell).await;
    }

    async fn say_farewell(&mut self, code: u16) -> Result<(), End> {
        let farewell = CloseFrame { code: code.into(), reason: Utf8Bytes::default() };
        poll_fn(|context| {
            let mut stream = incoming::Stream::new(
                &mut self.io,
                context,
                &mut self.incoming,
                &mut self.outgoing,
            );
            // It goes into our buffer, which takes everything.
            let _ = self.protocol.close(&mut stream, Some(farewell.clone()));
            Poll::Ready(())
        })
        .await;
        self.flush().await?;
        // No more than this, since it may be for a flood that it ends.
        for _ in 0..MAX_FAREWELL_FRAMES {
            self.receive().await?;
        }
        Ok(())
    }

    fn put(&mut self, frame: Frame) {
        self.outgoing.reserve(frame.len());
        // Writing to a Vec cannot fail.
        let _ = frame.format(&mut self.outgoing);
    }

    fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<Result<(), End>> {
        if self.outgoing.is_empty() {
            return Poll::Ready(Ok(()));
        }
        ready!(self.poll_write(context)).map_err(|error| match error.kind() {
            ErrorKind::TimedOut => End::Close(close::TOO_SLOW),
            _ => End::Gone,
        })?;
        self.outgoing = Vec::new();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }

    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(rest) = self.outgoing.get(self.sent..).filter(|rest| !rest.is_empty()) {
            match ready!(Pin::new(&mut self.io).poll_write(context, rest))? {
                0 => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
                count => self.sent += count,
            }
        }
        Pin::new(&mut self.io).poll_flush(context)
    }
}

/// Which close code the contract has for a frame that could not be read.
fn why(error: &tungstenite::Error) -> End {
    match error {
        tungstenite::Error::Capacity(_) => End::Close(close::TOO_LARGE),
        tungstenite::Error::Utf8(_) => End::Close(close::NOT_UTF8),
        tungstenite::Error::Io(error) if error.kind() == incoming::TOO_MANY_PIECES => {
            End::Close(close::RATE_LIMITED)
        }
        _ => End::Gone,
    }
}
