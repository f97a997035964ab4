//! Films in the containers of MP4 and `QuickTime`: what says where and with what one was taken is written over in place,
//! so that no place that the film's own tables name moves.

use std::io::{self, Read, Seek, SeekFrom, Write};

/// The most boxes that are looked at; a film has some hundred, and in pieces as many as it has seconds.
const BOXES: usize = 100_000;

/// Boxes that hold others in which something may stand.
const HOLDERS: [&[u8; 4]; 3] = [b"moov", b"trak", b"moof"];

/// Boxes that tell of a film and are not needed to play it: what users and devices add (places among them, as `©xyz`,
/// `loci` and in the keys of `meta`), and what is anybody's own.
const TOLD: [&[u8; 4]; 5] = [b"udta", b"meta", b"uuid", b"loci", b"\xa9xyz"];

/// Writes over what tells of a film. Takes time linear in the number of boxes.
///
/// # Errors
/// `InvalidData` for what is not built as a film is; otherwise what reading or writing said.
pub(super) fn clean(film: &mut (impl Read + Write + Seek)) -> io::Result<()> {
    let end = film.seek(SeekFrom::End(0))?;
    // Where boxes are looked at, and the ends of those that they lie in.
    let (mut at, mut within) = (0, vec![end]);
    for _ in 0..BOXES {
        while within.last().is_some_and(|end| at + 8 > *end) {
            at = within.pop().unwrap_or(end);
        }
        let Some(limit) = within.last().copied() else { return Ok(()) };
        let found = Found::read(film, at, limit)?;
        if TOLD.contains(&&found.name) {
            found.write_over(film)?;
        }
        if HOLDERS.contains(&&found.name) {
            within.push(found.end);
            at = found.inside;
        } else {
            at = found.end;
        }
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "more boxes than a film has"))
}

/// A box: where it begins, what is in it, where it ends.
struct Found {
    name: [u8; 4],
    at: u64,
    inside: u64,
    end: u64,
}

impl Found {
    fn read(film: &mut (impl Read + Seek), at: u64, limit: u64) -> io::Result<Self> {
        film.seek(SeekFrom::Start(at))?;
        let mut head = [0; 8];
        film.read_exact(&mut head)?;
        let [length @ .., a, b, c, d] = head;
        let (length, inside) = match u32::from_be_bytes(length) {
            // To the end.
            0 => (limit - at, at + 8),
            1 => {
                let mut long = [0; 8];
                film.read_exact(&mut long)?;
                (u64::from_be_bytes(long), at + 16)
            }
            short => (short.into(), at + 8),
        };
        // One that was cut off ends with what it lies in.
        let end = at.saturating_add(length).min(limit);
        if end < inside {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a box within its own name"));
        }
        Ok(Self { name: [a, b, c, d], at, inside, end })
    }

    /// Makes it a box of zeros that nobody reads.
    fn write_over(&self, film: &mut (impl Write + Seek)) -> io::Result<()> {
        film.seek(SeekFrom::Start(self.at + 4))?;
        film.write_all(b"free")?;
        film.seek(SeekFrom::Start(self.inside))?;
        io::copy(&mut io::repeat(0).take(self.end - self.inside), film)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, ErrorKind};

    use super::clean;

    fn boxed(name: [u8; 4], inside: &[u8]) -> Vec<u8> {
        let length = u32::try_from(inside.len() + 8).unwrap();
        [&length.to_be_bytes()[..], &name, inside].concat()
    }

    fn cleaned(film: Vec<u8>) -> Vec<u8> {
        let mut film = Cursor::new(film);
        clean(&mut film).unwrap();
        film.into_inner()
    }

    #[test]
    fn a_place_is_written_over_and_nothing_moves() {
        let place = boxed(*b"udta", &boxed(*b"\xa9xyz", b"\0\x12\x15\xc7+48.8584+002.2945/"));
        let of_apple = boxed(*b"meta", b"com.apple.quicktime.location.ISO6709 +48.8584+002.2945/");
        let trak = boxed(*b"trak", &[boxed(*b"tkhd", &[7; 84]), place.clone()].concat());
        let moov = boxed(*b"moov", &[boxed(*b"mvhd", &[1; 100]), trak, of_apple, place].concat());
        let media = boxed(*b"mdat", b"udta is a word in here: +48.8584");
        let xmp = boxed(*b"uuid", b"<x:xmpmeta exif:GPSLatitude=\"48\"/>");
        let film = [boxed(*b"ftyp", b"isom\0\0\x02\0"), moov, media.clone(), xmp].concat();
        let kept = cleaned(film.clone());
        assert_eq!(kept.len(), film.len());
        let has = |part: &[u8]| kept.windows(part.len()).filter(|window| *window == part).count();
        assert_eq!((has(b"+48.8584"), has(b"xyz"), has(b"GPS"), has(b"location")), (1, 0, 0, 0));
        assert_eq!((has(&media), has(b"free"), has(&[1; 100]), has(&[7; 84])), (1, 4, 1, 1));
    }

    #[test]
    fn a_film_that_is_cut_off_anywhere_is_clean_or_refused() {
        let moov = boxed(*b"moov", &boxed(*b"udta", b"+48.8584"));
        let film = [boxed(*b"ftyp", b"isom"), moov, boxed(*b"mdat", &[3; 40])].concat();
        for length in 0..film.len() {
            let mut cut = Cursor::new(film[..length].to_vec());
            if clean(&mut cut).is_ok() {
                assert!(!cut.into_inner().windows(6).any(|window| window == b"+48.85"), "{length}");
            }
        }
    }

    #[test]
    fn boxes_without_end_are_refused() {
        let film = boxed(*b"free", b"").repeat(100_001);
        assert_eq!(clean(&mut Cursor::new(film)).unwrap_err().kind(), ErrorKind::InvalidData);
        let film = [0, 0, 0, 4, b'm', b'o', b'o', b'v', 0, 0, 0, 0];
        assert_eq!(clean(&mut Cursor::new(film)).unwrap_err().kind(), ErrorKind::InvalidData);
    }
}
