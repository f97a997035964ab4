//! What a person is told beside messages: by a frame, and by whatever else reaches them.

use serde::{Deserialize, Serialize};

use super::{ConversationId, NotificationId, Seq, Timestamp};

/// Something that a person is told on all their devices, beside messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Notification {
    /// The id of what is told: the same whenever it comes again, such as after a server died in the middle of telling it.
    pub id: NotificationId,
    /// What it is about: `reminder`, `schedule`, `system` (a notice of the operator) or `export`. Others may come.
    pub kind: String,
    /// The heading: of a reminder the conversation's name.
    pub title: String,
    /// The text: of a reminder the beginning of the message, which may be empty.
    pub body: String,
    /// The conversation that it is about; absent: none.
    #[serde(default)]
    pub conversation_id: Option<ConversationId>,
    /// The position of the message that it is about; absent: none.
    #[serde(default)]
    pub seq: Option<Seq>,
    /// The time that it was due at. One that lies well in the past is told late.
    pub at: Timestamp,
}

impl Notification {
    /// `kind` of a reminder.
    pub const REMINDER: &str = "reminder";
    /// `kind` of a notice of the operator.
    pub const SYSTEM: &str = "system";
}
