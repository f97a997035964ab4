//! Blocks: two people between whom nothing passes.

use app::protocol::{ApiError, Block, ListPage, UserId};

use super::Chat;
use crate::error::Error;
use crate::events::Fact;
use crate::store::blocks::Turned;

impl Chat {
    /// A page of those whom the viewer blocks, the latest first.
    pub async fn blocks(
        &self,
        viewer: UserId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Block>, Error> {
        Ok(self.store.blocks(viewer, cursor, limit).await?)
    }

    /// Whether the viewer blocks someone.
    pub async fn blocks_person(&self, viewer: UserId, other: UserId) -> Result<bool, Error> {
        Ok(self.store.blocks_person(viewer, other).await?)
    }

    /// Blocks someone: neither writes to the other in private any more, nor hears whether the other
    /// is there, types, or has read.
    ///
    /// # Errors
    /// `validation` on `user_id` for oneself; `not_found` if there is no such person.
    pub async fn block(&self, viewer: UserId, other: UserId) -> Result<(), Error> {
        if other == viewer {
            return Err(ApiError::validation("user_id", "You cannot block yourself").into());
        }
        let before = self.sights(viewer, other).await?;
        let blocked = self.store.block(viewer, other, self.now()).await?;
        let turned = blocked.ok_or_else(ApiError::not_found)?;
        if let Some(Turned { conversation_id, .. }) = turned {
            self.end_typing_in(conversation_id);
        }
        self.block_changed(viewer, other, turned, before).await
    }

    /// Ends the viewer's block of someone, if there is one; theirs stands.
    pub async fn unblock(&self, viewer: UserId, other: UserId) -> Result<(), Error> {
        let before = self.sights(viewer, other).await?;
        let turned = self.store.unblock(viewer, other).await?;
        self.block_changed(viewer, other, turned, before).await
    }

    /// Whether the other may see whether the one is there, and the other way round.
    async fn sights(&self, one: UserId, other: UserId) -> Result<(bool, bool), Error> {
        let may_watch = |watcher, user| self.store.may_watch(watcher, user);
        Ok((may_watch(other, one).await?, may_watch(one, other).await?))
    }

    async fn block_changed(
        &self,
        one: UserId,
        other: UserId,
        turned: Option<Turned>,
        (before, before_back): (bool, bool),
    ) -> Result<(), Error> {
        if let Some(Turned { conversation_id, .. }) = turned.filter(|turned| turned.told) {
            let changed = |to| Fact::ConversationChanged { conversation_id, to }.into();
            self.events.publish(vec![changed(one), changed(other)]);
        }
        self.sight_changed(one, other, before).await?;
        self.sight_changed(other, one, before_back).await
    }
}
