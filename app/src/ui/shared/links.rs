//! Finds the addresses in a text, so that they can be shown as links: views, never markup.

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain words, line breaks included.
    Text(&'a str),
    /// An `http` or `https` address.
    Link(&'a str),
}

/// Cuts a text into words and addresses; put together again they are the text.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(start) = next_scheme(rest, from) {
        let length = link_length(&rest[start..]);
        if length == 0 {
            from = start + 4;
            continue;
        }
        if start > 0 {
            found.push(Piece::Text(&rest[..start]));
        }
        found.push(Piece::Link(&rest[start..start + length]));
        rest = &rest[start + length..];
        from = 0;
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    found
}

/// Where the next `http` stands that begins a word.
fn next_scheme(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..bytes.len().saturating_sub(7)).find(|&at| {
        bytes[at..at + 4].eq_ignore_ascii_case(b"http")
            && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric())
    })
}

/// The length of the address at the beginning of `text`; 0 when it is none.
fn link_length(text: &str) -> usize {
    let scheme = ["https://", "http://"]
        .iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|t| t.eq_ignore_ascii_case(scheme)));
    let Some(scheme) = scheme else { return 0 };
    let ends = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`');
    let mut link = &text[..text.find(ends).unwrap_or(text.len())];
    // Punctuation at the end belongs to the sentence, not to the address.
    while let Some(last) = link.chars().next_back() {
        let closes = match last {
            ')' => link.matches(')').count() > link.matches('(').count(),
            ']' => link.matches(']').count() > link.matches('[').count(),
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '…' | '。' | '，' | '、'
            | '！' | '？' | '）' | '」' | '’' | '”' => true,
            _ => false,
        };
        if !closes {
            break;
        }
        link = &link[..link.len() - last.len_utf8()];
    }
    let host_begins = link[scheme.len().min(link.len())..].starts_with(char::is_alphanumeric);
    if host_begins { link.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    fn links(text: &str) -> Vec<&str> {
        let cut = pieces(text);
        let whole: String =
            cut.iter().map(|(Piece::Text(part) | Piece::Link(part))| *part).collect();
        assert_eq!(whole, text);
        cut.into_iter()
            .filter_map(|piece| match piece {
                Piece::Link(link) => Some(link),
                Piece::Text(_) => None,
            })
            .collect()
    }

    #[test]
    fn addresses_are_found_where_they_stand() {
        assert_eq!(links("see https://kith.example/perf."), ["https://kith.example/perf"]);
        assert_eq!(links("(http://a.b/c_(d)) x"), ["http://a.b/c_(d)"]);
        assert_eq!(links("看这里：https://例子.com/路。好"), ["https://例子.com/路。好"]);
        assert_eq!(links("a\nHTTPS://A.B?x=1&y=2#z\nb"), ["HTTPS://A.B?x=1&y=2#z"]);
        assert_eq!(links("http://a http://b"), ["http://a", "http://b"]);
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
