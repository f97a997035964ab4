//! What is done to the field where one writes, beside typing.

use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast;

use crate::ui::shared::dom::tell_input;

/// Fits the field to its text where the browser does not do so by itself (`field-sizing`).
pub(super) fn grow(field: &web_sys::HtmlTextAreaElement) {
    let by_itself = window()
        .get_computed_style(field)
        .ok()
        .flatten()
        .and_then(|style| style.get_property_value("field-sizing").ok())
        .is_some_and(|sizing| !sizing.is_empty());
    if !by_itself {
        let style = web_sys::HtmlElement::style(field);
        // The CSSOM is not subject to the policy that forbids style attributes.
        let _ = style.set_property("height", "auto");
        let _ = style.set_property("height", &format!("{}px", field.scroll_height()));
    }
}

/// Writes into the field as if it was typed, in the place of what stands from here to there; the caret
/// goes behind it. By the browser's own command, so that its undo takes it back: what a script puts
/// into a field by itself is not in its history, and makes what stands there useless.
pub(super) fn write(field: &web_sys::HtmlTextAreaElement, text: &str, (from, to): (u32, u32)) {
    // A field of text has places, and takes every text.
    let _ = field.focus();
    let _ = field.set_selection_range(from, to);
    let page = document().unchecked_into::<web_sys::HtmlDocument>();
    let command = page.exec_command_with_show_ui_and_value("insertText", false, text);
    if command != Ok(true) {
        let _ = field.set_range_text_with_start_and_end_and_mode(text, from, to, "end");
        tell_input(field);
    }
}

/// Writes where the caret stands, or over what is selected.
pub(super) fn insert(field: &web_sys::HtmlTextAreaElement, text: &str) {
    let place = |place: Result<Option<u32>, _>| place.ok().flatten().unwrap_or_default();
    write(field, text, (place(field.selection_start()), place(field.selection_end())));
}
