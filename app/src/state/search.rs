//! Names as people type them: whatever their case and accents. All is handed in in lower case, which
//! browsers know without tables of ours.

/// The base letters of U+00DF to U+017F, in their order; a dot where a letter stands for itself.
const BASE: &[u8] = b"s\
aaaaaaaceeeeiiiidnooooo.ouuuuyty\
aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrr\
ssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// How well a name fits what was typed; the better ones are the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// It begins so.
    Start,
    /// One of its words begins so.
    Word,
    /// It holds it.
    Inside,
}

/// A text in lower case without its accents, for comparing.
#[must_use]
pub fn fold(text: &str) -> String {
    let plain = |c: char| {
        let index = u32::from(c).checked_sub(0xDF).and_then(|at| usize::try_from(at).ok());
        match index.and_then(|at| BASE.get(at)) {
            Some(b'.') | None => c,
            Some(base) => char::from(*base),
        }
    };
    let letters = text.trim().chars().map(plain);
    // Accents that stand for themselves, after their letter.
    letters.filter(|c| !matches!(c, '\u{300}'..='\u{36F}')).collect()
}

/// How a name in lower case fits what was typed, which is [`fold`]ed already; an empty one fits all.
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

#[cfg(test)]
mod tests {
    use super::{BASE, Match, fold, matches};

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(BASE.len(), 0x180 - 0xDF);
        for (text, plain) in [
            (" Zoë Łukasz ", "zoe lukasz"),
            ("ÅSA Ørsted", "asa orsted"),
            ("Ñandú Žižek Ğul", "nandu zizek gul"),
            ("e\u{301}tude ÷ ß", "etude ÷ s"),
            ("林美 Привет مرحبا", "林美 привет مرحبا"),
            ("Ÿ Ţara Ŵy Œuvre", "y tara wy ouvre"),
        ] {
            assert_eq!(fold(&text.to_lowercase()), plain);
        }
    }

    #[test]
    fn beginnings_come_first() {
        assert_eq!(matches("mei lin", &fold("me")), Some(Match::Start));
        assert_eq!(matches("mei lin", "li"), Some(Match::Word));
        assert_eq!(matches("rolling (lil)", "lil"), Some(Match::Word));
        assert_eq!(matches("mei lin", "in"), Some(Match::Inside));
        assert_eq!(matches("mei lin", "x"), None);
        assert_eq!(matches("mei lin", ""), Some(Match::Start));
    }
}
