//! Feeds what reads the headers of files with libFuzzer's inputs: what is said of an upload and of a piece of it, names,
//! and which part of a file is asked for.

#![no_main]

#[path = "../../server/src/files/uploads/checksum.rs"]
mod checksum;
#[path = "../../server/src/files/names.rs"]
mod names;
#[path = "../../server/src/http/ranges.rs"]
mod ranges;
#[path = "../../server/src/files/uploads/words.rs"]
mod words;

use checksum::Checksum;
use libfuzzer_sys::fuzz_target;
use ranges::{Asked, Wanted};

/// The most bytes of a name.
const NAME: usize = 255;
/// Sizes that a file may have.
const SIZES: [u64; 4] = [0, 1, 1_000, 9_007_199_254_740_991];

fuzz_target!(|text: &str| {
    for (word, value) in words::words(text).unwrap_or_default() {
        assert!(text.contains(word), "{word:?} was not said");
        check_name(&value);
        check_values(&value);
    }
    check_name(text);
    check_values(text);
    if let Some(mut checksum) = Checksum::parse(text) {
        let is_known = |known| text.trim().starts_with(known);
        assert!(Checksum::ALGORITHMS.split(',').any(is_known), "it is not said to be spoken");
        checksum.add(text.as_bytes());
        checksum.fits();
    }
    let lines: Vec<_> = text.lines().collect();
    let line = |at: usize| lines.get(at).copied();
    let asked = Asked { range: line(0), if_range: line(1), if_none_match: line(2) };
    for size in SIZES {
        if let Wanted::Part(range) = Wanted::of(asked, "\"tag\"", size) {
            assert!(range.start < range.end && range.end <= size, "{range:?} of {size}");
        }
    }
});

fn check_name(sent: &str) {
    let name = names::clean(sent);
    assert!((1..=NAME).contains(&name.len()), "{} bytes", name.len());
    assert!(!name.contains(['/', '\\']) && !name.contains(char::is_control), "{name:?}");
    assert!(![".", ".."].contains(&&*name), "{name:?}");
    assert_eq!(names::clean(&name), name, "another one when it is cleaned again");
}

fn check_values(value: &str) {
    if let Some(number) = words::number(value, 1_u32, 65_535) {
        assert!((1..=65_535).contains(&number), "{number}");
    }
    if let Some(peaks) = words::peaks(value) {
        assert!(peaks.len() <= 64 && peaks.iter().all(|peak| *peak <= 100), "{peaks:?}");
    }
}
