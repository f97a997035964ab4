//! What stands for a message where there is room for a line: its words, else what it holds.

use crate::protocol::{Content, MessageType, limits, text};
use crate::ui::words::{Words, td_string};

/// A message in a line; empty for a system message.
#[must_use]
pub fn summary(content: &Content, words: Words) -> String {
    if let Content::Schedule { schedule, .. } = content {
        let kind = held(MessageType::Schedule, false, words);
        return format!("{kind}: {}", text::excerpt(&schedule.title, limits::EXCERPT));
    }
    let text = content.text();
    if text.is_empty() {
        let kind = match content {
            Content::Recalled(_) => return td_string!(words, chats.recalled).to_owned(),
            content => held(content.kind(), content.is_voice(), words),
        };
        return kind.to_owned();
    }
    text::excerpt(text, limits::EXCERPT)
}

/// What a message of this kind holds beside its words, with its sign; empty for words alone.
#[must_use]
pub fn held(kind: MessageType, voice: bool, words: Words) -> &'static str {
    match kind {
        MessageType::Image => td_string!(words, chats.photo),
        MessageType::File if voice => td_string!(words, chats.voice),
        MessageType::File => td_string!(words, chats.file),
        MessageType::Schedule => td_string!(words, chats.schedule),
        MessageType::Text | MessageType::System => "",
    }
}
