//! Which tab sends what other tabs have left unsent: the one that holds a lock, and that is, of those
//! that are open, the one in use. (A tab in the background may be asleep.)

use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{Client, locks};

/// Waits for its turn to lead. Where there are no locks, every tab does: what is sent twice is
/// stored once.
pub(super) fn queue(client: Client) {
    let queued =
        client.runtime.try_update_value(|runtime| std::mem::replace(&mut runtime.queued, true));
    if queued == Some(false) {
        lead(client, false);
    }
}

/// Leads from now on, whoever did so.
pub(super) fn take_over(client: Client) {
    if client.state.try_with_value(|state| !state.leads()) == Some(true) {
        lead(client, true);
    }
}

fn lead(client: Client, steal: bool) {
    let held = Closure::once_into_js(move || -> Promise {
        if !steal {
            let _ = client.runtime.try_update_value(|runtime| runtime.queued = false);
        }
        client.input(|state, now| state.lead(true, now));
        // Until the tab is closed, or another one takes over.
        Promise::new(&mut |_, _| {})
    });
    let name = format!("kith-outbox:{}", client.me().id);
    let Some(lost) = locks::request(&name, steal, &held) else {
        client.input(|state, now| state.lead(true, now));
        return;
    };
    spawn_local(async move {
        // It can but be lost.
        let _ = JsFuture::from(lost).await;
        client.input(|state, now| state.lead(false, now));
        queue(client);
    });
}
