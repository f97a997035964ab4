//! Feeds the reading and cleaning of pictures with libFuzzer's inputs: nothing panics, nothing grows, and what was
//! cleaned is not changed by cleaning it again.

#![no_main]

#[path = "../../server/src/files/pictures/cleaning/mod.rs"]
mod cleaning;

use std::io::{Cursor, ErrorKind};

use cleaning::{Format, Header, clean};
use libfuzzer_sys::{Corpus, fuzz_target};

/// The most bytes that a picture may gain: what says how it is to be turned, and even lengths.
const GAINED: usize = 64;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let mime = match bytes {
        [0xff, ..] => "image/jpeg",
        [0x89, ..] => "image/png",
        [b'G', ..] => "image/gif",
        [b'R', ..] => "image/webp",
        _ => return Corpus::Reject,
    };
    let Some(format) = Format::of(mime) else { return Corpus::Reject };
    let Some((header, once)) = cleaned(format, bytes) else { return Corpus::Keep };
    assert!(once.len() <= bytes.len() + GAINED, "{} of {} bytes", once.len(), bytes.len());
    let sides = (header.width, header.height);
    assert!([sides, (sides.1, sides.0)].contains(&header.seen()), "another size: {header:?}");
    if header.is_whole {
        assert_eq!(cleaned(format, &once), Some((header, once)), "changed by another cleaning");
    }
    Corpus::Keep
});

fn cleaned(format: Format, bytes: &[u8]) -> Option<(Header, Vec<u8>)> {
    let mut output = Cursor::new(Vec::new());
    match clean(format, &mut &*bytes, &mut output) {
        Ok(header) => Some((header, output.into_inner())),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
            None
        }
    }
}
