//! JPEG, made smaller by 2, 4 or 8 where its frequencies are turned into pixels: most of the work and the memory of a
//! large picture falls away.

use std::io::Read;

use jpeg_decoder::{Decoder, PixelFormat};

use super::{Failure, Pixels};

/// The most bytes of a profile of colours that is kept; a phone's has some 500.
const PROFILE: usize = 16 << 10;

pub(super) fn decode(input: impl Read, target: (u32, u32)) -> Result<Pixels, Failure> {
    let mut decoder = Decoder::new(input);
    let asked = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
    decoder.scale(asked(target.0), asked(target.1))?;
    let data = decoder.decode()?;
    let info = decoder.info().ok_or("no frame")?;
    let profile = decoder.icc_profile().filter(|profile| profile.len() <= PROFILE);
    let (data, profile) = match info.pixel_format {
        PixelFormat::RGB24 => (data, profile),
        PixelFormat::L8 => (data.into_iter().flat_map(|grey| [grey; 3]).collect(), None),
        PixelFormat::CMYK32 => (from_inks(&data), None),
        PixelFormat::L16 => return Err("a picture of 16 bits".into()),
    };
    let (width, height) = (info.width.into(), info.height.into());
    Ok(Pixels { width, height, channels: 3, data, profile })
}

/// Of four inks, what they leave of the light.
fn from_inks(data: &[u8]) -> Vec<u8> {
    let (pixels, _) = data.as_chunks::<4>();
    let light = |ink: u8, black: u8| {
        let left = u16::from(u8::MAX - ink) * u16::from(u8::MAX - black) / u16::from(u8::MAX);
        u8::try_from(left).unwrap_or(u8::MAX)
    };
    pixels.iter().flat_map(|[inks @ .., black]| inks.map(|ink| light(ink, *black))).collect()
}
