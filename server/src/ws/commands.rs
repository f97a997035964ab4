//! What a signed-in socket asks, frame by frame and in order.

use app::protocol::{
    ApiError, ClientFrame, Command, ConversationId, ErrorKind, FrameError, Mark, PresenceStatus,
    SendMessage, Seq, ServerFrame, Target, UserId, close,
};
use tokio::time::Instant;

use super::end::End;
use super::frames::{decode, encode};
use super::session::Session;
use crate::chat::{MarkKind, ReplyTo, ValidMessage};
use crate::error::Error;
use crate::events::Origin;

/// Messages refused by the rate limit, one after the other, after which the socket is closed: so
/// many that no client which heeds `retry_after_ms` gets there.
const MAX_REFUSED_IN_A_ROW: u32 = 200;

impl Session {
    /// Reads one frame and does what it asks.
    pub(super) async fn frame(&mut self, text: &str) -> Result<(), End> {
        match decode(text) {
            Ok(frame) => self.command(frame).await,
            Err(FrameError { error, id, client_id, fatal }) => {
                self.refuse(id, client_id, error).await?;
                if fatal { Err(End::Close(close::BAD_FRAME)) } else { Ok(()) }
            }
        }
    }

    async fn command(&mut self, ClientFrame { id, command }: ClientFrame) -> Result<(), End> {
        // A message has a limit of its own, a user.
        let is_message = matches!(command, Command::Message(_));
        if !is_message && let Some(wait) = self.throttle.take(Instant::now())? {
            return self.tell(id, None, ApiError::rate_limited(wait)).await;
        }
        match command {
            Command::Message(message) => self.message(id, message).await,
            Command::Delivered(mark) => self.mark(id, mark, MarkKind::Delivered).await,
            Command::Read(mark) => self.mark(id, mark, MarkKind::Read).await,
            Command::Ping {} => {
                let timestamp = self.reach.chat.now();
                let pong = encode(&ServerFrame::Pong { id, timestamp });
                self.stream.send(pong).await
            }
            Command::Auth { .. } => {
                let error = ApiError::new(ErrorKind::BadRequest, "This socket is signed in");
                self.refuse(id, None, error).await
            }
            Command::Typing { conversation_id, active } => {
                self.typing(id, conversation_id, active).await
            }
            Command::Presence { status } => self.presence(id, status).await,
            Command::Join { conversation_id } => self.member(id, conversation_id, true).await,
            Command::Leave { conversation_id } => self.member(id, conversation_id, false).await,
        }
    }

    async fn message(&mut self, id: Option<String>, message: SendMessage) -> Result<(), End> {
        match self.queue(id.clone(), &message).await {
            Ok(conversation_id) => {
                self.pending_acks.add(conversation_id, message.client_id);
                self.refused_in_a_row = 0;
                Ok(())
            }
            Err(error) => {
                let limited = error.kind == ErrorKind::RateLimited;
                self.refused_in_a_row = if limited { self.refused_in_a_row + 1 } else { 0 };
                self.refuse(id, Some(message.client_id), error).await?;
                if self.refused_in_a_row > MAX_REFUSED_IN_A_ROW {
                    return Err(End::Close(close::RATE_LIMITED));
                }
                Ok(())
            }
        }
    }

    async fn queue(
        &mut self,
        frame_id: Option<String>,
        message: &SendMessage,
    ) -> Result<ConversationId, ApiError> {
        let user = self.identity.user_id;
        self.reach.rate_limits.message(user).await.map_err(ApiError::rate_limited)?;
        let target = message.target()?;
        let valid = ValidMessage::parse(message)?;
        let sender = self.reach.chat.user(user).await.map_err(|error| self.api(error))?;
        let conversation_id = self.resolve(target).await.map_err(|error| self.api(error))?;
        let origin = Origin { connection: self.connection, frame_id };
        let reply = ReplyTo::Socket(origin);
        let queued = self.reach.chat.queue_message(sender, conversation_id, valid, reply).await;
        queued.map_err(|error| self.api(error))?;
        Ok(conversation_id)
    }

