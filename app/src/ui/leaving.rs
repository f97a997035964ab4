//! Leaving by the forms of a page. Logging out warns of what was not sent yet, for nothing of the
//! reader's is left behind in this browser.

use leptos::prelude::*;
use leptos::{ev, web_sys};
use wasm_bindgen::JsCast;

use super::shared::errors::message;
use super::words::{Words, counted};
use crate::client::Client;
use crate::protocol::ApiError;

/// Logs out in the place of a form that was sent; `failed` hears when that did not work.
pub fn log_out(
    client: Client,
    words: Words,
    submit: &ev::SubmitEvent,
    failed: impl FnOnce(ApiError) + 'static,
) {
    submit.prevent_default();
    let unsent =
        client.with_outbox(|outbox| outbox.iter().filter(|entry| entry.is_unsent()).count());
    if unsent == 0 || confirmed(&counted!(words, unsent, account.unsent)) {
        client.log_out(failed);
    }
}

/// Attends to the forms by which one leaves in what the server alone renders. For the browser.
pub fn listen(client: Client, words: Words) {
    let submits = window_event_listener(ev::submit, move |submit| {
        let form = submit.target().and_then(|form| form.dyn_into::<web_sys::Element>().ok());
        let is = |form: &web_sys::Element, action: &str| {
            form.matches(&format!(".still [action='{action}']")).unwrap_or(false)
        };
        match form {
            Some(form) if is(&form, "/logout") => {
                log_out(client, words, &submit, move |error| {
                    // A dialog that the browser refuses is not seen; the page stays as it is.
                    let _ = window().alert_with_message(message(&error, words));
                });
            }
            // The account's end closes the socket before the form's answer leads on.
            Some(form) if is(&form, "/settings/delete") => client.let_go(),
            _ => {}
        }
    });
    on_cleanup(move || submits.remove());
}

fn confirmed(question: &str) -> bool {
    window().confirm_with_message(question).unwrap_or(true)
}
