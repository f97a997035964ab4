//! Menus that one element serves for a whole list: a popover of the platform, put beside the button
//! that asked for it. Esc and a press elsewhere close it, and the focus goes back; arrows walk in it
//! as in every menu (`shortcuts`).

use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::{Element, HtmlElement};
use wasm_bindgen::JsCast;

/// What is left free around a menu, in CSS pixels.
const MARGIN: f64 = 8.0;

/// Opens a menu beside its button, and goes to its first entry.
pub fn open(menu: &HtmlElement, button: &Element) {
    // One that is open already refuses, and stays.
    let _ = menu.show_popover();
    let place = button.get_bounding_client_rect();
    let room = |length: Result<wasm_bindgen::JsValue, _>| {
        length.ok().and_then(|length| length.as_f64()).unwrap_or_default()
    };
    let (width, height) = (f64::from(menu.offset_width()), f64::from(menu.offset_height()));
    let (wide, high) = (room(window().inner_width()), room(window().inner_height()));
    let left = (place.right() - width).min(wide - width - MARGIN).max(MARGIN);
    let below = place.bottom() + height + MARGIN <= high;
    let top = if below { place.bottom() } else { place.top() - height };
    let style = HtmlElement::style(menu);
    // The CSSOM is not subject to the policy that forbids style attributes.
    let _ = style.set_property("left", &pixels(left));
    let _ = style.set_property("top", &pixels(top.max(MARGIN)));
    let first = menu.query_selector("[role=menuitem]").ok().flatten();
    if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
        // An element that is there can be focused.
        let _ = first.focus();
    }
}

/// Whole ones: the words of fractions would be a fiftieth of the code that everyone downloads.
#[expect(clippy::cast_possible_truncation, reason = "a screen's pixels")]
fn pixels(length: f64) -> String {
    format!("{}px", length as i32)
}

/// Closes a menu.
pub fn close(menu: &HtmlElement) {
    // One that is closed already refuses, and stays.
    let _ = menu.hide_popover();
}

/// The button of a list that a press is meant for: `selector` says which are meant.
#[must_use]
pub fn pressed(event: &ev::MouseEvent, selector: &str) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(selector).ok()?
}
