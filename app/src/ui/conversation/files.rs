//! Where pictures, sound and files stand: elements that hold the server's HTML, which hydration leaves alone and parts
//! bring to life (`frontend/parts/message-files.js`, `attachments.js`).

use leptos::prelude::*;

use crate::protocol::Content;
#[cfg(not(feature = "ssr"))]
use crate::ui::shared::room::room;

/// The template of the buttons beside the field.
pub const TOOLS: &str = "composer-tools";

/// What the server renders of files, on its way into the page. Lies in the context, on the server.
#[derive(Clone)]
pub struct FilesHtml {
    /// Renders what a message holds beside its words.
    pub content: fn(&Content) -> String,
    /// What lies in [`TOOLS`].
    pub tools: String,
}

/// What a message holds beside its words. Where the browser builds it, it keeps its room until a part has put there
/// what the server renders.
pub(super) fn message_files(content: &Content) -> impl IntoView + use<> {
    // What is looked at goes to the edges of its message.
    let class = if matches!(content, Content::Image { .. }) { "files seen" } else { "files" };
    view! { <div class=class inner_html=html(content)></div> }
}

#[cfg(feature = "ssr")]
fn html(content: &Content) -> String {
    use_context::<FilesHtml>().map(|html| (html.content)(content)).unwrap_or_default()
}

/// A canvas has a size without a style, and nothing in it is read out.
#[cfg(not(feature = "ssr"))]
fn html(content: &Content) -> String {
    let (width, height) = room(content);
    format!("<canvas width={width} height={height}></canvas>")
}

/// The buttons beside the field: emoji, attach, record.
#[cfg(feature = "ssr")]
pub(super) fn tools() -> String {
    use_context::<FilesHtml>().map(|html| html.tools).unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
pub(super) fn tools() -> String {
    crate::ui::static_panes::html_of(TOOLS).unwrap_or_default()
}
