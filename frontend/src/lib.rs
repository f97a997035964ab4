//! The WebAssembly entry point: hydrates what the server rendered.

#![recursion_limit = "256"]

use app::client::json;
use app::ui::app::{App, Opening};
use app::ui::page::Page;
use app::ui::words::Words;
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the page to life that the server has rendered and left as JSON beside it.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let Some(Page { place, now, zone, form, session: Some(session) }) = delivered() else { return };
    let opening = Opening { place, now, zone, form };
    let words = Words::delivered(&text_of("words").unwrap_or_default());
    leptos::mount::hydrate_body(move || {
        provide_context(words);
        view! { <App opening session /> }
    });
}

fn delivered() -> Option<Page> {
    let page = json::read(&text_of("page")?);
    if page.is_none() {
        leptos::logging::error!("the page cannot be read");
    }
    page
}

/// What lies in the document for us, as an element of this id.
fn text_of(id: &str) -> Option<String> {
    document().get_element_by_id(id)?.text_content()
}
