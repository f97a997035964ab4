//! Pictures drawn with a few shapes, whose edges are smooth. Places are told in heights of the picture, from its upper
//! left corner.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels of small pictures, and parts of colours within 0 and 255"
)]

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageResult};

/// A place: right and down.
pub(super) type Point = [f32; 2];

/// The quality of the JPEG, of 100.
const QUALITY: u8 = 85;

/// Red, green and blue, 0 to 255 each.
#[derive(Clone, Copy)]
pub(super) struct Colour([f32; 3]);

impl Colour {
    /// By its number, 0xrrggbb.
    pub(super) const fn of(number: u32) -> Self {
        let [_, red, green, blue] = number.to_be_bytes();
        Self([red as f32, green as f32, blue as f32])
    }

    /// This one at 0, the other at 1.
    pub(super) fn mixed(self, other: Self, share: f32) -> Self {
        let share = share.clamp(0.0, 1.0);
        let mut mixed = self.0;
        for (part, other) in mixed.iter_mut().zip(other.0) {
            *part += (other - *part) * share;
        }
        Self(mixed)
    }
}

/// What can be drawn.
pub(super) enum Shape {
    /// Its middle, its radii, and how far it is turned, in radians.
    Ellipse(Point, Point, f32),
    /// A box with round corners: its middle, half of its sides, the radius of its corners.
    Box(Point, Point, f32),
    /// The corners, clockwise as they are seen.
    Triangle([Point; 3]),
}

impl Shape {
    /// A disk: its middle and its radius.
    pub(super) fn disk(middle: Point, radius: f32) -> Self {
        Self::Ellipse(middle, [radius, radius], 0.0)
    }

    /// How far a point is outside, about; negative inside.
    fn distance(&self, [x, y]: Point) -> f32 {
        match *self {
            Self::Ellipse([left, top], [wide, high], turned) => {
                let ([x, y], (sin, cos)) = ([x - left, y - top], turned.sin_cos());
                let (x, y) = (x * cos + y * sin, y * cos - x * sin);
                let (near, far) =
                    ((x / wide).hypot(y / high), (x / wide / wide).hypot(y / high / high));
                if far == 0.0 { -wide.min(high) } else { near * (near - 1.0) / far }
            }
            Self::Box([left, top], [wide, high], round) => {
                let (x, y) = ((x - left).abs() - wide + round, (y - top).abs() - high + round);
                x.max(0.0).hypot(y.max(0.0)) + x.max(y).min(0.0) - round
            }
            Self::Triangle(corners) => {
                let side = |from: Point, to: Point| {
                    let (right, down) = (to[0] - from[0], to[1] - from[1]);
                    ((x - from[0]) * down - (y - from[1]) * right) / right.hypot(down)
                };
                let [one, two, three] = corners;
                side(one, two).max(side(two, three)).max(side(three, one))
            }
        }
    }

    /// Left, top, right and bottom of what it may cover.
    fn bounds(&self) -> [f32; 4] {
        match *self {
            Self::Ellipse([x, y], [wide, high], _) => {
                let most = wide.max(high);
                [x - most, y - most, x + most, y + most]
            }
            Self::Box([x, y], [wide, high], _) => [x - wide, y - high, x + wide, y + high],
            Self::Triangle([one, two, three]) => {
                let least = |axis: usize| one[axis].min(two[axis]).min(three[axis]);
                let most = |axis: usize| one[axis].max(two[axis]).max(three[axis]);
                [least(0), least(1), most(0), most(1)]
            }
        }
    }
}

/// A picture that is being drawn.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Colour>,
}

impl Canvas {
    /// One that has the first colour above and the second one below.
    pub(super) fn new(width: usize, height: usize, above: Colour, below: Colour) -> Self {
        let row = |row: usize| above.mixed(below, row as f32 / height as f32);
        let pixels =
            (0..height).flat_map(|number| std::iter::repeat_n(row(number), width)).collect();
        Self { width, height, pixels }
    }

    /// How wide it is, in heights.
    pub(super) fn width(&self) -> f32 {
        self.width as f32 / self.height as f32
    }

    /// Draws a shape.
    pub(super) fn draw(&mut self, shape: &Shape, colour: Colour) {
        self.glow(shape, colour, 0.0);
    }

    /// Draws a shape whose colour fades out within so far around it.
    pub(super) fn glow(&mut self, shape: &Shape, colour: Colour, fade: f32) {
        let unit = self.height as f32;
        let [left, top, right, bottom] = shape.bounds();
        let pixel = |place: f32, most: usize| ((place * unit).max(0.0) as usize).min(most);
        let (reach, fade) = (fade + 1.0 / unit, fade.max(1.0 / unit));
        for row in pixel(top - reach, self.height)..pixel(bottom + reach + 1.0 / unit, self.height)
        {
            for column in
                pixel(left - reach, self.width)..pixel(right + reach + 1.0 / unit, self.width)
            {
                let point = [(column as f32 + 0.5) / unit, (row as f32 + 0.5) / unit];
                let covered = 1.0 - (shape.distance(point) + 0.5 / unit) / fade;
                if covered > 0.0 {
                    let under = &mut self.pixels[row * self.width + column];
                    // Softer than a straight line, where it can be seen.
                    *under = under.mixed(colour, covered.min(1.0).powi(2));
                }
            }
        }
    }

    /// Draws all that lies below a line, lighter further down by this share of white.
    pub(super) fn draw_below(&mut self, line: impl Fn(f32) -> f32, colour: Colour, mist: f32) {
        let unit = self.height as f32;
        for column in 0..self.width {
            let top = line((column as f32 + 0.5) / unit) * unit;
            for row in (top.max(0.0) as usize).min(self.height)..self.height {
                let under = &mut self.pixels[row * self.width + column];
                let depth = (row as f32 - top) / unit;
                let colour = colour.mixed(Colour::of(0xff_ff_ff), (depth * mist).min(0.5));
                *under = under.mixed(colour, row as f32 + 1.0 - top);
            }
        }
    }

    /// Has still water from this height on, which shows what is above it.
    pub(super) fn mirror(&mut self, shore: f32, water: Colour) {
        let unit = self.height as f32;
        let first = (shore * unit) as usize;
        for row in first..self.height {
            let depth = (row - first) as f32 / unit;
            let ripple = (depth * 900.0 / (1.0 + depth * 6.0)).sin() * depth * 6.0;
            let from = (first as f32 - 1.0 - depth * unit * 0.9 + ripple).max(0.0) as usize;
            for column in 0..self.width {
                let shown = self.pixels[from.min(first.saturating_sub(1)) * self.width + column];
                self.pixels[row * self.width + column] = shown.mixed(water, 0.25 + depth * 0.6);
            }
        }
    }

    /// The picture as a JPEG.
    pub(super) fn jpeg(&self) -> ImageResult<Vec<u8>> {
        let rgb: Vec<u8> =
            self.pixels.iter().flat_map(|pixel| pixel.0.map(|part| part as u8)).collect();
        let (mut bytes, side) = (Vec::new(), |length: usize| u32::try_from(length).unwrap_or(0));
        JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode(
            &rgb,
            side(self.width),
            side(self.height),
            ExtendedColorType::Rgb8,
        )?;
        Ok(bytes)
    }
}
