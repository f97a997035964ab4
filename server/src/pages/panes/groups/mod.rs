//! Groups: making one, what there is to know and to set about one, finding open ones. Static panes.

pub mod info;
mod members;
pub mod new;
pub mod open;
mod picker;
pub mod receipts;
mod settings;

use app::forms::FormOutcome;
use app::protocol::{Conversation, ListPage, Member, UserId};
use app::ui::shared::{Icon, IconView};
use app::ui::words::{td_string, words};
use leptos::prelude::*;

pub use self::picker::Choice;
use super::shared_files::SharedFiles;

/// What the page about a group shows.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupInfo {
    /// The group, as the viewer has it.
    pub conversation: Conversation,
    /// Whether it is silent for the viewer.
    pub muted: bool,
    /// The viewer's id.
    pub me: UserId,
    /// A page of its members.
    pub members: ListPage<Member>,
    /// Who can be added.
    pub choice: Choice,
    /// What was shared in it.
    pub shared: SharedFiles,
    /// The name that was typed and refused.
    pub typed: Option<String>,
    /// The part whose form has worked.
    pub done: Option<String>,
    /// The form that has not.
    pub failed: Option<FormOutcome>,
}

/// The line above a static pane: the way back, and what the pane is about.
#[component]
pub fn Head(
    /// The path that Back leads to.
    back: String,
    /// The heading.
    title: String,
) -> impl IntoView {
    let words = words();
    view! {
        <header class="head">
            <a class="round back" href=back aria-label=td_string!(words, talk.back)>
                <IconView icon=Icon::Back />
            </a>
            <h1 dir="auto">{title}</h1>
        </header>
    }
}
