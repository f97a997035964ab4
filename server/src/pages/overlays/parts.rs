//! What a page says where a part of it could not be loaded.

use app::ui::overlays::{UNAVAILABLE, UPDATED};
use app::ui::words::{td_string, words};
use leptos::prelude::*;

/// For both reasons that there are.
#[component]
pub(super) fn MissingParts() -> impl IntoView {
    let words = words();
    view! {
        <MissingPart
            id=UPDATED
            what=td_string!(words, parts.updated)
            hint=td_string!(words, parts.older)
            action=("reload", td_string!(words, parts.reload))
        />
        <MissingPart
            id=UNAVAILABLE
            what=td_string!(words, parts.unavailable)
            hint=td_string!(words, parts.check)
            action=("again", td_string!(words, parts.again))
        />
    }
}

#[component]
fn MissingPart(
    id: &'static str,
    what: &'static str,
    /// What it means for the reader.
    hint: &'static str,
    /// What helps: its name and what it says.
    action: (&'static str, &'static str),
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let (name, text) = action;
    view! {
        <div
            class="missing-part"
            id=id
            popover="auto"
            role="alertdialog"
            aria-label=what
            aria-describedby=hint_id
        >
            <strong>{what}</strong>
            <p id=hint_id.clone()>{hint}</p>
            <button class="solid" type="button" data-do=name autofocus>
                {text}
            </button>
        </div>
    }
}
