//! JPEG: a row of segments, and between them the data of scans.

use std::io::{self, BufRead, Write};

use super::input::{array, byte, copy, malformed, skip};
use super::{Header, exif};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

pub(super) fn clean(
    input: &mut impl BufRead,
    output: &mut impl Write,
    header: &mut Header,
) -> io::Result<()> {
    if array(input)? != [0xff, START] {
        return Err(malformed("no JPEG"));
    }
    output.write_all(&[0xff, START])?;
    let mut segment = Vec::new();
    let mut marker = next_marker(input)?;
    loop {
        match marker {
            END => return output.write_all(&[0xff, END]),
            // These stand alone; outside of a scan they mean nothing.
            0x01 | 0xd0..=0xd7 => {}
            SCAN => {
                if header.width == 0 {
                    return Err(malformed("a scan before the frame"));
                }
                header.scans += 1;
                read(input, &mut segment)?;
                write(output, SCAN, &segment)?;
                marker = scan(input, output)?;
                continue;
            }
            _ if is_needed(marker) => {
                read(input, &mut segment)?;
                keep(output, marker, &mut segment, header)?;
            }
            _ => {
                let length = length(input)?;
                skip(input, length)?;
            }
        }
        marker = next_marker(input)?;
    }
}

/// Frames, tables, restarts, the number of lines; and of what applications add, what may say how to decode.
fn is_needed(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf | 0xdb..=0xdd | 0xe0..=0xe2 | 0xee)
}

/// Writes of a segment what decoding needs.
fn keep(
    output: &mut impl Write,
    marker: u8,
    segment: &mut [u8],
    header: &mut Header,
) -> io::Result<()> {
    match marker {
        0xc4 | 0xc8 | 0xcc | 0xdb..=0xdd => write(output, marker, segment),
        0xc0..=0xcf => {
            frame(marker, segment, header)?;
            write(output, marker, segment)
        }
        // The colours depend on it; a small picture in it, and its size, do not come along.
        0xe0 if segment.starts_with(b"JFIF\0") && segment.len() >= 14 => {
            segment[12..14].fill(0);
            write(output, marker, &segment[..14])
        }
        0xe1 if segment.starts_with(exif::PREFIX) && header.orientation == 1 => {
            header.orientation = exif::orientation(segment);
            match exif::minimal(header.orientation) {
                Some(minimal) => write(output, marker, &[exif::PREFIX, &minimal].concat()),
                None => Ok(()),
            }
        }
        0xe2 if segment.starts_with(b"ICC_PROFILE\0") => write(output, marker, segment),
        0xee if segment.starts_with(b"Adobe") && segment.len() >= 12 => {
            write(output, marker, &segment[..12])
        }
        _ => Ok(()),
    }
}

/// Reads the size of a picture, and what it takes to decode it.
fn frame(marker: u8, segment: &[u8], header: &mut Header) -> io::Result<()> {
    if header.width != 0 || !(0xc0..=0xc2).contains(&marker) {
        return Err(malformed("a frame of a kind that nobody shows"));
    }
    let (Some(size), Some(components)) = (segment.get(1..5), segment.get(6..)) else {
        return Err(malformed("a frame without a size"));
    };
    let (components, _) = components.as_chunks::<3>();
    let factors = || components.iter().map(|component| (component[1] >> 4, component[1] & 0xf));
    let is_sampled = factors().all(|(x, y)| (1..=4).contains(&x) && (1..=4).contains(&y));
    let is_counted =
        [1, 3, 4].contains(&components.len()) && usize::from(segment[5]) == components.len();
    header.height = u32::from(u16::from_be_bytes([size[0], size[1]]));
    header.width = u32::from(u16::from_be_bytes([size[2], size[3]]));
    if header.width == 0 || header.height == 0 || !is_sampled || !is_counted {
        return Err(malformed("a frame that cannot be"));
    }
    header.frames = 1;
    if marker == 0xc2 {
        let most_x = factors().map(|(x, _)| u64::from(x)).max().unwrap_or(1);
        let most_y = factors().map(|(_, y)| u64::from(y)).max().unwrap_or(1);
        let units = u64::from(header.width).div_ceil(8 * most_x)
            * u64::from(header.height).div_ceil(8 * most_y);
        let blocks: u64 = factors().map(|(x, y)| u64::from(x) * u64::from(y)).sum();
        header.coefficients = units * blocks * 64;
    }
    Ok(())
}

/// The marker that comes next; what stands before it is none of the picture's.
fn next_marker(input: &mut impl BufRead) -> io::Result<u8> {
    loop {
        while byte(input)? != 0xff {}
        let marker = after_fill(input)?;
        if marker != 0 {
            return Ok(marker);
        }
    }
}

/// The byte after an 0xff, which may be repeated.
fn after_fill(input: &mut impl BufRead) -> io::Result<u8> {
    loop {
        let next = byte(input)?;
        if next != 0xff {
            return Ok(next);
        }
    }
}

/// How many bytes a segment has behind its length.
fn length(input: &mut impl BufRead) -> io::Result<u64> {
    let length = u64::from(u16::from_be_bytes(array(input)?));
    length.checked_sub(2).ok_or_else(|| malformed("a segment without a length"))
}

fn read(input: &mut impl BufRead, segment: &mut Vec<u8>) -> io::Result<()> {
    segment.clear();
    let length = length(input)?;
    copy(input, segment, length)
}

fn write(output: &mut impl Write, marker: u8, segment: &[u8]) -> io::Result<()> {
    let length = u16::try_from(segment.len() + 2).map_err(|_| malformed("a long segment"))?;
    output.write_all(&[0xff, marker])?;
    output.write_all(&length.to_be_bytes())?;
    output.write_all(segment)
}

/// Hands on the data of a scan, and gives the marker that ends it.
fn scan(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<u8> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some(at) = buffer.iter().position(|byte| *byte == 0xff) else {
            output.write_all(buffer)?;
            let all = buffer.len();
            input.consume(all);
            continue;
        };
        output.write_all(&buffer[..at])?;
        input.consume(at + 1);
        match after_fill(input)? {
            // A byte of data that looks like a marker, and restarts.
            part @ (0 | 0xd0..=0xd7) => output.write_all(&[0xff, part])?,
            marker => return Ok(marker),
        }
    }
}
