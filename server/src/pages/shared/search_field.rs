//! The field of a search that is a plain form: in static panes.

use app::ui::shared::{Icon, IconView};
use leptos::prelude::*;

/// A field for the form's `query`.
#[component]
pub fn SearchField(
    /// What was searched for.
    query: String,
    /// What it is called, for whoever sees it and for whoever does not.
    label: &'static str,
    /// It has the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    view! {
        <label class="search">
            <IconView icon=Icon::Search />
            <input
                type="search"
                name="query"
                value=query
                aria-label=label
                placeholder=label
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                autofocus=autofocus
            />
        </label>
    }
}
