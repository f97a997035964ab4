//! Knows an address at the beginning of a text.

/// The bytes of the `http` or `https` address at the beginning of `text`; 0 when it is none.
#[must_use]
pub fn link_length(text: &str) -> usize {
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
    use crate::ui::shared::formatting::{Kind, spans};

    fn links(text: &str) -> Vec<&str> {
        let links = spans(text).into_iter().filter(|span| span.kind == Kind::Link);
        links.map(|span| span.text).collect()
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
