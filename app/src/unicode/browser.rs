//! By the browser's own tables.

use js_sys::{Function, JsString, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// In lower case, whatever the language.
#[must_use]
pub fn lower(text: &str) -> String {
    JsString::from(text).to_lower_case().into()
}

/// In upper case, whatever the language.
#[must_use]
pub fn upper(text: &str) -> String {
    JsString::from(text).to_upper_case().into()
}

/// In compatibility form, taken apart (NFKD).
#[must_use]
pub fn decomposed(text: &str) -> String {
    JsString::from(text).normalize("NFKD").into()
}

/// In compatibility form, put together (NFKC).
#[must_use]
pub fn composed(text: &str) -> String {
    JsString::from(text).normalize("NFKC").into()
}

/// The last place at or before byte `at` at which a text can be cut without cutting a character in two (UAX #29).
/// `at` stands between two scalar values.
#[must_use]
pub fn boundary_before(text: &str, at: usize) -> usize {
    // Browsers count in units of UTF-16.
    let begins = containing(text, text[..at].encode_utf16().count());
    begins.map_or(at, |(begins, _)| bytes(text, begins))
}

/// Where the first character of a text ends, in bytes.
#[must_use]
pub fn first_end(text: &str) -> usize {
    let scalar = text.chars().next().map_or(0, char::len_utf8);
    containing(text, 0).map_or(scalar, |(_, length)| bytes(text, length))
}

/// The bytes of so many units of UTF-16 at the beginning of a text.
fn bytes(text: &str, units: usize) -> usize {
    let mut left = units;
    let mut chars = text.chars();
    while left > 0 {
        let Some(c) = chars.next() else { break };
        left = left.saturating_sub(c.len_utf16());
    }
    text.len() - chars.as_str().len()
}

/// Where the character at this unit of a text begins, and how long it is, in units of UTF-16; absent
/// at the end, and in a browser that does not know.
fn containing(text: &str, at: usize) -> Option<(usize, usize)> {
    segment(text, at).ok().flatten()
}

/// `new Intl.Segmenter().segment(text).containing(at)`, by name: browsers before 2024 lack it, and a
/// class that is missing would be the end of the program.
fn segment(text: &str, at: usize) -> Result<Option<(usize, usize)>, JsValue> {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into());
    let call = |of: &JsValue, name: &str, with: &JsValue| {
        get(of, name)?.dyn_into::<Function>()?.call1(of, with)
    };
    let class = get(&get(&js_sys::global(), "Intl")?, "Segmenter")?.dyn_into::<Function>()?;
    let segmenter = Reflect::construct(&class, &js_sys::Array::new())?;
    let segments = call(&segmenter, "segment", &text.into())?;
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    let found = call(&segments, "containing", &at.into())?;
    if found.is_undefined() {
        return Ok(None);
    }
    let begins = get(&found, "index")?.as_f64().unwrap_or_default();
    let length = get(&found, "segment")?.unchecked_into::<JsString>().length();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a text of some thousand characters"
    )]
    Ok(Some((begins as usize, length as usize)))
}
