//! What happened, and for whom: what travels to the hub, mostly from the writer.

use std::sync::Arc;

use app::protocol::{
    ApiError, Conversation, ConversationId, Message, MessageAck, Presence, ReactionChange, Seq,
    UserId,
};

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

/// Who is to hear of an event. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Both members of a private conversation; twice the same for Notes to oneself.
    Private(UserId, UserId),
    /// The members of a group, ascending.
    Group {
        /// Which membership this is: it grows by one with each change. Whoever knows another one
        /// knows who was meant only by reading it anew.
        members_rev: i64,
        /// Who they were when it happened.
        members: Arc<[UserId]>,
    },
}

impl Audience {
    /// The members, each once.
    pub fn members(&self) -> impl Iterator<Item = UserId> {
        let (pair, group) = match self {
            Self::Private(one, other) => ([Some(*one), (other != one).then_some(*other)], &[][..]),
            Self::Group { members, .. } => ([None, None], &**members),
        };
        pair.into_iter().flatten().chain(group.iter().copied())
    }

    /// In a private conversation, the other member; absent in Notes and in groups.
    pub fn partner_of(&self, user: UserId) -> Option<UserId> {
        match self {
            Self::Private(..) => self.members().find(|member| *member != user),
            Self::Group { .. } => None,
        }
    }
}

/// A group changed: who is in it, or how it is set.
#[derive(Clone, Debug)]
pub struct GroupChange {
    /// As it is now. Members learn of it without what differs by reader.
    pub conversation: Conversation,
    /// The system messages that tell of it, ascending; none for a setting that nobody is told of.
    pub messages: Vec<Arc<Message>>,
    /// Who is in it now.
    pub audience: Audience,
    /// To whom it is new, and how each of them sees it: they are told of it whole.
    pub newcomers: Vec<(Conversation, Vec<UserId>)>,
    /// Who is no longer in it: they hear nothing of what comes from here on.
    pub left: Vec<UserId>,
    /// The socket that asked for it.
    pub origin: Option<Origin>,
}

impl GroupChange {
    /// Whether it is new to this member.
    pub fn is_new_to(&self, member: UserId) -> bool {
        self.newcomers.iter().any(|(_, newcomers)| newcomers.contains(&member))
    }
}

/// A message changed: it was edited, recalled or reacted to.
#[derive(Clone, Debug)]
pub struct Update {
    /// As it is now, to all its receivers alike.
    pub message: Arc<Message>,
    /// The person who changed it.
    pub by: UserId,
    /// The reaction that was put on it or taken off.
    pub reaction: Option<ReactionChange>,
    /// Who is in the conversation.
    pub audience: Audience,
    /// Those of them who cannot see the message.
    pub hidden_from: Vec<UserId>,
    /// The conversation's newest position when it changed.
    pub after: Seq,
}

/// Something that happened. A conversation's outcomes leave in the order of their commits, acks
/// and events in one stream.
#[derive(Clone, Debug)]
pub enum Event {
    /// A message was stored: an ack to its origin, a `new_message` to everyone else.
    Message {
        /// The message that was stored.
        message: Arc<Message>,
        /// Who is to hear of it.
        audience: Audience,
        /// The socket that sent it; absent when it came over HTTP.
        origin: Option<Origin>,
    },
    /// A message changed: a `message_updated` to everyone who can see it. In a box, since the others
    /// are smaller and many more.
    Updated(Box<Update>),
    /// The message had been stored before: an ack to its origin alone, after the message itself.
    Repeat {
        /// The ack, in which `duplicate` is set.
        ack: MessageAck,
        /// Who is in the conversation; of a group that the sender has left this may be nobody. Absent
        /// in a private one that has nobody.
        audience: Option<Audience>,
        /// The socket that sent it again.
        origin: ConnectionId,
    },
    /// The command was refused or failed: an error to its origin alone.
    Refused {
        /// The error that the origin is told.
        error: ApiError,
        /// Where the command was to be carried out.
        conversation_id: ConversationId,
        /// The message's `client_id`, when it was a message.
        client_id: Option<String>,
        /// The socket that sent it.
        origin: Origin,
    },
    /// A group changed: a `conversation` to its members, `conversation_removed` to those who left,
    /// and a `new_message` for each system message.
    Group(Arc<GroupChange>),
    /// A conversation looks different to one of its members, for a reason that is no message: a
    /// `conversation` to their sockets.
    Changed {
        /// The conversation that looks different.
        conversation_id: ConversationId,
        /// The member to whom it looks different.
        to: UserId,
    },
    /// A member's marks moved forward: a `receipt` to the partner and to the member's other
    /// sockets.
    Marks {
        /// The conversation that the marks belong to.
        conversation_id: ConversationId,
        /// Who is in it.
        audience: Audience,
        /// The member whose marks moved.
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
        /// The person whose presence changed.
        user_id: UserId,
        /// How they are seen now.
        presence: Presence,
        /// Those who may know.
        to: Vec<UserId>,
    },
    /// Someone starts or stops typing: a `typing` to the others.
    Typing {
        /// The conversation in which it happens.
        conversation_id: ConversationId,
        /// The person who types, or did.
        user_id: UserId,
        /// Whether they type: they start, or they stop.
        active: bool,
        /// The other members, who hear of it.
        to: Vec<UserId>,
    },
}
