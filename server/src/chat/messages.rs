//! Messages: sending them, and reading history.

use std::sync::Arc;

use app::protocol::{
    ApiError, ClientId, ConversationId, Message, MessageChanges, MessagePage, MessageText,
    MessageType, SendMessage, Seq, Timestamp, User, UserId, limits,
};
use tokio::sync::oneshot;

use super::{Appended, Chat, Reply, Window};
use crate::error::Error;
use crate::store::writer::Append;

/// A message whose parts are known to be right.
pub struct ValidMessage {
    client_id: ClientId,
    content: MessageText,
}

impl ValidMessage {
    /// Checks a message on its way in.
    ///
    /// # Errors
    /// `validation`, naming the field.
    pub fn parse(message: &SendMessage) -> Result<Self, ApiError> {
        let client_id = ClientId::parse(&message.client_id)?;
        if !matches!(message.message_type, None | Some(MessageType::Text)) {
            return Err(ApiError::validation("message_type", "Only text can be sent so far"));
        }
        if message.reply_to_seq.is_some() {
            return Err(ApiError::validation("reply_to_seq", "Replies cannot be sent so far"));
        }
        let content = MessageText::parse(message.content.as_deref().unwrap_or_default())?;
        Ok(Self { client_id, content })
    }
}

impl Chat {
    /// Queues a message to a conversation; `reply` learns of the outcome after the commit.
    ///
    /// # Errors
    /// `unavailable` while shutting down.
    pub async fn queue_message(
        &self,
        sender: Arc<User>,
        conversation_id: ConversationId,
        message: ValidMessage,
        reply: Reply,
    ) -> Result<(), ApiError> {
        let ValidMessage { client_id, content } = message;
        self.writer.append(Append { conversation_id, sender, client_id, content, reply }).await
    }

    /// Sends a message and waits until it is stored.
    ///
    /// # Errors
    /// Those of the contract: `validation`, `not_found`, `forbidden`, `unavailable`.
    pub async fn send_message(
        &self,
        sender: UserId,
        message: &SendMessage,
    ) -> Result<Appended, Error> {
        let target = message.target()?;
        let valid = ValidMessage::parse(message)?;
        let sender = self.user(sender).await?;
        let resolved = self.resolve(sender.id, target).await?;
        let (reply, outcome) = oneshot::channel();
        self.queue_message(sender, resolved.conversation_id, valid, Reply::Caller(reply)).await?;
        // A dropped reply means that the writer ended without storing it.
        outcome.await.unwrap_or_else(|_| Err(ApiError::unavailable())).map_err(Error::from)
    }

    /// Part of a conversation's history.
    ///
    /// # Errors
    /// `not_found` unless the viewer is a member; `validation` on a `limit` outside 1…100.
    pub async fn messages(
        &self,
        viewer: UserId,
        id: ConversationId,
        window: Window,
        limit: u32,
    ) -> Result<MessagePage, Error> {
        check_limit(limit)?;
        self.store
            .message_page(viewer, id, window, limit)
            .await?
            .ok_or_else(|| ApiError::not_found().into())
    }

    /// The part of a conversation's history around the first message created at or after a moment;
    /// the latest part when there is none so late.
    ///
    /// # Errors
    /// As of [`messages`](Self::messages).
    pub async fn messages_at(
        &self,
        viewer: UserId,
        id: ConversationId,
        at: Timestamp,
        limit: u32,
    ) -> Result<MessagePage, Error> {
        check_limit(limit)?;
        self.store
            .message_page_at(viewer, id, at, limit)
            .await?
            .ok_or_else(|| ApiError::not_found().into())
    }

    /// The messages of a conversation that were changed after `after_rev`.
    ///
    /// # Errors
    /// As of [`messages`](Self::messages).
    pub async fn message_changes(
        &self,
        viewer: UserId,
        id: ConversationId,
        after_rev: i64,
        limit: u32,
    ) -> Result<MessageChanges, Error> {
        check_limit(limit)?;
        self.store
            .message_changes(viewer, id, after_rev, limit)
            .await?
            .ok_or_else(|| ApiError::not_found().into())
    }

    /// What was stored in `from..=to`, for the hub that missed it.
    pub async fn messages_between(
        &self,
        id: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<Message>, Error> {
        Ok(self.store.messages_between(id, from, to).await?)
    }
}

fn check_limit(limit: u32) -> Result<(), ApiError> {
    if (1..=limits::PAGE_MAX).contains(&limit) {
        return Ok(());
    }
    Err(ApiError::validation("limit", "limit is 1 to 100"))
}
