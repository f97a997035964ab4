//! What may be set of a group: who finds it, and what who comes later may read.

use app::protocol::History;
use app::ui::words::{td_string, words};
use leptos::prelude::*;

/// The boxes of a group's form.
#[component]
pub(super) fn Access(
    /// Anyone may find and join it.
    open: bool,
    /// What who comes later may read.
    history: History,
) -> impl IntoView {
    let words = words();
    let past = |value: &'static str, of: History, text: &'static str| {
        let checked = history == of;
        view! {
            <label class="check">
                <input type="radio" name="history" value=value checked=checked />
                {text}
            </label>
        }
    };
    view! {
        <label class="check">
            <input type="checkbox" name="open" value="true" checked=open />
            {td_string!(words, groups.open)}
        </label>
        <fieldset>
            <legend>{td_string!(words, groups.history)}</legend>
            {past("joined", History::Joined, td_string!(words, groups.history_joined))}
            {past("all", History::All, td_string!(words, groups.history_all))}
        </fieldset>
    }
}
