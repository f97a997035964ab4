//! What has come of conversations of which there is no row yet.

use litemap::LiteMap;

use super::Span;
use crate::protocol::{ConversationId, Seq};

/// What waits for a row, by conversation.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::state) struct Strays {
    by_conversation: LiteMap<ConversationId, Stray>,
}

/// What waits for one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::state) struct Stray {
    /// In the order in which they came.
    pub spans: Vec<Span>,
    /// The position up to which we have told the server that we hold them.
    pub delivered: Seq,
}

impl Strays {
    pub const fn new() -> Self {
        Self { by_conversation: LiteMap::new() }
    }

    /// Keeps a piece of a conversation for its row.
    pub fn hold(&mut self, id: ConversationId, span: Span) {
        self.by_conversation.entry(id).or_default().spans.push(span);
    }

    /// We tell the server that we hold what came, up to here.
    pub fn deliver(&mut self, id: ConversationId, up_to: Seq) {
        if let Some(stray) = self.by_conversation.get_mut(&id) {
            stray.delivered = stray.delivered.max(up_to);
        }
    }

    /// The row has come, or the conversation is gone.
    pub fn take(&mut self, id: ConversationId) -> Stray {
        self.by_conversation.remove(&id).unwrap_or_default()
    }
}
