//! Finds what is emphasized, code, an address or a name in a text, so that it can be shown as views,
//! never as markup: `**bold**`, `*italic*` or `_italic_`, `` `code` ``, and blocks of code between
//! lines of three backticks. All else is as it was written, line breaks included.

use super::links::link_length;

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// Its words, without the marks around them.
    pub text: &'a str,
    /// What they are.
    pub kind: Kind,
    /// Bold.
    pub strong: bool,
    /// Italic.
    pub emphasis: bool,
}

/// What a [`Span`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Plain,
    /// An `http` or `https` address.
    Link,
    /// `@` and what may be a username.
    Mention,
    /// Code within a line.
    Code,
    /// Lines of code.
    Block,
}

const FENCE: &str = "```";

/// Cuts a text into its parts.
#[must_use]
pub fn spans(text: &str) -> Vec<Span<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, code, after)) = block(rest) {
        Line::scan(before, false, false, &mut found);
        found.push(Span { text: code, kind: Kind::Block, strong: false, emphasis: false });
        rest = after;
    }
    Line::scan(rest, false, false, &mut found);
    found
}

/// A text's words alone, for where there is no room for how they look.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut words = String::new();
    for span in spans(text) {
        if span.kind == Kind::Block {
            // It stood on lines of its own.
            words.push('\n');
        }
        words.push_str(span.text);
    }
    words
}

/// The first block of code, with what stands before and after it.
fn block(text: &str) -> Option<(&str, &str, &str)> {
    let opens = |at: &usize| *at == 0 || text.as_bytes()[at - 1] == b'\n';
    let start = text.match_indices(FENCE).map(|(at, _)| at).find(opens)?;
    let inside = &text[start + FENCE.len()..];
    let end = inside.find(FENCE)?;
    let (inside, after) = (&inside[..end], &inside[end + FENCE.len()..]);
    let code = match inside.split_once('\n') {
        // Behind the opening may stand what language it is.
        Some((language, code)) if !language.trim().contains(' ') => code,
        _ => inside,
    };
    let code = code.strip_suffix('\n').unwrap_or(code);
    let before = text[..start].strip_suffix('\n').unwrap_or(&text[..start]);
    let after = after.strip_prefix('\n').unwrap_or(after);
    (!code.trim().is_empty()).then_some((before, code, after))
}

/// A text without blocks, while it is scanned.
struct Line<'a> {
    text: &'a str,
    /// Up to there no `**`, `*`, `_` or `` ` `` closes anything: it need not be looked for again.
    open: [usize; 4],
}

impl<'a> Line<'a> {
    fn scan(text: &'a str, strong: bool, emphasis: bool, found: &mut Vec<Span<'a>>) {
        let mut line = Line { text, open: [0; 4] };
        let (mut from, mut at) = (0, 0);
        let span = |text, kind| Span { text, kind, strong, emphasis };
        while at < text.len() {
            let Some((inside, kind, end)) = line.part(at, strong, emphasis) else {
                at += 1;
                continue;
            };
            if from < at {
                found.push(span(&text[from..at], Kind::Plain));
            }
            match kind {
                Part::Is(kind) => found.push(span(inside, kind)),
                Part::Strong => Self::scan(inside, true, emphasis, found),
                Part::Emphasis => Self::scan(inside, strong, true, found),
            }
            (from, at) = (end, end);
        }
        if from < text.len() {
            found.push(span(&text[from..], Kind::Plain));
        }
    }

    /// What begins at this byte: its inside, what it is, and where it ends.
    fn part(&mut self, at: usize, strong: bool, emphasis: bool) -> Option<(&'a str, Part, usize)> {
        let text = self.text;
        match text.as_bytes()[at] {
            b'`' => self.marked(at, 3, "`", Part::Is(Kind::Code)),
            b'*' if text[at..].starts_with("**") => {
                (!strong).then(|| self.marked(at, 0, "**", Part::Strong))?
            }
            b'*' if !emphasis => self.marked(at, 1, "*", Part::Emphasis),
            b'_' if !emphasis => self.marked(at, 2, "_", Part::Emphasis),
            b'@' | b'h' | b'H' if is_word_at(text, at, false) => None,
            b'@' => {
                let name = text[at + 1..].bytes().take_while(|byte| is_of_username(*byte)).count();
                let name = text[at + 1..at + 1 + name].trim_end_matches(['.', '-']);
                let end = at + 1 + name.len();
                (!name.is_empty()).then_some((&text[at..end], Part::Is(Kind::Mention), end))
            }
            b'h' | b'H' => {
                let end = at + link_length(&text[at..]);
                (end > at).then_some((&text[at..end], Part::Is(Kind::Link), end))
            }
            _ => None,
        }
    }

