//! Whatever reads what people wrote takes time that grows linearly with its length, whatever the text.

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::{excerpt, fold, initials, is_blank, mentions, one_line, plain, spans};
use crate::protocol::ClientFrame;

/// A text eight times as long may take this many times as long: more than eight for the noise of a busy
/// machine, but far from the sixty-four of quadratic time.
const RATIO: f64 = 24.0;
/// Bytes of the shorter texts.
const SHORT: usize = 2_000;

type Reader = (&'static str, fn(&str));

const READERS: [Reader; 9] = [
    ("spans", |text| drop(black_box(spans(text)))),
    ("plain", |text| drop(black_box(plain(text)))),
    ("mentions", |text| {
        black_box(mentions(text).flat_map(super::Mention::readings).count());
    }),
    ("excerpt", |text| drop(black_box(excerpt(text, 160)))),
    ("one line", |text| drop(black_box(one_line(text, 1_000_000)))),
    ("initials", |text| drop(black_box(initials(text)))),
    ("fold", |text| drop(black_box(fold(text)))),
    ("blank", |text| {
        black_box(is_blank(text));
    }),
    ("frame", |text| {
        black_box(ClientFrame::decode(text).is_ok());
    }),
];

/// What texts of trouble are made of.
const PARTS: [&str; 44] = [
    "*",
    "**",
    "***",
    "_",
    "`",
    "``",
    "```",
    "\n```",
    "```\n",
    "\\",
    "\\*",
    "(",
    ")",
    "[",
    "]",
    "http",
    "http://",
    "http://.",
    "http://a",
    "https://a.b/",
    "@",
    "@all ",
    "@bob",
    "@a.b._-",
    "@-",
    "h",
    "a",
    "中",
    "é",
    "e\u{301}",
    "\u{301}",
    "\u{200D}",
    "👨\u{200D}👩",
    "🇫",
    "\u{FE0F}",
    "\u{202E}",
    "\u{1100}",
    "\u{1161}",
    " ",
    "\n",
    ".",
    "\"",
    "{\"",
    "[[",
];

/// Shapes of texts: the first parameter is repeated as long as it takes, behind the second.
fn shapes() -> Vec<(String, String)> {
    let mut shapes: Vec<_> = PARTS.iter().map(|part| ((*part).to_owned(), String::new())).collect();
    for (repeated, first) in [
        (")", "http://a".to_owned()),
        (")", "http://.".repeat(200)),
        ("]", "http://[".repeat(200)),
        ("*a*b ", String::new()),
        ("_a_ ", String::new()),
        ("*a", String::new()),
        ("a_ ", String::new()),
        ("**a ", "*".to_owned()),
        ("`a ", String::new()),
        ("`a``", String::new()),
        ("\n```x", String::new()),
        ("\n```x```y", String::new()),
        (" x", "```".to_owned()),
        ("\u{301}", "a".to_owned()),
        ("\u{200D}👩", "👨".to_owned()),
        ("_", "@".to_owned()),
        (".", "@bob".to_owned()),
        ("http://.)", String::new()),
        ("(http://a.b/", String::new()),
    ] {
        shapes.push((repeated.to_owned(), first));
    }
    // A fixed sequence (an LCG, Numerical Recipes, chapter 7), so that a failure comes again.
    let mut state = 1_u32;
    let mut random = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    for _ in 0..60 {
        let length = 2 + random(6);
        let repeated = (0..length).map(|_| PARTS[random(PARTS.len())]).collect();
        let first = PARTS[random(PARTS.len())].repeat(random(3) * 100);
        shapes.push((repeated, first));
    }
    shapes
}

fn text_of((repeated, first): &(String, String), times: usize) -> String {
    let count = (SHORT / repeated.len()).max(1) * times;
    format!("{}{}", first.repeat(times), repeated.repeat(count))
}

/// The shortest of several runs: what else the machine does only makes them longer.
fn time(read: fn(&str), text: &str) -> Duration {
    let run = |_| {
        let start = Instant::now();
        read(text);
        start.elapsed()
    };
    (0..3).map(run).min().unwrap_or_default()
}

#[test]
fn a_text_of_any_shape_takes_linear_time() {
    for shape in shapes() {
        let (short, long) = (text_of(&shape, 1), text_of(&shape, 8));
        for (name, read) in READERS {
            let takes_long = || {
                let base = time(read, &short).max(Duration::from_micros(20));
                time(read, &long).as_secs_f64() / base.as_secs_f64() > RATIO
            };
            // A busy machine is asked again.
            assert!(!(0..20).all(|_| takes_long()), "{name}: {shape:?}");
        }
    }
}
