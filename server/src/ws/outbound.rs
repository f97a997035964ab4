//! What goes out on sockets, encoded once for all of them.

use app::protocol::{ConversationId, Presence, Seq, UserId};
use tungstenite::Utf8Bytes;

/// What waits to go out on a socket.
#[derive(Clone, Debug)]
pub(super) enum Outbound {
    /// A `new_message`: held back while its conversation catches up.
    Message {
        /// The conversation that it stands in.
        conversation_id: ConversationId,
        /// Its position.
        seq: Seq,
        /// The frame, encoded.
        frame: Utf8Bytes,
    },
    /// The answer to a `message` of this very socket. In a box, so that the others are small.
    MessageReply(Box<MessageReply>),
    /// How someone is seen now; the socket may know it already.
    Presence {
        /// The person who is seen.
        user_id: UserId,
        /// How they are seen now.
        presence: Presence,
    },
    /// A `conversation_removed`: what is still to be told of it is not for this socket any more.
    Removed {
        /// The conversation that is gone for this socket.
        conversation_id: ConversationId,
        /// The frame, encoded.
        frame: Utf8Bytes,
    },
    /// Any other frame.
    Frame(Utf8Bytes),
}

/// The answer to a `message`: it is stored, or it was refused.
#[derive(Clone, Debug)]
pub(super) struct MessageReply {
    /// Where the message was to go.
    pub(super) conversation_id: ConversationId,
    /// The sender's name for it.
    pub(super) client_id: String,
    /// Its position; absent when it was refused.
    pub(super) seq: Option<Seq>,
    /// The frame, encoded.
    pub(super) frame: Utf8Bytes,
}
