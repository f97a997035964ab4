//! Finding people.

mod persons;
mod search;

use leptos::prelude::*;
use leptos::{ev, html};

pub use self::persons::Persons;
pub use self::search::Search;
use super::location::Location;
use super::shared::{Icon, IconView};
use super::static_panes::StaticHtml;
use super::words::{td_string, words};
use crate::protocol::urls::encode;

/// The search for people.
#[component]
pub fn People(
    /// It came with the page, where the browser itself puts the focus.
    delivered: bool,
) -> impl IntoView {
    let words = words();
    let location = Location::of_page();
    let asked = location.place().with_untracked(|place| place.param("query")).unwrap_or_default();
    let search = Search::of_people();
    let typed = StoredValue::new(asked.clone());
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        let Some(field) = field.get() else { return };
        if !delivered {
            // An element that is there can be focused.
            let _ = field.focus();
        }
        // Typed before this page was alive, or there is nothing yet that tells what to type.
        let query = field.value();
        if !delivered || typed.with_value(|asked| *asked != query) {
            typed.set_value(query.clone());
            search.ask(query, || {});
        }
    });
    let submit = move |submit: ev::SubmitEvent| {
        submit.prevent_default();
        let query = typed.get_value();
        location.replace(&format!("/new?query={}", encode(query.trim())));
        search.ask(query, || {});
    };
    let input = move |input: ev::Event| {
        let query = event_target_value(&input);
        typed.set_value(query.clone());
        search.ask(query, || {});
    };
    // Who was found is the server's to render; in the browser it is as it stands.
    let html = use_context::<StaticHtml>().map(|StaticHtml(html)| html).unwrap_or_default();
    view! {
        <section class="people">
            <header class="head">
                <a class="round back" href="/" aria-label=td_string!(words, talk.back)>
                    <IconView icon=Icon::Back />
                </a>
                <h1>{td_string!(words, people.title)}</h1>
            </header>
            <form action="/new" role="search" on:submit=submit>
                <label class="search">
                    <IconView icon=Icon::Search />
                    <input
                        type="search"
                        name="query"
                        value=asked
                        aria-label=td_string!(words, people.find)
                        placeholder=td_string!(words, people.find)
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        autofocus=delivered
                        node_ref=field
                        on:input=input
                    />
                </label>
                <button class="solid">{td_string!(words, people.go)}</button>
            </form>
            <p class="more">
                <a class="quiet" href="/new/group">
                    {td_string!(words, people.new_group)}
                </a>
                <a class="quiet" href="/groups">
                    {td_string!(words, people.groups)}
                </a>
            </p>
            {search.announce(|| 0)}
            <div class="results" node_ref=search.results inner_html=html></div>
        </section>
    }
}
