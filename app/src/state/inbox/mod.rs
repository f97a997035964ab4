//! What has come of conversations and waits: messages that are early, changes of messages that are early,
//! and what belongs to a conversation of which there is no row yet.

mod buffer;
mod revisions;
mod strays;

use crate::protocol::Timestamp;

pub(super) use buffer::{Buffer, Span};
pub(super) use revisions::Revisions;
pub(super) use strays::Strays;

/// A hole may close by itself for this long before it is fetched.
pub(super) const HOLE_WAIT_MS: Timestamp = 300;
/// A hole that a fetch did not close is looked at again after this long.
const HOLE_RETRY_MS: Timestamp = 2_000;
