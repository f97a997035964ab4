//! The search for people; in the browser one finds while one types (`app/src/ui/people`).

use app::ui::shared::{Icon, IconView};
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use super::found::{Found, FoundPeople};
use crate::pages::shared::search_field::SearchField;

/// The search for people, and what it has come to.
#[derive(Clone, Debug, PartialEq)]
pub struct People {
    /// What was searched for; empty before that.
    pub query: String,
    /// The people who were found.
    pub found: Found,
}

/// The pane of the search.
#[component]
pub fn PeoplePage(
    /// What was searched for and found.
    page: People,
) -> impl IntoView {
    let words = words();
    let People { query, found } = page;
    view! {
        <section class="people">
            <header class="head">
                <a class="round back" href="/" aria-label=td_string!(words, talk.back)>
                    <IconView icon=Icon::Back />
                </a>
                <h1>{td_string!(words, people.title)}</h1>
            </header>
            <form action="/new" role="search">
                <SearchField query label=td_string!(words, people.find) autofocus=true />
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
            <div class="unseen" role="status"></div>
            <div class="results">
                <FoundPeople found />
            </div>
        </section>
    }
}
