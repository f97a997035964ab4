//! Locks that all tabs of a browser share (the Web Locks API).

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;

/// Runs the task, which answers a promise, while it has the lock; taken from whoever has it, where
/// `steal` says so. Answers what becomes of that; `None` where the browser has no locks, as it is
/// without HTTPS.
pub(super) fn request(name: &str, steal: bool, task: &JsValue) -> Option<Promise> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"steal".into(), &steal.into()).ok()?;
    request.call3(&locks, &name.into(), &options, task).ok()?.dyn_into().ok()
}
