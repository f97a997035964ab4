//! What begins once a page is hydrated: the socket, links without a new page, the reader's own
//! clock and keys.

use std::time::Duration;

use leptos::prelude::*;
use leptos::{ev, web_sys};

use super::leaving;
use super::location::Location;
use super::page::{conversation_name, title, unread};
use super::people::Persons;
use super::route::Route;
use super::shared::Clock;
use super::shared::civil::Zone;
use super::words::{Words, td_string, words};
use crate::client::{Client, use_client};
use crate::protocol::{Target, Timestamp};

/// How often it is looked whether a new day has begun: 30 s.
const NEW_DAY: Duration = Duration::from_secs(30);

/// Brings the page to life; runs in the browser only, after hydration.
pub fn begin(client: Client, location: Location) {
    location.follow();
    client.start();
    tell_time(Clock::of_page());
    let keys = window_event_listener(ev::keydown, move |key| {
        if key.key() == "Escape" && !key.is_composing() && !key.default_prevented() {
            go_back(location);
        }
    });
    on_cleanup(move || keys.remove());
    leaving::listen(client, words());
    name_tab(location);
}

/// Esc leads back to the list, unless it closes the menu, or would lose what is being typed.
fn go_back(location: Location) {
    let busy = document().query_selector(":popover-open, .still input:focus").ok().flatten();
    if busy.is_none() && location.place().with_untracked(|place| place.route != Route::Home) {
        location.go("/");
    }
}

/// From the server's zone and moment to the reader's own.
fn tell_time(clock: Clock) {
    clock.set(now(), Zone::Here);
    let look = move || {
        if clock.is_yesterdays(now()) {
            clock.set(now(), Zone::Here);
        }
    };
    if let Ok(interval) = set_interval_with_handle(look, NEW_DAY) {
        on_cleanup(move || interval.clear());
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a whole number of milliseconds")]
fn now() -> Timestamp {
    js_sys::Date::now() as Timestamp
}

/// The tab says where the reader is, and how much is unread: as [`Page::title`], from then on.
///
/// [`Page::title`]: super::page::Page::title
fn name_tab(location: Location) {
    let words = words();
    let client = use_client();
    let persons = Persons::of_page();
    let subject = Memo::new(move |before: Option<&Option<String>>| {
        let route = location.place().with(|place| place.route);
        subject(client, persons, route, words).or_else(|| before.cloned().flatten())
    });
    Effect::new(move |_| {
        let unread = client.with_chats(|chats| unread(chats.iter()));
        // Of what is not known yet the server's title stands.
        if let Some(subject) = subject.get() {
            web_sys::Document::set_title(&document(), &title(&subject, unread, words));
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
        Route::Talk(Target::User(id)) => persons.get(id)?.nickname,
        Route::People => td_string!(words, people.title).to_owned(),
        Route::Missing => td_string!(words, missing.title).to_owned(),
        Route::Settings | Route::Profile(_) => heading_of_still_pane()?,
        Route::Home | Route::LogIn | Route::Register => String::new(),
    })
}

/// The server alone knows what it has put there.
fn heading_of_still_pane() -> Option<String> {
    document().query_selector(".still h1").ok()??.text_content()
}
