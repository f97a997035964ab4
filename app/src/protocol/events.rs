//! What the server sends over the socket.

use serde::{Deserialize, Serialize};

use super::{
    ApiError, ClientId, Conversation, ConversationId, Message, Notification, PresenceStatus,
    ReactionChange, Seq, Timestamp, User, UserId,
};

/// One frame from the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The socket is signed in. The first frame, followed by a `presence` for each person whose
    /// presence you may know and who is not offline.
    Ready(Ready),
    /// Your message is stored. Sent to the socket that it came from, which gets no `new_message`
    /// for it.
    MessageAck(MessageAck),
    /// A message was stored. Sent to every socket of every member but the one that it came from.
    NewMessage {
        /// The message that was stored.
        message: Message,
    },
    /// Messages above your delivered mark as it was at `ready`, at most 100 of them or 256 KiB in a
    /// frame. Sent after `ready`; while a conversation is caught up in this way, its new messages
    /// come only by these frames.
    OfflineMessages(OfflineMessages),
    /// A message was edited, recalled or reacted to. Sent to every socket of every member who can
    /// see it. Its `rev` is now the conversation's; a client that has missed earlier changes asks
    /// with `after_rev`.
    MessageUpdated {
        /// The message as it is now.
        message: Message,
        /// The id of the person who changed it.
        by: UserId,
        /// The reaction that was put on it or taken off; absent for other changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reaction: Option<ReactionChange>,
    },
    /// Marks moved forward. Sent to the partner in a private conversation, and to your own other
    /// sockets.
    Receipt(Receipt),
    /// A conversation was created or changed. Sent before the first `new_message` in it. The frame
    /// that tells all members of a group's change leaves out what differs by reader; members to
    /// whom it is new get it whole.
    Conversation {
        /// The `id` of the `join` frame that this one answers; absent otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// The conversation as it is now.
        conversation: Conversation,
    },
    /// You are no longer a member of a conversation, and get no more frames about it.
    ConversationRemoved {
        /// The `id` of the `leave` frame that this one answers; absent otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// The conversation that you are no longer a member of.
        conversation_id: ConversationId,
    },
    /// Another member types or has stopped; expires after 6 s. Not sent in groups of more than 50.
    Typing {
        /// The conversation in which the member types.
        conversation_id: ConversationId,
        /// The id of the member who types.
        user_id: UserId,
        /// `true`: the member types; `false`: the member has stopped.
        active: bool,
    },
    /// A person's presence changed. Sent to the people among their own contacts and to their
    /// private partners.
    Presence {
        /// The id of the person whose presence it is.
        user_id: UserId,
        /// The person's presence now.
        status: PresenceStatus,
        /// The time at which the person went offline; absent while they are not, and where they do
        /// not show it.
        last_seen_at: Option<Timestamp>,
    },
    /// A person has another nickname or picture. Sent to private partners with whom something was said, to members of
    /// shared groups and to the person's own sockets, once in 10 s at most. A client that missed it sees it with the
    /// next page or row that names the person.
    User {
        /// The person as everyone sees them now, without presence.
        user: User,
    },
    /// A reminder is due, or the operator has something to say. Sent to every socket of the person; what was told before
    /// may come again with the same `id`. A client that was away asks for what is due (`GET /api/v1/reminders`) and for
    /// what the operator says (`GET /api/v1/notices`).
    Notification(Notification),
    /// Frames may have been lost between the server's nodes: catch up, at a random moment within
    /// `spread_ms`.
    Resync {
        /// The milliseconds within which to pick that moment.
        spread_ms: u64,
    },
    /// The answer to `ping`.
    Pong {
        /// The `id` of the `ping` frame; absent where it had none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// The server's time when it answered.
        timestamp: Timestamp,
    },
    /// A frame was refused, or failed. The socket stays open, unless a close code follows.
    Error {
        /// The `id` of the frame at fault; absent where it had none or could not be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// The `client_id` of the message at fault; absent for other frames, and where it could not
        /// be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
        /// The error: its `code`, `kind`, `message`, and what else it has.
        #[serde(flatten)]
        error: ApiError,
    },
}

/// The fields of `ready`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Ready {
    /// The `id` of the `auth` frame; absent where it had none or there was no such frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The person who is signed in.
    pub user: User,
    /// The server's name for this socket, 16 hexadecimal digits.
    pub connection_id: String,
    /// The server's time when it sent the frame.
    pub server_time: Timestamp,
    /// The milliseconds without a frame from the server after which to send `ping`.
    pub heartbeat_ms: u64,
}

/// The fields of `message_ack`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageAck {
    /// The `id` of the `message` frame; absent where it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The `client_id` of the message.
    pub client_id: ClientId,
    /// The conversation that the message is stored in.
    pub conversation_id: ConversationId,
    /// The message's position in the conversation.
    pub seq: Seq,
    /// The time at which the message was stored.
    pub created_at: Timestamp,
    /// Whether an earlier try had stored it already; `seq` and `created_at` are those of that one.
    pub duplicate: bool,
}

/// The fields of `offline_messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OfflineMessages {
    /// The conversation that the messages belong to.
    pub conversation_id: ConversationId,
    /// The messages, oldest first.
    pub messages: Vec<Message>,
    /// Whether more messages of this conversation follow, after your `delivered` for these; after
    /// `false` new messages come live.
    pub has_more: bool,
}

/// The fields of `receipt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// The conversation that the marks belong to.
    pub conversation_id: ConversationId,
    /// The id of the member whose marks they are.
    pub user_id: UserId,
    /// The delivered mark: the member's devices hold every message up to this position.
    pub delivered_seq: Seq,
    /// The read mark: the member has seen every message up to this position.
    pub read_seq: Seq,
    /// The number of messages that are left unread, 999 at most; with your own marks alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<u32>,
}
