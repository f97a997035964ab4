//! The pictures that people of the demo take: views of the lake, and a shelf of books.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::canvas::{Canvas, Colour, Shape};

/// A view: what lies behind comes first.
pub(super) struct View {
    /// The name of its file.
    pub(super) name: &'static str,
    /// Pixels a row, and rows.
    size: (usize, usize),
    /// The colours of the sky, above and below.
    sky: (u32, u32),
    parts: &'static [Part],
}

/// What is to be seen; places and sizes are in heights of the picture, colours 0xrrggbb.
enum Part {
    /// Or the moon: where it is, its radius, its colour, and how far it shines.
    Sun([f32; 2], f32, u32, f32),
    /// How many.
    Stars(usize),
    /// Where one is, and how wide.
    Cloud([f32; 2], f32),
    /// Hills: where they stand, how high they are, their colour, and how much mist lies before them.
    Hills(f32, f32, u32, f32),
    /// Firs on a shore: where it is, how high they are at most, how many, their colour.
    Firs(f32, f32, usize, u32),
    /// Where a boat with a sail is, and how large.
    Boat([f32; 2], f32),
    /// Where a tent is, and how large.
    Tent([f32; 2], f32),
    /// Water from this height on, and its colour.
    Lake(f32, u32),
    /// Shelves full of books: how many.
    Shelves(u16),
}

use Part::{Boat, Cloud, Firs, Hills, Lake, Shelves, Stars, Sun, Tent};

/// Days at the lake.
pub(super) const LAKE: [View; 5] = [
    View {
        name: "Lake, morning.jpg",
        size: (1280, 854),
        sky: (0x7f_b2_dd, 0xfd_e3_d0),
        parts: &[
            Sun([1.12, 0.36], 0.045, 0xff_f3_d6, 0.30),
            Hills(0.52, 0.24, 0xa9_bd_d4, 1.6),
            Hills(0.56, 0.16, 0x7d_9a_b8, 1.4),
            Hills(0.60, 0.09, 0x52_75_8c, 1.0),
            Firs(0.62, 0.10, 60, 0x2c_4a_4a),
            Lake(0.62, 0xbf_d6_e6),
        ],
    },
    View {
        name: "Our boat.jpg",
        size: (1280, 854),
        sky: (0x2f_86_d6, 0xbf_e4_f7),
        parts: &[
            Cloud([0.32, 0.20], 0.34),
            Cloud([1.06, 0.30], 0.26),
            Hills(0.54, 0.20, 0x7f_a8_8c, 0.5),
            Hills(0.58, 0.08, 0x4c_83_55, 0.3),
            Boat([0.86, 0.615], 0.16),
            Lake(0.62, 0x2c_7f_b8),
        ],
    },
    View {
        name: "North gate.jpg",
        size: (854, 1280),
        sky: (0x3b_3a_78, 0xff_a8_5c),
        parts: &[
            Sun([0.34, 0.50], 0.05, 0xff_ee_b0, 0.26),
            Hills(0.58, 0.12, 0x8a_57_7c, 0.6),
            Hills(0.62, 0.06, 0x54_3a_66, 0.4),
            Firs(0.64, 0.16, 16, 0x24_1d_3a),
            Lake(0.64, 0xd9_72_55),
        ],
    },
    View {
        name: "Where we camp.jpg",
        size: (1280, 854),
        sky: (0x5c_9f_d6, 0xf4_ec_c8),
        parts: &[
            Cloud([1.10, 0.16], 0.30),
            Hills(0.56, 0.28, 0x8f_a9_b8, 1.2),
            Firs(0.66, 0.30, 22, 0x2f_5d_46),
            Hills(0.74, 0.05, 0x7c_a9_4e, 0.0),
            Tent([0.62, 0.82], 0.20),
            Hills(0.88, 0.03, 0x5f_91_3f, 0.0),
        ],
    },
    View {
        name: "Stars!.jpg",
        size: (1024, 1024),
        sky: (0x07_0d_24, 0x2c_45_78),
        parts: &[
            Stars(220),
            Sun([0.72, 0.20], 0.055, 0xf6_f1_dc, 0.16),
            Hills(0.60, 0.16, 0x1c_2f_58, 0.5),
            Firs(0.66, 0.14, 34, 0x0a_14_2c),
            Lake(0.66, 0x16_29_52),
        ],
    },
];

