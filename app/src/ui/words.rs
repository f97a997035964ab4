//! The visible texts: `locales/*.json`, turned into keys and tables by `build.rs`. A key that is
//! missing, in one language or in all, does not compile.
//!
//! The server holds the tables of all languages. Browsers get the one of their page's language
//! beside the page, and only the part that they need.

use std::fmt::{Display, Write};

#[expect(missing_docs, non_upper_case_globals, non_camel_case_types, reason = "generated")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

pub use generated::keys;

/// A text without blanks.
#[derive(Clone, Copy)]
pub struct Text(u16);

/// Texts that are chosen by number.
#[derive(Clone, Copy)]
pub struct List {
    at: u16,
    length: u16,
}

/// A text whose form depends on a count, which it names.
#[derive(Clone, Copy)]
pub struct Counted(u16);

/// The texts of a page, in its language. Lies in the context, and changes only with a new page, so
/// that texts need no signals.
#[derive(Clone, Copy)]
pub struct Words(&'static [&'static str]);

/// The texts of this page.
///
/// # Panics
/// Outside of a page, whose outermost view provides them.
#[must_use]
pub fn words() -> Words {
    leptos::prelude::expect_context()
}

impl Words {
    /// The text of a key.
    #[must_use]
    pub fn text(self, text: Text) -> &'static str {
        self.at(text.0)
    }

    /// One of several texts: the first by 0, the last by whatever lies beyond.
    #[must_use]
    pub fn nth(self, list: List, index: u8) -> &'static str {
        self.at(list.at + u16::from(index).min(list.length - 1))
    }

    /// The form of a text that fits the count. The languages so far take the first for one (where
    /// Chinese has what it has for all); who adds one that has more forms, adds them here.
    #[must_use]
    pub fn counted(self, text: Counted, count: usize) -> String {
        self.filled(text.0 + u16::from(count != 1), &[&count])
    }

    fn at(self, index: u16) -> &'static str {
        self.0.get(usize::from(index)).copied().unwrap_or_default()
    }

    fn filled(self, index: u16, values: &[&dyn Display]) -> String {
        let mut parts = self.at(index).split('{');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (number, rest) = part.split_once('}').unwrap_or_default();
            if let Some(value) = number.parse().ok().and_then(|number: usize| values.get(number)) {
                // Writing to a String cannot fail.
                let _ = write!(filled, "{value}");
            }
            filled.push_str(rest);
        }
        filled
    }
}

#[cfg(feature = "ssr")]
mod on_server {
    use super::{Words, generated};
    use crate::ui::preferences::Language;

    impl Words {
        /// All texts of a language.
        #[must_use]
        pub fn of(language: Language) -> Self {
            Self(match language {
                Language::English => generated::EN,
                Language::Chinese => generated::ZH,
            })
        }

        /// What browsers need of them.
        #[must_use]
        pub fn for_browsers(self) -> &'static [&'static str] {
            self.0.get(..generated::FOR_BROWSERS).unwrap_or(self.0)
        }
    }
}

#[cfg(feature = "hydrate")]
impl Words {
    /// The texts that came with the page, as a JSON array.
    #[must_use]
    pub fn delivered(json: &str) -> Self {
        let texts = js_sys::JSON::parse(json).map(|texts| js_sys::Array::from(&texts));
        // They live as long as the page, which is as long as the program.
        let keep = |text: wasm_bindgen::JsValue| -> &'static str {
            text.as_string().unwrap_or_default().leak()
        };
        Self(texts.unwrap_or_default().iter().map(keep).collect::<Vec<_>>().leak())
    }
}

/// A text of this page: `td_string!(words, chats.label)`, and with what fills its blanks
/// `td_string!(words, talk.announce, name = name, text = text)`.
#[macro_export]
macro_rules! td_string {
    ($words:expr, $($key:ident).+) => {
        $words.text($crate::ui::words::keys::$($key)::+)
    };
    ($words:expr, $($key:ident).+, $($blank:ident = $value:expr),+ $(,)?) => {
        $crate::ui::words::keys::$($key)::+ { $($blank: &$value),+ }.text($words)
    };
}
pub use td_string;

/// A text in the form that fits a count: `counted!(words, count, composer.left)`.
#[macro_export]
macro_rules! counted {
    ($words:expr, $count:expr, $($key:ident).+) => {
        $words.counted($crate::ui::words::keys::$($key)::+, $count)
    };
}
pub use counted;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use serde_json::Value;

    /// Since the keys are public, the compiler does not tell which are not used.
    #[test]
    fn every_text_is_shown_somewhere() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut sources = String::new();
        collect(&root.join("src/ui"), &mut sources);
        collect(&root.join("../server/src/pages"), &mut sources);
        let english = fs::read_to_string(root.join("locales/en.json")).expect("a file");
        let sections: Value = serde_json::from_str(&english).expect("JSON");
        for (section, texts) in sections.as_object().expect("sections") {
            for key in texts.as_object().expect("texts").keys() {
                let is_used = ["::", "."].iter().any(|between| {
                    let name = format!("{section}{between}{key}");
                    let mut ends = sources.match_indices(&name).map(|(at, _)| at + name.len());
                    ends.any(|end| sources[end..].starts_with([',', ')']))
                });
                assert!(is_used, "{section}.{key} is shown nowhere");
            }
        }
    }

    /// All sources of a folder, without spaces and line breaks.
    fn collect(folder: &Path, sources: &mut String) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                collect(&path, sources);
            } else if !path.ends_with("ui/words.rs") {
                let text = fs::read_to_string(&path).expect("a text");
                sources.extend(text.split_whitespace());
            }
        }
    }
}
