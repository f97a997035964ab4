//! What people are called.

use crate::protocol::User;
use crate::ui::words::{Words, td_string};

/// A person's nickname, or in the reader's language that the account is deleted.
#[must_use]
pub fn called(user: &User, words: Words) -> String {
    if user.is_deleted() {
        td_string!(words, chats.deleted).to_owned()
    } else {
        user.nickname.clone()
    }
}

/// A name as part of a sentence of ours, which all run from left to right: one that runs the other way
/// keeps its own direction, and the sentence its, also where it begins with the name.
#[must_use]
pub fn within(name: &str) -> String {
    let is_rtl = |c| matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FEFC}');
    if name.contains(is_rtl) { format!("\u{200E}\u{2068}{name}\u{2069}") } else { name.to_owned() }
}
