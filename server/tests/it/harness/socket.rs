//! A WebSocket client that is told what to expect.

use std::time::Duration;

use app::protocol::{
    ApiError, ClientFrame, Command, Conversation, ConversationId, Message, MessageAck,
    Notification, OfflineMessages, PresenceStatus, ReactionChange, Ready, Receipt, SendMessage,
    ServerFrame, Timestamp, User, UserId,
};
use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::protocol::frame::Frame as RawFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, Message as Frame};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Person, TestServer, contract, secrets};

/// So long the server has for a frame; far more than it needs, so that a busy machine fails no test.
const FRAME_TIMEOUT: Duration = Duration::from_secs(10);

/// A message to a person.
pub fn message_to(to: &User, client_id: &str, content: &str) -> Command {
    Command::Message(SendMessage {
        client_id: client_id.to_owned(),
        to_user_id: Some(to.id),
        content: Some(content.to_owned()),
        ..SendMessage::default()
    })
}

/// One socket.
pub struct Socket {
    /// Presence, and news of people, come at any moment; most tests are about something else, and pass it over.
    hears_presence: bool,
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Of its server.
    url: String,
}

/// A frame that a test may expect.
pub trait Expected: Sized {
    /// Takes it out of a frame; gives back one of another sort.
    fn take(frame: ServerFrame) -> Result<Self, Box<ServerFrame>>;
}

/// `new_message`.
#[derive(Debug)]
pub struct NewMessage(pub Message);

/// `presence`.
#[derive(Debug, PartialEq, Eq)]
pub struct PresenceFrame {
    /// Who.
    pub user_id: UserId,
    /// Now.
    pub status: PresenceStatus,
    /// When they were last there.
    pub last_seen_at: Option<Timestamp>,
}

/// `user`.
#[derive(Debug)]
pub struct UserFrame(pub User);

/// `typing`.
#[derive(Debug, PartialEq, Eq)]
pub struct TypingFrame {
    /// Where.
    pub conversation_id: ConversationId,
    /// Who.
    pub user_id: UserId,
    /// Starts or stops.
    pub active: bool,
}

/// `conversation`.
#[derive(Debug)]
pub struct NewConversation(pub Conversation);

/// `message_updated`.
#[derive(Debug)]
pub struct MessageUpdated {
    /// As it is now.
    pub message: Message,
    /// Who changed it.
    pub by: UserId,
    /// Which reaction, if that was it.
    pub reaction: Option<ReactionChange>,
}

/// `conversation_removed`.
#[derive(Debug, PartialEq, Eq)]
pub struct ConversationRemoved {
    /// The `id` of the `leave` that it answers.
    pub id: Option<String>,
    /// Which.
    pub conversation_id: ConversationId,
}

/// `pong`.
#[derive(Debug)]
pub struct Pong {
    /// The `ping`'s `id`.
    pub id: Option<String>,
    /// The server's time.
    pub timestamp: Timestamp,
}

/// `error`.
#[derive(Debug)]
pub struct ErrorFrame {
    /// The `id` of the frame that it answers.
    pub id: Option<String>,
    /// The `client_id` of the message that it answers.
    pub client_id: Option<String>,
    /// What went wrong.
    pub error: ApiError,
}

macro_rules! expected {
    ($($pattern:pat => $value:expr, $kind:ty;)+) => {
        $(impl Expected for $kind {
            fn take(frame: ServerFrame) -> Result<Self, Box<ServerFrame>> {
                match frame {
                    $pattern => Ok($value),
                    other => Err(Box::new(other)),
                }
            }
        })+
    };
}

expected! {
    ServerFrame::Ready(ready) => ready, Ready;
    ServerFrame::MessageAck(ack) => ack, MessageAck;
    ServerFrame::OfflineMessages(offline) => offline, OfflineMessages;
    ServerFrame::Receipt(receipt) => receipt, Receipt;
    ServerFrame::NewMessage { message } => Self(message), NewMessage;
    ServerFrame::MessageUpdated { message, by, reaction } =>
        Self { message, by, reaction }, MessageUpdated;
    ServerFrame::Conversation { conversation, .. } => Self(conversation), NewConversation;
    ServerFrame::ConversationRemoved { id, conversation_id } =>
        Self { id, conversation_id }, ConversationRemoved;
    ServerFrame::Presence { user_id, status, last_seen_at } =>
        Self { user_id, status, last_seen_at }, PresenceFrame;
    ServerFrame::Typing { conversation_id, user_id, active } =>
        Self { conversation_id, user_id, active }, TypingFrame;
    ServerFrame::User { user } => Self(user), UserFrame;
    ServerFrame::Notification(told) => told, Notification;
    ServerFrame::Pong { id, timestamp } => Self { id, timestamp }, Pong;
    ServerFrame::Error { id, client_id, error } => Self { id, client_id, error }, ErrorFrame;
}

