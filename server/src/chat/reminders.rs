//! Reminders of messages: set, listed, deleted. They are told by [`super::due`].

use app::protocol::{
    ApiError, ConversationId, ErrorKind, ListPage, MAX_INTEGER, Message, NotificationId, Reminder,
    Seq, Timestamp, UserId, limits,
};

use super::Chat;
use crate::error::Error;
use crate::store::StoreError;
use crate::store::reminders::{NewReminder, SetOutcome};

impl Chat {
    /// Reminds a person of a message at a time; what was set for it before is forgotten.
    ///
    /// # Errors
    /// `not_found` unless they can see such a message, or where it was taken back; `validation` on `at` unless it lies
    /// ahead, and on `reminders` where they have 1,000 of other messages.
    pub async fn set_reminder(
        &self,
        viewer: UserId,
        id: ConversationId,
        seq: Seq,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.remindable(viewer, id, seq).await?;
        if at > MAX_INTEGER {
            let message = "at is an integer up to 2^53-1";
            return Err(ApiError::new(ErrorKind::BadRequest, message).into());
        }
        if at <= self.now() {
            return Err(ApiError::validation("at", "at is in the past").into());
        }
        if self.try_to_set(viewer, id, seq, at).await? == SetOutcome::TooMany {
            // Some may be of messages that are out of sight by now.
            self.store.drop_unseen_reminders(viewer, None).await?;
            if self.try_to_set(viewer, id, seq, at).await? == SetOutcome::TooMany {
                let most = limits::REMINDERS;
                return Err(ApiError::validation(
                    "reminders",
                    format!("You have {most} reminders"),
                )
                .into());
            }
        }
        Ok(())
    }

    /// The message that a person may be reminded of.
    ///
    /// # Errors
    /// `not_found` unless they can see such a message, or where it was taken back.
    pub async fn remindable(
        &self,
        viewer: UserId,
        id: ConversationId,
        seq: Seq,
    ) -> Result<Message, Error> {
        let message = self.store.message(viewer, id, seq).await?;
        let message = message.filter(|message| !message.is_recalled());
        message.ok_or_else(|| ApiError::not_found().into())
    }

    async fn try_to_set(
        &self,
        user: UserId,
        conversation: ConversationId,
        seq: Seq,
        at: Timestamp,
    ) -> Result<SetOutcome, Error> {
        loop {
            let id = NotificationId::new(self.ids.next());
            let new = NewReminder { id, user, conversation, seq, at };
            match self.store.set_reminder(new).await {
                Err(StoreError::Conflict("id")) => {}
                Ok(SetOutcome::Gone) => return Err(ApiError::not_found().into()),
                result => return Ok(result?),
            }
        }
    }

    /// When a person will be reminded of a message; absent where they were or will not be.
    ///
    /// # Errors
    /// `unavailable` while the database is away.
    pub async fn reminder_of(
        &self,
        viewer: UserId,
        id: ConversationId,
        seq: Seq,
    ) -> Result<Option<Timestamp>, Error> {
        Ok(self.store.reminder_of(viewer, id, seq).await?)
    }

    /// Forgets a person's reminder of a message, if there is one.
    ///
    /// # Errors
    /// `not_found` where there is none, and they can see no such message.
    pub async fn delete_reminder(
        &self,
        viewer: UserId,
        id: ConversationId,
        seq: Seq,
    ) -> Result<(), Error> {
        if self.store.delete_reminder(viewer, id, seq).await?
            || self.store.message(viewer, id, seq).await?.is_some()
        {
            return Ok(());
        }
        Err(ApiError::not_found().into())
    }

    /// A page of a person's reminders by their time, those that are due first.
    ///
    /// # Errors
    /// `unavailable` while the database is away.
    pub async fn reminders(
        &self,
        viewer: UserId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Reminder>, Error> {
        Ok(self.store.reminders(viewer, false, cursor, limit).await?)
    }

    /// The first of a person's reminders that are due.
    ///
    /// # Errors
    /// `unavailable` while the database is away.
    pub async fn due_reminders(&self, viewer: UserId, limit: u32) -> Result<Vec<Reminder>, Error> {
        Ok(self.store.reminders(viewer, true, None, limit).await?.items)
    }

    /// Forgets all reminders of a message that was taken back.
    pub(super) async fn drop_reminders_of(&self, id: ConversationId, seq: Seq) {
        if let Err(error) = self.store.drop_reminders_of(id, seq).await {
            // They are shown to nobody, and forgotten when their time comes.
            tracing::warn!(%error, "reminders of a message that was taken back are still there");
        }
    }

    /// Forgets a person's reminders in a conversation as far as they cannot see its messages any more.
    pub(super) async fn drop_reminders_in(&self, user: UserId, id: ConversationId) {
        if let Err(error) = self.store.drop_unseen_reminders(user, Some(id)).await {
            tracing::warn!(%error, "reminders in a conversation out of sight are still there");
        }
    }
}
