//! The formatting of a text: emphasis, code, addresses and mentions, as spans that are shown as views and
//! never as markup. `**bold**`, `*italic*` or `_italic_`, `` `code` ``, and blocks of code between
//! lines of three backticks. All else is as it was written, line breaks included.
//!
//! A mark behind a backslash marks nothing, and is shown without the backslash.
//!
//! The grammar is our own (docs/decisions/0019, 0027). Marks are matched as `CommonMark` matches its
//! delimiter runs (spec 0.31, "An algorithm for parsing nested emphasis and links"), within a line.

use super::addresses::address_length;
use super::blocks::{Piece, pieces};
use super::characters::{is_of_spaced_word, is_of_word};
use super::names::{Mention, begins_mention, is_name, is_of_name};

/// A part of a text that looks the same throughout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// The text of the span, without the marks around it.
    pub text: &'a str,
    /// The kind of span.
    pub kind: Kind,
    /// Whether it is bold.
    pub strong: bool,
    /// Whether it is italic.
    pub emphasis: bool,
}

/// The kind of a [`Span`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Plain text.
    Plain,
    /// An `http` or `https` address.
    Link,
    /// `@` and a possible username, or `@all`, up to the last character that a username may hold.
    Mention,
    /// Code within a line of text.
    Code,
    /// A block of code.
    Block,
}

/// The most spans of a text, about: the rest is plain, so that nobody waits for a text of marks alone.
const MOST: usize = 1_000;

/// Brackets and quotes behind which a word begins.
const OPENING: &str = "\"'([{“‘«‹„‚（［｛「『【《〈〔〖";

/// Cuts a text into its parts.
#[must_use]
pub fn spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Prose(prose) => Prose::read(prose, &mut spans),
            Piece::Code(text) => {
                spans.push(Span { text, kind: Kind::Block, strong: false, emphasis: false });
            }
        }
    }
    spans
}

/// A part of a text that is not plain, or a mark.
struct Token {
    from: usize,
    to: usize,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// A mention, an address or code, between marks of so many bytes.
    Part(Kind, usize),
    /// A mark without a partner so far.
    Mark,
    /// A mark with a partner; the text is bold from here on (`true`), or up to here.
    Strong(bool),
    /// A mark with a partner; the text is italic from here on (`true`), or up to here.
    Emphasis(bool),
    /// A character that is not shown: a backslash, or the second half of `**`.
    Hidden,
}

/// Marks that may open bold or italic text, and have not been closed.
struct Opener {
    /// `*` or `_`.
    sign: u8,
    /// The number of marks, 1 to 3.
    length: usize,
    /// The index of the first mark's token; the others follow.
    token: usize,
}

/// A text without blocks, while it is read.
struct Prose<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// The open marks, at most one entry for each sign and length.
    openers: Vec<Opener>,
    /// Whether a backslash stood before an underscore that would have opened italic text in this line.
    is_escaped: bool,
    /// The byte up to which no backtick closes code.
    without_backtick: usize,
}

impl<'a> Prose<'a> {
    fn read(text: &'a str, spans: &mut Vec<Span<'a>>) {
        let mut prose = Prose {
            text,
            tokens: Vec::new(),
            openers: Vec::new(),
            is_escaped: false,
            without_backtick: 0,
        };
        let mut at = 0;
        while at < text.len() && spans.len() + prose.tokens.len() < MOST {
            at = prose.step(at);
        }
        prose.write(spans);
    }

    /// Reads the part that begins at this byte; returns where it ends.
    fn step(&mut self, at: usize) -> usize {
        match self.text.as_bytes()[at] {
            b'\n' => {
                self.openers.clear();
                self.is_escaped = false;
            }
            b'\\' => return self.backslash(at),
            b'`' => return self.code(at),
            b'@' => return self.mention(at),
            b'h' | b'H' => return self.address(at),
            sign @ (b'*' | b'_') => {
                let end = at + run(&self.text[at..]);
                self.marks(sign, at, end);
                return end;
            }
            _ => {}
        }
        at + 1
    }

