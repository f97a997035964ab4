//! The keyboard in the chat list: Ctrl+K to the filter, Alt+↑ and Alt+↓ from chat to chat, Enter
//! to the first that matches.

use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;
use leptos::{ev, html};
use wasm_bindgen::JsCast;

use super::row::Row;
use crate::protocol::{ConversationId, Target};
use crate::ui::location::Location;
use crate::ui::overlays::tell_input;
use crate::ui::people::Search;
use crate::ui::route::{Route, conversation_path};
use crate::ui::shared::keyed::Keyed;

/// Listens from now on. For the browser.
pub(super) fn listen(
    location: Location,
    field: NodeRef<html::Input>,
    shown: Memo<Keyed<ConversationId, Row>>,
) {
    let keys = window_event_listener(ev::keydown, move |key| {
        if document().query_selector(":popover-open").is_ok_and(|open| open.is_some()) {
            return;
        }
        let name = key.key();
        let control = key.ctrl_key() || key.meta_key();
        if control && !key.alt_key() && !key.shift_key() && name.eq_ignore_ascii_case("k") {
            key.prevent_default();
            find(location, field);
        } else if key.alt_key() && !control && (name == "ArrowUp" || name == "ArrowDown") {
            key.prevent_default();
            step(location, shown, name == "ArrowDown");
        }
    });
    on_cleanup(move || keys.remove());
}

/// To the filter; on a phone it stands on the page of the list.
fn find(location: Location, field: NodeRef<html::Input>) {
    let Some(input) = field.get_untracked() else { return };
    let is_hidden = input.offset_width() == 0;
    let focus = move || {
        // An element that is there can be focused.
        let _ = input.focus();
        input.select();
    };
    if is_hidden {
        location.go("/");
        request_animation_frame(focus);
    } else {
        focus();
    }
}

/// To the chat below or above.
fn step(location: Location, shown: Memo<Keyed<ConversationId, Row>>, down: bool) {
    let current = match location.place().with_untracked(|place| place.route) {
        Route::Talk(Target::Conversation(id)) => Some(id),
        _ => None,
    };
    let next = shown.with_untracked(|rows| {
        let at = current.and_then(|current| rows.iter().position(|(id, _)| *id == current));
        let index = match (at, down) {
            (Some(at), true) => at + 1,
            (Some(at), false) => at.checked_sub(1)?,
            (None, true) => 0,
            (None, false) => rows.len().checked_sub(1)?,
        };
        rows.get(index).map(|(id, _)| *id)
    });
    if let Some(id) = next {
        location.go(&conversation_path(id));
    }
}

/// What a key does in the filter itself: Enter leads to the first match, a chat before a person; Esc
/// empties it. Answers with the path to go to.
pub(super) fn in_filter(
    key: &ev::KeyboardEvent,
    shown: Memo<Keyed<ConversationId, Row>>,
    search: Search,
) -> Option<String> {
    let field: HtmlInputElement = key.target()?.dyn_into().ok()?;
    if key.is_composing() || field.value().is_empty() {
        return None;
    }
    let path = match key.key().as_str() {
        "Enter" => {
            let chat =
                shown.with_untracked(|rows| rows.first().map(|(id, _)| conversation_path(*id)));
            Some(chat.or_else(|| search.first())?)
        }
        "Escape" => {
            key.prevent_default();
            None
        }
        _ => return None,
    };
    field.set_value("");
    tell_input(&field);
    path
}
