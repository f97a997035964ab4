//! Static panes: the server alone renders them, as links and plain forms, and the browser's
//! code leaves them as they are while the chat list beside them lives. So settings and profiles
//! weigh nothing in the WebAssembly.

use leptos::prelude::*;

/// What the server has rendered, on its way into the page. Lies in the context, on the server.
#[derive(Clone)]
pub struct StaticHtml(pub String);

/// The element that a static pane stands in.
#[component]
pub fn StaticPaneHost() -> impl IntoView {
    // In the browser there is none: hydration does not touch what stands in an element by its HTML.
    let html = use_context::<StaticHtml>().map(|StaticHtml(html)| html).unwrap_or_default();
    view! { <div class="static-pane" inner_html=html></div> }
}