/// The new shelf of the library.
pub(super) const SHELF: View = View {
    name: "IMG_0407.jpg",
    size: (1100, 825),
    sky: (0xf1_e6_d2, 0xe2_d2_b6),
    parts: &[Shelves(4)],
};

impl View {
    /// Draws it, the same each time.
    pub(super) fn draw(&self) -> Canvas {
        self.draw_in(self.size.1)
    }

    /// Draws it with so many rows.
    pub(super) fn draw_in(&self, rows: usize) -> Canvas {
        let (above, below) = (Colour::of(self.sky.0), Colour::of(self.sky.1));
        let wide = self.size.0 * rows / self.size.1;
        let mut canvas = Canvas::new(wide, rows, above, below);
        for (seed, part) in (0..).zip(self.parts) {
            part.draw(&mut canvas, &mut StdRng::seed_from_u64(seed));
        }
        canvas
    }
}

impl Part {
    fn draw(&self, canvas: &mut Canvas, random: &mut StdRng) {
        let white = Colour::of(0xff_ff_ff);
        match *self {
            Sun(middle, radius, colour, shine) => {
                let sun = Shape::disk(middle, radius);
                canvas.glow(&sun, Colour::of(colour), shine);
                canvas.draw(&sun, Colour::of(colour).mixed(white, 0.5));
            }
            Stars(count) => {
                for _ in 0..count {
                    let place =
                        [random.random::<f32>() * canvas.width(), random.random::<f32>() * 0.62];
                    canvas.draw(&Shape::disk(place, random.random_range(0.0006..0.0024)), white);
                }
            }
            Cloud([x, y], wide) => {
                for (right, up, size) in
                    [(-0.3, 0.0, 0.5), (0.0, 0.12, 0.6), (0.3, 0.03, 0.5), (0.05, -0.03, 0.9)]
                {
                    let middle = [x + right * wide, y - up * wide];
                    let radii = [size * wide / 2.0, size * wide / 5.0];
                    canvas.glow(&Shape::Ellipse(middle, radii, 0.0), white, 0.02);
                }
            }
            Hills(foot, high, colour, mist) => {
                let line = rough(random);
                canvas.draw_below(|x| foot - line(x) * high, Colour::of(colour), mist);
            }
            Firs(shore, high, count, colour) => firs(canvas, random, shore, high, count, colour),
            Boat([x, y], size) => {
                let at = |right: f32, up: f32| [x + right * size, y - up * size];
                canvas
                    .draw(&Shape::Triangle([at(0.03, 0.95), at(0.55, 0.2), at(0.03, 0.2)]), white);
                let jib = [at(-0.03, 0.8), at(-0.03, 0.2), at(-0.4, 0.2)];
                canvas.draw(&Shape::Triangle(jib), Colour::of(0xe8_4d_3d));
                let hull = Colour::of(0x6b_3f_2a);
                canvas.draw(&Shape::Triangle([at(-0.7, 0.16), at(0.7, 0.16), at(0.4, -0.2)]), hull);
                canvas
                    .draw(&Shape::Triangle([at(-0.7, 0.16), at(0.4, -0.2), at(-0.4, -0.2)]), hull);
            }
            Tent([x, y], size) => {
                let at = |right: f32, up: f32| [x + right * size, y - up * size];
                let sides = [(0.9, 0xf2_8c_28), (0.45, 0xd9_6c_14), (0.14, 0x5a_2c_10)];
                for (half, colour) in sides {
                    let corners = [at(0.0, 1.0), at(half, 0.0), at(-half, 0.0)];
                    canvas.draw(&Shape::Triangle(corners), Colour::of(colour));
                }
            }
            Lake(shore, colour) => canvas.mirror(shore, Colour::of(colour)),
            Shelves(count) => shelves(canvas, random, count),
        }
    }
}