    fn push(&mut self, from: usize, to: usize, what: What) -> usize {
        self.tokens.push(Token { from, to, what });
        to
    }

    fn before(&self, at: usize) -> Option<char> {
        self.text[..at].chars().next_back()
    }

    fn after(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    /// A backslash before a sign that could mark something there.
    fn backslash(&mut self, at: usize) -> usize {
        let mark = at + 1;
        let marks = match self.text.as_bytes().get(mark) {
            Some(b'*' | b'`') => true,
            // Where no underscore could mark anything it stays, as in `¯\_(ツ)_/¯`.
            Some(b'_') => {
                let next = self.after(mark + 1);
                let opens = self.opens_word(at, next);
                self.is_escaped |= opens;
                let closes = self.is_escaped || self.is_open(b'_');
                opens || closes && ends_word(self.before(at), next)
            }
            _ => false,
        };
        if !marks {
            return mark;
        }
        self.push(at, mark, What::Hidden);
        mark + 1
    }

    /// What stands between this backtick and the next, in the same line.
    fn code(&mut self, at: usize) -> usize {
        let from = at + run(&self.text[at..]);
        if from > at + 1 || at < self.without_backtick {
            return from;
        }
        if self.after(from).is_none_or(char::is_whitespace) {
            return from;
        }
        let mut close = from;
        loop {
            let rest = &self.text[close..];
            let Some(length) = rest.find(['`', '\n']).filter(|at| rest[*at..].starts_with('`'))
            else {
                self.without_backtick = close + rest.find('\n').unwrap_or(rest.len());
                return from;
            };
            close += length;
            match run(&self.text[close..]) {
                1 => return self.push(at, close + 1, What::Part(Kind::Code, 1)),
                more => close += more,
            }
        }
    }

    fn address(&mut self, at: usize) -> usize {
        let follows = self
            .tokens
            .last()
            .is_some_and(|token| token.to == at && matches!(token.what, What::Part(Kind::Link, _)));
        if !follows && self.before(at).is_some_and(is_of_spaced_word) {
            return at + 1;
        }
        match address_length(&self.text[at..]) {
            0 => at + 1,
            length => self.push(at, at + length, What::Part(Kind::Link, 0)),
        }
    }

    fn mention(&mut self, at: usize) -> usize {
        let from = at + 1;
        let before = match self.openers.last() {
            // It marks what is italic.
            Some(opener) if self.tokens[opener.token].to == at => None,
            _ => self.before(at),
        };
        let length = self.text[from..].bytes().take_while(|byte| is_of_name(*byte)).count();
        let mut to = from + length;
        if self.is_open(b'_') {
            // The first underscore behind the name that can close what is open does so.
            let bare = from + Mention { name: &self.text[from..to] }.bare().len();
            let closes = |at: &usize| {
                self.text.as_bytes()[*at] == b'_' && ends_word(self.before(*at), self.after(at + 1))
            };
            to = (bare..to).find(closes).unwrap_or(to);
        }
        if begins_mention(before) && is_name(&self.text[from..to]) {
            self.push(at, to, What::Part(Kind::Mention, 0))
        } else {
            from
        }
    }

    /// Whether an underscore here, before `next`, stands where a word begins.
    fn opens_word(&self, at: usize, next: Option<char>) -> bool {
        // Marks around it stand where the word begins as well.
        let before = self.text[..at].trim_end_matches('*').chars().next_back();
        let begins = before.is_none_or(|c| c.is_whitespace() || OPENING.contains(c));
        begins && next.is_some_and(|next| !next.is_whitespace() && next != '_')
    }

    fn is_open(&self, sign: u8) -> bool {
        self.openers.iter().any(|opener| opener.sign == sign)
    }

    /// Marks of one sign that stand together: they close what is open, or may open something.
    fn marks(&mut self, sign: u8, from: usize, to: usize) {
        let (before, next) = (self.before(from), self.after(to));
        let length = to - from;
        let flanks = |side: Option<char>| side.is_some_and(|side| !side.is_whitespace());
        let (opens, closes) = if sign == b'_' {
            let single = length == 1;
            (single && self.opens_word(from, next), single && ends_word(before, next))
        } else {
            let ascii = |side: Option<char>| side.is_some_and(|side| side.is_ascii_alphanumeric());
            let word = |side: Option<char>| side.is_some_and(is_of_spaced_word);
            let strong = length == 1 || !(ascii(before) && ascii(next));
            let emphasis = length == 2;
            (
                strong && flanks(next) && (emphasis || !word(before)),
                strong && flanks(before) && (emphasis || !word(next)),
            )
        };
        if length > 3 || !opens && !closes {
            return;
        }
        let mut token = self.tokens.len();
        for at in from..to {
            self.push(at, at + 1, What::Mark);
        }
        let mut left = length;
        while closes && left > 0 {
            let Some((position, used)) = self.opened(sign, left) else { break };
            self.pair(position, token, used);
            token += used;
            left -= used;
        }
        let is_new = |opener: &Opener| opener.sign != sign || opener.length != left;
        if opens && left > 0 && self.openers.iter().all(is_new) {
            self.openers.push(Opener { sign, length: left, token });
        }
    }

    /// The last opener that so many marks can close, and how many of them that takes.
    fn opened(&self, sign: u8, left: usize) -> Option<(usize, usize)> {
        let fits = |(position, opener): (usize, &Opener)| {
            let used = match (opener.length, left) {
                (1, 1 | 3) => 1,
                (2, 2 | 3) => 2,
                (3, left) => left.min(2),
                _ => return None,
            };
            (opener.sign == sign).then_some((position, used))
        };
        self.openers.iter().enumerate().rev().find_map(fits)
    }

    /// So many marks of an opener, its last ones, and as many from this token on belong together. What was
    /// opened in between marks nothing.
    fn pair(&mut self, position: usize, closing: usize, used: usize) {
        self.openers.truncate(position + 1);
        let opener = &mut self.openers[position];
        opener.length -= used;
        let opening = opener.token + opener.length;
        if opener.length == 0 {
            self.openers.truncate(position);
        }
        for (token, begins) in [(opening, true), (closing, false)] {
            let what = if used == 2 { What::Strong(begins) } else { What::Emphasis(begins) };
            self.tokens[token].what = what;
            if used == 2 {
                self.tokens[token + 1].what = What::Hidden;
            }
        }
    }

    /// Writes the parts down, with the words between them.
    fn write(&self, spans: &mut Vec<Span<'a>>) {
        // Styles may be nested in themselves, as in `*a _b_ c*`.
        let (mut strong, mut emphasis) = (0_u32, 0_u32);
        let mut done = 0;
        for token in self.tokens.iter().filter(|token| token.what != What::Mark) {
            let mut span = |from: usize, to: usize, kind| {
                if from < to {
                    let text = &self.text[from..to];
                    spans.push(Span { text, kind, strong: strong > 0, emphasis: emphasis > 0 });
                }
            };
            span(done, token.from, Kind::Plain);
            done = token.to;
            match token.what {
                What::Part(kind, marks) => span(token.from + marks, token.to - marks, kind),
                What::Strong(true) => strong += 1,
                What::Strong(false) => strong -= 1,
                What::Emphasis(true) => emphasis += 1,
                What::Emphasis(false) => emphasis -= 1,
                What::Hidden | What::Mark => {}
            }
        }
        if done < self.text.len() {
            let text = &self.text[done..];
            spans.push(Span { text, kind: Kind::Plain, strong: false, emphasis: false });
        }
    }
}

/// Whether an underscore between these stands where a word ends.
fn ends_word(before: Option<char>, next: Option<char>) -> bool {
    before.is_some_and(|before| !before.is_whitespace() && before != '_')
        && next.is_none_or(|next| !is_of_word(next) && next != '_')
}

/// How often the first byte of a text stands at its beginning.
fn run(text: &str) -> usize {
    let first = text.as_bytes().first();
    text.bytes().take_while(|byte| Some(byte) == first).count()
}

#[cfg(test)]
mod tests {
    use super::super::plain;
    use super::{Kind, MOST, Span, spans};
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

