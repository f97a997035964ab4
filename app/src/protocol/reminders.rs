//! Reminders of messages.

use serde::{Deserialize, Serialize};

use super::{ConversationId, Message, NotificationId, Timestamp};

/// The body of `PUT /api/v1/conversations/{id}/messages/{seq}/reminder`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SetReminder {
    /// The time to be reminded at, which lies ahead.
    pub at: Timestamp,
}

/// A reminder of a message, in `GET /api/v1/reminders`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reminder {
    /// The id of the reminder; its `notification` has the same. A reminder that is set anew has another.
    pub id: NotificationId,
    /// The message, as you see it.
    pub message: Message,
    /// The conversation that the message is in.
    pub conversation: NamedConversation,
    /// The time that it is due at.
    pub at: Timestamp,
    /// Whether it is due; it stays so until it is deleted.
    pub due: bool,
}

/// A conversation, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NamedConversation {
    /// The id of the conversation.
    pub id: ConversationId,
    /// The group's name, or the nickname of the other person; of Notes to yourself empty.
    pub name: String,
}
