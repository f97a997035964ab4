//! What people and conversations are called.

use super::AvatarLabel;
use crate::protocol::text::{is_blank, without_bidi_controls};
use crate::protocol::{Conversation, ConversationKind, User};
use crate::ui::words::{Words, td_string};

/// A person's nickname, or the username where nothing of the nickname can be seen; of a deleted account that it
/// is one, in the reader's language.
#[must_use]
pub fn called(user: &User, words: Words) -> String {
    if user.is_deleted() {
        td_string!(words, chats.deleted).to_owned()
    } else if is_blank(&user.nickname) {
        user.username.clone()
    } else {
        user.nickname.clone()
    }
}

/// A name as part of a sentence of ours, which all run from left to right: one that runs the other way
/// keeps its own direction, and the sentence its, also where it begins with the name. Names of old may hold
/// signs that turn what follows them: they are left out.
#[must_use]
pub fn within(name: &str) -> String {
    let name = without_bidi_controls(name);
    let is_rtl = |c| matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FEFC}');
    if name.contains(is_rtl) { format!("\u{200E}\u{2068}{name}\u{2069}") } else { name }
}

/// What a conversation is called: a group by its name, a private one by the other person, one's
/// own Notes.
#[must_use]
pub fn conversation_name(conversation: &Conversation, words: Words) -> String {
    match (conversation.kind, &conversation.peer) {
        (ConversationKind::Private, None) => td_string!(words, chats.notes).to_owned(),
        (ConversationKind::Private, Some(peer)) => called(peer, words),
        (ConversationKind::Group, _) if is_blank(&conversation.name) => {
            format!("#{}", conversation.id)
        }
        (ConversationKind::Group, _) => conversation.name.clone(),
    }
}

/// A conversation's avatar: the other person's, else its own.
#[must_use]
pub fn avatar_label(conversation: &Conversation, words: Words) -> AvatarLabel {
    let name = conversation_name(conversation, words);
    match &conversation.peer {
        Some(peer) => AvatarLabel::of(peer, name),
        None => {
            AvatarLabel { name, id: conversation.id.get(), url: conversation.avatar_url.clone() }
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::{called, within};
    use crate::protocol::{User, UserId};
    use crate::ui::preferences::Language;
    use crate::ui::words::Words;

    #[test]
    fn a_name_of_old_cannot_turn_a_sentence() {
        assert_eq!(within("Mei\u{202E}"), "Mei");
        assert_eq!(within("نور\u{2069}\u{202E}"), "\u{200E}\u{2068}نور\u{2069}");
    }

    #[test]
    fn a_name_of_nothing_visible_is_not_shown() {
        let user = User {
            id: UserId::new(1),
            username: "mei".to_owned(),
            nickname: "\u{3164}\u{200B}".to_owned(),
            avatar_url: None,
            created_at: 0,
            presence: None,
        };
        assert_eq!(called(&user, Words::of(Language::English)), "mei");
    }
}
