//! What is known of messages when it is decided what becomes of them.

use std::collections::HashMap;
use std::sync::Arc;

use app::protocol::{ConversationId, Message, UserId};

use crate::store::extras::Answered;
use crate::store::forwards::Forwards;
use crate::store::message_files::Uploads;

/// Names a message before it has a position.
pub(super) type Name = (ConversationId, UserId, String);

/// What is stored already, by name.
pub(super) type Stored = HashMap<Name, Arc<Message>>;

/// What was read for a run of messages.
#[derive(Default)]
pub(super) struct Known {
    /// Those of them that are stored already.
    pub(super) stored: Stored,
    /// What they answer that their senders can see.
    pub(super) answered: Answered,
    /// Whose words they carry on.
    pub(super) forwards: Forwards,
    /// What they hold that their senders have uploaded.
    pub(super) uploads: Uploads,
}
