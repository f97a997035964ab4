//! Conversations, as one member sees them.

use serde::{Deserialize, Serialize};

use super::{ConversationId, Message, Seq, Timestamp, User};

/// A shared thread of messages, as one of its members (the reader) sees it.
///
/// Complete, but for the frame that tells all members of a group's change: that leaves out what
/// differs by reader (`role, first_seq, read_seq, delivered_seq, unread, mention_seq,
/// marked_unread, pinned, muted_until, archived`), which stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Conversation {
    /// The conversation's id.
    pub id: ConversationId,
    /// Whether it is private (between two people, or with oneself: Notes) or a group.
    pub kind: ConversationKind,
    /// The group's name; in a private conversation the peer's nickname, empty in Notes.
    pub name: String,
    /// The path of the group's or the peer's picture; absent where there is none.
    pub avatar_url: Option<String>,
    /// The other person of a private conversation; absent in groups and in Notes.
    pub peer: Option<User>,
    /// The reader's role; absent where what differs by reader is left out.
    #[serde(default)]
    pub role: Option<Role>,
    /// The number of members: 1 in Notes, 500 at most in a group.
    pub member_count: u32,
    /// The newest message, if the reader can see it; absent where there is none.
    pub last_message: Option<Message>,
    /// The oldest position that the reader can see.
    #[serde(default)]
    pub first_seq: Seq,
    /// The position of the newest message; 0 in an empty conversation.
    pub last_seq: Seq,
    /// The number of changes to its messages so far: it grows by one with every edit, recall and
    /// reaction.
    pub rev: i64,
    /// The time of the newest message, by which the chat list is sorted; in an empty conversation
    /// the time at which it was made.
    pub updated_at: Timestamp,
    /// The reader's read mark: they have seen every message up to this position.
    #[serde(default)]
    pub read_seq: Seq,
    /// The reader's delivered mark: their devices hold every message up to this position.
    #[serde(default)]
    pub delivered_seq: Seq,
    /// The peer's read mark, as far as the reader may know it; absent in groups and in Notes.
    pub peer_read_seq: Option<Seq>,
    /// The peer's delivered mark, as far as the reader may know it; absent in groups and in Notes.
    pub peer_delivered_seq: Option<Seq>,
    /// The number of others' messages above `read_seq`, without recalled and system ones; 999 means
    /// 999 or more.
    #[serde(default)]
    pub unread: u32,
    /// The position of the first unread message that mentions the reader; absent: none does.
    #[serde(default)]
    pub mention_seq: Option<Seq>,
    /// Whether the reader has marked it as unread by hand.
    #[serde(default)]
    pub marked_unread: bool,
    /// Whether the reader has pinned it to the top of their list.
    #[serde(default)]
    pub pinned: bool,
    /// The time until which the reader has muted it; absent: it is not muted.
    #[serde(default)]
    pub muted_until: Option<Timestamp>,
    /// Whether it stands in the reader's archive instead of their list: until a new message comes,
    /// or for as long as it is muted.
    #[serde(default)]
    pub archived: bool,
    /// Whether anyone may find the group and join it; `false` in private conversations.
    pub open: bool,
    /// How much of the past a new member of the group may read.
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

/// The kind of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// A conversation of two people, or of one with themselves (Notes).
    Private,
    /// A conversation of up to 500 people, with a name and roles.
    Group,
}

/// What a member of a group may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// All that an admin may, and remove admins, give roles and hand the group over; a group has
    /// one.
    Owner,
    /// All that a member may, and add and remove members, change the group and recall others'
    /// messages.
    Admin,
    /// Read, write, react, and leave.
    Member,
}

/// How much of the past a new member of a group may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum History {
    /// The messages since they joined.
    Joined,
    /// All messages.
    All,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Member {
    /// The person who is the member.
    pub user: User,
    /// The member's role in the group.
    pub role: Role,
    /// The time at which the person became a member.
    pub joined_at: Timestamp,
}

/// An open group, as anyone may find it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OpenGroup {
    /// The id of the group's conversation.
    pub id: ConversationId,
    /// The group's name.
    pub name: String,
    /// The path of the group's picture; absent where there is none.
    pub avatar_url: Option<String>,
    /// The number of members, 500 at most.
    pub member_count: u32,
    /// Whether the reader is a member.
    pub joined: bool,
}

/// A group that two people are in, as a profile lists it; pages alone show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedGroup {
    /// The conversation that the group is.
    pub id: ConversationId,
    /// The group's name.
    pub name: String,
    /// Where its picture is, if it has one.
    pub avatar_url: Option<String>,
    /// How many members it has.
    pub member_count: u32,
}

/// The state of one conversation in `GET /conversations/heads`, on the wire an array of eight
/// integers. A client compares it with what it has, to see what to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "HeadTuple", into = "HeadTuple")]
pub struct Head {
    /// The conversation's id.
    pub id: ConversationId,
    /// The position of its newest message.
    pub last_seq: Seq,
    /// The number of changes to its messages so far.
    pub rev: i64,
    /// The reader's read mark.
    pub read_seq: Seq,
    /// The reader's delivered mark.
    pub delivered_seq: Seq,
    /// The peer's delivered mark in a private conversation, else 0.
    pub peer_delivered_seq: Seq,
    /// The peer's read mark in a private conversation, else 0.
    pub peer_read_seq: Seq,
    /// A number that grows with any other change of the conversation or of the reader's session.
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
