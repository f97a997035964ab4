//! Where what people see as one character begins and ends (Unicode's UAX #29): in the browser by its own
//! tables, which would be a fortieth of the code that everyone downloads.

/// The last place at or before byte `at` at which a text can be cut without cutting a character in two.
/// `at` stands between two scalar values.
#[cfg(not(target_family = "wasm"))]
pub(super) fn boundary_before(text: &str, at: usize) -> usize {
    use unicode_segmentation::GraphemeCursor;

    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    // The whole text is at hand, so neither can fail.
    match cursor.is_boundary(text, 0) {
        Ok(false) => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0),
        _ => at,
    }
}

/// Where the first character of a text ends.
#[cfg(not(target_family = "wasm"))]
pub(super) fn first_end(text: &str) -> usize {
    use unicode_segmentation::UnicodeSegmentation;

    text.graphemes(true).next().map_or(0, str::len)
}

/// The last place at or before byte `at` at which a text can be cut without cutting a character in two.
/// `at` stands between two scalar values.
#[cfg(target_family = "wasm")]
pub(super) fn boundary_before(text: &str, at: usize) -> usize {
    // Browsers count in units of UTF-16.
    let begins = js::containing(text, text[..at].encode_utf16().count());
    begins.map_or(at, |(begins, _)| bytes(text, begins))
}

/// Where the first character of a text ends.
#[cfg(target_family = "wasm")]
pub(super) fn first_end(text: &str) -> usize {
    let scalar = text.chars().next().map_or(0, char::len_utf8);
    js::containing(text, 0).map_or(scalar, |(_, length)| bytes(text, length))
}

/// The bytes of so many units of UTF-16 at the beginning of a text.
#[cfg(target_family = "wasm")]
fn bytes(text: &str, units: usize) -> usize {
    let mut left = units;
    let mut chars = text.chars();
    while left > 0 {
        let Some(c) = chars.next() else { break };
        left = left.saturating_sub(c.len_utf16());
    }
    text.len() - chars.as_str().len()
}

#[cfg(target_family = "wasm")]
mod js {
    use js_sys::{Function, JsString, Reflect};
    use wasm_bindgen::{JsCast, JsValue};

    /// Where the character at this unit of a text begins, and how long it is, in units of UTF-16; absent
    /// at the end, and in a browser that does not know.
    pub(super) fn containing(text: &str, at: usize) -> Option<(usize, usize)> {
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
}

#[cfg(test)]
mod tests {
    use super::{boundary_before, first_end};

    #[test]
    fn characters_are_not_cut_in_two() {
        let flags = "🇫🇷🇫🇷";
        assert_eq!([0, 4, 8, 12, 16].map(|at| boundary_before(flags, at)), [0, 0, 8, 8, 16]);
        assert_eq!(boundary_before("ae\u{301}x", 2), 1);
        assert_eq!(boundary_before("abc", 2), 2);
        assert_eq!(first_end("👨‍👩‍👧 x"), "👨‍👩‍👧".len());
        assert_eq!((first_end("नि"), first_end("ab"), first_end("")), (6, 1, 0));
    }
}
