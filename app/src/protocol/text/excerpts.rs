//! The beginnings of texts and names, cut between what people see as characters.

use super::characters::{is_blank, is_unseen};
use super::formatting::{Kind, spans};
use crate::unicode::{boundary_before, first_end, lower, upper};

/// A text as it is shown, without its formatting.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut words = String::new();
    let mut after_block = false;
    for span in spans(text) {
        let is_block = span.kind == Kind::Block;
        // It stands on lines of its own.
        if (is_block || after_block) && !words.is_empty() {
            words.push('\n');
        }
        after_block = is_block;
        words.push_str(span.text);
    }
    words
}

/// Whether a text shows nothing that can be seen; marks around nothing are not shown either.
#[must_use]
pub fn shows_nothing(text: &str) -> bool {
    let is_mark = |c| matches!(c, '*' | '_' | '`' | '\\');
    text.chars().all(|c| is_unseen(c) || is_mark(c)) && is_blank(&plain(text))
}

/// The beginning of a message's text as it is shown, without its formatting: one line of at most `limit`
/// scalar values, which ends in `…` where it was cut. What people see as one character is cut only where it
/// alone is longer.
#[must_use]
pub fn excerpt(text: &str, limit: usize) -> String {
    one_line(&plain(text), limit)
}

/// The beginning of a text as it was typed, as [`excerpt`] cuts it.
#[must_use]
pub fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    let mut left = limit;
    let mut words = text.split_whitespace();
    for word in words.by_ref() {
        let blank = usize::from(!line.is_empty());
        let length = word.chars().take(left + 1).count() + blank;
        if blank > 0 {
            line.push(' ');
        }
        line.push_str(word);
        if length > left {
            return cut(&line, limit);
        }
        left -= length;
    }
    line
}

/// The beginning of a line that is too long.
fn cut(line: &str, limit: usize) -> String {
    let fits = line.char_indices().nth(limit.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let at = match boundary_before(line, fits) {
        0 => fits,
        at => at,
    };
    format!("{}…", line[..at].trim_end())
}

/// The initials that are shown where a person has no picture: two letters of an alphabet, or one character of
/// another script; of a name without letters its first character.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut firsts = name.split_whitespace().filter_map(|word| {
        let at = word.find(|c: char| c.is_alphanumeric() && !is_unseen(c))?;
        Some(first_character(&word[at..]))
    });
    let Some(first) = firsts.next() else {
        let seen = name.char_indices().find(|(_, c)| !is_unseen(*c));
        return seen.map(|(at, _)| first_character(&name[at..]).to_owned()).unwrap_or_default();
    };
    let first = upper(first);
    let second = firsts.next().map(upper);
    let second = second.filter(|second| is_cased(second) && is_cased(&first));
    first + second.as_deref().unwrap_or_default()
}

fn first_character(text: &str) -> &str {
    // Most names need nobody to be asked.
    let is_ascii = text.bytes().take(2).all(|byte| byte.is_ascii());
    let end = if is_ascii { text.len().min(1) } else { first_end(text) };
    &text[..end]
}

/// Whether this text in upper case has a lower case.
fn is_cased(upper: &str) -> bool {
    lower(upper) != upper
}

#[cfg(test)]
mod tests {
    use super::{excerpt, initials, one_line, plain, shows_nothing};

    #[test]
    fn a_preview_has_the_words_alone() {
        assert_eq!(plain("**Bold** and `code`, *so* on"), "Bold and code, so on");
        assert_eq!(plain("Look:\n```rust\nlet x;\n```\nNice"), "Look:\nlet x;\nNice");
        assert_eq!(plain("```a```\n```b```"), "a\nb");
        assert_eq!(plain("2 * 3 * 4"), "2 * 3 * 4");
    }

    #[test]
    fn marks_around_nothing_show_nothing() {
        for text in ["", "`\u{3164}`", "**\u{200B}**", "_\u{AD}_", "*`\u{2800}`*"] {
            assert!(shows_nothing(text), "{text:?}");
        }
        for text in ["***", "``", "\\*", "```rust\n\u{200B}\n```", "```\n\u{200B}\n```", "*a*", "`"]
        {
            assert!(!shows_nothing(text), "{text:?}");
        }
    }

    #[test]
    fn an_excerpt_is_one_line_of_bounded_length() {
        assert_eq!(excerpt("Tea\n\n at  **five**?", 160), "Tea at five?");
        assert_eq!(excerpt("", 160), "");
        let exactly = "x".repeat(160);
        assert_eq!(excerpt(&exactly, 160), exactly);
        let cut = excerpt(&format!("{exactly}y"), 160);
        assert_eq!((cut.chars().count(), cut.ends_with("x…")), (160, true));
        assert_eq!(excerpt(&format!("a{}b", "\n".repeat(5_000)), 160), "a b");
        assert_eq!(one_line("**a** b", 160), "**a** b");
        assert_eq!(one_line("abc def", 5), "abc…");
        assert_eq!(one_line("abc def", 7), "abc def");
        // The marks around what is cut are not shown.
        let bold = excerpt(&format!("**{}**", "x".repeat(400)), 160);
        assert_eq!(bold, format!("{}…", "x".repeat(159)));
    }

    #[test]
    fn no_character_is_cut_in_two() {
        for character in ["👨‍👩‍👧‍👦", "🇫🇷", "e\u{301}", "नि", "👍🏽"]
        {
            let cut = excerpt(&character.repeat(100), 160);
            let whole = cut.trim_end_matches('…');
            let fit = 159 / character.chars().count();
            assert_eq!(whole, character.repeat(fit), "{character}");
        }
        let endless = format!("a{}", "\u{301}".repeat(400));
        assert_eq!(excerpt(&endless, 160).chars().count(), 160);
    }

    #[test]
    fn initials_of_many_scripts() {
        for (name, marks) in [
            ("Mei Lin 林美", "ML"),
            ("图书馆小组 Library", "图"),
            ("نور الهاشمي", "ن"),
            ("tomás", "T"),
            ("E\u{301}lise d'Arc", "E\u{301}D"),
            ("🌿 Ada", "A"),
            ("🌿", "🌿"),
            ("🇫🇷", "🇫🇷"),
            ("👨‍👩‍👧 🌿", "👨‍👩‍👧"),
            ("\u{200B}🇫🇷", "🇫🇷"),
            ("नि", "नि"),
            ("straße", "S"),
            ("", ""),
            ("\u{3164}", ""),
        ] {
            assert_eq!(initials(name), marks, "{name}");
        }
    }
}
