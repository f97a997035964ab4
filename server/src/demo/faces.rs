//! What people of the demo look like: pictures of themselves, drawn with a few shapes.

use std::f32::consts::TAU;

use super::canvas::{Canvas, Colour, Shape};
use super::views::{LAKE, SHELF};

/// Pixels a side, or of the shorter one.
pub(super) const SIDE: usize = 256;

/// What a person has for a picture.
pub(super) enum Face {
    /// Their initials, as the pages make them.
    None,
    /// Themselves.
    Person(Portrait),
    /// A flower.
    Sunflower,
    /// A view of the lake, by its number.
    Lake(usize),
    /// A shelf of books.
    Shelf,
}

/// Someone from the front; colours are 0xrrggbb.
pub(super) struct Portrait {
    pub(super) ground: u32,
    pub(super) cloth: u32,
    pub(super) skin: u32,
    pub(super) hair: u32,
    pub(super) style: Style,
}

/// How someone wears their hair.
pub(super) enum Style {
    Short,
    Beard,
    Long,
    Bun,
    Scarf,
}

impl Face {
    /// Draws it; none where there is nothing to draw.
    pub(super) fn draw(&self) -> Option<Canvas> {
        Some(match self {
            Self::None => return None,
            Self::Person(portrait) => portrait.draw(),
            Self::Sunflower => sunflower(),
            Self::Lake(number) => LAKE.get(*number)?.draw_in(SIDE),
            Self::Shelf => SHELF.draw_in(SIDE),
        })
    }
}

impl Portrait {
    fn draw(&self) -> Canvas {
        let ground = Colour::of(self.ground);
        let light = ground.mixed(Colour::of(0xff_ff_ff), 0.25);
        let mut canvas = Canvas::new(SIDE, SIDE, light, ground);
        let (skin, hair) = (Colour::of(self.skin), Colour::of(self.hair));
        let shade = skin.mixed(Colour::of(0x3a_14_0a), 0.2);
        let oval = |middle, radii| Shape::Ellipse(middle, radii, 0.0);
        match self.style {
            Style::Long => canvas.draw(&Shape::Box([0.5, 0.53], [0.25, 0.31], 0.24), hair),
            Style::Bun => canvas.draw(&Shape::disk([0.5, 0.17], 0.09), hair),
            Style::Short | Style::Beard | Style::Scarf => {}
        }
        canvas.draw(&oval([0.5, 1.08], [0.40, 0.33]), Colour::of(self.cloth));
        canvas.draw(&Shape::Box([0.5, 0.72], [0.07, 0.12], 0.05), shade);
        // The hair around the head, or the scarf, which also lies around the neck.
        let around = if matches!(self.style, Style::Scarf) {
            canvas.draw(&oval([0.5, 0.84], [0.27, 0.16]), hair);
            oval([0.5, 0.50], [0.245, 0.30])
        } else {
            oval([0.5, 0.435], [0.215, 0.225])
        };
        canvas.draw(&around, hair);
        canvas.draw(&oval([0.5, 0.505], [0.178, 0.218]), skin);
        if matches!(self.style, Style::Beard) {
            canvas.draw(&oval([0.5, 0.625], [0.160, 0.120]), hair);
            canvas.draw(&oval([0.5, 0.545], [0.150, 0.085]), skin);
        }
        canvas.draw(&oval([0.5, 0.325], [0.150, 0.060]), hair);
        for x in [0.432, 0.568] {
            canvas.draw(&oval([x, 0.490], [0.018, 0.024]), Colour::of(0x2a_1c_1c));
        }
        canvas.draw(&oval([0.5, 0.607], [0.058, 0.030]), Colour::of(0xa8_3a_3f));
        canvas.draw(&oval([0.5, 0.593], [0.068, 0.026]), skin);
        canvas
    }
}

fn sunflower() -> Canvas {
    let mut canvas = Canvas::new(SIDE, SIDE, Colour::of(0x6a_b7_e8), Colour::of(0xcf_ea_f7));
    for (far, shift, colour) in [(0.30, 0.5, 0xf5_a6_1d), (0.27, 0.0, 0xff_c9_33)] {
        for number in 0..18_u8 {
            let turned = (f32::from(number) + shift) / 18.0 * TAU;
            let middle = [0.5 + far * turned.cos(), 0.5 + far * turned.sin()];
            canvas.draw(&Shape::Ellipse(middle, [0.15, 0.045], turned), Colour::of(colour));
        }
    }
    canvas.draw(&Shape::disk([0.5, 0.5], 0.18), Colour::of(0x5b_35_1c));
    canvas.draw(&Shape::disk([0.5, 0.5], 0.11), Colour::of(0x7a_4a_26));
    canvas
}