    /// What stands between this mark and the next that closes it, in the same line.
    fn marked(
        &mut self,
        at: usize,
        index: usize,
        mark: &str,
        part: Part,
    ) -> Option<(&'a str, Part, usize)> {
        let text = self.text;
        let from = at + mark.len();
        let is_code = index == 3;
        let is_inner = |index| mark.len() == 1 && !is_code && is_word_at(text, index, true);
        let first = text[from..].chars().next().filter(|c| !c.is_whitespace())?;
        let is_run = is_code && (text[from..].starts_with('`') || text[..at].ends_with('`'));
        if at < self.open[index] || is_run || at > 0 && is_inner(at - 1) {
            return None;
        }
        let line = from + text[from..].find('\n').unwrap_or(text.len() - from);
        let mut sought = from + first.len_utf8();
        while let Some(close) = text.get(sought..line).and_then(|rest| rest.find(mark)) {
            let mut close = sought + close;
            // Of three stars the last two close what two have opened.
            if index == 0 && text.as_bytes().get(close + 2) == Some(&b'*') {
                close += 1;
            }
            let end = close + mark.len();
            let double = index == 1 && text[end..].starts_with('*');
            let ends = !text[..close].ends_with(char::is_whitespace) || is_code;
            if ends && !double && !is_inner(end) {
                return Some((&text[from..close], part, end));
            }
            sought = end + usize::from(double);
        }
        self.open[index] = line;
        None
    }
}

#[derive(Clone, Copy)]
enum Part {
    Is(Kind),
    Strong,
    Emphasis,
}

/// Whether a letter or digit stands at this byte, or, where `here` is not, before it.
fn is_word_at(text: &str, at: usize, here: bool) -> bool {
    let at = if here { Some(at) } else { at.checked_sub(1) };
    at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_alphanumeric)
}

const fn is_of_username(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

#[cfg(test)]
mod tests {
    use super::{Kind, Span, plain, spans};
    use proptest::prelude::*;

    /// Spans as one would write them down: `b` bold, `i` italic, and the kind.
    fn told(text: &str) -> Vec<String> {
        let tell = |span: Span<'_>| {
            let kind = match span.kind {
                Kind::Plain => "",
                Kind::Link => "link",
                Kind::Mention => "at",
                Kind::Code => "code",
                Kind::Block => "block",
            };
            let (strong, emphasis) =
                (if span.strong { "b" } else { "" }, if span.emphasis { "i" } else { "" });
            format!("{strong}{emphasis}{kind}|{}", span.text)
        };
        spans(text).into_iter().map(tell).collect()
    }

    #[test]
    fn marks_make_words_bold_italic_and_code() {
        assert_eq!(told("a **b c** d"), ["|a ", "b|b c", "| d"]);
        assert_eq!(told("*a* _b_ `c*d*`"), ["i|a", "| ", "i|b", "| ", "code|c*d*"]);
        assert_eq!(told("这是**重要**的"), ["|这是", "b|重要", "|的"]);
        assert_eq!(told("***a***"), ["bi|a"]);
        assert_eq!(told("**a *b* c**"), ["b|a ", "bi|b", "b| c"]);
        assert_eq!(told("*a **b** c*"), ["i|a ", "bi|b", "i| c"]);
    }

    #[test]
    fn what_marks_nothing_stays() {
        for text in [
            "2 * 3 * 4",
            "2*3*4",
            "snake_case_name",
            "** a **",
            "a*",
            "**",
            "****",
            "``",
            "*a\nb*",
            "_",
            "@",
            "`a\nb`",
            "```",
            "```\n```",
            "a@b.example",
            "@.",
            "😀*",
            "x ```y```",
        ] {
            assert_eq!(told(text), [format!("|{text}")], "{text}");
        }
        assert!(spans("").is_empty());
    }

    #[test]
    fn blocks_are_lines_of_code() {
        assert_eq!(
            told("a\n```rust\nlet *x* = 1;\n\ny\n```\nb"),
            ["|a", "block|let *x* = 1;\n\ny", "|b"]
        );
        assert_eq!(told("```x```"), ["block|x"]);
        assert_eq!(told("```\n  x\n```"), ["block|  x"]);
        assert_eq!(told("```a b\nc```"), ["block|a b\nc"]);
    }

    #[test]
    fn addresses_and_names_are_found_within() {
        assert_eq!(told("**https://a.b/c_d_e**"), ["blink|https://a.b/c_d_e"]);
        assert_eq!(told("(@mei.lin, @all.)"), ["|(", "at|@mei.lin", "|, ", "at|@all", "|.)"]);
        assert_eq!(told("`@mei`"), ["code|@mei"]);
    }

    #[test]
    fn a_preview_has_the_words_alone() {
        assert_eq!(plain("**Bold** and `code`, *so* on"), "Bold and code, so on");
        assert_eq!(plain("Look:\n```rust\nlet x;\n```\nNice"), "Look:\nlet x;Nice");
        assert_eq!(plain("2 * 3 * 4"), "2 * 3 * 4");
    }

    #[test]
    fn a_flood_of_marks_takes_no_time() {
        for flood in ["*", "_", "**", "`", "```", "*a ", "_a ", "**a ", "`a ", "a_ ", "*a*b"] {
            let text = flood.repeat(50_000 / flood.len());
            assert!(!spans(&text).is_empty());
        }
    }

    proptest! {
        #[test]
        fn any_text_is_shown_with_all_its_words(text in "[a@h*_`\\n 好t:/p.]{0,60}") {
            let kept = |text: &str| text.chars().filter(|c| !"*_`\n".contains(*c)).count();
            let shown: usize = spans(&text).iter().map(|span| kept(span.text)).sum();
            // The name of a block's language goes.
            prop_assert!(shown <= kept(&text));
            if !text.contains("```") {
                prop_assert_eq!(shown, kept(&text));
            }
        }
    }
}
