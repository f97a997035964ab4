//! What an uploaded file is and how it looks, found from its bytes; a photo is cleaned of what it tells beside its
//! picture. All of it blocks, holds at most 50 MB and ends after ten seconds: call it off the event loop, one at a time.

mod budget;
mod cleaning;
mod deadline;
mod decoding;
mod films;
mod looks;
mod pixels;
#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use cleaning::{Format, Header};
use deadline::Deadline;
use pixels::Pixels;

use super::{Purpose, media_type};

/// The longest side of a thumbnail in pixels: a tile of an album is at most 320 wide, and screens show two pixels each.
const THUMBNAIL: u32 = 640;

/// The side of an avatar in pixels: the largest is shown at 96, and screens show up to 2.6 pixels each.
const AVATAR: u32 = 256;

/// How long looking at one file may take.
const TIME: Duration = Duration::from_secs(10);

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// The media type: one that may be shown in place, or [`media_type::OTHER`].
    pub mime: String,
    /// Pixels a row, as the picture is seen; absent where it is none that is shown.
    pub width: Option<u32>,
    /// Rows, as the picture is seen.
    pub height: Option<u32>,
    /// Whether it moves: a picture of several.
    pub animated: bool,
    /// The mean colour of a photo, 0xrrggbb.
    pub color: Option<u32>,
    /// The photo made small.
    pub thumbnail: Option<Thumbnail>,
}

/// A picture that was made here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thumbnail {
    /// `image/jpeg`, or `image/png` where something is transparent.
    pub mime: &'static str,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// Why there is nothing to say of a file.
#[derive(Debug, thiserror::Error)]
pub enum ExamineError {
    /// It is not what it was sent as: no picture or film that could be cleaned, or no sound.
    #[error("not a file of this kind")]
    Unsupported,
    /// It could not be read, or written anew.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl ExamineError {
    fn of(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::InvalidData { Self::Unsupported } else { Self::Io(error) }
    }
}

/// Looks at the file at `spool`, and cleans it there where it is a photo; its length may then be another. A file, and
/// sound, keep their bytes. A picture beyond its budget, or one that cannot be decoded, is cleaned like any other, and
/// then only a download: [`media_type::OTHER`], without a size or a thumbnail.
///
/// # Errors
/// [`ExamineError`].
pub fn examine(spool: &Path, purpose: Purpose) -> Result<Examined, ExamineError> {
    let until = Instant::now() + TIME;
    let (file, head) = open(spool)?;
    let mime = media_type::of(&head, purpose);
    match (purpose, Format::of(mime)) {
        (Purpose::Voice, _) if !mime.starts_with("audio/") => Err(ExamineError::Unsupported),
        (Purpose::File, Some(format)) => Ok(look(file, format, mime, until)?),
        (Purpose::File | Purpose::Voice, _) => Ok(plain(mime)),
        (Purpose::Photo, Some(format)) => {
            let header = replace(spool, file, format, until)?;
            Ok(show(spool, format, &header, mime, until)?
                .unwrap_or_else(|| plain(media_type::OTHER)))
        }
        (Purpose::Photo, None) => {
            clean_film(spool, mime)?;
            Ok(plain(mime))
        }
    }
}

/// An avatar of the picture at `spool`, which is cleaned there: the square in its middle, at most 256 pixels wide; of
/// an animation the first.
///
/// # Errors
/// [`ExamineError::Unsupported`] for what is no picture, or one beyond its budget.
pub fn avatar(spool: &Path) -> Result<Thumbnail, ExamineError> {
    let until = Instant::now() + TIME;
    let (file, head) = open(spool)?;
    let format = Format::of(media_type::of(&head, Purpose::Photo));
    let format = format.ok_or(ExamineError::Unsupported)?;
    let header = replace(spool, file, format, until)?;
    let (width, height) = header.seen();
    let side = AVATAR.min(width).min(height);
    // The whole picture when its shorter side has that length.
    let shorter = width.min(height).max(1);
    let whole =
        [width, height].map(|length| length.div_ceil(shorter).saturating_mul(side).min(length));
    let mut input = BufReader::new(Deadline::new(File::open(spool)?, until));
    let pixels =
        decode(format, &header, &mut input, whole.into()).ok_or(ExamineError::Unsupported)?;
    looks::resize(pixels, (side, side))
        .and_then(|square| looks::encode(&square.without_needless_alpha()))
        .map_err(|_| ExamineError::Unsupported)
}

