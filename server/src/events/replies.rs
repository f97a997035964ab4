//! Replies: the answer to one socket of this node, in its order among the facts. No other node has use for it.

use std::sync::Arc;

use app::protocol::{ApiError, ConversationId, Message};

use super::Members;

/// Names one socket, on any node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub u64);

/// The socket that a command came from, and the frame's `id`, which its answer carries back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The socket that the command came from.
    pub connection: ConnectionId,
    /// The `id` of the frame, if it had one.
    pub frame_id: Option<String>,
}

/// The answer to one socket where nothing happened that others hear of.
#[derive(Clone, Debug)]
pub enum Reply {
    /// The message had been stored before: an ack with `duplicate`, after the message itself.
    Repeated {
        /// The message as it was stored the first time, and is now.
        message: Arc<Message>,
        /// The members of the conversation; of a group that the sender has left this may be nobody. Absent in a
        /// private one that has nobody.
        members: Option<Members>,
        /// The socket that sent it again.
        to: Origin,
    },
    /// The command was refused or failed: an error.
    Refused {
        /// The error that the socket is told.
        error: ApiError,
        /// The conversation in which the command was to be carried out.
        conversation_id: ConversationId,
        /// The message's `client_id`; absent for other commands.
        client_id: Option<String>,
        /// The socket that sent it.
        to: Origin,
    },
}
