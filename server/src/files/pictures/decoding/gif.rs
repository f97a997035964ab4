//! GIF: the first picture, as indexes into its colours.

use std::io::Read;

use gif::{ColorOutput, DecodeOptions, MemoryLimit};

use super::super::pixels::Shrinker;
use super::{Failure, Header, Pixels, buffer};

const LIMIT: MemoryLimit = MemoryLimit::Bytes(match std::num::NonZeroU64::new(32 << 20) {
    Some(bytes) => bytes,
    None => std::num::NonZeroU64::MIN,
});

pub(super) fn decode(
    input: impl Read,
    header: &Header,
    target: (u32, u32),
) -> Result<Pixels, Failure> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.set_memory_limit(LIMIT);
    let mut decoder = options.read_info(input)?;
    let frame = decoder.next_frame_info()?.ok_or("no picture")?;
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let (width, height) = (usize::from(frame.width), usize::from(frame.height));
    let transparent = frame.transparent;
    let mut indexes = buffer(width as u64 * height as u64)?;
    decoder.read_into_buffer(&mut indexes)?;
    let colours = decoder.palette()?.to_vec();
    let (colours, _) = colours.as_chunks::<3>();

    let (canvas_width, canvas_height) = (header.width as usize, header.height as usize);
    if left + width > canvas_width || top + height > canvas_height || width == 0 {
        return Err("a picture beside its canvas".into());
    }
    let mut shrinker = Shrinker::new((header.width, header.height), target);
    let mut row = vec![0; canvas_width * 4];
    for y in 0..canvas_height {
        row.fill(0);
        let line = y.checked_sub(top).and_then(|line| indexes.chunks_exact(width).nth(line));
        let (pixels, _) = row.as_chunks_mut::<4>();
        for (pixel, index) in pixels[left..].iter_mut().zip(line.unwrap_or_default()) {
            if let Some([red, green, blue]) = colours.get(usize::from(*index))
                && transparent != Some(*index)
            {
                *pixel = [*red, *green, *blue, u8::MAX];
            }
        }
        shrinker.push(&row);
    }
    Ok(shrinker.finish())
}
