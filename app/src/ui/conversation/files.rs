//! Where pictures, sound, files and appointments stand: elements that hold the server's HTML, which hydration leaves alone and parts
//! bring to life (`frontend/parts/message-files.js`, `attachments.js`).

use leptos::prelude::*;

use crate::protocol::{Content, MessageRef};
#[cfg(not(feature = "ssr"))]
use crate::ui::shared::room::room;

/// The template of the buttons beside the field.
pub const TOOLS: &str = "composer-tools";

/// What the server renders of files, on its way into the page. Lies in the context, on the server.
#[derive(Clone)]
pub struct FilesHtml {
    /// Renders what the message at this place holds beside its words.
    pub content: fn(&Content, Option<MessageRef>) -> String,
    /// What lies in [`TOOLS`].
    pub tools: String,
}

/// What a message holds beside its words. Where the browser builds it, it keeps its room until a part has put there
/// what the server renders.
pub(super) fn message_files(content: &Content, of: Option<MessageRef>) -> impl IntoView + use<> {
    // What is looked at goes to the edges of its message.
    let class = if matches!(content, Content::Image { .. }) { "files seen" } else { "files" };
    view! { <div class=class inner_html=html(content, of)></div> }
}

#[cfg(feature = "ssr")]
fn html(content: &Content, of: Option<MessageRef>) -> String {
    use_context::<FilesHtml>().map(|html| (html.content)(content, of)).unwrap_or_default()
}

/// A canvas has a size without a style, and nothing in it is read out. Of an appointment it says from which `rev` on
/// the card is good.
#[cfg(not(feature = "ssr"))]
fn html(content: &Content, _: Option<MessageRef>) -> String {
    let (width, height) = room(content);
    let rev = if let Content::Schedule { schedule, .. } = content { schedule.rev } else { 0 };
    format!("<canvas width={width} height={height} data-rev={rev}></canvas>")
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
