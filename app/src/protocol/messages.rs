//! Messages, as their readers see them.

use serde::{Deserialize, Serialize};

use super::{ClientId, ConversationId, FileId, Seq, Timestamp, User, UserId};

/// A message. (`conversation_id`, `seq`) names it; `seq` is the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Message {
    /// The conversation that holds it.
    pub conversation_id: ConversationId,
    /// Its position, given at the commit.
    pub seq: Seq,
    /// The sender's name for it.
    pub client_id: ClientId,
    /// Who wrote it; in a system message who acted.
    pub sender: User,
    /// What it is.
    pub message_type: MessageType,
    /// The text or caption; empty for system messages and recalled ones.
    pub content: String,
    /// With an image or a file.
    pub file: Option<Attachment>,
    /// With a schedule.
    pub schedule: Option<Schedule>,
    /// What it answers; absent in a recalled one.
    pub reply_to: Option<Quote>,
    /// Whose words it carries on: the first author's, however often they were forwarded.
    pub forwarded_from: Option<User>,
    /// Whom it names one by one by `@username`, found by the server; 50 at most.
    #[serde(default)]
    pub mentions: Vec<UserId>,
    /// It names by `@all` everyone who was in the group when it was said or edited, but its sender.
    #[serde(default)]
    pub mentions_all: bool,
    /// The users in `mentions`, in its order, by whose usernames their places in the text are found; without those
    /// whose accounts have been deleted since. Absent when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentioned: Vec<User>,
    /// What people put on it, in the order in which each first came.
    #[serde(default)]
    pub reactions: Vec<Reaction>,
    /// What happened, in a system message.
    pub system: Option<SystemNotice>,
    /// When it was committed.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// Taken back: the place stays, the content is gone.
    pub recalled: bool,
    /// The conversation's `rev` at its last change; 0: never changed.
    pub rev: i64,
}

/// What a message is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum MessageType {
    /// Words.
    #[default]
    Text,
    /// A picture.
    Image,
    /// A file.
    File,
    /// A date to agree on.
    Schedule,
    /// Told by the server: a member joined, a group was renamed.
    System,
}

/// An uploaded file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// Which.
    pub id: FileId,
    /// As the uploader named it.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Media type, found by the server.
    pub mime: String,
    /// Pixels, of a picture.
    pub width: Option<u32>,
    /// Pixels, of a picture.
    pub height: Option<u32>,
    /// Where its bytes are.
    pub url: String,
    /// Where a small picture of it is.
    pub thumbnail_url: Option<String>,
}

/// A date to agree on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Schedule {
    /// What.
    pub title: String,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// Where.
    pub place: Option<String>,
    /// Milliseconds before the start at which members are reminded.
    pub remind_before_ms: Option<i64>,
    /// Who said what.
    #[serde(default)]
    pub answers: Vec<ScheduleAnswer>,
}

/// One person's answer to a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ScheduleAnswer {
    /// Who.
    pub user_id: UserId,
    /// What.
    pub answer: Answer,
}

/// Whether someone comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Comes.
    Yes,
    /// Does not.
    No,
    /// May.
    Maybe,
}

/// What a message answers, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Quote {
    /// The answered message's position.
    pub seq: Seq,
    /// Who wrote it.
    pub sender: User,
    /// Its beginning, as it is now: one line of at most 160 characters, which ends in `…` where it
    /// was cut. Empty once that message is recalled.
    pub excerpt: String,
}

/// An emoji on a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reaction {
    /// Which.
    pub emoji: String,
    /// From how many people.
    pub count: u32,
    /// Whether the reader is one of them; absent in pushed frames.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<bool>,
}

/// What was put on a message, or taken off again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReactionChange {
    /// Which.
    pub emoji: String,
    /// Put on it, or taken off.
    pub added: bool,
}

/// Names a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageRef {
    /// The conversation that holds it.
    pub conversation_id: ConversationId,
    /// Its position.
    pub seq: Seq,
}

impl Message {
    /// Whether it names this member, who was one when it was said.
    #[must_use]
    pub fn names(&self, member: UserId) -> bool {
        self.mentions_all || self.mentions.contains(&member)
    }
}

/// What a system message tells; people's pages put it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SystemNotice {
    /// What happened.
    pub event: SystemEvent,
    /// Who did it.
    pub actor: User,
    /// To whom: the first 5 of them.
    #[serde(default)]
    pub subjects: Vec<User>,
    /// How many besides those in `subjects`.
    #[serde(default)]
    pub subjects_more: u32,
    /// The new name, of a renamed group.
    pub name: Option<String>,
}

/// What happened to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum SystemEvent {
    /// It was made.
    Created,
    /// It has a new name.
    Renamed,
    /// It has a new picture.
    Avatar,
    /// Someone was added.
    Added,
    /// Someone came by themselves.
    Joined,
    /// Someone left.
    Left,
    /// Someone was removed.
    Removed,
    /// Someone's role changed.
    Role,
    /// It has a new owner.
    Owner,
}
