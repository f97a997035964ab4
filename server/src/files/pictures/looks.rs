//! How a picture looks small: turned as it is seen, resized, encoded, and its mean colour.

use std::error::Error;

use fast_image_resize::images::Image;
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};

use super::Thumbnail;
use super::pixels::Pixels;

/// The quality of a JPEG that we make, of 100.
const QUALITY: u8 = 80;

type Failure = Box<dyn Error + Send + Sync>;

/// The picture as it is seen, by its orientation (1 to 8, as Exif numbers them).
pub(super) fn turn(pixels: Pixels, orientation: u8) -> Pixels {
    if !(2..=8).contains(&orientation) {
        return pixels;
    }
    let (width, height) = (pixels.width as usize, pixels.height as usize);
    let is_on_its_side = orientation >= 5;
    let (wide, high) = if is_on_its_side { (height, width) } else { (width, height) };
    let mut data = Vec::with_capacity(pixels.data.len());
    for y in 0..high {
        for x in 0..wide {
            let (column, row) = match orientation {
                2 => (width - 1 - x, y),
                3 => (width - 1 - x, height - 1 - y),
                4 => (x, height - 1 - y),
                5 => (y, x),
                6 => (y, height - 1 - x),
                7 => (width - 1 - y, height - 1 - x),
                _ => (width - 1 - y, x),
            };
            let at = (row * width + column) * pixels.channels;
            data.extend_from_slice(&pixels.data[at..at + pixels.channels]);
        }
    }
    let (width, height) =
        if is_on_its_side { (pixels.height, pixels.width) } else { (pixels.width, pixels.height) };
    Pixels { width, height, data, ..pixels }
}

/// The picture in another size; what does not fit into its shape is cut off on both sides alike.
pub(super) fn resize(pixels: Pixels, size: (u32, u32)) -> Result<Pixels, Failure> {
    if (pixels.width, pixels.height) == size {
        return Ok(pixels);
    }
    let kind = if pixels.channels == 4 { PixelType::U8x4 } else { PixelType::U8x3 };
    let from = Image::from_vec_u8(pixels.width, pixels.height, pixels.data, kind)?;
    let mut to = Image::new(size.0, size.1, kind);
    let options = ResizeOptions::new().fit_into_destination(None);
    Resizer::new().resize(&from, &mut to, &options)?;
    Ok(Pixels { width: size.0, height: size.1, data: to.into_vec(), ..pixels })
}

/// The size within a square of this side that has the shape of a picture; never larger than it.
pub(super) fn fit((width, height): (u32, u32), side: u32) -> (u32, u32) {
    let longest = width.max(height).max(1);
    if longest <= side {
        return (width, height);
    }
    let scaled = |length: u32| {
        let scaled =
            (u64::from(length) * u64::from(side) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(side).max(1)
    };
    (scaled(width), scaled(height))
}

/// JPEG, or PNG where something is transparent.
pub(super) fn encode(pixels: &Pixels) -> Result<Thumbnail, Failure> {
    let mut bytes = Vec::new();
    let Pixels { width, height, .. } = *pixels;
    if pixels.channels == 4 {
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(&pixels.data)?;
        return Ok(Thumbnail { mime: "image/png", bytes });
    }
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    if let Some(profile) = &pixels.profile {
        encoder.set_icc_profile(profile.clone())?;
    }
    encoder.encode(&pixels.data, width, height, ExtendedColorType::Rgb8)?;
    Ok(Thumbnail { mime: "image/jpeg", bytes })
}

/// The mean colour, 0xrrggbb, of what is not transparent; none where all is.
pub(super) fn mean_colour(pixels: &Pixels) -> Option<u32> {
    let (mut sums, mut opacities) = ([0_u64; 3], 0_u64);
    for pixel in pixels.data.chunks_exact(pixels.channels) {
        let opacity = u64::from(pixel.get(3).copied().unwrap_or(u8::MAX));
        for (sum, part) in sums.iter_mut().zip(pixel) {
            *sum += u64::from(*part) * opacity;
        }
        opacities += opacity;
    }
    if opacities == 0 {
        return None;
    }
    let [red, green, blue] =
        sums.map(|sum| u32::try_from((sum + opacities / 2) / opacities).unwrap_or(0xff));
    Some(red << 16 | green << 8 | blue)
}

#[cfg(test)]
mod tests {
    use super::{Pixels, fit, mean_colour, turn};

    /// A picture of three pixels in two rows, each with its own number.
    fn picture() -> Pixels {
        let data = (0..6).flat_map(|number| [number; 3]).collect();
        Pixels { width: 3, height: 2, channels: 3, data, profile: None }
    }

    #[test]
    fn a_picture_is_turned_as_exif_numbers_it() {
        let numbers = |orientation| {
            let turned = turn(picture(), orientation);
            (turned.width, turned.data.chunks(3).map(|pixel| pixel[0]).collect::<Vec<_>>())
        };
        assert_eq!(numbers(1), (3, vec![0, 1, 2, 3, 4, 5]));
        assert_eq!(numbers(2), (3, vec![2, 1, 0, 5, 4, 3]));
        assert_eq!(numbers(3), (3, vec![5, 4, 3, 2, 1, 0]));
        assert_eq!(numbers(4), (3, vec![3, 4, 5, 0, 1, 2]));
        assert_eq!(numbers(5), (2, vec![0, 3, 1, 4, 2, 5]));
        assert_eq!(numbers(6), (2, vec![3, 0, 4, 1, 5, 2]));
        assert_eq!(numbers(7), (2, vec![5, 2, 4, 1, 3, 0]));
        assert_eq!(numbers(8), (2, vec![2, 5, 1, 4, 0, 3]));
    }

    #[test]
    fn a_size_keeps_its_shape() {
        assert_eq!(fit((4_000, 3_000), 640), (640, 480));
        assert_eq!(fit((100, 16_000), 640), (4, 640));
        assert_eq!(fit((16_000, 1), 640), (640, 1));
        assert_eq!(fit((640, 10), 640), (640, 10));
        assert_eq!(fit((1, 1), 640), (1, 1));
    }

    #[test]
    fn the_colour_is_that_of_what_is_seen() {
        assert_eq!(mean_colour(&picture()), Some(0x03_03_03));
        let seen = |data: Vec<u8>| mean_colour(&Pixels { channels: 4, data, ..picture() });
        assert_eq!(seen(vec![255, 0, 0, 255, 0, 255, 0, 0]), Some(0xff_00_00));
        assert_eq!(seen(vec![1, 2, 3, 0]), None);
    }
}
