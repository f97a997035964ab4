//! The keyboard in the chat list: Ctrl+K to the filter, Alt+↑ and Alt+↓ from chat to chat, Enter
//! to the first that matches.

use leptos::prelude::*;
use leptos::{ev, html};

use super::row::Row;
use crate::protocol::{ConversationId, Target};
use crate::ui::location::Location;
use crate::ui::route::{Route, conversation_path};
use crate::ui::shared::keyed::Keyed;

/// Listens from now on. For the browser.
pub(super) fn listen(
    location: Location,
    field: NodeRef<html::Input>,
    shown: Memo<Keyed<ConversationId, Row>>,
) {
    let keys = window_event_listener(ev::keydown, move |key| {
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

/// What a key does in the filter itself: Enter opens the first match, Esc empties it.
pub(super) fn in_filter(
    key: &ev::KeyboardEvent,
    location: Location,
    filter: RwSignal<String>,
    field: NodeRef<html::Input>,
    shown: Memo<Keyed<ConversationId, Row>>,
) {
    if key.is_composing() {
        return;
    }
    let clear = || {
        filter.set(String::new());
        if let Some(input) = field.get_untracked() {
            input.set_value("");
        }
    };
    match key.key().as_str() {
        "Enter" => {
            let first = shown.with_untracked(|rows| rows.first().map(|(id, _)| *id));
            if let Some(id) = first {
                clear();
                location.go(&conversation_path(id));
            }
        }
        "Escape" if filter.with_untracked(|filter| !filter.is_empty()) => {
            key.prevent_default();
            clear();
        }
        _ => {}
    }
}
