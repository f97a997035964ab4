//! What is loaded when it is first used: ES modules, each a file of `frontend/parts`, which the server has under the
//! address of the release that this page came with.

use std::cell::Cell;

use gloo_net::http::Request;
use leptos::web_sys::Element;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The module at an address; fails where it cannot be had.
    #[wasm_bindgen(catch, js_name = import)]
    async fn import(address: &str) -> Result<JsValue, JsValue>;

    /// `frontend/starter.js` does what [`begin`] says.
    #[wasm_bindgen(catch, js_name = beginPart)]
    fn begin_part(part: &str, element: &Element) -> Result<(), JsValue>;

    /// The address of the script that this code came with.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static SCRIPT: String;

    /// A module of `frontend/parts`.
    type Part;

    /// What each of them exports: brings an element to life that has been opened, and does so again when it is opened
    /// again.
    #[wasm_bindgen(method, catch)]
    async fn open(this: &Part, element: &Element) -> Result<JsValue, JsValue>;
}

thread_local! {
    /// How many times a part could not be had: there are browsers that do not ask again for the same address.
    static FAILURES: Cell<usize> = const { Cell::new(0) };
}

/// Why a part could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartError {
    /// The server is of another release by now, and has the parts of that one alone.
    Updated,
    /// It, or what it needs, could not be loaded; another time it may.
    Unavailable,
}

/// Brings an element to life by a part in its own time, and says above the composer where that fails.
pub fn begin(part: &str, element: &Element) {
    // On a page whose other script did not come there are no such parts.
    let _ = begin_part(part, element);
}

/// Brings an element to life by a part, which is loaded the first time.
///
/// # Errors
/// Where the part, or what it needs itself, cannot be had.
pub async fn open(part: &str, element: &Element) -> Result<(), PartError> {
    let script = SCRIPT.with(Clone::clone);
    let folder = script.rsplit_once('/').map_or("", |(folder, _)| folder);
    let address = format!("{folder}/parts/{part}.js{}", "?".repeat(FAILURES.get()));
    if let Ok(module) = import(&address).await
        && module.unchecked_into::<Part>().open(element).await.is_ok()
    {
        return Ok(());
    }
    FAILURES.set(FAILURES.get() + 1);
    // The browser does not say why.
    let answer = Request::get(&address).send().await;
    let is_gone = answer.is_ok_and(|answer| answer.status() == 404);
    Err(if is_gone { PartError::Updated } else { PartError::Unavailable })
}
