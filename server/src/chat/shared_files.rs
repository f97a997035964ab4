//! Lists of files: what a conversation holds, and what one has uploaded oneself.

use app::protocol::{ApiError, ConversationId, FileKind, ListPage, OwnFile, SharedFile, UserId};

use super::Chat;
use crate::error::Error;

impl Chat {
    /// A page of the files that a conversation's messages hold, newest first; of all kinds, or of one.
    ///
    /// # Errors
    /// `not_found` unless the viewer is a member.
    pub async fn shared_files(
        &self,
        viewer: UserId,
        id: ConversationId,
        kind: Option<FileKind>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<SharedFile>, Error> {
        self.store.membership(viewer, id).await?.ok_or_else(ApiError::not_found)?;
        Ok(self.store.shared_files(viewer, id, kind, cursor, limit).await?)
    }

    /// A page of someone's own uploads, largest first.
    ///
    /// # Errors
    /// `unavailable` while the database is away.
    pub async fn own_files(
        &self,
        owner: UserId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<OwnFile>, Error> {
        Ok(self.store.own_files(owner, cursor, limit).await?)
    }
}
