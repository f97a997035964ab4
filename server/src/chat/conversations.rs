//! Conversations: listing, opening, starting.

use app::protocol::{
    ApiError, Conversation, ConversationId, ErrorKind, Head, History, ListPage, MAX_INTEGER, Seq,
    StartConversation, Target, UpdateConversation, UserId,
};

use super::Chat;
use crate::error::Error;
use crate::events::Fact;
use crate::store::StoreError;
use crate::store::conversations::PrivateConversation;
use crate::store::sessions::SessionChange;

/// Where a message goes, once a `to_user_id` is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResolvedTarget {
    /// The conversation that the message goes to.
    pub conversation_id: ConversationId,
    /// With a `to_user_id`: the conversation's newest position when it was resolved.
    pub last_seq: Option<Seq>,
}

impl Chat {
    /// A page of the viewer's chat list, or of what they have archived.
    pub async fn chat_list(
        &self,
        viewer: UserId,
        archived: bool,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Conversation>, Error> {
        let mut list = self.store.chat_list(viewer, archived, cursor, limit, self.now()).await?;
        self.reader.add_presence(&mut list.items).await;
        Ok(list)
    }

    /// The positions of all the viewer's conversations, for catching up.
    pub async fn heads(&self, viewer: UserId) -> Result<Vec<Head>, Error> {
        Ok(self.store.heads(viewer).await?)
    }

    /// One conversation as the viewer sees it.
    ///
    /// # Errors
    /// `not_found` unless the viewer is a member.
    pub async fn conversation(
        &self,
        viewer: UserId,
        id: ConversationId,
    ) -> Result<Conversation, Error> {
        self.reader.conversation(viewer, id).await
    }

    /// Changes what is given of a conversation: what is the group's for all its members, the rest for
    /// the viewer alone, whose sockets hear of it.
    ///
    /// # Errors
    /// `not_found` unless the viewer is a member; what is the group's is `forbidden` unless an admin;
    /// `validation` on `name`; `bad_request` on a `muted_until` that is no moment.
    pub async fn update_conversation(
        &self,
        viewer: UserId,
        id: ConversationId,
        update: &UpdateConversation,
    ) -> Result<Conversation, Error> {
        let &UpdateConversation { ref name, open, history, .. } = update;
        let &UpdateConversation { pinned, muted_until, archived, marked_unread, .. } = update;
        if muted_until.is_some_and(|until| !(0..=MAX_INTEGER).contains(&until)) {
            let message = "muted_until is an integer from 0 to 2^53-1";
            return Err(ApiError::new(ErrorKind::BadRequest, message).into());
        }
        self.set_group(viewer, id, name.as_deref(), open, history).await?;
        let change = SessionChange { pinned, muted_until, archived, marked_unread };
        let changed = self.store.change_session(viewer, id, change, self.now()).await?;
        self.own_entry_changed(viewer, id, changed)?;
        self.conversation(viewer, id).await
    }

    /// Hides a conversation and its history up to now from the viewer; their sockets hear of it.
    ///
    /// # Errors
    /// `not_found` unless the viewer is a member.
    pub async fn hide_conversation(&self, viewer: UserId, id: ConversationId) -> Result<(), Error> {
        let changed = self.store.hide_conversation(viewer, id).await?;
        self.own_entry_changed(viewer, id, changed)?;
        self.drop_reminders_in(viewer, id).await;
        Ok(())
    }

    /// What is absent is not the viewer's.
    fn own_entry_changed(
        &self,
        viewer: UserId,
        conversation_id: ConversationId,
        changed: Option<bool>,
    ) -> Result<(), Error> {
        if changed.ok_or_else(ApiError::not_found)? {
            let fact = Fact::ConversationChanged { conversation_id, to: viewer };
            self.events.publish(vec![fact.into()]);
        }
        Ok(())
    }

    /// The viewer's private conversation with `peer`, if anything was said in it.
    pub async fn private_conversation(
        &self,
        viewer: UserId,
        peer: UserId,
    ) -> Result<Option<Conversation>, Error> {
        match self.store.private_conversation(viewer, peer).await? {
            Some(found) if found.last_seq > Seq::ZERO => {
                self.conversation(viewer, found.id).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The private conversation or the group that is asked for; tells whether it was made.
    ///
    /// # Errors
    /// `bad_request` unless it is exactly one of the two, and those of either.
    pub async fn start_conversation(
        &self,
        viewer: UserId,
        request: StartConversation,
    ) -> Result<(Conversation, bool), Error> {
        let StartConversation { to_user_id, name, member_ids, open, history } = request;
        match (to_user_id, name, member_ids) {
            (Some(peer), None, None) => self.start_private_conversation(viewer, peer).await,
            (None, Some(name), Some(members)) => {
                let history = history.unwrap_or(History::Joined);
                let made =
                    self.create_group(viewer, &name, members, open.unwrap_or(false), history);
                Ok((made.await?, true))
            }
            _ => Err(ApiError::new(
                ErrorKind::BadRequest,
                "Give either to_user_id, or name and member_ids",
            )
            .into()),
        }
    }

    /// The viewer's private conversation with `peer`, made (still empty) if there is none; tells
    /// whether it was made.
    ///
    /// # Errors
    /// `not_found` if there is no such person.
    pub async fn start_private_conversation(
        &self,
        viewer: UserId,
        peer: UserId,
    ) -> Result<(Conversation, bool), Error> {
        let opened = self.open_private(viewer, peer).await?;
        Ok((self.conversation(viewer, opened.id).await?, opened.created))
    }

    /// Resolves where a message goes. Only then is there an id to queue it under.
    ///
    /// # Errors
    /// `not_found` if there is no such person. Membership is the writer's to check.
    pub async fn resolve(&self, sender: UserId, target: Target) -> Result<ResolvedTarget, Error> {
        match target {
            Target::Conversation(conversation_id) => {
                Ok(ResolvedTarget { conversation_id, last_seq: None })
            }
            Target::User(peer) => {
                let opened = self.open_private(sender, peer).await?;
                Ok(ResolvedTarget { conversation_id: opened.id, last_seq: Some(opened.last_seq) })
            }
        }
    }

    async fn open_private(&self, one: UserId, other: UserId) -> Result<PrivateConversation, Error> {
        if let Some(found) = self.store.private_conversation(one, other).await? {
            return Ok(found);
        }
        self.user(other).await?;
        loop {
            let fresh = ConversationId::new(self.ids.next());
            match self.store.open_private_conversation(one, other, fresh, self.now()).await {
                Err(StoreError::Conflict("id")) => {}
                result => return Ok(result?),
            }
        }
    }
}
