//! Classes of characters that the rules for texts are made of.

use std::ops::RangeInclusive;

/// Scripts in which words follow one another without blanks, or, as in Korean, particles follow words.
const UNSPACED: [RangeInclusive<char>; 27] = [
    '\u{E00}'..='\u{109F}',    // Thai, Lao, Tibetan, Myanmar
    '\u{1100}'..='\u{11FF}',   // Hangul Jamo
    '\u{1780}'..='\u{17FF}',   // Khmer
    '\u{1950}'..='\u{1AAF}',   // Tai Le, New Tai Lue, Khmer symbols, Buginese, Tai Tham
    '\u{1B00}'..='\u{1B7F}',   // Balinese
    '\u{2E80}'..='\u{2FDF}',   // radicals
    '\u{3005}'..='\u{3007}',   // iteration mark, closing mark, zero
    '\u{3021}'..='\u{3029}',   // Hangzhou numerals
    '\u{3031}'..='\u{3035}',   // kana repeat marks
    '\u{3038}'..='\u{303C}',   // Hangzhou numerals, iteration marks
    '\u{3041}'..='\u{318F}',   // Hiragana, Katakana, Bopomofo, Hangul compatibility Jamo
    '\u{31A0}'..='\u{31FF}',   // Bopomofo and Katakana extensions
    '\u{3400}'..='\u{4DBF}',   // Han
    '\u{4E00}'..='\u{A4CF}',   // Han, Yi
    '\u{A960}'..='\u{A97F}',   // Hangul Jamo
    '\u{A980}'..='\u{A9FF}',   // Javanese, Myanmar
    '\u{AA60}'..='\u{AADF}',   // Myanmar, Tai Viet
    '\u{AC00}'..='\u{D7FF}',   // Hangul
    '\u{F900}'..='\u{FAFF}',   // Han
    '\u{FF10}'..='\u{FF19}',   // full width digits
    '\u{FF21}'..='\u{FF3A}',   // full width letters
    '\u{FF41}'..='\u{FF5A}',   // full width letters
    '\u{FF66}'..='\u{FFDC}',   // half width Katakana and Hangul
    '\u{1AFF0}'..='\u{1B2FF}', // kana and Nushu
    '\u{20000}'..='\u{2FFFF}', // Han
    '\u{30000}'..='\u{323AF}', // Han
    '\u{E0100}'..='\u{E01EF}', // variants of Han
];

/// Marks above or below letters of Latin, Greek, Cyrillic, Hebrew and Arabic: an accented letter is
/// sometimes written as the letter and one of these.
const ACCENTS: [RangeInclusive<char>; 9] = [
    '\u{300}'..='\u{36F}',
    '\u{483}'..='\u{487}',
    '\u{591}'..='\u{5C7}',
    '\u{610}'..='\u{61A}',
    '\u{64B}'..='\u{65F}',
    '\u{670}'..='\u{670}',
    '\u{1AB0}'..='\u{1AFF}',
    '\u{1DC0}'..='\u{1DFF}',
    '\u{20D0}'..='\u{20FF}',
];

/// Unicode's `Default_Ignorable_Code_Point` (`DerivedCoreProperties.txt`), and characters whose glyph has no ink.
const UNSEEN: [RangeInclusive<char>; 24] = [
    '\u{AD}'..='\u{AD}',       // soft hyphen
    '\u{34F}'..='\u{34F}',     // combining grapheme joiner
    '\u{61C}'..='\u{61C}',     // Arabic letter mark
    '\u{115F}'..='\u{1160}',   // Hangul fillers
    '\u{17B4}'..='\u{17B5}',   // Khmer inherent vowels
    '\u{180B}'..='\u{180F}',   // Mongolian variation selectors
    '\u{200B}'..='\u{200F}',   // zero width space, joiners, direction marks
    '\u{202A}'..='\u{202E}',   // direction embeddings and overrides
    '\u{2060}'..='\u{206F}',   // word joiner, invisible operators, direction isolates
    '\u{2800}'..='\u{2800}',   // Braille without a dot
    '\u{3164}'..='\u{3164}',   // Hangul filler
    '\u{FE00}'..='\u{FE0F}',   // variation selectors
    '\u{FEFF}'..='\u{FEFF}',   // zero width no-break space
    '\u{FFA0}'..='\u{FFA0}',   // half width Hangul filler
    '\u{FFF0}'..='\u{FFFB}',   // unassigned, annotation marks
    '\u{16FE4}'..='\u{16FE4}', // Khitan filler
    '\u{13430}'..='\u{1343F}', // hieroglyph format controls
    '\u{1BCA0}'..='\u{1BCA3}', // shorthand format controls
    '\u{1D159}'..='\u{1D159}', // null note head
    '\u{1D173}'..='\u{1D17A}', // musical format controls
    '\u{110BD}'..='\u{110BD}', // Kaithi number sign
    '\u{110CD}'..='\u{110CD}', // Kaithi number sign above
    '\u{FFFE}'..='\u{FFFF}',   // noncharacters
    '\u{E0000}'..='\u{E0FFF}', // tags, variation selectors
];

