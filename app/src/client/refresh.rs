//! Keeping the login alive: refreshed under a lock that all tabs share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_net::http::Request;
use js_sys::{Date, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::api;
use crate::protocol::ApiError;

/// A refresh that this tab did within this many milliseconds need not be done again.
const RECENT_MS: f64 = 10_000.0;

thread_local! {
    static LAST: Cell<f64> = const { Cell::new(0.0) };
}

/// Refreshes the login by its cookie.
///
/// # Errors
/// `unauthenticated` when the login has ended; `unavailable` when the server does not answer.
pub(super) async fn login() -> Result<(), ApiError> {
    let outcome: Rc<RefCell<Option<Result<(), ApiError>>>> = Rc::default();
    let into = Rc::clone(&outcome);
    let task = Closure::once_into_js(move || -> Promise {
        future_to_promise(async move {
            *into.borrow_mut() = Some(unlocked().await);
            Ok(JsValue::UNDEFINED)
        })
    });
    if let Some(locked) = under_lock(&task) {
        // Whether the lock was had shows in the outcome.
        let _ = JsFuture::from(locked).await;
        if let Some(result) = outcome.take() {
            return result;
        }
    }
    unlocked().await
}

/// Runs the task under the tabs' lock; `None` where the browser has no locks, as it is without
/// HTTPS. Refreshing twice at once harms nobody then: the server gives both the same successor.
fn under_lock(task: &JsValue) -> Option<Promise> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    request.call2(&locks, &"kith-refresh".into(), task).ok()?.dyn_into().ok()
}

async fn unlocked() -> Result<(), ApiError> {
    if Date::now() - LAST.get() < RECENT_MS {
        return Ok(());
    }
    api::send(Request::post("/api/v1/auth/refresh")).await?;
    LAST.set(Date::now());
    Ok(())
}

/// Goes to the sign-in page, and from there back.
pub(super) fn sign_in() {
    let Some(location) = web_sys::window().map(|window| window.location()) else { return };
    let path = location.pathname().unwrap_or_default();
    let next = js_sys::encode_uri_component(&path);
    go_to(&format!("/login?next={}", String::from(next)));
}

/// Loads another page.
pub(super) fn go_to(path: &str) {
    if let Some(window) = web_sys::window() {
        // A navigation that the browser refuses leaves the page as it is.
        let _ = window.location().assign(path);
    }
}
