//! Photos lose what they tell and keep how they look; files keep every byte.

use std::io::Cursor;

use super::super::cleaning::{Format, Header, clean};
use super::super::decoding::decode;
use super::super::pixels::Pixels;
use super::super::{Purpose, Thumbnail};
use super::{Spool, has, photo, samples};
use crate::files::media_type;

/// 29.58 seconds, as the place of the samples has them.
const SECONDS: &[u8] = &[0, 0, 0x0b, 0x8e, 0, 0, 0, 100];

fn format(bytes: &[u8]) -> Format {
    Format::of(media_type::of(bytes, Purpose::Photo)).unwrap()
}

fn cleaned(bytes: &[u8]) -> (Header, Vec<u8>) {
    let mut output = Cursor::new(Vec::new());
    let header = clean(format(bytes), &mut &*bytes, &mut output).unwrap();
    (header, output.into_inner())
}

fn pixels(bytes: &[u8]) -> Pixels {
    let (header, _) = cleaned(bytes);
    let whole = (u32::MAX, u32::MAX);
    decode(format(bytes), &header, &mut Cursor::new(bytes), whole).unwrap()
}

fn shown(thumbnail: &Thumbnail) -> Pixels {
    pixels(&thumbnail.bytes)
}

/// Red, green and blue at a place.
fn at(pixels: &Pixels, x: u32, y: u32) -> [u8; 3] {
    let at = (y * pixels.width + x) as usize * pixels.channels;
    *pixels.data[at..].first_chunk().unwrap()
}

fn is_near(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 14)
}

#[test]
fn a_photo_comes_out_without_its_place() {
    for (name, bytes) in samples::WITH_PLACE.into_iter().chain(samples::ANIMATED) {
        let had = has(bytes, b"SECRET");
        let (examined, kept) = photo(bytes);
        assert!(had || !name.contains("place"), "{name}: the sample has a place");
        assert!(!has(&kept, b"SECRET") && !has(&kept, SECONDS), "{name}");
        assert_eq!(pixels(bytes), pixels(&kept), "{name}: no pixel changes");
        assert!(examined.thumbnail.is_some_and(|thumbnail| !has(&thumbnail.bytes, b"SECRET")));
    }
}

#[test]
fn what_is_cleaned_stays_as_it_is() {
    for (name, bytes) in samples::whole() {
        let (header, once) = cleaned(bytes);
        assert!(header.is_whole, "{name}");
        let (again, twice) = cleaned(&once);
        assert_eq!((header, once), (again, twice), "{name}");
    }
}

#[test]
fn a_file_keeps_its_bytes() {
    for (name, bytes) in samples::whole() {
        let spool = Spool::of(bytes);
        let examined = spool.examine(Purpose::File).unwrap();
        assert_eq!(spool.bytes(), bytes, "{name}");
        assert_eq!(examined.mime, media_type::of(bytes, Purpose::File), "{name}");
        let size = if name.contains("place") { (32, 48) } else { (48, 32) };
        assert_eq!(examined.width.zip(examined.height), Some(size), "{name}");
        assert_eq!((examined.thumbnail, examined.color), (None, None), "{name}");
        assert_eq!(examined.animated, name.contains("animated"), "{name}");
    }
}

#[test]
fn a_photo_has_a_thumbnail_and_its_colour() {
    for (name, bytes) in samples::whole() {
        let (examined, kept) = photo(bytes);
        let thumbnail = examined.thumbnail.unwrap();
        let small = shown(&thumbnail);
        assert_eq!(Some(small.width).zip(Some(small.height)), examined.width.zip(examined.height));
        assert_eq!(examined.animated, name.contains("animated"), "{name}");
        assert!(kept.len() <= bytes.len(), "{name}");
        let is_transparent = name.contains("transparent") || name.ends_with("place.png");
        let mime = if is_transparent { "image/png" } else { "image/jpeg" };
        assert_eq!((thumbnail.mime, small.channels == 4), (mime, is_transparent), "{name}");
        let [_, red, green, blue] = examined.color.unwrap().to_be_bytes();
        if !name.contains("grey") {
            let expected = if is_transparent { 57 } else { 117 };
            assert!(
                is_near([red, green, blue], [expected, 108, 96]),
                "{name}: {red} {green} {blue}"
            );
        }
    }
}

#[test]
fn a_photo_on_its_side_is_seen_upright() {
    for (name, bytes) in samples::WITH_PLACE {
        let (examined, kept) = photo(bytes);
        assert_eq!((examined.width, examined.height), (Some(32), Some(48)), "{name}");
        assert_eq!(cleaned(&kept).0.orientation, 6, "{name}: browsers are told, too");
        // What was at the top left is at the top right.
        let small = shown(&examined.thumbnail.unwrap());
        assert!(is_near(at(&small, 30, 1), [0, 0, 96]), "{name}: {:?}", at(&small, 30, 1));
        assert!(is_near(at(&small, 1, 1), [0, 217, 96]), "{name}: {:?}", at(&small, 1, 1));
    }
}

#[test]
fn an_avatar_is_the_square_in_the_middle() {
    for (name, bytes) in samples::whole() {
        let made = Spool::of(bytes).avatar().unwrap();
        let small = shown(&made);
        assert_eq!((small.width, small.height), (32, 32), "{name}");
        assert!(!has(&made.bytes, b"SECRET"), "{name}");
        if name == "progressive.jpg" {
            assert!(is_near(at(&small, 0, 0), [40, 0, 96]), "{:?}", at(&small, 0, 0));
            assert!(is_near(at(&small, 31, 31), [195, 217, 96]), "{:?}", at(&small, 31, 31));
        }
    }
    let wide = image_of(2_000, 500);
    let made = Spool::of(&wide).avatar().unwrap();
    assert_eq!((made.mime, shown(&made).width, shown(&made).height), ("image/jpeg", 256, 256));
}

/// A JPEG of one colour.
fn image_of(width: u32, height: u32) -> Vec<u8> {
    let data = [200, 10, 10].repeat((width * height) as usize);
    let pixels = Pixels { width, height, channels: 3, data, profile: None };
    super::super::looks::encode(&pixels).unwrap().bytes
}

#[test]
fn a_large_photo_is_made_small() {
    let (examined, _) = photo(&image_of(3_000, 2_000));
    assert_eq!((examined.width, examined.height), (Some(3_000), Some(2_000)));
    let small = shown(&examined.thumbnail.unwrap());
    assert_eq!((small.width, small.height), (640, 427));
    assert!(is_near(at(&small, 300, 200), [200, 10, 10]));
}
