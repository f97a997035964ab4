//! The one thing that is kept of Exif: how a picture is to be turned.

/// What Exif begins with in JPEG, and by mistake elsewhere.
pub(super) const PREFIX: &[u8] = b"Exif\0\0";

/// The most bytes of Exif that are looked at; JPEG cannot have more.
pub(super) const LIMIT: u64 = 0xffff;

/// The tag of the orientation.
const ORIENTATION: u16 = 0x0112;

/// The type of a number of 16 bits.
const SHORT: u16 = 3;

/// The orientation that a TIFF structure names in its first directory: 1 to 8, and 1 where it names none.
pub(super) fn orientation(exif: &[u8]) -> u8 {
    let tiff = exif.strip_prefix(PREFIX).unwrap_or(exif);
    find(tiff).filter(|found| (1..=8).contains(found)).map_or(1, |found| found.to_be_bytes()[1])
}

fn find(tiff: &[u8]) -> Option<u16> {
    let is_little = tiff.starts_with(b"II");
    if !is_little && !tiff.starts_with(b"MM") {
        return None;
    }
    let short = |at: usize| {
        let bytes = tiff.get(at..)?.first_chunk::<2>()?;
        Some(if is_little { u16::from_le_bytes(*bytes) } else { u16::from_be_bytes(*bytes) })
    };
    let offset = tiff.get(4..)?.first_chunk::<4>()?;
    let offset = if is_little { u32::from_le_bytes(*offset) } else { u32::from_be_bytes(*offset) };
    let directory = usize::try_from(offset).ok()?;
    let first = directory.checked_add(2)?;
    let mut entries = (0..usize::from(short(directory)?)).map(|entry| first + 12 * entry);
    let entry = entries.find(|at| short(*at) == Some(ORIENTATION))?;
    if short(entry + 2) == Some(SHORT) { short(entry + 8) } else { None }
}

/// A TIFF structure that says the orientation and nothing else; none for a picture that need not be turned.
pub(super) fn minimal(orientation: u8) -> Option<[u8; 26]> {
    let mut tiff = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    tiff[19] = orientation;
    (orientation != 1).then_some(tiff)
}

#[cfg(test)]
mod tests {
    use super::{minimal, orientation};

    #[test]
    fn the_orientation_is_what_is_left() {
        for turn in 2..=8 {
            assert_eq!(minimal(turn).map(|tiff| orientation(&tiff)), Some(turn));
        }
        assert_eq!(minimal(1), None);
        let little = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        assert_eq!(orientation(little), 6);
        for length in 0..little.len() - 8 {
            assert_eq!(orientation(&little[..length]), 1);
        }
        assert_eq!(orientation(b"MM\0*\xff\xff\xff\xff"), 1);
    }
}
