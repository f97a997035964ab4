//! The one grammar of what people write: how texts are formatted, whom they name, where addresses end, how
//! they begin, and what of them can be seen. Server, pages and composer ask here.
//!
//! Everything here takes time that grows linearly with the length of the text (`tests.rs`): whoever can
//! write a message decides how long those who read it wait.

mod addresses;
mod blocks;
mod characters;
mod excerpts;
mod fold;
mod formatting;
mod mentions;
#[cfg(test)]
mod tests;

pub use characters::{holds_bidi_control, is_blank, without_bidi_controls};
pub use excerpts::{excerpt, initials, one_line, plain, shows_nothing};
pub use fold::fold;
pub use formatting::{Kind, Span, spans};
pub use mentions::{Mention, begins_mention, mentions};
