//! Panes that have nothing but a word on where to go.

use app::protocol::Target;
use app::ui::route::{Route, conversation_path, person_path};
use app::ui::shared::{Icon, IconView};
use app::ui::words::{td_string, words};
use leptos::prelude::*;

#[component]
fn Blank(
    icon: Icon,
    title: &'static str,
    text: &'static str,
    /// Where the link leads, and what it says.
    link: (&'static str, &'static str),
) -> impl IntoView {
    view! {
        <div class="blank pane-center">
            <span class="badge">
                <IconView icon />
            </span>
            <h1>{title}</h1>
            <p>{text}</p>
            <a class="solid" href=link.0>
                {link.1}
            </a>
        </div>
    }
}

/// No chat was picked.
#[component]
pub fn Nothing() -> impl IntoView {
    let words = words();
    let (title, text) = (td_string!(words, chats.pick_title), td_string!(words, chats.pick_text));
    view! { <Blank icon=Icon::Talk title text link=("/new", td_string!(words, chats.start)) /> }
}

/// There is no such page.
#[component]
pub fn Missing() -> impl IntoView {
    let words = words();
    let (title, text) = (td_string!(words, missing.title), td_string!(words, missing.text));
    view! { <Blank icon=Icon::Search title text link=("/", td_string!(words, missing.home)) /> }
}

/// The pane of an address cannot be shown for now.
#[component]
pub fn Failed(
    /// Why, in a sentence.
    text: &'static str,
    /// What was to be shown.
    route: Route,
) -> impl IntoView {
    let words = words();
    let again = match route {
        Route::Talk(Target::Conversation(id)) => conversation_path(id),
        Route::Talk(Target::User(id)) => person_path(id),
        Route::People => "/new".to_owned(),
        _ => "/".to_owned(),
    };
    view! {
        <div class="blank pane-center">
            <span class="badge">
                <IconView icon=Icon::Alert />
            </span>
            <h1>{td_string!(words, talk.failed_title)}</h1>
            <p role="alert">{text}</p>
            <a class="solid" href=again rel="external" target="_self">
                {td_string!(words, talk.try_again)}
            </a>
        </div>
    }
}
