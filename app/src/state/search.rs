//! How well a name fits what someone types to find it.

use crate::protocol::text::fold;

/// How well a name fits what was typed; the better ones are the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// The name begins with what was typed.
    Start,
    /// A later word of the name begins with it.
    Word,
    /// It stands inside of a word.
    Inside,
}

/// How a name fits what was typed, which is [`fold`]ed already; an empty one fits all.
#[must_use]
pub fn matches(name: &str, folded: &str) -> Option<Match> {
    let name = fold(name);
    if name.starts_with(folded) {
        return Some(Match::Start);
    }
    let at = name.find(folded)?;
    let letter = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii();
    let begins = |(at, _): (usize, &str)| !name[..at].ends_with(letter);
    let word = at > 0 && name.match_indices(folded).any(begins);
    Some(if word { Match::Word } else { Match::Inside })
}

/// What someone types to find a person or a chat, folded. In front of a username one may write an `@`.
#[must_use]
pub fn wanted(typed: &str) -> String {
    let typed = fold(typed);
    typed.strip_prefix('@').map_or(typed.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Match, matches, wanted};

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(matches("Nguyễn Văn", &wanted("nguyen")), Some(Match::Start));
        assert_eq!(matches("Die Straße", &wanted("STRASSE")), Some(Match::Word));
        assert_eq!(matches("mei.lin", &wanted("@Mei")), Some(Match::Start));
    }

    #[test]
    fn beginnings_come_first() {
        assert_eq!(matches("Mei Lin", "me"), Some(Match::Start));
        assert_eq!(matches("Mei Lin", "li"), Some(Match::Word));
        assert_eq!(matches("rolling (lil)", "lil"), Some(Match::Word));
        assert_eq!(matches("Mei Lin", "in"), Some(Match::Inside));
        assert_eq!(matches("Mei Lin", "x"), None);
        assert_eq!(matches("Mei Lin", ""), Some(Match::Start));
    }
}
