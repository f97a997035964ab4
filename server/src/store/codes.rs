//! How the database writes what is no text: kinds, roles, states, and the key of a pair.

use app::protocol::{FileKind, Role, UserId};

use super::Result;
use super::error::unreadable;

/// `kind` of a private conversation.
pub(super) const PRIVATE: i64 = 1;
/// `kind` of a group.
pub(super) const GROUP: i64 = 2;
/// `closed` of one in which anyone may write who is in it.
pub(super) const OPEN: i64 = 0;
/// `closed` of a private one while one of its two blocks the other.
pub(super) const BLOCKED: i64 = 2;
/// `history` of a conversation whose new members may read what comes after them.
pub(super) const JOINED: i64 = 1;
/// `history` of a conversation whose new members may read everything.
pub(super) const EVERYTHING: i64 = 2;

/// The oldest position that a member can see.
pub(super) fn first_visible(history: i64, joined_seq: i64, cleared_seq: i64) -> i64 {
    let joined = if history == EVERYTHING { 1 } else { joined_seq };
    joined.max(cleared_seq + 1)
}

/// What a member may do, by its number in the database.
pub(super) fn role(number: i64) -> Result<Role> {
    Ok(match number {
        1 => Role::Owner,
        2 => Role::Admin,
        3 => Role::Member,
        _ => return Err(unreadable(format!("there is no role {number}"))),
    })
}

/// A role's number in the database.
pub(super) const fn role_number(role: Role) -> i64 {
    match role {
        Role::Owner => 1,
        Role::Admin => 2,
        Role::Member => 3,
    }
}

/// `state` of a row of `file`.
pub(super) mod file_state {
    /// Bytes are still to come.
    pub(in crate::store) const INCOMPLETE: i64 = 1;
    /// All of it is there.
    pub(in crate::store) const WHOLE: i64 = 2;
    /// Nobody may have it: its bytes are to be deleted, then the row.
    pub(in crate::store) const GONE: i64 = 3;
}

/// `purpose` of a row of `file`: what its uploader said it is for.
pub(super) mod file_purpose {
    /// To be kept to the byte, and handed on.
    pub(in crate::store) const FILE: i64 = 1;
    /// A picture or film to be looked at.
    pub(in crate::store) const PHOTO: i64 = 2;
    /// A voice message.
    pub(in crate::store) const VOICE: i64 = 3;
}

/// The number of what a file is in a message.
pub(super) const fn file_kind_number(kind: FileKind) -> i64 {
    match kind {
        FileKind::Image => 1,
        FileKind::Video => 2,
        FileKind::Voice => 3,
        FileKind::File => 4,
    }
}

/// Names the private conversation of two people, whoever of them asks.
pub(super) fn pair_key(one: UserId, other: UserId) -> String {
    format!("{}:{}", one.min(other), one.max(other))
}
