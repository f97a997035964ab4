//! What a page's views need of files: the HTML that hydration leaves alone.

use app::protocol::{Content, Message};
use app::ui::conversation::files::FilesHtml;
use app::ui::page::{Page, Pane};
use app::ui::route::Route;
use leptos::prelude::*;

use crate::pages::message_files::content_html;
use crate::pages::overlays::{AttachForm, Tools};
use crate::pages::panes::StaticPane;

/// For the views of a conversation, under the current owner, in whose context are words.
pub(super) fn files_html() -> FilesHtml {
    FilesHtml { content: content_html, tools: view! { <Tools /> }.to_html() }
}

/// The plain form that sends a file, on pages where one can write.
pub(super) fn attach_form(page: &Page) -> String {
    let shown = page.session.as_ref().map(|session| &session.pane);
    let (Route::Talk(target), Some(shown)) = (page.place.route, shown) else {
        return String::new();
    };
    let client_id = match shown {
        Pane::Talk(talk) => &talk.client_id,
        Pane::Person { client_id, .. } => client_id,
        Pane::Static => return String::new(),
    };
    // Not that of what is written: they are two messages.
    let client_id = format!("{client_id}-file");
    view! { <AttachForm target client_id /> }.to_html()
}

/// Whether a page shows files.
pub(super) fn has_files(page: &Page, static_pane: Option<&StaticPane>) -> bool {
    let has_any = |message: &Message| {
        !message.files().is_empty() || matches!(message.content, Content::Schedule { .. })
    };
    match page.session.as_ref().map(|session| &session.pane) {
        Some(Pane::Talk(talk)) => talk.messages.items.iter().any(has_any),
        _ => matches!(
            static_pane,
            Some(StaticPane::Info(_) | StaticPane::Profile(_) | StaticPane::Settings(_))
        ),
    }
}
