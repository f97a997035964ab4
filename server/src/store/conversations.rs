//! Conversations and their members' sessions.

use app::protocol::{Conversation, ConversationId, Head, ListPage, Seq, Timestamp, UserId};

use super::{Result, Store};

/// A private conversation, found or made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrivateConversation {
    /// Which.
    pub id: ConversationId,
    /// Its newest position; 0: nothing was said yet.
    pub last_seq: Seq,
    /// It was made by this call.
    pub created: bool,
}

impl Store {
    /// The private conversation of two people (or of one, Notes), made with both sessions if there
    /// is none: a short transaction of its own, idempotent under `pair_key`. `fresh` is the id it
    /// gets if it is made; `Conflict("id")` when that is taken by another conversation.
    pub async fn open_private_conversation(
        &self,
        one: UserId,
        other: UserId,
        fresh: ConversationId,
        now: Timestamp,
    ) -> Result<PrivateConversation> {
        let _ = (one, other, fresh, now);
        unimplemented!()
    }

    /// The private conversation of two people, if there is one.
    pub async fn private_conversation(
        &self,
        one: UserId,
        other: UserId,
    ) -> Result<Option<PrivateConversation>> {
        let _ = (one, other);
        unimplemented!()
    }

    /// A page of the user's chat list in two statements: pinned first, then newest activity;
    /// without the empty ones. An unknown cursor is as none.
    pub async fn chat_list(
        &self,
        user: UserId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Conversation>> {
        let _ = (user, cursor, limit);
        unimplemented!()
    }

    /// One conversation as a member sees it.
    pub async fn conversation(
        &self,
        user: UserId,
        id: ConversationId,
    ) -> Result<Option<Conversation>> {
        let _ = (user, id);
        unimplemented!()
    }

    /// The positions of all the user's conversations in which anything was said.
    pub async fn heads(&self, user: UserId) -> Result<Vec<Head>> {
        let _ = user;
        unimplemented!()
    }

    /// How many messages of others stand above the user's read mark, cut at 999.
    pub async fn unread(&self, user: UserId, id: ConversationId) -> Result<u32> {
        let _ = (user, id);
        unimplemented!()
    }
}
