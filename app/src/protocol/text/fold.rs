//! Keys by which names are compared and searched for, whatever their case, width, accents and spelling in Unicode.

use super::characters::is_accent;
use crate::unicode::{composed, decomposed, lower, upper};

/// The key of a name, which is the same for two names that a person would call the same: in compatibility form,
/// without accents, in lower case, and with the nearest letters for those that Unicode does not take apart (`ø`,
/// `ł`, `đ`, `æ`).
#[must_use]
pub fn fold(text: &str) -> String {
    // In upper case first: `ß` becomes `SS`, and `ı` becomes `I`.
    let letters = lower(&upper(&decomposed(text.trim())));
    let mut key = String::with_capacity(letters.len());
    for c in letters.chars().filter(|c| !is_accent(*c)) {
        match c {
            'ς' => key.push('σ'),
            'æ' => key.push_str("ae"),
            'œ' => key.push_str("oe"),
            'þ' => key.push_str("th"),
            'ø' => key.push('o'),
            'ł' => key.push('l'),
            'đ' | 'ð' => key.push('d'),
            'ħ' => key.push('h'),
            'ŧ' => key.push('t'),
            c => key.push(c),
        }
    }
    // A sign such as `¯` comes apart into a blank and an accent.
    composed(key.trim())
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn names_that_a_person_would_call_the_same_have_one_key() {
        for (one, other) in [
            ("Nguyễn", "nguyen"),
            ("Straße", "strasse"),
            ("STRASSE", "straße"),
            ("한국", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}"),
            ("ｆｕｌｌ", "full"),
            ("ｱｲｳ", "アイウ"),
            ("é", "e\u{301}"),
            ("Işık", "isik"),
            ("İzmir", "izmir"),
            ("ΟΔΟΣ", "οδος"),
            ("Άννα", "αννα"),
            ("Łukasz Ørsted Đặng", "lukasz orsted dang"),
            ("Œuvre Æther Ħal", "oeuvre aether hal"),
            ("Ёлка", "елка"),
            ("مُحَمَّد", "محمد"),
            (" Zoë ", "zoe"),
            ("ﬁn", "fin"),
            ("a¯", "a"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
        for (one, other) in [("か", "が"), ("कि", "क"), ("😀", "😁"), ("林", "森"), ("ß", "s")]
        {
            assert_ne!(fold(one), fold(other), "{one} {other}");
        }
    }

    #[test]
    fn a_key_has_a_key_of_its_own() {
        for name in ["Nguyễn", "한국", "ΟΔΟΣ", "が", "Straße", "ﷺ", "İ", "mei.lin_7-x"]
        {
            assert_eq!(fold(&fold(name)), fold(name), "{name}");
        }
    }
}
