//! PNG, row by row; the whole of it where it is stored in seven passes.

use std::io::{BufRead, Seek};

use png::{ColorType, Decoder, Limits, Transformations};

use super::super::pixels::Shrinker;
use super::{Failure, Header, Pixels, buffer};

/// The most bytes that the library may take beside what it is handed: a few rows of 16,384 pixels.
const LIMITS: Limits = Limits { bytes: 4 << 20 };

pub(super) fn decode(
    input: impl BufRead + Seek,
    header: &Header,
    target: (u32, u32),
) -> Result<Pixels, Failure> {
    let mut decoder = Decoder::new_with_limits(input, LIMITS);
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info()?;
    let (width, height) = (reader.info().width, reader.info().height);
    if (width, height) != (header.width, header.height) {
        return Err("another size".into());
    }
    let (colours, _) = reader.output_color_type();
    let mut shrinker = Shrinker::new((width, height), target);
    let mut rgba = Vec::with_capacity(width as usize * 4);
    if header.is_interlaced {
        let line = reader.output_line_size(width).ok_or("a long row")?;
        let mut whole = buffer(line as u64 * u64::from(height))?;
        reader.next_frame(&mut whole)?;
        for row in whole.chunks_exact(line) {
            shrinker.push(widen(colours, row, &mut rgba));
        }
    } else {
        while let Some(row) = reader.next_row()? {
            shrinker.push(widen(colours, row.data(), &mut rgba));
        }
    }
    Ok(shrinker.finish())
}

/// A row in four channels.
fn widen<'a>(colours: ColorType, row: &'a [u8], rgba: &'a mut Vec<u8>) -> &'a [u8] {
    rgba.clear();
    match colours {
        ColorType::Rgba => return row,
        ColorType::Rgb => {
            let (pixels, _) = row.as_chunks::<3>();
            rgba.extend(
                pixels.iter().flat_map(|[red, green, blue]| [*red, *green, *blue, u8::MAX]),
            );
        }
        ColorType::GrayscaleAlpha => {
            let (pixels, _) = row.as_chunks::<2>();
            rgba.extend(pixels.iter().flat_map(|[grey, opacity]| [*grey, *grey, *grey, *opacity]));
        }
        // Indexed colours have been looked up.
        ColorType::Grayscale | ColorType::Indexed => {
            rgba.extend(row.iter().flat_map(|grey| [*grey, *grey, *grey, u8::MAX]));
        }
    }
    rgba
}
