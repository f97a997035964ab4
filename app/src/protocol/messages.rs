//! Messages, as their readers see them.

use serde::{Deserialize, Serialize};

use super::wire_message::WireMessage;
use super::{ClientId, Content, ConversationId, File, Seq, Timestamp, User, UserId};

/// A message, identified by (`conversation_id`, `seq`); `seq` is its place in the order. It travels flat
/// (`wire_message.rs`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "WireMessage")]
pub struct Message {
    /// The conversation that the message belongs to.
    pub conversation_id: ConversationId,
    /// The message's position in the conversation, given when it was stored.
    pub seq: Seq,
    /// The sender's name for the message, by which sending it again is harmless.
    pub client_id: ClientId,
    /// The author; of a system message the person who acted.
    pub sender: User,
    /// What the message says.
    pub content: Content,
    /// The message that this one answers, in short; absent where it answers none or was recalled.
    pub reply_to: Option<Quote>,
    /// The first author of a forwarded message, however often it was sent on; absent in others.
    pub forwarded_from: Option<User>,
    /// The ids of the members whom the text names one by one by `@username`, found by the server;
    /// 50 at most.
    pub mentions: Vec<UserId>,
    /// Whether the text names by `@all` everyone who was in the group when it was written or last
    /// edited, but for the sender.
    pub mentions_all: bool,
    /// The users in `mentions`, in the same order; without those whose accounts have been deleted
    /// since.
    pub mentioned: Vec<User>,
    /// The emoji that people put on the message, each once, the earliest first.
    pub reactions: Vec<Reaction>,
    /// The time at which the message was stored.
    pub created_at: Timestamp,
    /// The time of the last edit; absent: it was never edited.
    pub edited_at: Option<Timestamp>,
    /// The conversation's `rev` at the message's last change; 0: it was never changed.
    pub rev: i64,
}

/// The kind of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum MessageType {
    /// A text, which may hold marks such as `**bold**` and mentions such as `@mei`.
    #[default]
    Text,
    /// Pictures and films to look at: 1 to 10, which are one album.
    Image,
    /// Uploaded files: 1 to 10.
    File,
    /// An appointment, which members accept or decline.
    Schedule,
    /// A notice of the server about its group, such as that a member joined.
    System,
}

/// A message that another one answers, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Quote {
    /// The position of the quoted message in the same conversation.
    pub seq: Seq,
    /// The author of the quoted message.
    pub sender: User,
    /// The kind of the quoted message.
    #[serde(default)]
    pub message_type: MessageType,
    /// Whether the quoted message is a voice message; not once it was recalled.
    #[serde(default)]
    pub voice: bool,
    /// The beginning of the quoted text or caption as it is now, or the name of the first file where
    /// there is none: one line of at most 160 characters, which ends in `…` where it was cut. Empty
    /// for a system message or a recalled one.
    pub excerpt: String,
}

/// An emoji that people put on a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reaction {
    /// The emoji, in Unicode's fully qualified form.
    pub emoji: String,
    /// The number of people who put it there.
    pub count: u32,
    /// Whether the reader is one of them; absent in frames that are the same for all their
    /// receivers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<bool>,
}

/// A reaction that was put on a message, or taken off again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReactionChange {
    /// The emoji of the reaction.
    pub emoji: String,
    /// `true`: it was put on the message; `false`: it was taken off.
    pub added: bool,
}

/// A reference to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageRef {
    /// The conversation that the message belongs to.
    pub conversation_id: ConversationId,
    /// The message's position in the conversation.
    pub seq: Seq,
}

impl Message {
    /// A message that was never changed and carries nothing beside its content.
    #[must_use]
    pub fn new(
        conversation_id: ConversationId,
        seq: Seq,
        client_id: ClientId,
        sender: User,
        content: Content,
        created_at: Timestamp,
    ) -> Self {
        Self {
            conversation_id,
            seq,
            client_id,
            sender,
            content,
            reply_to: None,
            forwarded_from: None,
            mentions: Vec::new(),
            mentions_all: false,
            mentioned: Vec::new(),
            reactions: Vec::new(),
            created_at,
            edited_at: None,
            rev: 0,
        }
    }

    /// The sender's words: the text or the caption; empty where there are none.
    #[must_use]
    pub fn text(&self) -> &str {
        self.content.text()
    }

    /// What the message holds, in its order; nothing in most.
    #[must_use]
    pub fn files(&self) -> &[File] {
        self.content.files()
    }

    /// The message in short, for one that answers it.
    #[must_use]
    pub fn quote(&self) -> Quote {
        Quote {
            seq: self.seq,
            sender: self.sender.clone(),
            message_type: self.content.kind(),
            voice: self.content.is_voice(),
            excerpt: self.content.excerpt(),
        }
    }

    /// What the message tells, if it is a system message.
    #[must_use]
    pub const fn notice(&self) -> Option<&SystemNotice> {
        match &self.content {
            Content::System(notice) => Some(notice),
            _ => None,
        }
    }

    /// Whether the message was taken back.
    #[must_use]
    pub const fn is_recalled(&self) -> bool {
        matches!(self.content, Content::Recalled(_))
    }

    /// Whether it mentions this user, who was a member when it was written.
    #[must_use]
    pub fn names(&self, member: UserId) -> bool {
        self.mentions_all || self.mentions.contains(&member)
    }
}

/// What a system message tells; pages put it into words of the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SystemNotice {
    /// What happened to the group.
    pub event: SystemEvent,
    /// The person who did it.
    pub actor: User,
    /// The people to whom it was done, the first 5 of them.
    #[serde(default)]
    pub subjects: Vec<User>,
    /// The number of people to whom it was done beside those in `subjects`.
    #[serde(default)]
    pub subjects_more: u32,
    /// The group's name of `created` and `renamed`; the new role, `admin` or `member`, of `role`;
    /// absent in other events.
    pub name: Option<String>,
}

/// What happened to a group. The actor and the subjects are those of the system message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum SystemEvent {
    /// The actor made the group, with the subjects as members.
    Created,
    /// The actor gave the group another name.
    Renamed,
    /// The actor gave the group another picture.
    Avatar,
    /// The actor added the subjects.
    Added,
    /// The actor joined the open group.
    Joined,
    /// The actor left the group.
    Left,
    /// The actor removed the subject.
    Removed,
    /// The actor made the subject an admin, or a member again.
    Role,
    /// The actor handed the group over to the subject.
    Owner,
}
