//! Where one writes: a plain form that the browser's code takes over.

use std::cell::Cell;

use leptos::prelude::*;
use leptos::{ev, html, web_sys};

use super::scroll::Goal;
use crate::client::{Client, use_client};
use crate::forms::FormOutcome;
use crate::protocol::{ApiError, Seq, Target, limits};
use crate::ui::live::has_keyboard;
use crate::ui::route::target_path;
use crate::ui::shared::errors::message;
use crate::ui::shared::{Icon, Sign};
use crate::ui::words::{Words, counted, td_string, words};

/// The counter shows when so few characters are left.
const NEARLY_FULL: usize = 500;

/// What the plain form carries.
pub(super) struct Form {
    /// The name of the next message, so that sending the form twice makes one message.
    pub client_id: String,
    /// The newest message on the page: whoever answers has read up to it.
    pub read_seq: Option<Seq>,
    /// The try that failed.
    pub failed: Option<FormOutcome>,
}

/// The field, its counter and the button.
#[component]
pub(super) fn Composer(
    /// To whom.
    target: Memo<Target>,
    /// Where the log is to scroll to.
    goal: RwSignal<Option<Goal>>,
    /// What came with the page.
    delivered: Option<Form>,
) -> impl IntoView {
    let words = words();
    let client = use_client();
    let field = NodeRef::<html::Textarea>::new();
    let length = RwSignal::new(0_usize);
    let fresh = delivered.is_none();
    let (client_id, read_seq, failed) = match delivered {
        Some(form) => (form.client_id, form.read_seq, form.failed),
        None => Default::default(),
    };
    let (typed, error) = match failed {
        Some(outcome) => (outcome.values.content, Some(outcome.error)),
        None => (String::new(), None),
    };
    let error = RwSignal::new(error);
    let begun = Cell::new(None);
    Effect::new(move |_| {
        let Some(field) = field.get() else { return };
        let target = target.get();
        let before = begun.replace(Some(target));
        adopt_draft(&field, client, before, target);
        length.set(field.value().trim().chars().count());
        grow(&field);
        if before.is_none() && fresh && has_keyboard() {
            let _ = field.focus();
        }
    });
    let changed = move || {
        let Some(field) = field.get_untracked() else { return };
        let text = field.value();
        let target = target.get_untracked();
        client.set_draft(target, &text);
        client.typing(target, !text.trim().is_empty());
        length.set(text.trim().chars().count());
        error.set(None);
        grow(&field);
    };
    let send = move || {
        let Some(field) = field.get_untracked() else { return };
        let text = field.value();
        if text.trim().is_empty() {
            return;
        }
        match client.send(target.get_untracked(), &text) {
            Ok(_) => {
                field.set_value("");
                changed();
                goal.set(Some(Goal::End));
            }
            Err(refused) => error.set(Some(refused)),
        }
    };
    let key = move |key: ev::KeyboardEvent| {
        if is_plain_enter(&key) {
            key.prevent_default();
            send();
        }
    };
    let submit = move |submit: ev::SubmitEvent| {
        submit.prevent_default();
        send();
    };
    view! {
        <form class="composer" method="post" action=move || target_path(target.get()) on:submit=submit>
            {move || error.get().map(|error| refusal(&error, words))}
            <input type="hidden" name="client_id" value=client_id />
            {read_seq
                .map(|seq| view! { <input type="hidden" name="read_seq" value=seq.to_string() /> })}
            <div class="box">
                <textarea
                    name="content"
                    rows="1"
                    dir="auto"
                    required
                    aria-label=td_string!(words, composer.label)
                    placeholder=td_string!(words, composer.label)
                    enterkeyhint="send"
                    node_ref=field
                    on:input=move |_| changed()
                    on:keydown=key
                >
                    {typed}
                </textarea>
                {move || left(length.get(), words)}
                <button
                    class="round send"
                    aria-label=td_string!(words, composer.send)
                    on:mousedown=|press| press.prevent_default()
                >
                    <Sign icon=Icon::Send />
                </button>
            </div>
        </form>
    }
}

fn refusal(error: &ApiError, words: Words) -> impl IntoView + use<> {
    view! { <p class="alert" role="alert">{message(error, words)}</p> }
}

/// How many characters are left, once that is worth knowing.
fn left(length: usize, words: Words) -> Option<impl IntoView> {
    if length + NEARLY_FULL < limits::TEXT {
        return None;
    }
    let over = length > limits::TEXT;
    let count = limits::TEXT.abs_diff(length);
    let text = if over {
        counted!(words, count, composer.over)
    } else {
        counted!(words, count, composer.left)
    };
    Some(view! {
        <span class="left" class:over=over aria-live="polite">
            {text}
        </span>
    })
}

/// Fits the field to its text where the browser does not do so by itself (`field-sizing`).
fn grow(field: &web_sys::HtmlTextAreaElement) {
    let by_itself = window()
        .get_computed_style(field)
        .ok()
        .flatten()
        .and_then(|style| style.get_property_value("field-sizing").ok())
        .is_some_and(|sizing| !sizing.is_empty());
    if !by_itself {
        let style = web_sys::HtmlElement::style(field);
        // The CSSOM is not subject to the policy that forbids style attributes.
        let _ = style.set_property("height", "auto");
        let _ = style.set_property("height", &format!("{}px", field.scroll_height()));
    }
}

/// Brings the field and what is kept for a conversation together, when the one or the other changed.
fn adopt_draft(
    field: &web_sys::HtmlTextAreaElement,
    client: Client,
    before: Option<Target>,
    target: Target,
) {
    let (typed, kept) = (field.value(), client.draft(target));
    match before {
        // What was typed before the code arrived stands; else what was begun the last time.
        None if !typed.is_empty() => client.set_draft(target, &typed),
        // The person has become a conversation: what is begun goes along.
        Some(before) if before != target => {
            client.set_draft(before, "");
            client.set_draft(target, &typed);
        }
        // It may be written in another tab.
        _ if typed != kept => field.set_value(&kept),
        _ => {}
    }
}

/// Whether a key asks to send. Enter also ends the composition of a sign in many scripts.
fn is_plain_enter(key: &ev::KeyboardEvent) -> bool {
    let plain = !(key.shift_key() || key.ctrl_key() || key.alt_key() || key.meta_key());
    key.key() == "Enter" && plain && !key.is_composing() && key.key_code() != 229
}
