//! Keeping the login alive: refreshed under a lock that all tabs share.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_net::http::Request;
use js_sys::{Promise, Reflect};
use leptos::prelude::document;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::locks;
use super::send::send_bare;
use crate::protocol::ApiError;
use crate::protocol::urls::encode;

/// A refresh that any tab did within ten seconds need not be done again. A cookie tells it, because
/// the tabs' storage may tell a moment too late.
const RECENTLY_REFRESHED: &str = "refreshed=1;max-age=10;path=/;samesite=lax";

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
    // Without locks two may refresh at once, which harms nobody: the server gives both the same
    // successor.
    if let Some(locked) = locks::request("kith-refresh", false, &task) {
        // Whether the lock was had shows in the outcome.
        let _ = JsFuture::from(locked).await;
        if let Some(result) = outcome.take() {
            return result;
        }
    }
    unlocked().await
}

async fn unlocked() -> Result<(), ApiError> {
    let cookie = || JsValue::from("cookie");
    let cookies = Reflect::get(&document(), &cookie()).ok().and_then(|all| all.as_string());
    if cookies.is_some_and(|all| all.contains("refreshed=1")) {
        return Ok(());
    }
    send_bare(Request::post("/api/v1/auth/refresh")).await?;
    // Where cookies are refused, so is the login.
    let _ = Reflect::set(&document(), &cookie(), &RECENTLY_REFRESHED.into());
    Ok(())
}

/// Goes to the sign-in page, and from there back.
pub(super) fn sign_in() {
    let Some(location) = web_sys::window().map(|window| window.location()) else { return };
    let path = location.pathname().unwrap_or_default();
    go_to(&format!("/login?next={}", encode(&path)));
}

/// Loads another page.
pub(super) fn go_to(path: &str) {
    if let Some(window) = web_sys::window() {
        // A navigation that the browser refuses leaves the page as it is.
        let _ = window.location().assign(path);
    }
}
