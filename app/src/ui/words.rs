//! The visible texts: `locales/*.json`, read at compile time. A key that is missing does not
//! compile.

#[expect(
    unused_imports,
    dead_code,
    clippy::pedantic,
    clippy::style,
    clippy::expect_used,
    reason = "generated"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

use generated::i18n;

pub use leptos_i18n::td_string;

/// The language of a page. Lies in the context, and changes only with a new page, so that texts
/// need no signals.
pub type Words = i18n::Locale;

/// The language of this page.
#[must_use]
pub fn words() -> Words {
    leptos::prelude::use_context().unwrap_or_default()
}
