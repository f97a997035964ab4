//! What follows the conversations behind their backs: how far each follower has come, who does which share of its work,
//! and what it keeps.
//!
//! The transaction that acknowledges knows nothing of this. What it writes anyway tells what has changed: `last_seq`
//! with `last_activity`, `rev` with `rev_at`, each moment by an index.
//!
//! * [`shares`] — who does which share
//! * [`looking`] — what has changed, and what of it has not been followed
//! * [`keeping`] — how far a follower has come, stored together with what it keeps
//! * [`counts`] — what is counted of what is stored

mod counts;
mod keeping;
mod looking;
mod shares;

use app::protocol::{ConversationId, Timestamp};

pub use counts::Count;
pub use keeping::Kept;
pub use looking::{ChangedBy, Place};
pub use shares::Share;

/// Shares that a follower's work is split into.
pub const SHARDS: i64 = 64;

/// The share that a conversation belongs to.
pub fn shard_of(id: ConversationId) -> i64 {
    id.get().rem_euclid(SHARDS)
}

/// A follower in one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowerId {
    /// The name of the follower, of at most 32 bytes.
    pub name: &'static str,
    /// The process.
    pub owner: i64,
}

/// What a follower has not followed of a conversation yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Stretch {
    id: i64,
    /// Messages up to this position have been followed.
    pub done_seq: i64,
    /// Changes up to this one have been followed.
    pub done_rev: i64,
    /// The newest message.
    pub last_seq: i64,
    /// The newest change.
    pub rev: i64,
    /// The moment by which it was found.
    moment: Timestamp,
}

impl Stretch {
    /// The conversation.
    pub fn conversation(&self) -> ConversationId {
        ConversationId::new(self.id)
    }

    /// Whether there is something to follow.
    pub fn is_news(&self) -> bool {
        (self.done_seq, self.done_rev) != (self.last_seq, self.rev)
    }

    /// Where a look for what has changed goes on behind this one.
    pub fn place(&self) -> Place {
        Place { moment: self.moment, id: self.id }
    }
}
