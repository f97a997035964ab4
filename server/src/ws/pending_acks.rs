//! The messages of one socket that the writer has and that were neither acknowledged nor refused yet.

use std::collections::HashMap;

use app::protocol::{ConversationId, Message, UserId};

/// See the module. Empty for most of a socket's life.
#[derive(Debug, Default)]
pub(super) struct PendingAcks {
    /// How often each was sent: a client may repeat itself before it is answered.
    by_name: HashMap<(ConversationId, String), usize>,
}

impl PendingAcks {
    /// The writer has a message.
    pub(super) fn add(&mut self, id: ConversationId, client_id: String) {
        *self.by_name.entry((id, client_id)).or_default() += 1;
    }

    /// An answer to a message has gone out.
    pub(super) fn remove(&mut self, id: ConversationId, client_id: &str) {
        let name = (id, client_id.to_owned());
        if let Some(times) = self.by_name.get_mut(&name) {
            *times -= 1;
            if *times == 0 {
                self.by_name.remove(&name);
            }
        }
    }

    /// Whether nothing is waited for.
    pub(super) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// Whether this is a message that `user` sent here and still waits for the answer to.
    pub(super) fn holds(&self, user: UserId, message: &Message) -> bool {
        !self.is_empty()
            && message.sender.id == user
            && self
                .by_name
                .contains_key(&(message.conversation_id, message.client_id.as_str().to_owned()))
    }
}
