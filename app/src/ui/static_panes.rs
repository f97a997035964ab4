//! Static panes: the server alone renders them, as links and plain forms, and the browser's
//! code leaves them as they are while the chat list beside them lives. So settings and profiles
//! weigh nothing in the WebAssembly.
//!
//! The few that a browser shows without asking the server lie in each document as templates.

use leptos::html;
use leptos::prelude::*;

use super::people::PeopleSearch;

/// The template of the pane that stands where nothing was picked.
pub const NOTHING: &str = "pane-nothing";
/// The template of the pane that says that there is no such page.
pub const MISSING: &str = "pane-missing";
/// The template of the search for people, before anything was searched for.
pub const PEOPLE: &str = "pane-people";

/// What the server has rendered, on its way into the page. Lies in the context, on the server.
#[derive(Clone)]
pub struct StaticHtml(pub String);

/// The element that a static pane stands in.
#[component]
pub fn StaticPaneHost(
    /// The pane's template; absent for a pane that comes with its page alone.
    template: Option<&'static str>,
    /// Whether the pane came with the page, where the browser itself puts the focus.
    delivered: bool,
) -> impl IntoView {
    // Hydration does not touch what stands in an element by its HTML.
    let html = use_context::<StaticHtml>().map(|StaticHtml(html)| html);
    let html = html.or_else(|| html_of(template?)).unwrap_or_default();
    let host = NodeRef::<html::Div>::new();
    let people = PeopleSearch::of_page();
    Effect::new(move |_| {
        if let Some(host) = host.get() {
            people.begin(&host, delivered);
        }
    });
    view! {
        <div
            class="static-pane"
            inner_html=html
            node_ref=host
            on:input=move |typed| people.typed(&typed)
            on:submit=move |submit| people.submitted(&submit)
        ></div>
    }
}

/// What lies in a template of the document.
#[cfg(feature = "hydrate")]
pub(super) fn html_of(template: &str) -> Option<String> {
    Some(document().get_element_by_id(template)?.inner_html())
}

/// On the server every pane is rendered.
#[cfg(not(feature = "hydrate"))]
pub(super) const fn html_of(_: &str) -> Option<String> {
    None
}
