//! Messages: sending them, and reading history.

use std::sync::Arc;

use app::protocol::{
    ApiError, Caption, ClientId, ConversationId, Message, MessageChanges, MessagePage, MessageRef,
    NewContent, SendMessage, Seq, Timestamp, User, UserId, limits,
};
use tokio::sync::oneshot;

use super::permissions::{Action, may};
use super::schedules::known_zone;
use super::{Appended, Chat, ReplyTo, Window};
use crate::error::Error;
use crate::store::forwards::check_forwardable;
use crate::store::writer::{Append, ChangeKind, Extras, Rule};

/// A message whose parts are known to be right.
pub struct ValidMessage {
    client_id: ClientId,
    content: NewContent,
    reply_to: Option<Seq>,
}

impl ValidMessage {
    /// Checks a message on its way in.
    ///
    /// # Errors
    /// `validation`, naming the field.
    pub fn parse(message: &SendMessage) -> Result<Self, ApiError> {
        let client_id = ClientId::parse(&message.client_id)?;
        let mut content = message.new_content()?;
        if let NewContent::Schedule { schedule, .. } = &mut content {
            schedule.zone = Some(known_zone(schedule.zone.as_deref())?);
        }
        Ok(Self { client_id, content, reply_to: message.reply_to_seq })
    }

    /// Whether it is stored as it came. Whoever writes many waits for the database only where they
    /// must.
    fn is_plain(&self) -> bool {
        let own = !matches!(self.content, NewContent::Forward(_));
        own && !self.content.words().contains('@') && self.reply_to.is_none()
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
        reply: ReplyTo,
    ) -> Result<(), Error> {
        let append = match message {
            ValidMessage { client_id, content, .. } if message.is_plain() => {
                Append { conversation_id, sender, client_id, content, extras: None, reply }
            }
            // Boxed, like everything that is rare: every socket has room for its largest future.
            message => Box::pin(self.look_up(sender, conversation_id, message, reply)).await?,
        };
        Ok(self.writer.append(append).await?)
    }

    /// Looks up what a message may carry beside its words. Whether it does is said under the lock.
    async fn look_up(
        &self,
        sender: Arc<User>,
        conversation_id: ConversationId,
        message: ValidMessage,
        reply: ReplyTo,
    ) -> Result<Append, Error> {
        let ValidMessage { client_id, content, reply_to } = message;
        let mentions = self.mentioned(content.words()).await?;
        let extras = Some(Box::new(Extras { reply_to, mentions }));
        Ok(Append { conversation_id, sender, client_id, content, extras, reply })
    }

    /// A message that a person may carry on.
    ///
    /// # Errors
    /// `not_found` unless they can see it; `forbidden` where it cannot be.
    pub async fn forwardable(&self, viewer: UserId, of: MessageRef) -> Result<Message, Error> {
        let found = self.store.message(viewer, of.conversation_id, of.seq).await?;
        let message = found.ok_or_else(ApiError::not_found)?;
        check_forwardable(&message.content)?;
        Ok(message)
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
        self.queue_message(sender, resolved.conversation_id, valid, ReplyTo::Caller(reply)).await?;
        // A dropped reply means that the writer ended without storing it.
        outcome.await.unwrap_or_else(|_| Err(ApiError::unavailable())).map_err(Error::from)
    }

    /// Gives one's own text, or what stands below one's own files, other words.
    ///
    /// # Errors
    /// `validation` on `content`, which may be empty below files alone; `not_found` unless the actor sees such a message; `forbidden` when
    /// it is not theirs to edit, or nobody's any more.
    pub async fn edit_message(
        &self,
        actor: UserId,
        id: ConversationId,
        seq: Seq,
        content: &str,
    ) -> Result<Message, Error> {
        let content = Caption::parse(content)?;
        let mentions = self.mentioned(content.as_str()).await?;
        let rule: Rule = |standing| may(Action::Edit, standing);
        let changed =
            self.change(actor, id, ChangeKind::Edit(seq, content, mentions), rule).await?;
        let message = changed.message.ok_or_else(ApiError::not_found)?;
        Ok(Message::clone(&message))
    }

    /// Takes a message back: one's own, or as an admin of a group anyone's.
    ///
    /// # Errors
    /// `not_found` unless the actor sees such a message; `forbidden` when it is not theirs to recall.
    pub async fn recall_message(
        &self,
        actor: UserId,
        id: ConversationId,
        seq: Seq,
    ) -> Result<(), Error> {
        let rule: Rule = |standing| may(Action::Recall, standing);
        self.change(actor, id, ChangeKind::Recall(seq), rule).await?;
        self.drop_reminders_of(id, seq).await;
        Ok(())
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
}

fn check_limit(limit: u32) -> Result<(), ApiError> {
    if (1..=limits::PAGE_MAX).contains(&limit) {
        return Ok(());
    }
    Err(ApiError::validation("limit", "limit is 1 to 100"))
}
