//! `@username` and `@all`, one by one: how they are written.

use super::characters::is_of_spaced_word;
use crate::protocol::limits;

/// The name that stands for everyone in a group.
const EVERYONE: &str = "all";

/// A mention in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention<'a> {
    /// The name as it was written, without the `@`. It may end in the punctuation of its sentence, since names may
    /// end in the same characters.
    pub name: &'a str,
}

impl<'a> Mention<'a> {
    /// The mention in a span of the kind [`Kind::Mention`](super::formatting::Kind::Mention).
    #[must_use]
    pub fn of_span(text: &'a str) -> Self {
        Self { name: text.trim_start_matches('@') }
    }

    /// The name without the `.`, `-` and `_` at its end.
    #[must_use]
    pub fn bare(self) -> &'a str {
        self.name.trim_end_matches(['.', '-', '_'])
    }

    /// Whether it is `@all`, in upper or lower case.
    #[must_use]
    pub fn is_everyone(self) -> bool {
        self.bare().eq_ignore_ascii_case(EVERYONE)
    }

    /// The usernames that may be meant, the longest first: the whole name, or with fewer `.`, `-` and `_` at its
    /// end.
    pub fn readings(self) -> impl Iterator<Item = &'a str> {
        let (name, bare) = (self.name, self.bare().len());
        // More than a few such characters are no name's.
        let longer = (bare + 1..=name.len()).rev().take(4);
        longer.chain([bare]).map(move |end| &name[..end]).filter(|name| fits(name))
    }
}

/// Whether an `@` behind this character begins a mention, and is not part of an e-mail address. The character
/// may be a letter of a script that has no blanks between its words.
#[must_use]
pub fn begins_mention(before: Option<char>) -> bool {
    before
        .is_none_or(|c| !is_of_spaced_word(c) && c != '@' && !u8::try_from(c).is_ok_and(is_of_name))
}

/// Whether a username may hold this byte.
pub(super) const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

/// Whether a text of characters that a username may hold is one, with or without `.`, `-` and `_` at its end.
pub(super) fn is_name(text: &str) -> bool {
    Mention { name: text }.readings().next().is_some()
}

fn fits(name: &str) -> bool {
    (limits::USERNAME_MIN..=limits::USERNAME_MAX).contains(&name.len())
}
