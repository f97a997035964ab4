//! What the formats have in common: small numbers, and parts of a given length that are copied or left out.

use std::io::{self, BufRead, Read, Write};

/// What is not built as it should be.
pub(super) fn malformed(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// The next bytes, as many as the array has.
pub(super) fn array<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn byte(input: &mut impl Read) -> io::Result<u8> {
    Ok(array::<1>(input)?[0])
}

/// Hands on a part of this length.
pub(super) fn copy(
    input: &mut impl BufRead,
    output: &mut impl Write,
    length: u64,
) -> io::Result<()> {
    let mut left = length;
    while left > 0 {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let taken = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        output.write_all(&buffer[..taken])?;
        input.consume(taken);
        left -= taken as u64;
    }
    Ok(())
}

/// Leaves out a part of this length.
pub(super) fn skip(input: &mut impl BufRead, length: u64) -> io::Result<()> {
    copy(input, &mut io::sink(), length)
}

/// A part of this length as bytes, or none where it is longer than `limit` and was left out.
pub(super) fn short(
    input: &mut impl BufRead,
    length: u64,
    limit: u64,
) -> io::Result<Option<Vec<u8>>> {
    if length > limit {
        return skip(input, length).map(|()| None);
    }
    let mut bytes = Vec::new();
    copy(input, &mut bytes, length)?;
    Ok(Some(bytes))
}
