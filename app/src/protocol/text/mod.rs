//! The one grammar of texts, for server, pages and composer: formatting, mentions, addresses, excerpts, and
//! which characters can be seen.
//!
//! Everything here takes time that grows linearly with the length of the text (`tests.rs`): the
//! author of a message decides how long its readers wait.

mod addresses;
mod blocks;
mod characters;
mod excerpts;
mod fold;
mod formatting;
mod mentions;
mod names;
#[cfg(test)]
mod tests;

pub use characters::{holds_bidi_control, is_blank, without_bidi_controls};
pub use excerpts::{excerpt, initials, one_line, plain, shows_nothing};
pub use fold::fold;
pub use formatting::{Kind, Span, spans};
pub use mentions::mentions;
pub use names::{Mention, begins_mention};
