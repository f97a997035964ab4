//! The emoji picker: its emoji come from the server when it is first opened ([`super::emoji`]), so that
//! nobody downloads them who does not look for one.

use leptos::web_sys::{self, Element, HtmlInputElement};
use wasm_bindgen::JsCast;

use super::{each, hide};
use crate::unicode::lower;

/// Something was typed into the field: the emoji whose name has it stay.
pub(super) fn narrow(typed: &web_sys::Event) {
    let field = typed.target().and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    let Some(field) = field else { return };
    if let Ok(Some(picker)) = field.closest(".emoji-picker") {
        show(&picker, &lower(field.value().trim()));
    }
}

/// The picker is opened: it shows all there are, whatever was looked for the last time.
pub(super) fn begin(picker: &Element) {
    if let Ok(Some(field)) = picker.query_selector("input") {
        field.unchecked_into::<HtmlInputElement>().set_value("");
    }
    show(picker, "");
    fill(picker);
}

fn show(picker: &Element, wanted: &str) {
    each(picker, ".signs button", &|button| {
        let name = button.get_attribute("title").unwrap_or_default();
        hide(button, !name.contains(wanted));
    });
}

/// Fetches the emoji, once.
#[cfg(feature = "hydrate")]
fn fill(picker: &Element) {
    let Ok(Some(groups)) = picker.query_selector(".signs:empty") else { return };
    leptos::task::spawn_local(async move {
        // Without an answer the picker stays empty, and is filled when it is opened again. The emoji are
        // the server's own, and nobody's text.
        if let Ok(html) = crate::client::api::fragment("/emoji").await {
            groups.set_inner_html(&html);
        }
    });
}

/// On the server nobody picks.
#[cfg(not(feature = "hydrate"))]
fn fill(_: &Element) {}
