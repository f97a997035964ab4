//! GIF: a screen, and blocks of pictures and of extensions.

use std::io::{self, BufRead, Write};

use super::Header;
use super::input::{array, byte, copy, malformed};

const EXTENSION: u8 = 0x21;
const PICTURE: u8 = 0x2c;
const END: u8 = 0x3b;

/// The extension that says how long a picture stands and which colour is transparent.
const CONTROL: u8 = 0xf9;
/// The extension of applications, of which one says how often it is played.
const APPLICATION: u8 = 0xff;

pub(super) fn clean(
    input: &mut impl BufRead,
    output: &mut impl Write,
    header: &mut Header,
) -> io::Result<()> {
    let screen: [u8; 13] = array(input)?;
    if !screen.starts_with(b"GIF87a") && !screen.starts_with(b"GIF89a") {
        return Err(malformed("no GIF"));
    }
    output.write_all(&screen)?;
    copy(input, output, colours(screen[10]))?;
    header.grow(number(&screen, 6), number(&screen, 8));
    loop {
        match byte(input)? {
            PICTURE => picture(input, output, header)?,
            EXTENSION => extension(input, output, header)?,
            END => return output.write_all(&[END]),
            // What some programs write too much.
            0 => {}
            _ => return Err(malformed("a block of no known kind")),
        }
    }
}

fn picture(
    input: &mut impl BufRead,
    output: &mut impl Write,
    header: &mut Header,
) -> io::Result<()> {
    let place: [u8; 9] = array(input)?;
    output.write_all(&[PICTURE])?;
    output.write_all(&place)?;
    let right = number(&place, 0) + number(&place, 4);
    header.grow(right, number(&place, 2) + number(&place, 6));
    header.frames = header.frames.saturating_add(1);
    // Behind the colours stands how many bits the codes begin with.
    copy(input, output, colours(place[8]) + 1)?;
    sub_blocks(input, output)
}

fn extension(
    input: &mut impl BufRead,
    output: &mut impl Write,
    header: &mut Header,
) -> io::Result<()> {
    let kind = byte(input)?;
    match kind {
        CONTROL => {
            let control: [u8; 6] = array(input)?;
            if control[0] != 4 || control[5] != 0 {
                return Err(malformed("a control block of another length"));
            }
            header.has_alpha |= control[1] & 1 != 0;
            output.write_all(&[EXTENSION, kind])?;
            output.write_all(&control)
        }
        APPLICATION => {
            let length = byte(input)?;
            let mut name = Vec::new();
            copy(input, &mut name, u64::from(length))?;
            if length > 0
                && [b"NETSCAPE2.0", b"ANIMEXTS1.0"].iter().any(|known| *known == &name[..])
            {
                return repetition(input, output, &name);
            }
            if length > 0 { sub_blocks(input, &mut io::sink()) } else { Ok(()) }
        }
        _ => sub_blocks(input, &mut io::sink()),
    }
}

/// Hands on how often the pictures are played, which is the first block; others follow where programs add some.
fn repetition(input: &mut impl BufRead, output: &mut impl Write, name: &[u8]) -> io::Result<()> {
    let [length, id, times @ ..]: [u8; 4] = array(input)?;
    if (length, id) != (3, 1) {
        return Err(malformed("a repetition of no known kind"));
    }
    output.write_all(&[EXTENSION, APPLICATION, 11])?;
    output.write_all(name)?;
    output.write_all(&[length, id, times[0], times[1], 0])?;
    sub_blocks(input, &mut io::sink())
}

/// Hands on blocks of up to 255 bytes until an empty one.
fn sub_blocks(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<()> {
    loop {
        let length = byte(input)?;
        output.write_all(&[length])?;
        if length == 0 {
            return Ok(());
        }
        copy(input, output, u64::from(length))?;
    }
}

/// How many bytes the table of colours has that these flags announce.
fn colours(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}
