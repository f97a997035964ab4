//! Pictures that are small to send and large to look at.

/// A PNG of 65 bytes that says it has 16,384 × 16,384 pixels.
pub const BOMB: &[u8] = include_bytes!("../../../../fuzz/corpus/picture/bomb.png");

/// A GIF of many pictures, each as large as its screen and of one colour.
pub fn gif(width: u16, height: u16, pictures: usize) -> Vec<u8> {
    let size = [width.to_le_bytes(), height.to_le_bytes()].concat();
    let screen = [b"GIF89a", &size[..], &[0x80, 0, 0], &[0; 6]].concat();
    // Clear and end, and no pixel between.
    let picture = [&[0x2c, 0, 0, 0, 0], &size[..], &[0, 2, 1, 0x2c, 0]].concat();
    [screen, picture.repeat(pictures), vec![0x3b]].concat()
}

/// A PNG of 16 million pixels, the most that are decoded.
pub fn large_png() -> Vec<u8> {
    const SIDE: u32 = 4_000;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, SIDE, SIDE);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().expect("written");
    writer.write_image_data(&vec![0x80; (SIDE * SIDE) as usize]).expect("written");
    writer.finish().expect("written");
    bytes
}
