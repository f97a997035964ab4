//! Decodes a picture that its budget allows, as small as it will be needed: the first of an animation.

mod gif;
mod jpeg;
mod png;
mod webp;

use std::error::Error;
use std::io::{BufRead, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::cleaning::{Format, Header};
use super::pixels::Pixels;

/// Why there are no pixels; nobody is told more than that.
type Failure = Box<dyn Error + Send + Sync>;

/// The pixels of a picture as it is stored, at least as large as `target` if it is. None where it cannot be decoded.
pub(super) fn decode(
    format: Format,
    header: &Header,
    input: &mut (impl BufRead + Seek),
    target: (u32, u32),
) -> Option<Pixels> {
    let decode = || match format {
        Format::Jpeg => jpeg::decode(input, target),
        Format::Png => png::decode(input, header, target),
        Format::Gif => gif::decode(input, header, target),
        Format::WebP => webp::decode(input, header, target),
    };
    // A fault of a library, on an input that nobody thought of, is one picture less and not a failed upload.
    let decoded = catch_unwind(AssertUnwindSafe(decode)).ok()?;
    decoded.inspect_err(|error| tracing::debug!(%error, "a picture cannot be decoded")).ok()
}

/// A buffer whose size was bounded before.
fn buffer(bytes: u64) -> Result<Vec<u8>, Failure> {
    Ok(vec![0; usize::try_from(bytes)?])
}