/// The file at `spool`, and what it begins with.
fn open(spool: &Path) -> io::Result<(File, Vec<u8>)> {
    let mut file = File::open(spool)?;
    let mut head = Vec::with_capacity(media_type::LOOKED_AT);
    (&file).take(media_type::LOOKED_AT as u64).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok((file, head))
}

/// Of what is neither a picture nor to be looked at.
fn plain(mime: &str) -> Examined {
    let mime = mime.to_owned();
    Examined { mime, width: None, height: None, animated: false, color: None, thumbnail: None }
}

fn sized(mime: &str, header: &Header) -> Examined {
    let (width, height) = header.seen();
    let animated = header.frames > 1;
    Examined { width: Some(width), height: Some(height), animated, ..plain(mime) }
}

/// Reads what a picture says of itself.
fn look(file: File, format: Format, mime: &str, until: Instant) -> io::Result<Examined> {
    let mut input = BufReader::new(Deadline::new(file, until));
    match cleaning::clean(format, &mut input, &mut Nowhere) {
        Ok(header) if budget::allows(format, &header) => Ok(sized(mime, &header)),
        Err(error) if error.kind() != io::ErrorKind::InvalidData => Err(error),
        _ => Ok(plain(media_type::OTHER)),
    }
}

/// Puts the cleaned picture in the place of the one that was sent.
fn replace(
    spool: &Path,
    file: File,
    format: Format,
    until: Instant,
) -> Result<Header, ExamineError> {
    let mut name = spool.as_os_str().to_owned();
    name.push(".clean");
    let clean = Path::new(&name);
    let written = File::create(clean).and_then(|output| {
        let mut input = BufReader::new(Deadline::new(file, until));
        cleaning::clean(format, &mut input, &mut BufWriter::new(output))
    });
    let replaced = written.and_then(|header| fs::rename(clean, spool).map(|()| header));
    replaced.map_err(|error| {
        let _ = fs::remove_file(clean);
        ExamineError::of(error)
    })
}

/// How a cleaned photo looks; none where that cannot be told.
fn show(
    spool: &Path,
    format: Format,
    header: &Header,
    mime: &str,
    until: Instant,
) -> io::Result<Option<Examined>> {
    let size = looks::fit(header.seen(), THUMBNAIL);
    let mut input = BufReader::new(Deadline::new(File::open(spool)?, until));
    let Some(pixels) = decode(format, header, &mut input, size) else { return Ok(None) };
    let shown = looks::resize(pixels, size).and_then(|small| {
        let small = small.without_needless_alpha();
        let thumbnail = Some(looks::encode(&small)?);
        Ok(Examined { color: looks::mean_colour(&small), thumbnail, ..sized(mime, header) })
    });
    Ok(shown.ok())
}

/// A picture's pixels as they are seen, within its budget.
fn decode(
    format: Format,
    header: &Header,
    input: &mut (impl io::BufRead + Seek),
    (width, height): (u32, u32),
) -> Option<Pixels> {
    if !budget::allows(format, header) {
        return None;
    }
    let stored = if header.orientation >= 5 { (height, width) } else { (width, height) };
    let pixels = decoding::decode(format, header, input, stored)?;
    Some(looks::turn(pixels, header.orientation))
}

fn clean_film(spool: &Path, mime: &str) -> Result<(), ExamineError> {
    match mime {
        "video/mp4" | "video/quicktime" => {
            let mut film = OpenOptions::new().read(true).write(true).open(spool)?;
            films::clean(&mut film).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => ExamineError::Unsupported,
                _ => ExamineError::of(error),
            })
        }
        // Browsers record it, and nothing that does writes a place into it.
        "video/webm" => Ok(()),
        _ => Err(ExamineError::Unsupported),
    }
}

/// Where a cleaned picture goes that nobody wants.
struct Nowhere;

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Nowhere {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Ok(0)
    }
}