    fn stays(text: &str) {
        assert_eq!(told(text), [format!("|{text}")], "{text}");
    }

    #[test]
    fn marks_make_words_bold_italic_and_code() {
        assert_eq!(told("a **b c** d"), ["|a ", "b|b c", "| d"]);
        assert_eq!(told("*a* _b_ `c*d*`"), ["i|a", "| ", "i|b", "| ", "code|c*d*"]);
        assert_eq!(told("这是**重要**的"), ["|这是", "b|重要", "|的"]);
        assert_eq!(told("***a***"), ["bi|a"]);
        assert_eq!(told("**a *b* c**"), ["b|a ", "bi|b", "b| c"]);
        assert_eq!(told("*a **b** c*"), ["i|a ", "bi|b", "i| c"]);
        assert_eq!(told("***a** b*"), ["bi|a", "i| b"]);
        assert_eq!(told("***a* b**"), ["bi|a", "b| b"]);
        assert_eq!(told("**a *b***"), ["b|a ", "bi|b"]);
        assert_eq!(told("*a _b_ c*"), ["i|a ", "i|b", "i| c"]);
        assert_eq!(told("**_a_** _**b**_"), ["bi|a", "| ", "bi|b"]);
        assert_eq!(told("*a `b*` c*"), ["i|a ", "icode|b*", "i| c"]);
        assert_eq!(told("*a\n*b* `c``d`"), ["|*a\n", "i|b", "| ", "code|c``d"]);
        assert_eq!(told("**a** **b**"), ["b|a", "| ", "b|b"]);
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
            "x**2 + y**2",
            "f(*args, **kwargs)",
            "a**b**c",
            "**a*",
            "*a**",
            "`a",
            "` a`",
        ] {
            stays(text);
        }
        assert!(spans("").is_empty());
    }

