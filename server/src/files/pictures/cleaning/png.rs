//! PNG: a row of chunks, each with its length, name and checksum.

use std::io::{self, BufRead, Write};

use super::input::{array, copy, malformed, short, skip};
use super::{Header, exif};

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";

/// What decoding needs: the picture, its animation, and how its colours are meant.
const NEEDED: [&[u8; 4]; 16] = [
    b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT", b"gAMA", b"cHRM",
    b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT",
];

pub(super) fn clean(
    input: &mut impl BufRead,
    output: &mut impl Write,
    header: &mut Header,
) -> io::Result<()> {
    if &array(input)? != SIGNATURE {
        return Err(malformed("no PNG"));
    }
    output.write_all(SIGNATURE)?;
    loop {
        let length: [u8; 4] = array(input)?;
        let name: [u8; 4] = array(input)?;
        let with_checksum = u64::from(u32::from_be_bytes(length)) + 4;
        if (header.width == 0) != (&name == b"IHDR") {
            return Err(malformed("the header is not where it should be"));
        }
        if &name == b"eXIf" && header.orientation == 1 {
            let chunk = short(input, with_checksum, exif::LIMIT)?;
            header.orientation = chunk.map_or(1, |chunk| exif::orientation(&chunk));
            if let Some(minimal) = exif::minimal(header.orientation) {
                write(output, name, &minimal)?;
            }
            continue;
        }
        if !NEEDED.contains(&&name) {
            skip(input, with_checksum)?;
            continue;
        }
        output.write_all(&length)?;
        output.write_all(&name)?;
        match &name {
            b"IHDR" => {
                let chunk: [u8; 17] = array(input)?;
                if with_checksum != 17 {
                    return Err(malformed("a header of another length"));
                }
                size(&chunk, header)?;
                output.write_all(&chunk)?;
                continue;
            }
            b"tRNS" => header.has_alpha = true,
            b"fcTL" => header.frames += 1,
            _ => {}
        }
        copy(input, output, with_checksum)?;
        if &name == b"IEND" {
            header.frames = header.frames.max(1);
            return Ok(());
        }
    }
}

fn size(chunk: &[u8; 17], header: &mut Header) -> io::Result<()> {
    let number =
        |at: usize| chunk[at..].first_chunk::<4>().map_or(0, |four| u32::from_be_bytes(*four));
    (header.width, header.height) = (number(0), number(4));
    // The colour types with an alpha channel.
    header.has_alpha = [4, 6].contains(&chunk[9]);
    header.is_interlaced = chunk[12] != 0;
    if header.width == 0 || header.height == 0 {
        return Err(malformed("a picture without a size"));
    }
    Ok(())
}

fn write(output: &mut impl Write, name: [u8; 4], data: &[u8]) -> io::Result<()> {
    let length = u32::try_from(data.len()).map_err(|_| malformed("a long chunk"))?;
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&name);
    checksum.update(data);
    output.write_all(&length.to_be_bytes())?;
    output.write_all(&name)?;
    output.write_all(data)?;
    output.write_all(&checksum.finalize().to_be_bytes())
}
