//! What the user can do to what is there already, and what can come of it.

use crate::protocol::{Conversation, ConversationId, Message, Seq, Timestamp};

/// Something that the user does to what is there already.
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
}

/// How a conversation stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// On top of the list.
    Pinned(bool),
    /// Silent until then; 0: not at all; [`MAX_INTEGER`](crate::protocol::MAX_INTEGER): for ever.
    MutedUntil(Timestamp),
    /// Out of the list until a new message comes.
    Archived(bool),
    /// To be read, although it was seen.
    MarkedUnread(bool),
}

/// What came of an [`Action`].
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// The message as it is now, of [`Action::Edit`].
    Message(Box<Message>),
}

/// Whoever asked for an action knows it by this; 0: nobody asked.
pub type Token = u32;

impl Action {
    /// The conversation that it is about.
    #[must_use]
    pub const fn conversation(&self) -> ConversationId {
        match self {
            Self::Edit(id, ..)
            | Self::Recall(id, _)
            | Self::React(id, ..)
            | Self::Set(id, _)
            | Self::Hide(id) => *id,
        }
    }
}

impl Setting {
    /// Puts it into a row.
    pub(in crate::state) fn apply(self, row: &mut Conversation) {
        match self {
            Self::Pinned(pinned) => row.pinned = pinned,
            Self::MutedUntil(until) => row.muted_until = (until > 0).then_some(until),
            Self::Archived(archived) => row.archived = archived,
            Self::MarkedUnread(marked) => row.marked_unread = marked,
        }
    }

    /// The same setting as it stands in a row.
    pub(in crate::state) const fn of(self, row: &Conversation) -> Self {
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
