//! Whether someone is there: a dot, and words for it.

use super::Clock;
use crate::protocol::{Presence, PresenceStatus};
use crate::ui::words::{Words, td_string};

/// The class by which an avatar gets a dot: of whoever has something open. What it says is said in
/// words beside it.
#[must_use]
pub fn dot(presence: Option<Presence>) -> &'static str {
    match presence.map(|presence| presence.status) {
        Some(PresenceStatus::Online) => "here",
        Some(PresenceStatus::Away) => "here away",
        Some(PresenceStatus::Offline) | None => "",
    }
}

/// `online`, `away`, or when someone was last there, if they show it.
#[must_use]
pub fn in_words(presence: Presence, clock: Clock, words: Words) -> Option<String> {
    match presence.status {
        PresenceStatus::Online => Some(td_string!(words, presence.online).to_owned()),
        PresenceStatus::Away => Some(td_string!(words, presence.away).to_owned()),
        PresenceStatus::Offline => presence.last_seen_at.map(|at| clock.seen(at)),
    }
}
