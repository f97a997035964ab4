//! What the server sends over the socket.

use serde::{Deserialize, Serialize};

use super::{
    ApiError, ClientId, Conversation, ConversationId, Message, PresenceStatus, ReactionChange, Seq,
    Timestamp, User, UserId,
};

/// One frame from the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The socket knows who you are; sent once, first.
    Ready(Ready),
    /// Your message is stored; to the socket that sent it, which gets no `new_message` for it.
    MessageAck(MessageAck),
    /// A message was stored; to every other socket of every member.
    NewMessage {
        /// The message.
        message: Message,
    },
    /// After `ready`: what was above your delivered mark at that moment, 100 messages or 256 KiB a
    /// frame. While a conversation drains so, its new messages come only this way.
    OfflineMessages(OfflineMessages),
    /// A message was edited, recalled, reacted to or answered; to every socket of every member who can
    /// see it. Its `rev` is the conversation's now; whoever missed some before asks with `after_rev`.
    MessageUpdated {
        /// The message as it is now.
        message: Message,
        /// Who changed it.
        by: UserId,
        /// When someone put a reaction on it or took one off: which.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reaction: Option<ReactionChange>,
    },
    /// Marks moved: the partner's in a private conversation, or your own on another device.
    Receipt(Receipt),
    /// A conversation was created or changed; before the first `new_message` in it. Where a group's
    /// change is told to its members, what differs by reader is left out; whoever is new to it is
    /// told of it whole.
    Conversation {
        /// The `id` of the `join` that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// As it is now.
        conversation: Conversation,
    },
    /// You are no longer in it. Nothing that comes after is for you.
    ConversationRemoved {
        /// The `id` of the `leave` that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// Which.
        conversation_id: ConversationId,
    },
    /// Someone starts or stops typing; expires after 6 s.
    Typing {
        /// Where.
        conversation_id: ConversationId,
        /// Who.
        user_id: UserId,
        /// Starts or stops.
        active: bool,
    },
    /// Someone came or went.
    Presence {
        /// Who.
        user_id: UserId,
        /// Now.
        status: PresenceStatus,
        /// When they were last there.
        last_seen_at: Option<Timestamp>,
    },
    /// A reminder or a notice of the system.
    Notification {
        /// What sort.
        kind: String,
        /// A heading.
        title: String,
        /// The words.
        body: String,
        /// What it is about.
        conversation_id: Option<ConversationId>,
        /// When.
        at: Timestamp,
    },
    /// The bus was lost for a moment: catch up, at a random moment within this.
    Resync {
        /// Milliseconds.
        spread_ms: u64,
    },
    /// The answer to `ping`.
    Pong {
        /// The `ping`'s `id`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// The server's time.
        timestamp: Timestamp,
    },
    /// Something was refused, or failed.
    Error {
        /// The `id` of the frame that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// The `client_id` of the message that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
        /// What went wrong.
        #[serde(flatten)]
        error: ApiError,
    },
}

/// The fields of `ready`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Ready {
    /// The `auth` frame's `id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// You.
    pub user: User,
    /// This socket.
    pub connection_id: String,
    /// The server's time.
    pub server_time: Timestamp,
    /// Milliseconds of silence after which to send `ping`.
    pub heartbeat_ms: u64,
}

/// The fields of `message_ack`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageAck {
    /// The `message` frame's `id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The message's `client_id`.
    pub client_id: ClientId,
    /// Where it is stored.
    pub conversation_id: ConversationId,
    /// Its position.
    pub seq: Seq,
    /// When it was committed.
    pub created_at: Timestamp,
    /// It had been stored before.
    pub duplicate: bool,
}

/// The fields of `offline_messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OfflineMessages {
    /// Where.
    pub conversation_id: ConversationId,
    /// Oldest first.
    pub messages: Vec<Message>,
    /// More of this conversation follow your `delivered`; after `false` new messages come live.
    pub has_more: bool,
}

/// The fields of `receipt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// Where.
    pub conversation_id: ConversationId,
    /// Whose marks.
    pub user_id: UserId,
    /// Everything up to here is held.
    pub delivered_seq: Seq,
    /// Everything up to here was seen.
    pub read_seq: Seq,
    /// With your own marks: what is left unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<u32>,
}
