//! What can be done with a message: one menu for all articles of a log.

use leptos::either::Either;
use leptos::prelude::*;
use leptos::web_sys::{Element, HtmlElement};
use leptos::{ev, html};
use wasm_bindgen::JsCast;

use crate::client::{Client, use_client};
use crate::protocol::{
    Conversation, ConversationId, ConversationKind, Message, MessageType, Role, Seq, Target,
};
use crate::state::Action;
use crate::ui::route::info_path;
use crate::ui::shared::menu;
use crate::ui::words::{Words, td_string, words};

/// What is at hand to put on a message.
const EMOJI: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🎉"];

/// Which message the menu is about, and whether it shows the emoji.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct About {
    seq: Seq,
    emoji: bool,
}

/// What the menu is about, if anything was asked.
pub(super) type Asked = RwSignal<Option<About>>;

/// An entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    Reply,
    React,
    Edit,
    Copy,
    Recall,
    Info,
}

/// A press in the log: on an article's button it asks for the menu.
pub(super) fn on_press(press: &ev::MouseEvent, asked: Asked) {
    if let Some(seq) = menu::pressed(press, ".menu-button").as_ref().and_then(position) {
        asked.set(Some(About { seq, emoji: false }));
    }
}

/// A long press on an article does the same.
pub(super) fn on_long_press(press: &ev::MouseEvent, asked: Asked) {
    let touched = press.dyn_ref::<leptos::web_sys::PointerEvent>();
    if touched.is_none_or(|press| press.pointer_type() != "touch") {
        return;
    }
    let article = menu::pressed(press, "article:has(.menu-button)");
    if let Some(seq) = article.as_ref().and_then(position) {
        press.prevent_default();
        asked.set(Some(About { seq, emoji: false }));
    }
}

fn position(inside: &Element) -> Option<Seq> {
    inside.closest("article").ok()??.id().strip_prefix("m-")?.parse().ok()
}

/// The menu.
#[component]
pub(super) fn MessageMenu(
    target: Memo<Target>,
    asked: Asked,
    /// The message that is being edited.
    editing: RwSignal<Option<Seq>>,
) -> impl IntoView {
    let words = words();
    let client = use_client();
    let node = NodeRef::<html::Div>::new();
    let id = move || super::rows::conversation_of(target.get());
    Effect::new(move |_| {
        let Some(About { seq, .. }) = asked.get() else { return };
        // Once its entries stand in it.
        request_animation_frame(move || {
            let button = format!("#{} .menu-button", super::article::article_id(seq));
            let button = document().query_selector(&button).ok().flatten();
            if let (Some(node), Some(button)) = (node.get_untracked(), button) {
                menu::open(&node, &button);
            }
        });
    });
    let done = move || {
        if let Some(node) = node.get_untracked() {
            menu::close(&node);
        }
    };
    let choose = move |entry: Entry| {
        let (Some(id), Some(About { seq, .. })) = (untrack(id), asked.get_untracked()) else {
            return;
        };
        if entry == Entry::React {
            asked.set(Some(About { seq, emoji: true }));
            return;
        }
        done();
        match entry {
            Entry::Reply => {
                editing.set(None);
                client.set_reply(target.get_untracked(), Some(seq));
                to_composer();
            }
            Entry::Edit => editing.set(Some(seq)),
            Entry::Copy => copy(client, id, seq),
            Entry::Recall => client.attempt(Action::Recall(id, seq)),
            Entry::Info => {
                // A pane that the server renders. What the browser refuses leaves the page as it is.
                let _ = window().location().set_href(&format!("{}?m={seq}", info_path(id)));
            }
            Entry::React => {}
        }
    };
    let react = move |emoji: &'static str| {
        if let (Some(id), Some(About { seq, .. })) = (untrack(id), asked.get_untracked()) {
            done();
            client.react(id, seq, emoji);
        }
    };
    let emoji = move |emoji: &'static str| {
        view! {
            <button type="button" role="menuitem" on:click=move |_| react(emoji)>
                {emoji}
            </button>
        }
    };
    let entry = move |entry: Entry| {
        view! {
            <button type="button" role="menuitem" on:click=move |_| choose(entry)>
                {name(entry, words)}
            </button>
        }
    };
    let inside = move || {
        let About { seq, emoji: wants_emoji } = asked.get()?;
        Some(if wants_emoji {
            Either::Left(EMOJI.into_iter().map(emoji).collect::<Vec<_>>())
        } else {
            let entries = entries(client, id()?, seq);
            Either::Right(entries.into_iter().map(entry).collect::<Vec<_>>())
        })
    };
    let class = move || {
        let wants_emoji = asked.get().is_some_and(|about| about.emoji);
        if wants_emoji { "menu emoji" } else { "menu" }
    };
    view! {
        <div
            class=class
            popover="auto"
            role="menu"
            aria-label=td_string!(words, menu.message)
            node_ref=node
        >
            {inside}
        </div>
    }
}

fn name(entry: Entry, words: Words) -> &'static str {
    match entry {
        Entry::Reply => td_string!(words, menu.reply),
        Entry::React => td_string!(words, menu.react),
        Entry::Edit => td_string!(words, menu.edit),
        Entry::Copy => td_string!(words, menu.copy),
        Entry::Recall => td_string!(words, menu.recall),
        Entry::Info => td_string!(words, menu.info),
    }
}

/// What the reader may do with a message.
fn entries(client: Client, id: ConversationId, seq: Seq) -> Vec<Entry> {
    let me = client.me().id;
    let Some(conversation) = untrack(|| client.conversation(id)) else { return Vec::new() };
    let about = |message: &Message| {
        let own = message.sender.id == me;
        let is_text = message.message_type == MessageType::Text;
        let edit = own && is_text && message.forwarded_from.is_none();
        let allowed = [
            (Entry::Reply, true),
            (Entry::React, true),
            (Entry::Edit, edit),
            (Entry::Copy, !message.content.is_empty() && window().is_secure_context()),
            (Entry::Recall, own || manages(&conversation)),
            // In a private one the message itself says who has it.
            (Entry::Info, conversation.kind == ConversationKind::Group),
        ];
        let allowed = allowed.into_iter().filter(|(_, allowed)| *allowed);
        allowed.map(|(entry, _)| entry).collect()
    };
    let message = untrack(|| {
        client.with_timeline(id, |timeline| timeline.and_then(|all| all.get(seq)).cloned())
    });
    message.filter(|message| !message.recalled).as_ref().map(about).unwrap_or_default()
}

fn manages(conversation: &Conversation) -> bool {
    // In a private conversation nobody has a role above the other's.
    conversation.peer.is_none() && matches!(conversation.role, Some(Role::Owner | Role::Admin))
}

fn copy(client: Client, id: ConversationId, seq: Seq) {
    let text = untrack(|| {
        client.with_timeline(id, |timeline| {
            timeline.and_then(|all| all.get(seq)).map(|message| message.content.clone())
        })
    });
    if let Some(text) = text {
        // Nobody waits for it.
        drop(window().navigator().clipboard().write_text(&text));
    }
}

/// To where one writes.
pub(super) fn to_composer() {
    let field = document().query_selector(".composer textarea").ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        // An element that is there can be focused.
        let _ = field.focus();
    }
}
