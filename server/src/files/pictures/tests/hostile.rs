//! What is no picture, or one that would cost too much: refused, or only ever a download.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;

use super::super::{ExamineError, Purpose};
use super::{Spool, has, photo, samples};
use crate::files::media_type::OTHER;

/// A GIF of many pictures, each as large as its screen and of one colour.
fn gif(width: u16, height: u16, pictures: usize) -> Vec<u8> {
    let size = [width.to_le_bytes(), height.to_le_bytes()].concat();
    let colours = [0; 6];
    let screen = [b"GIF89a", &size[..], &[0x80, 0, 0], &colours].concat();
    // Clear and end, and no pixel between.
    let picture = [&[0x2c, 0, 0, 0, 0], &size[..], &[0, 2, 1, 0x2c, 0]].concat();
    [screen, picture.repeat(pictures), vec![0x3b]].concat()
}

#[test]
fn a_bomb_is_a_download() {
    let animation = gif(5_000, 4_000, 40);
    let bombs = [samples::BOMB, &animation, &gif(20_000, 10, 1), &gif(5_000, 4_000, 1)];
    for bomb in bombs {
        let begun = Instant::now();
        let (examined, kept) = photo(bomb);
        assert_eq!((&*examined.mime, examined.width, examined.thumbnail), (OTHER, None, None));
        assert_eq!(kept, bomb);
        assert_eq!(Spool::of(bomb).examine(Purpose::File).unwrap().mime, OTHER);
        assert!(matches!(Spool::of(bomb).avatar(), Err(ExamineError::Unsupported)));
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
    assert_eq!(samples::BOMB.len(), 65);
}

#[test]
fn what_is_no_picture_is_no_photo() {
    let html = b"<!DOCTYPE html><script>alert(1)</script>".as_slice();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".as_slice();
    let script = b"GIF89a/*\xff\xff\0\0\0*/=alert(1)//".as_slice();
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and a place".as_slice();
    let pdf = b"%PDF-1.7 a place".as_slice();
    for bytes in [html, svg, script, heic, pdf, b"\x89PNG\r\n\x1a\n<html>alert(1)</html>", b""] {
        let photo = Spool::of(bytes).examine(Purpose::Photo);
        assert!(
            matches!(photo, Err(ExamineError::Unsupported)),
            "{}",
            String::from_utf8_lossy(bytes)
        );
        let file = Spool::of(bytes).examine(Purpose::File).unwrap();
        assert_eq!(file.mime, OTHER, "{}", String::from_utf8_lossy(bytes));
        let voice = Spool::of(bytes).examine(Purpose::Voice);
        assert!(matches!(voice, Err(ExamineError::Unsupported)));
    }
}

#[test]
fn what_hangs_on_a_picture_is_left_behind() {
    for (name, bytes) in samples::whole() {
        let polyglot = [bytes, b"PK\x03\x04<html><script>alert(1)</script>"].concat();
        let (examined, kept) = photo(&polyglot);
        assert!(examined.thumbnail.is_some() && !has(&kept, b"alert"), "{name}");
    }
}

#[test]
fn a_picture_that_ends_too_early_is_a_clean_download() {
    let (examined, kept) = photo(samples::TRUNCATED);
    assert_eq!((&*examined.mime, examined.thumbnail), (OTHER, None));
    assert!(!has(&kept, b"SECRET") && kept.len() > 300);
    for (name, bytes) in samples::WITH_PLACE {
        for length in 12..bytes.len() {
            let spool = Spool::of(&bytes[..length]);
            match spool.examine(Purpose::Photo) {
                Ok(_) => assert!(!has(&spool.bytes(), b"SECRET"), "{name}, {length} bytes"),
                Err(error) => assert!(matches!(error, ExamineError::Unsupported), "{error}"),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Bytes changed, cut and doubled anywhere: nothing breaks, nothing grows, nothing takes long.
    #[test]
    fn whatever_comes_is_answered(
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 0..6),
        cut in any::<Index>(),
        is_cut in any::<bool>(),
    ) {
        for (name, bytes) in samples::whole() {
            let mut bytes = bytes.to_vec();
            for (at, value) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *value;
            }
            if is_cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            let begun = Instant::now();
            let spool = Spool::of(&bytes);
            match spool.examine(Purpose::Photo) {
                Ok(_) => prop_assert!(spool.bytes().len() <= bytes.len() + 64, "{name}"),
                Err(error) => prop_assert!(matches!(error, ExamineError::Unsupported), "{name}: {error}"),
            }
            let _ = Spool::of(&bytes).avatar();
            prop_assert!(begun.elapsed() < Duration::from_secs(10), "{name}");
        }
    }
}
