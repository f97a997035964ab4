//! A picture in memory, and making it smaller while its rows come in.

/// Rows of pixels of three bytes (red, green, blue) or four (and how opaque it is).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pixels {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bytes a pixel: 3 or 4.
    pub(super) channels: usize,
    /// `width * height * channels` bytes.
    pub(super) data: Vec<u8>,
    /// How its colours are meant, where that is not sRGB.
    pub(super) profile: Option<Vec<u8>>,
}

impl Pixels {
    /// The same without transparency, where nothing is transparent.
    pub(super) fn without_needless_alpha(self) -> Self {
        let (pixels, _) = self.data.as_chunks::<4>();
        if self.channels != 4 || pixels.iter().any(|pixel| pixel[3] != u8::MAX) {
            return self;
        }
        let data = pixels.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]).collect();
        Self { data, channels: 3, ..self }
    }
}

/// Takes rows of RGBA and makes one pixel of each square of them, so that a large picture is never held whole.
pub(super) struct Shrinker {
    /// Pixels a row that comes in.
    width: usize,
    /// The side of a square.
    side: usize,
    /// Of each square that has begun: colours times opacity, opacity, how many pixels.
    squares: Vec<[u32; 5]>,
    /// How many rows the squares have.
    rows: usize,
    height: u32,
    data: Vec<u8>,
}

impl Shrinker {
    /// One for a picture of this size, which is made smaller by a whole number and stays at least as large as `target`
    /// twice over, if it is.
    pub(super) fn new((width, height): (u32, u32), target: (u32, u32)) -> Self {
        let side = (width / target.0.saturating_mul(2).max(1))
            .min(height / target.1.saturating_mul(2).max(1));
        // So that the sums fit: 4,096 pixels of 255 × 255.
        let side = side.clamp(1, 64);
        let squares = vec![[0; 5]; width.div_ceil(side) as usize];
        let data = Vec::with_capacity(squares.len() * height.div_ceil(side) as usize * 4);
        let (width, side) = (width as usize, side as usize);
        Self { width, side, squares, rows: 0, height: 0, data }
    }

    /// Takes the next row: four bytes a pixel.
    pub(super) fn push(&mut self, row: &[u8]) {
        let (pixels, _) = row.as_chunks::<4>();
        let pixels = &pixels[..self.width.min(pixels.len())];
        if self.side == 1 {
            self.data.extend_from_slice(pixels.as_flattened());
            self.height += 1;
            return;
        }
        for (square, pixels) in self.squares.iter_mut().zip(pixels.chunks(self.side)) {
            for [red, green, blue, opacity] in pixels {
                let opacity = u32::from(*opacity);
                square[0] += u32::from(*red) * opacity;
                square[1] += u32::from(*green) * opacity;
                square[2] += u32::from(*blue) * opacity;
                square[3] += opacity;
                square[4] += 1;
            }
        }
        self.rows += 1;
        if self.rows == self.side {
            self.finish_row();
        }
    }

    fn finish_row(&mut self) {
        for square in &mut self.squares {
            let [red, green, blue, opacity, count] = *square;
            let mean =
                |sum: u32, of: u32| u8::try_from((sum + of / 2) / of.max(1)).unwrap_or(u8::MAX);
            let colour = [red, green, blue].map(|sum| mean(sum, opacity));
            self.data.extend_from_slice(&colour);
            self.data.push(mean(opacity, count));
            *square = [0; 5];
        }
        self.rows = 0;
        self.height += 1;
    }

    /// The smaller picture.
    pub(super) fn finish(mut self) -> Pixels {
        if self.rows > 0 {
            self.finish_row();
        }
        let width = u32::try_from(self.squares.len()).unwrap_or(u32::MAX);
        Pixels { width, height: self.height, channels: 4, data: self.data, profile: None }
            .without_needless_alpha()
    }
}

#[cfg(test)]
mod tests {
    use super::Shrinker;

    #[test]
    fn squares_become_pixels() {
        let mut shrinker = Shrinker::new((5, 3), (1, 1));
        let (black, white, none) = ([0, 0, 0, 255], [255; 4], [9, 9, 9, 0]);
        for _ in 0..3 {
            shrinker.push([black, white, none, white, none].as_flattened());
        }
        // Each square has the side 1, as half of three is one.
        assert_eq!(shrinker.finish().height, 3);

        let mut shrinker = Shrinker::new((5, 4), (1, 1));
        for _ in 0..4 {
            shrinker.push([black, white, none, white, none].as_flattened());
        }
        let small = shrinker.finish();
        assert_eq!((small.width, small.height, small.channels), (3, 2, 4));
        let row = [[128, 128, 128, 255], [255, 255, 255, 128], [0, 0, 0, 0]];
        assert_eq!(small.data, [row, row].as_flattened().as_flattened());
    }

    #[test]
    fn an_opaque_picture_has_three_channels() {
        let mut shrinker = Shrinker::new((4, 4), (1, 1));
        for _ in 0..4 {
            shrinker.push(&[1, 2, 3, 255, 3, 4, 5, 255].repeat(2));
        }
        let small = shrinker.finish();
        assert_eq!((small.channels, &small.data[..]), (3, &[2, 3, 4].repeat(4)[..]));
    }
}
