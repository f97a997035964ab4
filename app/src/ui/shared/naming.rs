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