    async fn resolve(&mut self, target: Target) -> Result<ConversationId, Error> {
        match target {
            Target::Conversation(id) => Ok(id),
            Target::User(peer) => match self.resolved.get(&peer) {
                Some(id) => Ok(*id),
                None => self.resolve_peer(peer).await,
            },
        }
    }

    /// The first time that this socket writes to a person, it is told of the conversation; one in
    /// which nothing was said yet is told together with its first message.
    async fn resolve_peer(&mut self, peer: UserId) -> Result<ConversationId, Error> {
        let user = self.identity.user_id;
        let resolved = self.reach.chat.resolve(user, Target::User(peer)).await?;
        let id = resolved.conversation_id;
        let last = resolved.last_seq.unwrap_or_default();
        self.reach.hub.expect_after(id, last);
        if last > Seq::ZERO {
            let conversation = self.reach.chat.conversation(user, id).await?;
            // A connection that breaks here is noticed when it is next read.
            let _ = self
                .stream
                .send(encode(&ServerFrame::Conversation { id: None, conversation }))
                .await;
        }
        self.resolved.insert(peer, id);
        Ok(id)
    }

    async fn mark(&mut self, id: Option<String>, mark: Mark, kind: MarkKind) -> Result<(), End> {
        let origin = Origin { connection: self.connection, frame_id: id.clone() };
        let user = self.identity.user_id;
        if let Err(error) = self.reach.chat.queue_mark(user, mark, kind, origin).await {
            self.refuse(id, None, error).await?;
        }
        self.catch_up.delivered(mark.conversation_id, mark.seq);
        Ok(())
    }

    async fn typing(
        &mut self,
        id: Option<String>,
        conversation_id: ConversationId,
        active: bool,
    ) -> Result<(), End> {
        let (chat, user) = (&self.reach.chat, self.identity.user_id);
        // Boxed, like everything that is rare: every socket has room for its largest future.
        let typing = Box::pin(chat.type_in(user, self.connection, conversation_id, active));
        match typing.await {
            Ok(()) => Ok(()),
            Err(error) => {
                let error = self.api(error);
                self.refuse(id, None, error).await
            }
        }
    }

    /// Joins or leaves a group.
    async fn member(
        &mut self,
        id: Option<String>,
        conversation_id: ConversationId,
        joins: bool,
    ) -> Result<(), End> {
        let origin = Origin { connection: self.connection, frame_id: id.clone() };
        let (chat, user) = (&self.reach.chat, self.identity.user_id);
        // It becomes a message to all members.
        if let Err(wait) = self.reach.rate_limits.message(user).await {
            return self.refuse(id, None, ApiError::rate_limited(wait)).await;
        }
        let queued = Box::pin(chat.queue_join_or_leave(user, conversation_id, joins, origin));
        match queued.await {
            Ok(()) => Ok(()),
            Err(error) => {
                let error = self.api(error);
                self.refuse(id, None, error).await
            }
        }
    }

    async fn presence(&mut self, id: Option<String>, status: PresenceStatus) -> Result<(), End> {
        if status == PresenceStatus::Offline {
            let error = ApiError::validation("status", "status is online or away");
            return self.refuse(id, None, error).await;
        }
        self.reach.chat.set_presence(self.identity.user_id, self.connection, status).await;
        Ok(())
    }

    /// Answers with an error, of which a socket has so many.
    async fn refuse(
        &mut self,
        id: Option<String>,
        client_id: Option<String>,
        error: ApiError,
    ) -> Result<(), End> {
        self.tell(id, client_id, error).await?;
        self.throttle.take(Instant::now()).map(drop)
    }

    async fn tell(
        &mut self,
        id: Option<String>,
        client_id: Option<String>,
        error: ApiError,
    ) -> Result<(), End> {
        let frame = encode(&ServerFrame::Error { id, client_id, error });
        self.stream.send(frame).await
    }

    fn api(&self, error: Error) -> ApiError {
        error.into_api(&format!("ws-{:016x}", self.connection.0))
    }
}
