//! Arrows in menus and among emoji.

use leptos::prelude::*;
use leptos::web_sys::Element;
use wasm_bindgen::JsCast;

/// So many emoji stand in a row, as the style has it: arrows up and down go as far.
const COLUMNS: u32 = 8;

/// The entry that a key leads to from the one that has the focus: from the last to the first and back;
/// among emoji from the field to the first.
#[must_use]
pub fn walk(key: &str) -> Option<Element> {
    let active = document().active_element()?;
    let inside = active.closest("[role=menu], .emoji-picker").ok()??;
    let is_menu = !inside.class_list().contains("emoji-picker");
    let selector =
        if is_menu { "[role=menuitem]:not([hidden])" } else { ".signs button:not([hidden])" };
    let entries = inside.query_selector_all(selector).ok()?;
    let count = entries.length();
    if count == 0 {
        return None;
    }
    let is_active = |index: &u32| entries.item(*index).is_some_and(|entry| *entry == **active);
    let at = (0..count).find(is_active);
    let step = if is_menu { 1 } else { COLUMNS };
    let next = match (at, key) {
        (None, "ArrowDown") | (Some(_), "Home") => 0,
        (Some(_), "End") => count - 1,
        (Some(at), "ArrowDown") => at + step,
        (Some(at), "ArrowUp") => (at + count).saturating_sub(step),
        (Some(at), "ArrowRight") => at + 1,
        (Some(at), "ArrowLeft") => at + count - 1,
        _ => return None,
    };
    entries.item(next % count)?.dyn_into().ok()
}
