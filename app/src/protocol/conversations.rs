//! Conversations, as one member sees them.

use serde::{Deserialize, Serialize};

use super::{ConversationId, Message, Seq, Timestamp, User};

/// A shared thread, with the reader's own session in it.
///
/// Always whole, but where a group's change is pushed to all its members by one frame: what differs
/// by reader (`role, first_seq, read_seq, delivered_seq, unread, mention_seq, marked_unread, pinned,
/// muted_until, archived`) is then left out, and stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Conversation {
    /// Which.
    pub id: ConversationId,
    /// Between two (or with oneself), or a group.
    pub kind: ConversationKind,
    /// The group's name; in a private one the peer's nickname, empty for Notes to oneself.
    pub name: String,
    /// The group's or the peer's picture.
    pub avatar_url: Option<String>,
    /// In a private one the other person; absent in groups and Notes.
    pub peer: Option<User>,
    /// The reader's role. Absent: what differs by reader is left out.
    #[serde(default)]
    pub role: Option<Role>,
    /// How many members it has.
    pub member_count: u32,
    /// The newest message that the reader can see.
    pub last_message: Option<Message>,
    /// The oldest position that the reader can see.
    #[serde(default)]
    pub first_seq: Seq,
    /// The newest position; 0: empty.
    pub last_seq: Seq,
    /// How many changes of messages there were.
    pub rev: i64,
    /// The last activity; rows are ordered by it.
    pub updated_at: Timestamp,
    /// The reader has seen everything up to here.
    #[serde(default)]
    pub read_seq: Seq,
    /// The reader holds everything up to here.
    #[serde(default)]
    pub delivered_seq: Seq,
    /// In a private one: the peer has seen everything up to here.
    pub peer_read_seq: Option<Seq>,
    /// In a private one: the peer holds everything up to here.
    pub peer_delivered_seq: Option<Seq>,
    /// Others' messages above `read_seq`; 999 means "or more".
    #[serde(default)]
    pub unread: u32,
    /// The first unread message that mentions the reader.
    #[serde(default)]
    pub mention_seq: Option<Seq>,
    /// The reader marked it unread by hand.
    #[serde(default)]
    pub marked_unread: bool,
    /// Stands on top of the reader's list.
    #[serde(default)]
    pub pinned: bool,
    /// Silent until then; absent: not silent.
    #[serde(default)]
    pub muted_until: Option<Timestamp>,
    /// Out of the reader's list until a new message comes, or for as long as it is silent.
    #[serde(default)]
    pub archived: bool,
    /// A group that anyone may join.
    pub open: bool,
    /// What a new member may read.
    pub history: History,
}

impl Conversation {
    /// The fields that differ by reader, by their names on the wire.
    pub const OF_THE_READER: [&str; 10] = [
        "role",
        "first_seq",
        "read_seq",
        "delivered_seq",
        "unread",
        "mention_seq",
        "marked_unread",
        "pinned",
        "muted_until",
        "archived",
    ];

    /// Whether it was pushed to all members at once, without what differs by reader.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        self.role.is_none()
    }
}

/// What sort of conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Between two people, or with oneself.
    Private,
    /// Between up to 500.
    Group,
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, and hand it over.
    Owner,
    /// Manage members and the group's settings.
    Admin,
    /// Talk.
    Member,
}

/// What a new member of a group may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum History {
    /// From joining on.
    Joined,
    /// Everything.
    All,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Member {
    /// Who.
    pub user: User,
    /// What they may do.
    pub role: Role,
    /// Since when they are in it.
    pub joined_at: Timestamp,
}

/// An open group, as anyone may find it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OpenGroup {
    /// Which conversation.
    pub id: ConversationId,
    /// Its name.
    pub name: String,
    /// Its picture.
    pub avatar_url: Option<String>,
    /// How many members it has.
    pub member_count: u32,
    /// Whether the reader is one of them.
    pub joined: bool,
}

/// One conversation's position in `GET /conversations/heads`, on the wire an array of eight
/// integers. A client compares it with what it has, to see what to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "HeadTuple", into = "HeadTuple")]
pub struct Head {
    /// Which conversation.
    pub id: ConversationId,
    /// Its newest position.
    pub last_seq: Seq,
    /// How many changes of messages there were.
    pub rev: i64,
    /// The reader's read mark.
    pub read_seq: Seq,
    /// The reader's delivered mark.
    pub delivered_seq: Seq,
    /// In a private one the peer's delivered mark, else 0.
    pub peer_delivered_seq: Seq,
    /// In a private one the peer's read mark, else 0.
    pub peer_read_seq: Seq,
    /// Grows with any other change of the conversation or of the reader's session.
    pub version: i64,
}

type HeadTuple = (ConversationId, Seq, i64, Seq, Seq, Seq, Seq, i64);

impl From<HeadTuple> for Head {
    fn from(tuple: HeadTuple) -> Self {
        let (
            id,
            last_seq,
            rev,
            read_seq,
            delivered_seq,
            peer_delivered_seq,
            peer_read_seq,
            version,
        ) = tuple;
        Self {
            id,
            last_seq,
            rev,
            read_seq,
            delivered_seq,
            peer_delivered_seq,
            peer_read_seq,
            version,
        }
    }
}

impl From<Head> for HeadTuple {
    fn from(head: Head) -> Self {
        (
            head.id,
            head.last_seq,
            head.rev,
            head.read_seq,
            head.delivered_seq,
            head.peer_delivered_seq,
            head.peer_read_seq,
            head.version,
        )
    }
}
