//! Reads how a picture is built, part by part, and writes those that decoding needs. What else is in it (where and by
//! whom it was taken, comments, earlier versions, whatever lies behind its end) is left out; no pixel changes.

mod exif;
mod gif;
mod input;
mod jpeg;
mod png;
mod webp;

use std::io::{self, BufRead, Seek, Write};

/// The formats that are cleaned and decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG: baseline, extended sequential, progressive.
    Jpeg,
    /// PNG, and APNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
}

impl Format {
    /// The format of a media type, if it is one of these.
    pub fn of(mime: &str) -> Option<Self> {
        match mime {
            "image/jpeg" => Some(Self::Jpeg),
            "image/png" => Some(Self::Png),
            "image/gif" => Some(Self::Gif),
            "image/webp" => Some(Self::WebP),
            _ => None,
        }
    }
}

/// What a picture says of itself, as far as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Pixels a row, as stored; that of the largest part where parts differ. 0: not read.
    pub width: u32,
    /// Rows, as stored; that of the largest part where parts differ. 0: not read.
    pub height: u32,
    /// How many pictures there are in it, counted.
    pub frames: u32,
    /// How it is to be turned to be seen, as Exif numbers it: 1 (as stored) to 8.
    pub orientation: u8,
    /// Whether pixels may be transparent.
    pub has_alpha: bool,
    /// PNG: stored in seven passes. WebP: without loss.
    pub is_interlaced: bool,
    /// WebP: without loss.
    pub is_lossless: bool,
    /// JPEG: how many times its data passes over the picture.
    pub scans: u32,
    /// Progressive JPEG: how many coefficients have to be kept until all of them are there; else 0.
    pub coefficients: u64,
    /// Whether it ended where it should, and not before.
    pub is_whole: bool,
}

impl Header {
    /// Width and height as the picture is seen, after turning.
    pub fn seen(&self) -> (u32, u32) {
        if self.orientation >= 5 { (self.height, self.width) } else { (self.width, self.height) }
    }

    /// Makes room for a part of this size.
    fn grow(&mut self, width: u32, height: u32) {
        self.width = self.width.max(width);
        self.height = self.height.max(height);
    }
}

/// Reads a picture once from its beginning and writes it again without what decoding does not need. One that ends
/// too early is written as far as it goes. Takes time linear in its length and at most some 200 KB.
///
/// # Errors
/// `InvalidData` for what is not built as the format is; otherwise what reading or writing said.
pub fn clean(
    format: Format,
    input: &mut impl BufRead,
    output: &mut (impl Write + Seek),
) -> io::Result<Header> {
    let mut header = Header { orientation: 1, ..Header::default() };
    let cleaned = match format {
        Format::Jpeg => jpeg::clean(input, output, &mut header),
        Format::Png => png::clean(input, output, &mut header),
        Format::Gif => gif::clean(input, output, &mut header),
        Format::WebP => webp::clean(input, output, &mut header),
    };
    match cleaned {
        Ok(()) => header.is_whole = true,
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {}
        Err(error) => return Err(error),
    }
    output.flush()?;
    Ok(header)
}
