//! People, as others see them.

use serde::{Deserialize, Serialize};

use super::{Timestamp, UserId};

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct User {
    /// Who.
    pub id: UserId,
    /// The name for signing in and for mentions; of a deleted account `deleted-` and its id.
    pub username: String,
    /// The name that others see; of a deleted account "Deleted account", which pages put into words
    /// of their language.
    pub nickname: String,
    /// Where the picture is; absent: initials.
    pub avatar_url: Option<String>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Where you may know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
}

impl User {
    /// Whether the account is deleted.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.username == Self::deleted_username(self.id)
    }

    /// The username that an account goes by once it is deleted. Nobody else has it: who registers
    /// does not know what their id will be.
    #[must_use]
    pub fn deleted_username(id: UserId) -> String {
        format!("deleted-{id}")
    }
}

/// `GET /api/v1/users/me`: a person, as they see themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Me {
    /// As others see them.
    #[serde(flatten)]
    pub user: User,
    /// Whether others may know when they were last there.
    pub show_last_seen: bool,
}

/// In `GET /api/v1/contacts`: someone whom the reader has among their contacts, and who may see
/// whether the reader is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Contact {
    /// Who.
    pub user: User,
    /// What the reader calls them; absent: by their nickname.
    pub alias: Option<String>,
}

/// In `GET /api/v1/blocks`: someone whom the reader blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Block {
    /// Who.
    pub user: User,
}

/// Whether a person is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Presence {
    /// Now.
    pub status: PresenceStatus,
    /// When they were last there; absent when they do not show it.
    pub last_seen_at: Option<Timestamp>,
}

/// Whether a person is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum PresenceStatus {
    /// Has a socket, and used it lately.
    Online,
    /// Has a socket, idle.
    Away,
    /// Has none.
    Offline,
}