/// A line of peaks between 0 and 1, of waves that get smaller.
fn rough(random: &mut StdRng) -> impl Fn(f32) -> f32 + use<> {
    let shifts: [f32; 6] = std::array::from_fn(|_| random.random());
    move |x| {
        let (mut sum, mut wave, mut size) = (0.0, 1.1, 0.5);
        for shift in shifts {
            sum += size * (1.0 - (2.0 * (x * wave + shift).rem_euclid(1.0) - 1.0).abs());
            (wave, size) = (wave * 2.1, size * 0.45);
        }
        sum
    }
}

fn firs(
    canvas: &mut Canvas,
    random: &mut StdRng,
    shore: f32,
    high: f32,
    count: usize,
    colour: u32,
) {
    let wide = canvas.width();
    for _ in 0..count {
        let (x, high) = (random.random_range(0.0..wide), random.random_range(high / 2.0..high));
        let colour = Colour::of(colour).mixed(Colour::of(0), random.random_range(0.0..0.3));
        for (top, foot, half) in [(1.0, 0.5, 0.14), (0.75, 0.2, 0.2), (0.5, -0.1, 0.26)] {
            let corners = [
                [x, shore - top * high],
                [x + half * high, shore - foot * high],
                [x - half * high, shore - foot * high],
            ];
            canvas.draw(&Shape::Triangle(corners), colour);
        }
    }
}

fn shelves(canvas: &mut Canvas, random: &mut StdRng, count: u16) {
    const BOOKS: [u32; 8] = [
        0x8c_2f_39, 0x2a_6f_77, 0xd9_a4_41, 0x3d_40_5b, 0x81_b2_9a, 0xe0_7a_5f, 0x5b_7d_b1,
        0xf4_f1_de,
    ];
    let (wide, wood) = (canvas.width(), Colour::of(0x8a_5a_33));
    let each = 0.92 / f32::from(count);
    for shelf in 1..=count {
        let board = 0.04 + f32::from(shelf) * each;
        let mut x = 0.08;
        while x < wide - 0.12 {
            let (thick, high) =
                (random.random_range(0.012..0.03), random.random_range(0.6..0.86) * each);
            let colour = Colour::of(BOOKS[random.random_range(0..BOOKS.len())]);
            let (middle, half) = ([x + thick, board - high / 2.0], [thick, high / 2.0]);
            canvas.draw(&Shape::Box(middle, half, 0.004), colour);
            let label =
                Shape::Box([middle[0], board - high * 0.72], [thick * 0.6, high * 0.05], 0.0);
            canvas.draw(&label, colour.mixed(Colour::of(0xff_ff_ff), 0.6));
            // Here and there a book was taken out.
            x += 2.0 * thick + if random.random_bool(0.08) { 0.05 } else { 0.002 };
        }
        canvas.draw(
            &Shape::Box([wide / 2.0, board + 0.012], [wide / 2.0 - 0.04, 0.013], 0.003),
            wood,
        );
    }
    for x in [0.05, wide - 0.05] {
        canvas.draw(&Shape::Box([x, 0.5], [0.016, 0.48], 0.006), wood.mixed(Colour::of(0), 0.2));
    }
}

#[cfg(test)]
mod tests {
    use super::SHELF;

    #[test]
    fn a_picture_is_the_same_each_time() {
        let drawn = || SHELF.draw().jpeg().expect("it can be encoded");
        let picture = drawn();
        assert!(picture.len() > 20_000, "there is something on it");
        assert!(picture == drawn());
    }
}
