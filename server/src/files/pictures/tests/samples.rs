//! The pictures that the fuzzer begins with, too. All show the same 48 × 32 pixels: red grows to the right, green
//! downwards, and where one is transparent, that is its right half.

macro_rules! sample {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../../../../fuzz/corpus/picture/", $name)).as_slice())
    };
}

/// Those that carry a place, a name, comments and something behind their end, each with the word SECRET.
pub(super) const WITH_PLACE: [(&str, &[u8]); 3] = [
    sample!("photo-with-place.jpg"),
    sample!("photo-with-place.png"),
    sample!("photo-with-place.webp"),
];

/// Those that stand still.
pub(super) const STILL: [(&str, &[u8]); 9] = [
    sample!("progressive.jpg"),
    sample!("inks.jpg"),
    sample!("grey.jpg"),
    sample!("indexed.png"),
    sample!("interlaced.png"),
    sample!("lossy.webp"),
    sample!("lossless.webp"),
    sample!("lossy-transparent.webp"),
    sample!("lossless-transparent.webp"),
];

/// Those that move. The GIF has a comment and a place, too.
pub(super) const ANIMATED: [(&str, &[u8]); 3] =
    [sample!("animated.gif"), sample!("animated.png"), sample!("animated.webp")];

/// A JPEG that ends too early.
pub(super) const TRUNCATED: &[u8] = sample!("truncated.jpg").1;

/// A PNG of 65 bytes that says it is 16,384 pixels wide and high.
pub(super) const BOMB: &[u8] = sample!("bomb.png").1;

pub(super) fn whole() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    WITH_PLACE.into_iter().chain(STILL).chain(ANIMATED)
}