fn is_in(ranges: &[RangeInclusive<char>], c: char) -> bool {
    ranges.iter().any(|range| range.contains(&c))
}

/// Whether it is a letter, a digit, or a mark on a letter.
pub(super) fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_accent(c)
}

/// Whether it is a letter or digit of a script that has blanks between its words.
pub(super) fn is_of_spaced_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii() && is_of_word(c) && !is_in(&UNSPACED, c)
}

/// Whether it is a mark that turns a letter into an accented one, in scripts where people leave them out in a search.
pub(super) fn is_accent(c: char) -> bool {
    c >= '\u{300}' && is_in(&ACCENTS, c)
}

/// Whether it steers the layout of the text around it and is not seen itself: Unicode's category Cf, as far
/// as it stands in addresses only to deceive.
pub(super) fn is_format(c: char) -> bool {
    !c.is_ascii() && (is_in(&UNSEEN, c) || matches!(c, '\u{600}'..='\u{605}' | '\u{6DD}'))
}

/// Whether nothing of a text can be seen: it is empty, or all of it is blank or ignorable, such as a zero
/// width space, a soft hyphen or a Hangul filler.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_unseen)
}

/// Whether it is blank or ignorable, and so cannot be seen.
pub(super) fn is_unseen(c: char) -> bool {
    c.is_whitespace() || c.is_control() || !c.is_ascii() && is_in(&UNSEEN, c)
}

/// Whether it turns the direction of what follows: Unicode's property `Bidi_Control`.
const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a text holds a sign that turns the direction of what follows it.
#[must_use]
pub fn holds_bidi_control(text: &str) -> bool {
    text.chars().any(is_bidi_control)
}

/// A text without the signs that turn the direction of what follows.
#[must_use]
pub fn without_bidi_controls(text: &str) -> String {
    text.chars().filter(|c| !is_bidi_control(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::{holds_bidi_control, is_blank, is_of_spaced_word, without_bidi_controls};

    #[test]
    fn what_cannot_be_seen_is_blank() {
        for text in [
            "",
            " ",
            "\u{200B}",
            "\u{3164}",
            "\u{2800}",
            "\u{AD}",
            "\u{200B}\u{3164} \u{AD}",
            "\u{FE0F}",
            "\u{E0020}",
            "\u{2060}",
            "\u{115F}",
            "\u{FFA0}",
            "\u{180E}",
            "\u{34F}",
            "\u{202E}",
            "\u{3000}",
            "\u{A0}",
            "\u{1D159}",
            "\u{FEFF}",
            "\u{2028}",
            "\u{7F}",
        ] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["a", "\u{200B}a", "林", "👨‍👩‍👧", "❤\u{FE0F}", "·", "é", "\u{E9}", "ـ", "-", "⠁"]
        {
            assert!(!is_blank(text), "{text:?}");
        }
    }

    #[test]
    fn signs_that_turn_the_direction_are_found_and_taken_out() {
        for sign in ['\u{61C}', '\u{200E}', '\u{200F}', '\u{202E}', '\u{2066}', '\u{2069}'] {
            let text = format!("a{sign}b");
            assert!(holds_bidi_control(&text), "{sign:?}");
            assert_eq!(without_bidi_controls(&text), "ab");
        }
        assert!(!holds_bidi_control("نور Mei 林\u{200D}"));
    }

    #[test]
    fn some_scripts_have_no_blanks_between_words() {
        for c in ['a', '7', 'é', 'ф', 'ض', 'α', '\u{301}', 'ß', 'अ'] {
            assert!(is_of_spaced_word(c), "{c}");
        }
        for c in ['中', 'ね', 'ハ', '々', 'ก', '한', 'Ａ', '𠀀', ' ', '.', '👋', '_'] {
            assert!(!is_of_spaced_word(c), "{c}");
        }
    }
}
