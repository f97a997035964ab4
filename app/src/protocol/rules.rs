//! What a message means for those who read it: rules that server and clients share.

use super::{Content, Message, MessageType, UserId};

/// Whether a message counts as unread while it is above the reader's mark: one of someone else, neither
/// recalled nor a system message.
#[must_use]
pub fn counts(message: &Message, reader: UserId) -> bool {
    message.sender.id != reader && takes_reactions(&message.content)
}

/// Whether a message names the reader and counts as unread.
#[must_use]
pub fn calls(message: &Message, reader: UserId) -> bool {
    counts(message, reader) && message.names(reader)
}

/// Whether a message has words of its sender's own, which can be edited: a text, or what stands below files
/// or an appointment.
#[must_use]
pub const fn is_editable(message: &Message) -> bool {
    is_forwardable(&message.content) && message.forwarded_from.is_none()
}

/// Whether a message is about an appointment of its sender's own, which can be moved.
#[must_use]
pub const fn is_movable(message: &Message) -> bool {
    matches!(message.content, Content::Schedule { .. }) && message.forwarded_from.is_none()
}

/// Whether a message is one that can be recalled; one that is recalled already can be, and nothing happens.
#[must_use]
pub fn is_recallable(content: &Content) -> bool {
    content.kind() != MessageType::System
}

/// Whether people can react to a message.
#[must_use]
pub const fn takes_reactions(content: &Content) -> bool {
    !matches!(content, Content::System(_) | Content::Recalled(_))
}

/// Whether a message says something that can be sent on.
#[must_use]
pub const fn is_forwardable(content: &Content) -> bool {
    matches!(
        content,
        Content::Text(_) | Content::Image { .. } | Content::File { .. } | Content::Schedule { .. }
    )
}
