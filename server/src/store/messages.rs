//! Reading messages: key ranges of a conversation, never an OFFSET.

use app::protocol::{ConversationId, Message, MessagePage, Seq, UserId};

use super::{Result, Store};

pub use app::backend::Window;

impl Store {
    /// Part of a conversation's history as a member sees it, at most `limit` messages (1…100);
    /// absent unless a member.
    pub async fn message_page(
        &self,
        user: UserId,
        id: ConversationId,
        window: Window,
        limit: u32,
    ) -> Result<Option<MessagePage>> {
        let _ = (user, id, window, limit);
        unimplemented!()
    }

    /// The messages in `from..=to`, ascending, for the hub that missed them.
    pub async fn messages_between(
        &self,
        id: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<Message>> {
        let _ = (id, from, to);
        unimplemented!()
    }

    /// One message by the name its sender gave it.
    pub async fn message_by_client_id(
        &self,
        id: ConversationId,
        sender: UserId,
        client_id: &str,
    ) -> Result<Option<Message>> {
        let _ = (id, sender, client_id);
        unimplemented!()
    }
}
