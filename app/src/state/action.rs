//! What the user can do to what is there already, and what can come of it.

use crate::protocol::{
    Conversation, ConversationId, History, Message, Role, Seq, Timestamp, UserId,
};

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Puts other words into an own message.
    Edit(ConversationId, Seq, String),
    /// Takes a message back: its place stays.
    Recall(ConversationId, Seq),
    /// Puts an emoji on a message, or takes it away.
    React(ConversationId, Seq, String, bool),
    /// Changes how a conversation stands in the list.
    Set(ConversationId, Setting),
    /// Takes a conversation out of the list, and its history up to now.
    Hide(ConversationId),
    /// Makes a group of the user and these people.
    Create {
        /// 1 to 64 characters.
        name: String,
        /// The others.
        members: Vec<UserId>,
        /// Whether anyone may join.
        open: bool,
        /// What new members may read.
        history: History,
    },
    /// Changes a group.
    Manage(ConversationId, GroupSetting),
    /// Adds people to a group.
    Add(ConversationId, Vec<UserId>),
    /// Removes someone from a group; with the user's own id: leaves it.
    Remove(ConversationId, UserId),
    /// Gives a member of a group another role.
    SetRole(ConversationId, UserId, Role),
    /// Joins an open group.
    Join(ConversationId),
    /// Takes someone into the contacts, under this name of the user's own; empty: under theirs.
    AddContact(UserId, String),
    /// Takes someone out of the contacts.
    RemoveContact(UserId),
    /// Blocks someone, or does so no more.
    Block(UserId, bool),
}

/// How a conversation stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// On top.
    Pinned(bool),
    /// Silent until then; 0: not at all; [`MAX_INTEGER`](crate::protocol::MAX_INTEGER): for ever.
    MutedUntil(Timestamp),
    /// Out of the list until a new message comes.
    Archived(bool),
    /// To be read, although it was seen.
    MarkedUnread(bool),
}

/// What admins decide about a group.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupSetting {
    /// 1 to 64 characters.
    Name(String),
    /// Whether anyone may join.
    Open(bool),
    /// What new members may read.
    History(History),
}

/// What came of an [`Action`].
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// The message as it is now, of [`Action::Edit`].
    Message(Box<Message>),
    /// The group, of [`Action::Create`] and [`Action::Join`].
    Conversation(Box<Conversation>),
}

/// Whoever asked for an action knows it by this; 0: nobody asked.
pub type Token = u32;

impl Action {
    /// The conversation that it is about.
    #[must_use]
    pub const fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::Edit(id, ..)
            | Self::Recall(id, _)
            | Self::React(id, ..)
            | Self::Set(id, _)
            | Self::Hide(id)
            | Self::Manage(id, _)
            | Self::Add(id, _)
            | Self::Remove(id, _)
            | Self::SetRole(id, ..)
            | Self::Join(id) => Some(*id),
            Self::Create { .. }
            | Self::AddContact(..)
            | Self::RemoveContact(_)
            | Self::Block(..) => None,
        }
    }
}

impl Setting {
    /// Puts it into a row.
    pub(super) fn apply(self, row: &mut Conversation) {
        match self {
            Self::Pinned(pinned) => row.pinned = pinned,
            Self::MutedUntil(until) => row.muted_until = (until > 0).then_some(until),
            Self::Archived(archived) => row.archived = archived,
            Self::MarkedUnread(marked) => row.marked_unread = marked,
        }
    }

    /// The same setting as it stands in a row.
    pub(super) const fn of(self, row: &Conversation) -> Self {
        match self {
            Self::Pinned(_) => Self::Pinned(row.pinned),
            Self::MutedUntil(_) => Self::MutedUntil(match row.muted_until {
                Some(until) => until,
                None => 0,
            }),
            Self::Archived(_) => Self::Archived(row.archived),
            Self::MarkedUnread(_) => Self::MarkedUnread(row.marked_unread),
        }
    }
}