    #[test]
    fn an_underscore_marks_whole_words() {
        for text in [
            "мой_файл_тест.txt",
            "__init__",
            "¯\\_(ツ)_/¯",
            "^_^ yes ^_^",
            "a _b_c",
            "a_b_ c",
            "这是_强调_的",
            "_ a_",
            "_a _",
            "__a__",
            "_a__",
            "café_é_",
            "-_- and -_-",
            "_x_1",
            "_\u{43A}_и\u{306}",
        ] {
            stays(text);
        }
        assert_eq!(
            told("_a b_, (_c_) \"_d_\" “_e_” 「_f_」"),
            ["i|a b", "|, (", "i|c", "|) \"", "i|d", "|\" “", "i|e", "|” 「", "i|f", "|」"]
        );
        assert_eq!(told("_a_b c_"), ["i|a_b c"]);
        assert_eq!(told("_https://a.b/c_ d_"), ["ilink|https://a.b/c", "| d_"]);
        assert_eq!(told("_see https://a.b/_x_ now_"), ["i|see ", "ilink|https://a.b/_x", "| now_"]);
    }

    #[test]
    fn a_star_may_stand_between_letters_of_a_script_without_blanks() {
        assert_eq!(told("中文*强调*中文"), ["|中文", "i|强调", "|中文"]);
        assert_eq!(told("使用*Rust*语言"), ["|使用", "i|Rust", "|语言"]);
        assert_eq!(told("한국*강조*는"), ["|한국", "i|강조", "|는"]);
        assert_eq!(told("ก*ข*ค"), ["|ก", "i|ข", "|ค"]);
        for text in ["слово*слово*слово", "a*强调*b", "é*è*é"] {
            stays(text);
        }
        assert_eq!(told("слово**слово**слово"), ["|слово", "b|слово", "|слово"]);
        assert_eq!(told("中**a**文"), ["|中", "b|a", "|文"]);
    }

