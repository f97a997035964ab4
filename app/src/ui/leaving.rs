//! Leaving by the plain forms of a page. Logging out warns of what was not sent yet, for nothing of the
//! reader's is left behind in this browser.

use leptos::prelude::*;
use leptos::{ev, web_sys};
use wasm_bindgen::JsCast;

use super::words::{Words, counted};
use crate::client::Client;

/// Logs out in the place of a form that was sent.
fn log_out(client: Client, words: Words, submit: &ev::SubmitEvent) {
    submit.prevent_default();
    let unsent =
        client.with_outbox(|outbox| outbox.iter().filter(|entry| entry.is_unsent()).count());
    if unsent == 0 || confirmed(&counted!(words, unsent, account.unsent)) {
        client.log_out(move |error| client.refuse(error));
    }
}

/// Attends to the forms by which one leaves, which the server alone renders. For the browser.
pub fn listen(client: Client, words: Words) {
    let submits = window_event_listener(ev::submit, move |submit| {
        let form = submit.target().and_then(|form| form.dyn_into::<web_sys::Element>().ok());
        let is = |form: &web_sys::Element, action: &str| {
            form.get_attribute("action").as_deref() == Some(action)
        };
        match form {
            Some(form) if is(&form, "/logout") => log_out(client, words, &submit),
            // The account's end closes the socket before the form's answer leads on.
            Some(form) if is(&form, "/settings/delete") => client.disconnect(),
            _ => {}
        }
    });
    on_cleanup(move || submits.remove());
}

/// Asks whether something is really meant that cannot be taken back.
pub fn confirmed(question: &str) -> bool {
    window().confirm_with_message(question).unwrap_or(true)
}
