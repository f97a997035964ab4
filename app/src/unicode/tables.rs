//! By the tables of crates, on the server.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// In lower case, whatever the language.
#[must_use]
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// In upper case, whatever the language.
#[must_use]
pub fn upper(text: &str) -> String {
    text.to_uppercase()
}

/// In compatibility form, taken apart (NFKD).
#[must_use]
pub fn decomposed(text: &str) -> String {
    text.nfkd().collect()
}

/// In compatibility form, put together (NFKC).
#[must_use]
pub fn composed(text: &str) -> String {
    text.nfkc().collect()
}

/// The last place at or before byte `at` at which a text can be cut without cutting a character in two (UAX #29).
/// `at` stands between two scalar values.
#[must_use]
pub fn boundary_before(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    // The whole text is at hand, so neither can fail.
    match cursor.is_boundary(text, 0) {
        Ok(false) => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0),
        _ => at,
    }
}

/// Where the first character of a text ends, in bytes.
#[must_use]
pub fn first_end(text: &str) -> usize {
    text.graphemes(true).next().map_or(0, str::len)
}