    #[test]
    fn a_backslash_shows_the_mark() {
        assert_eq!(plain("\\*a\\* \\_b\\_ \\`c\\` \\**d**"), "*a* _b_ `c` **d**");
        assert_eq!(told("*a \\* b*"), ["i|a ", "i|* b"]);
        assert_eq!(told("`C:\\` x"), ["code|C:\\", "| x"]);
        assert_eq!(told("\\```\nx\n```"), ["|```\nx\n```"]);
        for text in ["a\\b", "C:\\temp\\new", "\\", "snake\\_case", "\\@mei", "\\n \\\\"] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn blocks_are_lines_of_code() {
        assert_eq!(
            told("a\n```rust\nlet *x* = 1;\n\ny\n```\nb"),
            ["|a", "block|let *x* = 1;\n\ny", "|b"]
        );
        assert_eq!(told("```x```"), ["block|x"]);
        assert_eq!(told("```\n  x\n```"), ["block|  x"]);
        assert_eq!(told("```\n\n  x\n\n```"), ["block|\n  x\n"]);
        assert_eq!(told("```a b\nc```"), ["block|a b\nc"]);
        assert_eq!(told("```\n```\n```x```"), ["|```\n```", "block|x"]);
        assert_eq!(told("````\nx\n````"), ["block|x"]);
        assert_eq!(told("```\nx\n  ```  \ny"), ["block|x", "|  \ny"]);
    }

    #[test]
    fn the_name_of_a_language_is_not_shown() {
        for language in ["rust", "c++", "c#", "objective-c", "asp.net", "F#", " js "] {
            assert_eq!(told(&format!("```{language}\nx\n```")), ["block|x"], "{language}");
        }
        // No code follows, or it is code itself, or the fence does not close on a line of its own.
        for code in
            ["ls", "{\n  \"a\": 1\n}", "<div>\n</div>", "a b\nc", "$x\ny", "你好\nx", "a_b\nc"]
        {
            assert_eq!(told(&format!("```{code}\n```")), [format!("block|{code}")]);
        }
        assert_eq!(told("```rust\nx```"), ["block|rust\nx"]);
        assert_eq!(told("```rust\nx\n``` y"), ["block|rust\nx", "| y"]);
    }

    #[test]
    fn addresses_and_names_are_found_within() {
        assert_eq!(told("**https://a.b/c_d_e**"), ["blink|https://a.b/c_d_e"]);
        assert_eq!(told("(@mei.lin, @all.)"), ["|(", "at|@mei.lin", "|, ", "at|@all.", "|)"]);
        assert_eq!(told("`@mei`"), ["code|@mei"]);
        assert_eq!(told("_@mei_ _@mei_."), ["iat|@mei", "| ", "iat|@mei", "|."]);
        assert_eq!(told("@mei_ **@tom**"), ["at|@mei_", "| ", "bat|@tom"]);
        assert_eq!(told("https://medium.example/@bob/x"), ["link|https://medium.example/@bob/x"]);
    }

    #[test]
    fn a_flood_of_marks_has_so_many_spans() {
        for flood in ["*a*b ", "`a` ", "@bob ", "http://a ", "_a_ b ", "**a** b "] {
            let text = flood.repeat(50_000 / flood.len());
            let spans = spans(&text);
            assert!(spans.len() <= 2 * MOST, "{flood}: {}", spans.len());
            assert!(text.ends_with(spans[spans.len() - 1].text), "{flood}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_shown_with_all_its_words(text in r"[a@h*_`\n 好t:/p.\\]{0,60}") {
            let kept = |text: &str| text.chars().filter(|c| !r"*_`\".contains(*c) && !c.is_whitespace()).count();
            let shown: usize = spans(&text).iter().map(|span| kept(span.text)).sum();
            // The name of a block's language goes.
            prop_assert!(shown <= kept(&text));
            if !text.contains("```") {
                prop_assert_eq!(shown, kept(&text));
            }
        }
    }
}
