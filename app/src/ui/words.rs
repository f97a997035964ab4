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

/// Chooses the form of a counted text: `counted!(words, count, composer.left)` reads the keys
/// `composer.left.one` and `composer.left.other`. The browser knows the rule of the language, so
/// that no table of them need be sent along.
macro_rules! counted {
    ($words:expr, $count:expr, $($key:ident).+) => {
        match $crate::ui::words::plural($count) {
            $crate::ui::words::Plural::One => td_string!($words, $($key).+.one, count = $count),
            $crate::ui::words::Plural::Other => td_string!($words, $($key).+.other, count = $count),
        }
    };
}
pub(super) use counted;

/// The forms that the languages so far have.
pub(super) enum Plural {
    /// As for one.
    One,
    /// As for any other number.
    Other,
}

/// Which form a count takes in the language of this page.
#[cfg(feature = "hydrate")]
pub(super) fn plural(count: usize) -> Plural {
    let language = leptos::prelude::document().document_element();
    let language = language.and_then(|root| root.get_attribute("lang")).unwrap_or_default();
    let languages = js_sys::Array::of1(&language.into());
    let rules = js_sys::Intl::PluralRules::new(&languages, &js_sys::Object::new());
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if rules.select(count.into()) == "one" { Plural::One } else { Plural::Other }
}

/// Counted texts answer to what one does; the server renders none.
#[cfg(not(feature = "hydrate"))]
pub(super) const fn plural(count: usize) -> Plural {
    if count == 1 { Plural::One } else { Plural::Other }
}