impl Socket {
    /// Opens a socket that has not said yet whose it is.
    pub async fn open(server: &TestServer) -> Self {
        Self::open_with(server, &[]).await.expect("the server takes the upgrade")
    }

    /// Asks for a socket with these headers; the HTTP status when the server refuses.
    pub async fn open_with(server: &TestServer, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let url = format!("{}/ws", server.url.replacen("http", "ws", 1));
        let mut request = url.into_client_request().expect("a URL");
        for (name, value) in headers {
            let name: HeaderName = name.parse().expect("a header");
            request.headers_mut().insert(name, HeaderValue::from_str(value).expect("a header"));
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self { hears_presence: false, stream, url: server.url.clone() }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// The same, with the presence of others among its frames.
    pub async fn sign_in_among_people(server: &TestServer, person: &Person) -> Self {
        let mut socket = Self::sign_in(server, person).await;
        socket.hears_presence = true;
        socket
    }

    /// Opens a socket, says by a token whose it is, and waits until the server knows.
    pub async fn sign_in(server: &TestServer, person: &Person) -> Self {
        let mut socket = Self::open(server).await;
        socket.send(Command::Auth { token: person.token.clone() }).await;
        let ready: Ready = socket.expect().await;
        assert_eq!(ready.user.id, person.user.id);
        socket
    }

    /// Opens a socket as a page of ours does, by cookie, and waits until the server knows.
    pub async fn sign_in_by_cookie(server: &TestServer, cookie: &str) -> Self {
        let headers = [("cookie", cookie), ("origin", server.url.as_str())];
        let mut socket = Self::open_with(server, &headers).await.expect("taken");
        let _: Ready = socket.expect().await;
        socket
    }

    /// Sends a command without an `id`.
    pub async fn send(&mut self, command: Command) {
        self.send_frame(ClientFrame { id: None, command }).await;
    }

    /// Sends a command with this `id`.
    pub async fn send_as(&mut self, id: &str, command: Command) {
        self.send_frame(ClientFrame { id: Some(id.to_owned()), command }).await;
    }

    async fn send_frame(&mut self, frame: ClientFrame) {
        let text = serde_json::to_string(&frame).expect("JSON");
        secrets::note_json(&self.url, &text);
        self.send_raw(Frame::text(text.clone())).await;
        let as_described = contract().check_frame("client", &text);
        as_described.unwrap_or_else(|fault| panic!("not as described: {fault}: {text}"));
    }

    /// Sends whatever.
    pub async fn send_raw(&mut self, frame: Frame) {
        self.stream.send(frame).await.expect("the socket takes it");
    }

    /// Sends a frame again and again, so many at once with a pause after them, reading what comes
    /// back, while `on` says so. What the server said, as it stands, and the code with which it
    /// closed if it did.
    pub async fn flood(
        &mut self,
        frame: &Frame,
        (at_once, pause): (usize, Duration),
        on: impl Fn() -> bool,
    ) -> (Vec<String>, Option<u16>) {
        let mut texts = Vec::new();
        let mut open = true;
        while on() {
            for _ in 0..at_once {
                open = open && self.stream.feed(frame.clone()).await.is_ok();
            }
            open = open && self.stream.flush().await.is_ok();
            loop {
                let next = self.stream.next();
                // What is sent no more will not be said for long.
                let next = if open { next.now_or_never() } else { Some(next.await) };
                match next {
                    Some(Some(Ok(Frame::Text(text)))) => texts.push(text.to_string()),
                    Some(Some(Ok(Frame::Close(close)))) => {
                        return (texts, Some(close.map_or(1006, |close| close.code.into())));
                    }
                    Some(Some(Ok(_))) => {}
                    Some(Some(Err(_)) | None) => return (texts, Some(1006)),
                    None => break,
                }
            }
            tokio::time::sleep(pause).await;
        }
        (texts, None)
    }

    /// Sends whatever, unless the server has closed meanwhile; tells whether it could.
    pub async fn try_send_raw(&mut self, frame: Frame) -> bool {
        self.stream.send(frame).await.is_ok()
    }

    /// A piece of a text, or of whatever the bytes are; more is to follow unless it is the last.
    pub fn piece(bytes: &[u8], first: bool, last: bool) -> Frame {
        let kind = if first { Data::Text } else { Data::Continue };
        Frame::Frame(RawFrame::message(bytes.to_vec(), OpCode::Data(kind), last))
    }

    /// Sends a [`piece`](Self::piece), unless the server has closed meanwhile; tells whether it could.
    pub async fn try_send_piece(&mut self, bytes: &[u8], first: bool, last: bool) -> bool {
        self.try_send_raw(Self::piece(bytes, first, last)).await
    }

    /// The next frame, which must be of this sort.
    pub async fn expect<T: Expected>(&mut self) -> T {
        match T::take(self.next().await.expect("a frame, not the end")) {
            Ok(wanted) => wanted,
            Err(other) => panic!("expected {}, got {other:?}", std::any::type_name::<T>()),
        }
    }

    /// The next frame of this sort; others before it are passed over.
    pub async fn find<T: Expected>(&mut self) -> T {
        loop {
            if let Ok(wanted) = T::take(self.next().await.expect("a frame, not the end")) {
                return wanted;
            }
        }
    }

    /// That the server closes the socket next, and with which code.
    pub async fn expect_close(&mut self) -> u16 {
        match self.next().await {
            Ok(frame) => panic!("expected the end, got {frame:?}"),
            Err(code) => code,
        }
    }

    /// Whatever comes before the end, and the code with which that comes.
    pub async fn drain(&mut self) -> (Vec<ServerFrame>, u16) {
        let mut frames = Vec::new();
        loop {
            match self.next().await {
                Ok(frame) => frames.push(frame),
                Err(code) => return (frames, code),
            }
        }
    }

    /// The next frame, or the code with which the server closed (1006 when it said none).
    pub async fn next(&mut self) -> Result<ServerFrame, u16> {
        loop {
            let next = tokio::time::timeout(FRAME_TIMEOUT, self.stream.next()).await;
            match next.expect("the server says something in time") {
                Some(Ok(Frame::Text(text))) => {
                    let as_described = contract().check_frame("server", &text);
                    as_described
                        .unwrap_or_else(|fault| panic!("not as described: {fault}: {text}"));
                    secrets::note_json(&self.url, &text);
                    let frame = serde_json::from_str(&text);
                    let frame = frame.unwrap_or_else(|error| panic!("{error}: {text}"));
                    let of_people =
                        matches!(frame, ServerFrame::Presence { .. } | ServerFrame::User { .. });
                    if self.hears_presence || !of_people {
                        return Ok(frame);
                    }
                }
                Some(Ok(Frame::Close(close))) => {
                    return Err(close.map_or(1006, |close| close.code.into()));
                }
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
                Some(Ok(other)) => panic!("a frame of no sort that we know: {other:?}"),
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// A message to a conversation.
    pub fn message(id: ConversationId, client_id: &str, content: &str) -> Command {
        Command::Message(SendMessage {
            client_id: client_id.to_owned(),
            conversation_id: Some(id),
            content: Some(content.to_owned()),
            ..SendMessage::default()
        })
    }

    /// Writes to a person, and waits for the ack; what comes before it is passed over.
    pub async fn say_first(&mut self, to: &User, client_id: &str, content: &str) -> MessageAck {
        self.send(message_to(to, client_id, content)).await;
        let ack: MessageAck = self.find().await;
        assert_eq!(ack.client_id.as_str(), client_id);
        ack
    }

    /// Writes to a conversation, and waits for the ack; what comes before it is passed over.
    pub async fn say(&mut self, id: ConversationId, client_id: &str, content: &str) -> MessageAck {
        self.send(Self::message(id, client_id, content)).await;
        let ack: MessageAck = self.find().await;
        assert_eq!(ack.client_id.as_str(), client_id);
        ack
    }

    /// The next frame, which must be the ack of this message.
    pub async fn ack(&mut self, client_id: &str) -> MessageAck {
        let ack: MessageAck = self.expect().await;
        assert_eq!(ack.client_id.as_str(), client_id);
        ack
    }

    /// Waits for the ack of this message; what comes before it is passed over.
    pub async fn acks_up_to(&mut self, client_id: &str) {
        while self.find::<MessageAck>().await.client_id.as_str() != client_id {}
    }
}
