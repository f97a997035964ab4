//! Texts that begin with a line break, in elements whose first one is not shown.

/// What to write into a `pre` or `textarea` so that it holds this text: in HTML the line break right behind
/// such a tag is left out (HTML, "The rules for parsing tokens in HTML content"), in the browser's own hands
/// none is.
#[must_use]
pub fn behind_tag(text: String) -> String {
    if cfg!(feature = "ssr") && text.starts_with('\n') { format!("\n{text}") } else { text }
}
