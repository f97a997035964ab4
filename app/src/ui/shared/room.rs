//! How much room pictures and files take in a message, before they are there: a message never changes its size.

use crate::protocol::{Content, File};

/// The widest that a picture is shown in a message, in CSS pixels.
pub const WIDEST: u32 = 320;
/// The highest that a single picture is shown, in CSS pixels.
const HIGHEST: u32 = 380;
/// What is smaller stands on a ground of this size.
const SMALLEST: u32 = 48;
/// What is left between the pictures of an album.
const GAP: u32 = 3;
/// The height of a row of an album.
const ROW: u32 = 131;
/// The height of the card of an appointment that nobody has answered.
const CARD: u32 = 168;
/// The height of the row of a file or a sound.
const LINE: u32 = 56;

/// How wide and high what a message holds beside its words is, in CSS pixels.
#[must_use]
pub fn room(content: &Content) -> (u32, u32) {
    match content {
        Content::Image { files, .. } => match &files[..] {
            [file] => fitted(file),
            files => (WIDEST, album_rows(files.len()) * (ROW + GAP) - GAP),
        },
        Content::File { files, .. } => {
            let height = |file: &File| if is_film(file) { fitted(file).1 } else { LINE };
            (WIDEST, files.iter().map(height).sum())
        }
        Content::Schedule { .. } => (WIDEST, CARD),
        _ => (0, 0),
    }
}

/// How wide and high a picture or a film is shown by itself, in CSS pixels: never larger than it is.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "no side is above those of the place, nor below 0"
)]
pub fn fitted(file: &File) -> (u32, u32) {
    let (width, height) = (file.width.unwrap_or(WIDEST), file.height.unwrap_or(WIDEST));
    let (width, height) = (width.max(1) as f32, height.max(1) as f32);
    let scale = (WIDEST as f32 / width).min(HIGHEST as f32 / height).min(1.0);
    (((width * scale) as u32).max(SMALLEST), ((height * scale) as u32).max(SMALLEST))
}

/// Whether it is shown as a film.
#[must_use]
pub fn is_film(file: &File) -> bool {
    file.url.is_some() && file.mime.starts_with("video/")
}

/// How many rows an album of so many pictures has.
const fn album_rows(count: usize) -> u32 {
    match count {
        0..=2 => 1,
        3..=6 => 2,
        7..=9 => 3,
        _ => 4,
    }
}
