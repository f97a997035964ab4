//! Arrows in menus.

use leptos::prelude::*;
use leptos::web_sys::{Element, NodeList};
use wasm_bindgen::JsCast;

/// The entry of a menu that a key leads to from the one that has the focus: from the last to the first and
/// back.
#[must_use]
pub fn next_focus(key: &str) -> Option<Element> {
    let active = document().active_element()?;
    let menu = active.closest("[role=menu]").ok()??;
    let entries = menu.query_selector_all("[role^=menuitem]:not([hidden])").ok()?;
    let count = entries.length();
    if count == 0 {
        return None;
    }
    let is_active = |index: &u32| entries.item(*index).is_some_and(|entry| *entry == **active);
    let at = (0..count).find(is_active);
    let next = match (at, key) {
        (Some(at), "ArrowDown" | "ArrowUp") => next_line(&entries, at, key == "ArrowUp"),
        (None, "ArrowDown") | (Some(_), "Home") => 0,
        (Some(_), "End") => count - 1,
        (Some(at), "ArrowRight") => at + 1,
        (Some(at), "ArrowLeft") => at + count - 1,
        _ => return None,
    };
    entries.item(next % count)?.dyn_into().ok()
}

/// The entry above or below one in a menu, some of whose entries may stand side by side: of these the
/// first; from the last line to the first and back.
fn next_line(entries: &NodeList, at: u32, up: bool) -> u32 {
    let count = entries.length();
    let line = |index: u32| {
        let entry = entries.item(index % count).and_then(|entry| entry.dyn_into::<Element>().ok());
        entry.map(|entry| entry.get_bounding_client_rect().top())
    };
    let is_elsewhere = |index: &u32| line(*index) != line(at);
    let found = if up {
        (at..at + count).rev().find(is_elsewhere).map(|last| {
            (at..=last).rev().take_while(|index| line(*index) == line(last)).last().unwrap_or(last)
        })
    } else {
        (at + 1..at + count).find(is_elsewhere)
    };
    found.unwrap_or(if up { at + count - 1 } else { at + 1 })
}
