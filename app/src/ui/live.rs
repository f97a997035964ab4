//! What begins once a page is hydrated: the socket, links without a new page, the reader's own
//! clock and keys.

use std::cell::RefCell;
use std::time::Duration;

use leptos::prelude::*;
use leptos::{ev, web_sys};
use wasm_bindgen::JsCast;

use super::leaving;
use super::location::Location;
use super::page::{title, unread};
use super::people::Persons;
use super::route::{Route, target_path};
use super::shared::civil::Zone;
use super::shared::dom::{close, has_keyboard, pressed};
use super::shared::keys::Key;
use super::shared::naming::conversation_name;
use super::shared::{Clock, called};
use super::shortcuts;
use super::words::{Words, td_string, words};
use crate::client::{Client, use_client};
use crate::protocol::{Target, Timestamp};

/// How often it is looked what time it is: 30 s.
const CLOCK_INTERVAL: Duration = Duration::from_secs(30);

/// Brings the page to life; runs in the browser only, after hydration. The server's clock showed
/// `server_time` when it rendered the page.
pub fn begin(client: Client, location: Location, server_time: Timestamp) {
    location.follow();
    client.start(server_time);
    tell_time(client, Clock::of_page());
    let keys = window_event_listener(ev::keydown, move |press| {
        let key = Key::of(&press).filter(|_| !press.default_prevented());
        let Some(key) = key.filter(|key| !shortcuts::on_key(&press, key)) else { return };
        if key.is_plain("Escape") && !close_menu(&press) {
            go_back(location);
        }
    });
    on_cleanup(move || keys.remove());
    keep_focus();
    leaving::listen(client, words());
    name_tab(location);
}

/// Esc closes the menu or picker that has the focus, and does not empty its field first; tells whether
/// it did.
fn close_menu(press: &ev::KeyboardEvent) -> bool {
    let Some(open) = pressed(press, ":popover-open") else { return false };
    press.prevent_default();
    close(&open);
    // What had opened it may be gone by now.
    request_animation_frame(|| refocus(None));
    true
}

/// Esc leads back to the list, or to where a pane belongs, unless it closes the menu, or would lose what is being typed.
fn go_back(location: Location) {
    let busy = document()
        .query_selector(":popover-open, .static-pane > :not(.people) input:focus")
        .ok()
        .flatten();
    if busy.is_some() || location.place().with_untracked(|place| place.route == Route::Home) {
        return;
    }
    // A pane of the server says where it belongs.
    match document().query_selector(".static-pane .back") {
        Ok(Some(back)) => back.unchecked_into::<web_sys::HtmlElement>().click(),
        _ => location.go("/"),
    }
}

/// The focus is never lost: when what had it is gone, because one went elsewhere (see [`name_tab`])
/// or pressed a button that vanished, it moves to where one goes on.
fn keep_focus() {
    window_event_listener_untyped("click", |click| {
        let pressed = click.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        request_animation_frame(move || {
            // What a menu's entry was about may be gone as well.
            let in_overlay = |pressed: &web_sys::Element| {
                pressed.closest("[popover]").is_ok_and(|it| it.is_some())
            };
            if pressed.is_some_and(|pressed| !pressed.is_connected() || in_overlay(&pressed)) {
                refocus(None);
            }
        });
    });
}

/// To the chat that one comes back from, to where one writes, else to the heading.
fn refocus(left: Option<Route>) {
    let document = document();
    // What stands in a menu that has closed loses the focus only when that is painted.
    let is_lost = |active: web_sys::Element| {
        active.matches("body, [popover]:not(:popover-open) *").unwrap_or(false)
    };
    if !document.active_element().is_none_or(is_lost) {
        return;
    }
    let row = match left {
        Some(Route::Talk(target)) => format!(".at-home .row[href='{}']", target_path(target)),
        _ => String::from(":not(*)"),
    };
    let field = if has_keyboard() { ".composer textarea" } else { ":not(*)" };
    for place in [row.as_str(), field, "main h1"] {
        let found = document.query_selector(place).ok().flatten();
        if let Some(found) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            if found.tag_name() == "H1" {
                found.set_tab_index(-1);
            }
            // An element that is there can be focused.
            let _ = found.focus();
            return;
        }
    }
}

/// From the server's zone to the reader's own. The moment stays the server's: what it has stamped is
/// not told by a clock that may be wrong.
fn tell_time(client: Client, clock: Clock) {
    clock.set(client.server_time(), Zone::Here);
    let look = move || {
        let now = client.server_time();
        if clock.is_yesterdays(now) {
            clock.set(now, Zone::Here);
        } else {
            clock.pass(now);
        }
    };
    if let Ok(interval) = set_interval_with_handle(look, CLOCK_INTERVAL) {
        on_cleanup(move || interval.clear());
    }
}

/// The tab says where the reader is, and how much is unread: at first as the server named it.
fn name_tab(location: Location) {
    let words = words();
    let client = use_client();
    let persons = Persons::of_page();
    let known = RefCell::new((None, None));
    Effect::new(move |_| {
        let unread = client.with_chats(|chats| unread(chats.iter()));
        let route = location.place().with(|place| place.route);
        let mut known = known.borrow_mut();
        if let Some(left) = known.0.replace(route).filter(|left| *left != route) {
            request_animation_frame(move || refocus(Some(left)));
        }
        // Of what is not known yet the title before stands: at first the server's.
        known.1 = subject(client, persons, route, words).or_else(|| known.1.take());
        if let Some(subject) = &known.1 {
            web_sys::Document::set_title(&document(), &title(subject, unread, words));
        }
    });
}

fn subject(client: Client, persons: Persons, route: Route, words: Words) -> Option<String> {
    Some(match route {
        Route::Talk(Target::Conversation(id)) => {
            conversation_name(&client.conversation(id)?, words)
        }
        Route::Talk(Target::User(id)) if id == client.me().id => {
            td_string!(words, chats.notes).to_owned()
        }
        Route::Talk(Target::User(id)) => called(&persons.get(id)?, words),
        Route::People => td_string!(words, people.title).to_owned(),
        Route::Missing => td_string!(words, missing.title).to_owned(),
        Route::Home | Route::LogIn | Route::Register => String::new(),
        _ => heading_of_static_pane()?,
    })
}

/// The server alone knows what it has put there.
fn heading_of_static_pane() -> Option<String> {
    document().query_selector(".static-pane h1").ok()??.text_content()
}
