//! People, as others see them.

use serde::{Deserialize, Serialize};

use super::{Timestamp, UserId};

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct User {
    /// Who.
    pub id: UserId,
    /// The name that stands in the URL of sign-in and mentions.
    pub username: String,
    /// The name that others see.
    pub nickname: String,
    /// Where the picture is; absent: initials.
    pub avatar_url: Option<String>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Where you may know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
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
