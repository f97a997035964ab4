//! The WebAssembly entry point: hydrates what the server rendered.

#![recursion_limit = "256"]

use app::client::json;
use app::ui::app::{App, Opening};
use app::ui::page::Page;
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the page to life that the server has rendered and left as JSON beside it.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let Some(Page { place, now, zone, form, session: Some(session) }) = delivered() else { return };
    let opening = Opening { place, now, zone, form };
    leptos::mount::hydrate_body(move || view! { <App opening session /> });
}

fn delivered() -> Option<Page> {
    let json = document().get_element_by_id("page")?.text_content()?;
    let page = json::read(&json);
    if page.is_none() {
        leptos::logging::error!("the page cannot be read");
    }
    page
}
