//! Addresses of the web in a text: where they begin and end.

use super::characters::is_format;

/// The length in bytes of the `http` or `https` address at the beginning of `text`; 0: there is none.
///
/// It ends at a blank, a quotation mark, a format character, East Asian punctuation, and where another address
/// begins. Punctuation at its end belongs to the sentence, and so does a closing bracket that was not opened
/// within the address.
pub(super) fn address_length(text: &str) -> usize {
    let Some(scheme) = scheme_length(text) else { return 0 };
    if !text[scheme..].starts_with(char::is_alphanumeric) {
        return 0;
    }
    // Opened and not yet closed; below zero: closed without having been opened.
    let (mut round, mut square) = (0_i32, 0_i32);
    let mut end = text.len();
    for (at, c) in text.char_indices().skip(scheme) {
        let is_another = matches!(c, 'h' | 'H') && scheme_length(&text[at..]).is_some();
        if is_another || ends(c) {
            end = at;
            break;
        }
        match c {
            '(' => round += 1,
            ')' => round -= 1,
            '[' => square += 1,
            ']' => square -= 1,
            _ => {}
        }
    }
    let trailing = text[..end].char_indices().rev().find(|(_, c)| match c {
        ')' if round < 0 => {
            round += 1;
            false
        }
        ']' if square < 0 => {
            square += 1;
            false
        }
        c => !may_follow(*c),
    });
    trailing.map_or(0, |(at, last)| at + last.len_utf8())
}

/// The length in bytes of the `http://` or `https://` at the beginning of a text; absent: there is none.
fn scheme_length(text: &str) -> Option<usize> {
    let schemes = ["https://", "http://"].iter().map(|scheme| (scheme, text.get(..scheme.len())));
    let mut fitting = schemes.filter(|(scheme, begins)| {
        begins.is_some_and(|begins| begins.eq_ignore_ascii_case(scheme))
    });
    fitting.next().map(|(scheme, _)| scheme.len())
}

/// Whether the character ends an address wherever it stands.
fn ends(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || is_format(c)
        || matches!(c, '<' | '>' | '"' | '`' | '，' | '。' | '、' | '；' | '：' | '！' | '？')
        || matches!(
            c,
            '（' | '）' | '「' | '」' | '『' | '』' | '【' | '】' | '《' | '》' | '“' | '”'
        )
}

/// Whether the character belongs to the sentence when it stands at the end of an address.
const fn may_follow(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '…' | '’')
}

#[cfg(test)]
mod tests {
    use crate::protocol::text::{Kind, spans};

    fn links(text: &str) -> Vec<&str> {
        let links = spans(text).into_iter().filter(|span| span.kind == Kind::Link);
        links.map(|span| span.text).collect()
    }

    #[test]
    fn addresses_are_found_where_they_stand() {
        assert_eq!(links("see https://kith.example/perf."), ["https://kith.example/perf"]);
        assert_eq!(links("(http://a.b/c_(d)) x"), ["http://a.b/c_(d)"]);
        assert_eq!(links("[http://a.b/[c]]."), ["http://a.b/[c]"]);
        assert_eq!(links("http://a.b/x).)]"), ["http://a.b/x"]);
        assert_eq!(links("a\nHTTPS://A.B?x=1&y=2#z\nb"), ["HTTPS://A.B?x=1&y=2#z"]);
        assert_eq!(links("http://a http://b"), ["http://a", "http://b"]);
        assert_eq!(links("https://例子.com/路径/页 x"), ["https://例子.com/路径/页"]);
    }

    #[test]
    fn addresses_end_where_a_sentence_of_east_asia_goes_on() {
        assert_eq!(links("看这里：https://例子.com/路。好"), ["https://例子.com/路"]);
        assert_eq!(
            links("见https://penguin.example/路径，然后继续"),
            ["https://penguin.example/路径"]
        );
        for sign in "，。、；：！？（）「」『』【】《》“”".chars() {
            assert_eq!(links(&format!("https://a.b/c{sign}d")), ["https://a.b/c"], "{sign}");
        }
    }

    #[test]
    fn an_address_ends_where_another_begins() {
        assert_eq!(
            links("http://a.bhttp://c.d/HTTPS://e"),
            ["http://a.b", "http://c.d/", "HTTPS://e"]
        );
        assert_eq!(links("http://a.b/http:/c"), ["http://a.b/http:/c"]);
    }

    #[test]
    fn an_address_ends_at_a_sign_that_is_not_seen() {
        for sign in ['\u{202E}', '\u{200B}', '\u{AD}', '\u{2066}', '\u{FEFF}', '\u{200D}'] {
            assert_eq!(links(&format!("https://a.b/c{sign}d")), ["https://a.b/c"], "{sign:?}");
        }
    }

    #[test]
    fn nothing_else_becomes_a_link() {
        for text in [
            "javascript:alert(1)",
            "http://",
            "https://.",
            "xhttp://a",
            "ftp://a",
            "",
            "httphttp",
            "data:text/html,http",
            "http:/a",
            "👋 http",
        ] {
            assert!(links(text).is_empty(), "{text}");
        }
        assert_eq!(links("http://a\"onclick=x"), ["http://a"]);
        assert_eq!(links("<http://a>"), ["http://a"]);
    }
}
