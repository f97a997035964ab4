//! The keyboard in the chat list: Ctrl+K to the filter, Alt+↑ and Alt+↓ from chat to chat, Enter
//! to the first that matches.

use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;
use leptos::{ev, html};
use wasm_bindgen::JsCast;

use super::row::ListRow;
use crate::protocol::{ConversationId, Target};
use crate::ui::location::Location;
use crate::ui::people::Search;
use crate::ui::route::{Route, conversation_path};
use crate::ui::shared::dom::{pressed, tell_input};
use crate::ui::shared::keyed::Keyed;
use crate::ui::shared::keys::{Held, Key};

/// Listens from now on. For the browser.
pub(super) fn listen(
    location: Location,
    field: NodeRef<html::Input>,
    shown: Memo<Keyed<ConversationId, ListRow>>,
) {
    let keys = window_event_listener(ev::keydown, move |press| {
        let Some(key) = Key::of(&press) else { return };
        if document().query_selector(":popover-open").is_ok_and(|open| open.is_some()) {
            return;
        }
        match (key.name.as_str(), key.held) {
            ("k" | "K", Held::Control) if !key.shift => {
                press.prevent_default();
                find(location, field);
            }
            ("ArrowUp" | "ArrowDown", Held::Alt) if !is_written(&press) => {
                press.prevent_default();
                step(location, shown, key.name == "ArrowDown");
            }
            _ => {}
        }
    });
    on_cleanup(move || keys.remove());
}

/// Whether something stands in the field in which a key was pressed: there it moves the caret.
fn is_written(press: &ev::KeyboardEvent) -> bool {
    pressed(press, "textarea:not(:placeholder-shown), input:not(:placeholder-shown)").is_some()
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
fn step(location: Location, shown: Memo<Keyed<ConversationId, ListRow>>, down: bool) {
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

/// What a key does in the filter itself: Enter leads to the first match, a chat before a person, who may
/// still be searched for; Esc empties it. Answers with the path to go to.
pub(super) fn in_filter(
    press: &ev::KeyboardEvent,
    shown: Memo<Keyed<ConversationId, ListRow>>,
    search: Search,
) -> Option<String> {
    let key = Key::of(press)?;
    let field: HtmlInputElement = press.target()?.dyn_into().ok()?;
    if field.value().is_empty() {
        return None;
    }
    let path = match key.name.as_str() {
        "Enter" => {
            let chat =
                shown.with_untracked(|rows| rows.first().map(|(id, _)| conversation_path(*id)));
            Some(chat.or_else(|| search.first())?)
        }
        "Escape" => {
            press.prevent_default();
            None
        }
        _ => return None,
    };
    empty(&field);
    path
}

/// Empties the filter as if by hand.
pub(super) fn empty(field: &HtmlInputElement) {
    field.set_value("");
    tell_input(field);
}
