//! Small steps in the document.

use leptos::prelude::*;
use leptos::web_sys;
use leptos::web_sys::{Element, HtmlElement};
use wasm_bindgen::JsCast;

/// What a press is meant for: `selector` says which elements are meant.
#[must_use]
pub fn pressed(event: &web_sys::Event, selector: &str) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(selector).ok()?
}

/// Does something with each element inside another that a selector finds.
pub fn each(inside: &Element, selector: &str, act: &dyn Fn(&Element)) {
    let Ok(found) = inside.query_selector_all(selector) else { return };
    for index in 0..found.length() {
        if let Some(element) = found.item(index).and_then(|node| node.dyn_into().ok()) {
            act(&element);
        }
    }
}

/// Goes to an element that is there.
pub fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // An element that is there can be focused.
        let _ = element.focus();
    }
}

/// Whoever listens hears of what was written into a field as if it was typed.
pub fn tell_input(field: &Element) {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    if let Ok(input) = web_sys::Event::new_with_event_init_dict("input", &init) {
        // An event that nobody has sent before can be sent.
        let _ = field.dispatch_event(&input);
    }
}

/// Closes a popover.
pub fn close(popover: &Element) {
    if let Some(popover) = popover.dyn_ref::<HtmlElement>() {
        // One that is closed already refuses, and stays.
        let _ = popover.hide_popover();
    }
}

/// Whether a focus in a field does not raise a keyboard over half of the screen.
pub fn has_keyboard() -> bool {
    window().match_media("(hover: hover)").ok().flatten().is_some_and(|query| query.matches())
}
