//! WebP: chunks in a RIFF, with chunks in those of an animation.

use std::io::{self, BufRead, Seek, SeekFrom, Write};

use super::input::{array, copy, malformed, short, skip};
use super::{Header, exif};

/// The bits of what is in a file, of which these two are left out or made anew.
const HAS_XMP: u8 = 0x04;
const HAS_EXIF: u8 = 0x08;
const HAS_ALPHA: u8 = 0x10;

/// Bytes of a chunk's name and length.
const HEAD: u64 = 8;

pub(super) fn clean(
    input: &mut impl BufRead,
    output: &mut (impl Write + Seek),
    header: &mut Header,
) -> io::Result<()> {
    let output = &mut Output { inner: output, written: 0 };
    let riff: [u8; 12] = array(input)?;
    if !riff.starts_with(b"RIFF") || !riff.ends_with(b"WEBP") {
        return Err(malformed("no WebP"));
    }
    output.write_all(&riff)?;
    let said = u64::from(u32::from_le_bytes([riff[4], riff[5], riff[6], riff[7]]));
    let mut chunks = Chunks { header, flags: None };
    let read = chunks.clean(input, output, said.saturating_sub(4), false);
    // A file that ends too early has a true length, too.
    output.patch(4, &u32::try_from(output.written - HEAD).unwrap_or(u32::MAX).to_le_bytes())?;
    chunks.header.frames = chunks.header.frames.max(1);
    read
}

struct Chunks<'a> {
    header: &'a mut Header,
    /// Where the bits of what is in the file were written, and which.
    flags: Option<(u64, u8)>,
}

impl Chunks<'_> {
    /// Hands on what decoding needs of `left` bytes of chunks: of the file, or of one picture of an animation.
    fn clean(
        &mut self,
        input: &mut impl BufRead,
        output: &mut Output<impl Write + Seek>,
        mut left: u64,
        is_nested: bool,
    ) -> io::Result<()> {
        while left >= HEAD {
            let name: [u8; 4] = array(input)?;
            let length = u64::from(u32::from_le_bytes(array(input)?));
            left -= HEAD;
            if length > left {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            // What follows begins at an even place; some programs forget the last such byte.
            let padded = left.min(length + length % 2);
            left -= padded;
            self.chunk(input, output, name, length, is_nested)?;
            skip(input, padded - length)?;
            if output.written % 2 == 1 {
                output.write_all(&[0])?;
            }
        }
        skip(input, left)
    }

    fn chunk(
        &mut self,
        input: &mut impl BufRead,
        output: &mut Output<impl Write + Seek>,
        name: [u8; 4],
        length: u64,
        is_nested: bool,
    ) -> io::Result<()> {
        match &name {
            b"VP8X" if length == 10 && !is_nested => {
                let mut canvas: [u8; 10] = array(input)?;
                canvas[0] &= !(HAS_XMP | HAS_EXIF);
                self.header.has_alpha |= canvas[0] & HAS_ALPHA != 0;
                self.header.grow(three(&canvas, 4) + 1, three(&canvas, 7) + 1);
                begin(output, name, length)?;
                self.flags = Some((output.written, canvas[0]));
                output.write_all(&canvas)
            }
            b"VP8 " if length >= 10 => {
                let head: [u8; 10] = array(input)?;
                let side =
                    |at: usize| u32::from(u16::from_le_bytes([head[at], head[at + 1]]) & 0x3fff);
                self.header.grow(side(6), side(8));
                begin(output, name, length)?;
                output.write_all(&head)?;
                copy(input, output, length - 10)
            }
            b"VP8L" if length >= 5 => {
                let head: [u8; 5] = array(input)?;
                let bits = u32::from_le_bytes([head[1], head[2], head[3], head[4]]);
                self.header.grow((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
                self.header.has_alpha |= bits >> 28 & 1 != 0;
                self.header.is_lossless = true;
                begin(output, name, length)?;
                output.write_all(&head)?;
                copy(input, output, length - 5)
            }
            b"ALPH" => {
                self.header.has_alpha = true;
                begin(output, name, length)?;
                copy(input, output, length)
            }
            b"ICCP" | b"ANIM" if !is_nested => {
                begin(output, name, length)?;
                copy(input, output, length)
            }
            b"ANMF" if length >= 16 && !is_nested => self.frame(input, output, length),
            b"EXIF" if !is_nested => self.exif(input, output, length),
            _ => skip(input, length),
        }
    }

    /// Hands on a picture of an animation: its place, and its chunks.
    fn frame(
        &mut self,
        input: &mut impl BufRead,
        output: &mut Output<impl Write + Seek>,
        length: u64,
    ) -> io::Result<()> {
        let place: [u8; 16] = array(input)?;
        self.header.frames = self.header.frames.saturating_add(1);
        let right = three(&place, 0) * 2 + three(&place, 6) + 1;
        self.header.grow(right, three(&place, 3) * 2 + three(&place, 9) + 1);
        begin(output, *b"ANMF", length)?;
        let from = output.written;
        output.write_all(&place)?;
        self.clean(input, output, length - 16, true)?;
        let kept = output.written - from;
        if kept != length {
            let kept = u32::try_from(kept).map_err(|_| malformed("a long chunk"))?;
            output.patch(from - 4, &kept.to_le_bytes())?;
        }
        Ok(())
    }

    /// Keeps of Exif the orientation, in files that say which chunks they have.
    fn exif(
        &mut self,
        input: &mut impl BufRead,
        output: &mut Output<impl Write + Seek>,
        length: u64,
    ) -> io::Result<()> {
        let Some(exif) = short(input, length, exif::LIMIT)? else { return Ok(()) };
        let orientation = exif::orientation(&exif);
        let (Some((at, flags)), Some(minimal)) = (self.flags, exif::minimal(orientation)) else {
            return Ok(());
        };
        if self.header.orientation != 1 {
            return Ok(());
        }
        self.header.orientation = orientation;
        begin(output, *b"EXIF", minimal.len() as u64)?;
        output.write_all(&minimal)?;
        output.patch(at, &[flags | HAS_EXIF])
    }
}

fn begin(output: &mut impl Write, name: [u8; 4], length: u64) -> io::Result<()> {
    let length = u32::try_from(length).map_err(|_| malformed("a long chunk"))?;
    output.write_all(&name)?;
    output.write_all(&length.to_le_bytes())
}

fn three(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], 0])
}

/// What is written, with its length: asking a file for its place would write out what is buffered.
struct Output<'a, W> {
    inner: &'a mut W,
    written: u64,
}

impl<W: Write> Write for Output<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write + Seek> Output<'_, W> {
    /// Writes over what was written before, and goes on at the end.
    fn patch(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.inner.seek(SeekFrom::Start(at))?;
        self.inner.write_all(bytes)?;
        self.inner.seek(SeekFrom::Start(self.written))?;
        Ok(())
    }
}
