//! Mentions in a text: `@username`, and `@all`. They are read from the spans that are shown, so that code and
//! addresses mention nobody.

use super::characters::is_of_spaced_word;
use super::formatting::{Kind, spans};
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
    /// The mention in a span of the kind [`Kind::Mention`].
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

/// The mentions in a text, in its order.
pub fn mentions(text: &str) -> impl Iterator<Item = Mention<'_>> {
    let named = spans(text).into_iter().filter(|span| span.kind == Kind::Mention);
    named.map(|span| Mention::of_span(span.text))
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

#[cfg(test)]
mod tests {
    use super::{begins_mention, mentions};

    fn people(text: &str) -> Vec<Vec<&str>> {
        let people = mentions(text).filter(|mention| !mention.is_everyone());
        people.map(|mention| mention.readings().collect()).collect()
    }

    #[test]
    fn names_stand_alone() {
        assert_eq!(people("@mei, (@tom) and @omar!"), [["mei"], ["tom"], ["omar"]]);
        assert_eq!(people("mail mei@example.org or x.@tom or @@tom"), Vec::<Vec<&str>>::new());
        assert_eq!(people("@ab @ @-- @a b"), Vec::<Vec<&str>>::new(), "nobody is called so");
        assert_eq!(people("\n@mei\n@tom"), [["mei"], ["tom"]]);
        assert_eq!(people(&format!("@{}", "a".repeat(33))), Vec::<Vec<&str>>::new());
        assert_eq!(people("@Mei"), [["Mei"]]);
    }

    #[test]
    fn a_letter_of_a_script_without_blanks_ends_no_name() {
        assert_eq!(people("你好@bob再见@tom，ね@mei"), [["bob"], ["tom"], ["mei"]]);
        assert_eq!(people("안녕@bob님"), [["bob"]]);
        assert_eq!(people("привет@bob é@tom"), Vec::<Vec<&str>>::new());
        assert!(begins_mention(None) && begins_mention(Some('好')) && begins_mention(Some('(')));
        assert!(
            !begins_mention(Some('é')) && !begins_mention(Some('7')) && !begins_mention(Some('_'))
        );
    }

    #[test]
    fn code_and_addresses_name_nobody() {
        for text in ["`@bob`", "```\n@all\n```", "https://medium.example/@bob/x"] {
            assert_eq!(mentions(text).count(), 0, "{text}");
        }
        assert_eq!(people("`x` @bob ```y``` `@tom"), [["bob"], ["tom"]]);
    }

    #[test]
    fn a_full_stop_may_be_the_names_or_the_sentences() {
        assert_eq!(people("Ask @mei.lin."), [vec!["mei.lin.", "mei.lin"]]);
        assert_eq!(people("@bob_ and @bob-"), [vec!["bob_", "bob"], vec!["bob-", "bob"]]);
        assert_eq!(people("_@bob_"), [vec!["bob"]]);
        assert_eq!(people("@mei..."), [vec!["mei...", "mei..", "mei.", "mei"]]);
        assert_eq!(
            people("@mei........."),
            [vec!["mei.........", "mei........", "mei.......", "mei......", "mei"]]
        );
    }

    #[test]
    fn all_is_everyone() {
        let everyone = |text| mentions(text).any(super::Mention::is_everyone);
        for text in ["hear, hear @all!", "@all.", "@All", "@ALL", "大家@all看", "_@all_"] {
            assert!(everyone(text), "{text}");
        }
        assert!(!everyone("@allan") && !everyone("at@all"));
    }
}
