//! People, as others see them.

use serde::{Deserialize, Serialize};

use super::{Timestamp, UserId};

/// A person, as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct User {
    /// The id of the person.
    pub id: UserId,
    /// The name for signing in and for mentions; of a deleted account `deleted-` and its id.
    pub username: String,
    /// The name that others see; of a deleted account "Deleted account", which pages put into words
    /// of their language.
    pub nickname: String,
    /// The path of the person's picture; absent where there is none, and initials stand for it.
    pub avatar_url: Option<String>,
    /// The time at which the account was made.
    pub created_at: Timestamp,
    /// The person's presence, in answers that tell it; absent where you may not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
}

impl User {
    /// Whether the account is deleted.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.username == Self::deleted_username(self.id)
    }

    /// The username of a deleted account. Nobody else has it: an id is not known before its account
    /// is registered.
    #[must_use]
    pub fn deleted_username(id: UserId) -> String {
        format!("deleted-{id}")
    }
}

/// The answer of `GET /api/v1/users/me`: the user who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Me {
    /// The user, as others see them.
    #[serde(flatten)]
    pub user: User,
    /// Whether others may know when the user went offline.
    pub show_last_seen: bool,
    /// The bytes that the user's uploads take up: of whole ones what is kept, of others the announced
    /// length. What is gone does not count.
    pub files_used: i64,
    /// The most bytes that the user's uploads may take up.
    pub files_quota: i64,
}

/// A person among the reader's contacts, in `GET /api/v1/contacts`. They may see the reader's
/// presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Contact {
    /// The person who is the contact.
    pub user: User,
    /// The reader's own name for the contact; absent: none.
    pub alias: Option<String>,
}

/// A person whom the reader blocks, in `GET /api/v1/blocks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Block {
    /// The person who is blocked.
    pub user: User,
}

/// Whether a person is online.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Presence {
    /// The person's presence now.
    pub status: PresenceStatus,
    /// The time at which the person went offline; absent while they are not, and where they do not
    /// show it.
    pub last_seen_at: Option<Timestamp>,
}

/// A person's presence, from all their sockets together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(strum::EnumIter, strum::EnumMessage))]
#[serde(rename_all = "snake_case")]
pub enum PresenceStatus {
    /// The person is active on at least one device.
    Online,
    /// The person is connected, and idle on every device.
    Away,
    /// The person has not been connected for 5 s or longer.
    Offline,
}
