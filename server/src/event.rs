//! What happened, and for whom: what travels to the hub, mostly from the writer.

use std::sync::Arc;

use app::protocol::{ApiError, ConversationId, Message, MessageAck, Presence, Seq, UserId};

/// Names one socket, on any node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub u64);

/// The socket that a command came from, and the frame's `id`, which its answer carries back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The socket.
    pub connection: ConnectionId,
    /// The frame's `id`.
    pub frame_id: Option<String>,
}

/// Who is to hear of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Both members of a private conversation; twice the same for Notes to oneself.
    Private(UserId, UserId),
}

impl Audience {
    /// The members, each once.
    pub fn members(self) -> impl Iterator<Item = UserId> {
        let Self::Private(one, other) = self;
        std::iter::once(one).chain((other != one).then_some(other))
    }

    /// In a private conversation, the other member; absent in Notes.
    pub fn partner_of(self, user: UserId) -> Option<UserId> {
        self.members().find(|member| *member != user)
    }
}

/// Something that happened. A conversation's outcomes leave in the order of their commits, acks
/// and events in one stream.
#[derive(Clone, Debug)]
pub enum Event {
    /// A message was stored: an ack to its origin, a `new_message` to everyone else.
    Message {
        /// The message.
        message: Arc<Message>,
        /// Who is to hear of it.
        audience: Audience,
        /// The socket that sent it; absent when it came over HTTP.
        origin: Option<Origin>,
    },
    /// The message had been stored before: an ack to its origin alone, after the message itself.
    Repeat {
        /// The ack, `duplicate`.
        ack: MessageAck,
        /// Who is in the conversation; absent when nobody is any more.
        audience: Option<Audience>,
        /// The socket that sent it again.
        origin: ConnectionId,
    },
    /// The command was refused or failed: an error to its origin alone.
    Refused {
        /// Why.
        error: ApiError,
        /// Where the command was to be carried out.
        conversation_id: ConversationId,
        /// The message's `client_id`, when it was a message.
        client_id: Option<String>,
        /// The socket that sent it.
        origin: Origin,
    },
    /// A conversation looks different to one of its members, for a reason that is no message: a
    /// `conversation` to their sockets.
    Changed {
        /// Which.
        conversation_id: ConversationId,
        /// To whom.
        to: UserId,
    },
    /// A member's marks moved forward: a `receipt` to the partner and to the member's other
    /// sockets.
    Marks {
        /// Where.
        conversation_id: ConversationId,
        /// Who is in it.
        audience: Audience,
        /// Whose marks.
        user_id: UserId,
        /// Where they stand now.
        delivered_seq: Seq,
        /// Where they stand now.
        read_seq: Seq,
        /// The socket that moved them, which needs no `receipt`.
        origin: Option<ConnectionId>,
    },
    /// Someone came, went or looks away: a `presence` to those who may know.
    Presence {
        /// Who.
        user_id: UserId,
        /// How they are seen now.
        presence: Presence,
        /// Who may know.
        to: Vec<UserId>,
    },
    /// Someone starts or stops typing: a `typing` to the others.
    Typing {
        /// Where.
        conversation_id: ConversationId,
        /// Who.
        user_id: UserId,
        /// Starts or stops.
        active: bool,
        /// The others.
        to: Vec<UserId>,
    },
}
