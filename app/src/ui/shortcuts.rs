//! The list of keyboard shortcuts: a popover of the platform, opened by keys and from the menu. The
//! server alone renders it, outside of what the browser's code brings to life.

use leptos::prelude::*;
use leptos::{ev, web_sys};
use wasm_bindgen::JsCast;

use super::shared::dom::{focus, pressed};
use super::shared::keys::{Held, Key};
use super::shared::roving_focus::next_focus;

/// The element's id, for whoever opens it.
pub const ID: &str = "shortcuts";

/// Opens the list on `Ctrl /`, and on `?` where nobody writes; in a menu, goes where arrows point.
/// Answers whether it did.
pub fn on_key(press: &ev::KeyboardEvent, key: &Key) -> bool {
    if let Some(entry) = next_focus(&key.name).filter(|_| key.held == Held::Nothing) {
        press.prevent_default();
        focus(Some(entry));
        return true;
    }
    let writes = || pressed(press, "input, textarea").is_some();
    let asked = match (key.name.as_str(), key.held) {
        ("/", Held::Control) => true,
        ("?", Held::Nothing) => !writes(),
        _ => false,
    };
    let list = document().get_element_by_id(ID).filter(|_| asked);
    let Some(list) = list.and_then(|list| list.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return false;
    };
    press.prevent_default();
    // One that is open already refuses, and stays.
    let _ = list.show_popover();
    true
}
