//! Finding people: the pane is the server's (`server/src/pages/panes/people.rs`); here one finds while one types.

mod persons;
mod search;

use leptos::prelude::*;
use leptos::web_sys::{Element, Event, HtmlInputElement, SubmitEvent};
use wasm_bindgen::JsCast;

pub use self::persons::Persons;
pub use self::search::Search;
use super::location::Location;
use super::shared::dom::pressed;
use super::words::{Words, counted, words};
use crate::protocol::urls::encode;

/// The search of the pane.
#[derive(Clone, Copy)]
pub struct PeopleSearch {
    search: Search,
    location: Location,
    words: Words,
}

impl PeopleSearch {
    /// The search of this page's pane, if it has one.
    #[must_use]
    pub fn of_page() -> Self {
        Self { search: Search::of_people(), location: Location::of_page(), words: words() }
    }

    /// The pane stands there.
    pub fn begin(self, pane: &Element, delivered: bool) {
        let Some(field) = field_in(pane) else { return };
        let asked = self.location.place().with_untracked(|place| place.param("query"));
        let asked = asked.unwrap_or_default();
        if !delivered {
            field.set_value(&asked);
            // An element that is there can be focused.
            let _ = field.focus();
        }
        // Typed before this page was alive, or sought by an address that was come back to.
        let query = field.value();
        if query != if delivered { asked } else { String::new() } {
            self.search.ask(query, || {});
        }
        let (search, words) = (self.search, self.words);
        let status = pane.query_selector("[role=status]").ok().flatten();
        Effect::new(move |_| {
            if let (Some(status), Some(count)) = (&status, search.count()) {
                status.set_text_content(Some(&counted!(words, count, chats.found)));
            }
        });
    }

    /// Something was typed somewhere in the pane.
    pub fn typed(self, typed: &Event) {
        if let Some(field) = pressed(typed, ".people input") {
            self.search.ask(field.unchecked_into::<HtmlInputElement>().value(), || {});
        }
    }

    /// A form of the pane is to be sent.
    pub fn submitted(self, submit: &SubmitEvent) {
        let Some(field) = pressed(submit, ".people form").as_ref().and_then(field_in) else {
            return;
        };
        submit.prevent_default();
        let query = field.value();
        self.location.replace(&format!("/new?query={}", encode(query.trim())));
        self.search.ask(query, || {});
    }
}

fn field_in(element: &Element) -> Option<HtmlInputElement> {
    element.query_selector(".people input, input").ok()??.dyn_into().ok()
}
