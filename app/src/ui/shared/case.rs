//! Upper and lower case: in the browser its own, whose tables are there already; those of Rust's
//! library would be a fiftieth of the code that everyone downloads.

/// In lower case, whatever the language.
#[cfg(feature = "hydrate")]
pub fn lower(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// In lower case, whatever the language.
#[cfg(not(feature = "hydrate"))]
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// In upper case, whatever the language.
#[cfg(feature = "hydrate")]
pub fn upper(text: &str) -> String {
    js_sys::JsString::from(text).to_upper_case().into()
}

/// In upper case, whatever the language.
#[cfg(not(feature = "hydrate"))]
pub fn upper(text: &str) -> String {
    text.to_uppercase()
}
