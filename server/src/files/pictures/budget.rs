//! How large a picture may be to be decoded here, decided by what it says of itself before anything is decoded.

use super::cleaning::{Format, Header};

/// The most pixels of a picture; of an animation, of its first three pictures together.
const PIXELS: u64 = 16_000_000;

/// The most pixels of one side.
const SIDE: u32 = 16_384;

/// The most bytes that decoding may hold at once, beside some hundred KB that all need.
const MEMORY: u64 = 48 << 20;

/// The most bytes of coefficients that a progressive JPEG may have: decoding holds them, and for moments others that
/// wait for a thread.
const COEFFICIENTS: u64 = 32 << 20;

/// The most times that a JPEG may pass over its picture; encoders take up to ten. Each takes time and few bytes.
const SCANS: u32 = 20;

/// Whether a picture may be decoded: within 50 MB and a second of a processor.
pub(super) fn allows(format: Format, header: &Header) -> bool {
    let Header { width, height, frames, .. } = *header;
    let pixels = u64::from(width) * u64::from(height);
    let is_there = pixels > 0 && frames > 0;
    is_there
        && width.max(height) <= SIDE
        && pixels * u64::from(frames.min(3)) <= PIXELS
        && header.scans <= SCANS
        && header.coefficients * 2 <= COEFFICIENTS
        && pixels * bytes_a_pixel(format, header) <= MEMORY
}

/// What decoding holds for each pixel, as the libraries do it.
fn bytes_a_pixel(format: Format, header: &Header) -> u64 {
    match format {
        // Made smaller while it is decoded. What is held of a progressive one is counted above.
        Format::Jpeg => 0,
        // Decoded row by row where that can be; else four channels at most.
        Format::Png => u64::from(header.is_interlaced) * if header.has_alpha { 4 } else { 3 },
        // An index into the colours.
        Format::Gif => 1,
        // The canvas, a copy of it, the frame, and planes of brightness, colour and transparency.
        Format::WebP if header.frames > 1 => 14,
        Format::WebP => match (header.is_lossless, header.has_alpha) {
            (true, false) => 7,
            (true, true) => 8,
            (false, false) => 5,
            (false, true) => 11,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, Header, allows};

    fn still(width: u32, height: u32) -> Header {
        Header { width, height, frames: 1, orientation: 1, ..Header::default() }
    }

    #[test]
    fn a_picture_has_its_budget() {
        assert!(allows(Format::Jpeg, &still(4_000, 4_000)));
        assert!(!allows(Format::Jpeg, &still(4_001, 4_000)));
        assert!(allows(Format::Png, &still(16_384, 976)));
        assert!(!allows(Format::Png, &still(16_385, 1)));
        assert!(!allows(Format::Png, &still(16_384, 16_384)));
        assert!(!allows(Format::Png, &still(0, 0)));
        let progressive = |coefficients| Header { coefficients, ..still(3_000, 2_600) };
        assert!(allows(Format::Jpeg, &progressive(16 << 20)));
        assert!(!allows(Format::Jpeg, &progressive((16 << 20) + 1)));
        assert!(!allows(Format::Jpeg, &Header { scans: 21, ..still(1, 1) }));
        let animated = |frames| Header { frames, ..still(2_000, 3_000) };
        assert!(allows(Format::Gif, &animated(2)));
        assert!(!allows(Format::Gif, &animated(3)));
        let small = Header { frames: 4_000_000, ..still(2_300, 2_300) };
        assert!(allows(Format::Gif, &small));
        assert!(!allows(Format::WebP, &Header { has_alpha: true, ..still(2_300, 2_300) }));
    }
}
