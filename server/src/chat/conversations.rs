//! Conversations: listing, opening, starting.

use app::protocol::{ApiError, Conversation, ConversationId, Head, ListPage, Seq, Target, UserId};

use super::Chat;
use crate::error::Error;
use crate::store::StoreError;
use crate::store::conversations::PrivateConversation;

/// Where a message goes, once a `to_user_id` is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResolvedTarget {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// With a `to_user_id`: the conversation's newest position when it was resolved.
    pub last_seq: Option<Seq>,
}

impl Chat {
    /// A page of the viewer's chat list.
    pub async fn chat_list(
        &self,
        viewer: UserId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Conversation>, Error> {
        let mut list = self.store.chat_list(viewer, cursor, limit).await?;
        self.add_presence(&mut list.items).await;
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
        let found = self.store.conversation(viewer, id).await?;
        let mut conversation = found.ok_or_else(ApiError::not_found)?;
        self.add_presence(std::slice::from_mut(&mut conversation)).await;
        Ok(conversation)
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
