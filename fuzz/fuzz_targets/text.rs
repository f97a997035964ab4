//! Feeds the grammar of texts with libFuzzer's inputs: nothing panics, nothing but marks is lost, spans stand in
//! the text and in its order, and an excerpt keeps its bound.

#![no_main]

use app::protocol::text::{
    Kind, Mention, begins_mention, excerpt, fold, initials, is_blank, mentions, one_line, plain,
    spans,
};
use app::protocol::{MessageText, limits};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(text) = str::from_utf8(bytes) else { return Corpus::Reject };
    check_spans(text);
    for mention in mentions(text) {
        check_mention(mention);
    }
    for short in [excerpt(text, limits::EXCERPT), one_line(text, limits::EXCERPT)] {
        assert!(short.chars().count() <= limits::EXCERPT, "too long: {short:?}");
        assert!(!short.contains('\n'), "more than a line: {short:?}");
    }
    let is_refused = MessageText::parse(text).is_err();
    assert!(is_refused || !is_blank(&plain(text)), "nothing of {text:?} is shown");
    assert!(fold(text).len() <= 40 * text.len(), "a key without end");
    let first = initials(text);
    assert!(text.is_empty() || first.chars().count() <= text.chars().count() * 3, "{first:?}");
    Corpus::Keep
});

fn check_spans(text: &str) {
    let mut from = 0;
    for span in spans(text) {
        assert!(!span.text.is_empty(), "nothing in {span:?}");
        let at = span.text.as_ptr() as usize - text.as_ptr() as usize;
        assert!(at >= from, "{span:?} comes again");
        let between = &text[from..at];
        let hidden = |c: char| matches!(c, '*' | '_' | '`' | '\\') || c.is_whitespace();
        let is_language = between.contains("```");
        assert!(is_language || between.chars().all(hidden), "{between:?} is lost");
        from = at + span.text.len();
        let lower = span.text.to_ascii_lowercase();
        let before = text[..at].chars().next_back().filter(|c| *c != '_');
        match span.kind {
            Kind::Link => assert!(lower.starts_with("http://") || lower.starts_with("https://")),
            Kind::Mention => assert!(begins_mention(before)),
            Kind::Code => assert!(!span.text.contains('\n')),
            Kind::Plain | Kind::Block => {}
        }
    }
}

fn check_mention(mention: Mention<'_>) {
    let names: Vec<_> = mention.readings().collect();
    assert!((1..=5).contains(&names.len()), "{names:?}");
    let fits = |name: &&str| (limits::USERNAME_MIN..=limits::USERNAME_MAX).contains(&name.len());
    assert!(names.iter().all(fits), "{names:?}");
}
