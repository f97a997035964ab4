//! WebP: the whole picture at once, as the library has it.

use std::io::{BufRead, Seek};

use image_webp::WebPDecoder;

use super::super::pixels::Shrinker;
use super::{Failure, Header, Pixels, buffer};

pub(super) fn decode(
    input: impl BufRead + Seek,
    header: &Header,
    target: (u32, u32),
) -> Result<Pixels, Failure> {
    let mut decoder = WebPDecoder::new(input)?;
    let (width, height) = decoder.dimensions();
    if (width, height) != (header.width, header.height) {
        return Err("parts of different sizes".into());
    }
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let mut data = buffer(u64::from(width) * u64::from(height) * channels)?;
    decoder.read_image(&mut data)?;
    let mut shrinker = Shrinker::new((width, height), target);
    let mut rgba = Vec::with_capacity(width as usize * 4);
    let row = width as usize * usize::try_from(channels)?;
    for row in data.chunks_exact(row) {
        if channels == 4 {
            shrinker.push(row);
        } else {
            rgba.clear();
            let (pixels, _) = row.as_chunks::<3>();
            rgba.extend(
                pixels.iter().flat_map(|[red, green, blue]| [*red, *green, *blue, u8::MAX]),
            );
            shrinker.push(&rgba);
        }
    }
    Ok(shrinker.finish())
}
