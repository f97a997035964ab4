//! What a message means for those who read it: rules that server and clients share.

use super::{Message, UserId};

/// Whether a message counts as unread while it is above the reader's mark: one of someone else, neither
/// recalled nor a system message.
#[must_use]
pub fn counts(message: &Message, reader: UserId) -> bool {
    message.sender.id != reader && message.system.is_none() && !message.recalled
}

/// Whether a message names the reader and counts as unread.
#[must_use]
pub fn calls(message: &Message, reader: UserId) -> bool {
    counts(message, reader) && message.names(reader)
}
