//! Logging out leaves nothing of the reader's behind in this browser, after a warning about what
//! was not sent yet.

use leptos::prelude::*;
use leptos::{ev, web_sys};
use wasm_bindgen::JsCast;

use super::words::{Words, counted};
use crate::client::Client;

/// Listens from now on, to every form on the page that logs out. For the browser.
pub fn listen(client: Client, words: Words) {
    let submits = window_event_listener(ev::submit, move |submit| {
        let form = submit.target().and_then(|form| form.dyn_into::<web_sys::Element>().ok());
        if form.and_then(|form| form.get_attribute("action")).as_deref() != Some("/logout") {
            return;
        }
        let unsent =
            client.with_outbox(|outbox| outbox.iter().filter(|entry| entry.is_unsent()).count());
        if unsent > 0 && !confirmed(&counted!(words, unsent, account.unsent)) {
            submit.prevent_default();
        } else {
            client.forget_local_data();
        }
    });
    on_cleanup(move || submits.remove());
}

fn confirmed(question: &str) -> bool {
    window().confirm_with_message(question).unwrap_or(true)
}
