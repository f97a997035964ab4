//! The list of chats: its head with the account button, the filter, the rows.

mod keys;
mod list;
mod menu;
mod row;

use leptos::prelude::*;
use leptos::{ev, html};

use self::list::List;
use self::row::{ListRow, keep_order, rows};
use super::location::Location;
use super::overlays::ACCOUNT;
use super::people::Search;
use super::shared::dom::each;
use super::shared::keyed::keyed;
use super::shared::{Avatar, AvatarLabel, Icon, IconView};
use super::words::{td_string, words};
use crate::client::{Client, use_client};
use crate::state::{matches, wanted};

/// The pane of the chat list.
#[component]
pub fn Chats(
    /// The cursor of the chats that did not come with the page.
    older: Option<String>,
) -> impl IntoView {
    let words = words();
    let client = use_client();
    let location = Location::of_page();
    // News of oneself come as those of others do.
    let avatar = Memo::new(move |_| {
        let me = client.with_chats(|_| client.me());
        AvatarLabel::of(&me, me.nickname.clone())
    });
    let filter = RwSignal::new(String::new());
    let field = NodeRef::<html::Input>::new();
    let held = RwSignal::new(false);
    let in_archive = location.place().with_untracked(|place| place.param("archived").is_some());
    let in_archive = RwSignal::new(in_archive);
    let ordered = Memo::new(move |before: Option<&Vec<ListRow>>| {
        let mut rows = rows(client, location.place(), words);
        if held.get()
            && let Some(before) = before
        {
            keep_order(&mut rows, before);
        }
        rows
    });
    let matching = move || {
        let wanted = wanted(&filter.get());
        let archived = in_archive.get();
        // What is searched for is found wherever it lies.
        let fits = |row: &&ListRow| {
            if wanted.is_empty() {
                row.archived == archived
            } else {
                let names = [&row.avatar.name, &row.username];
                names.iter().any(|name| matches(name, &wanted).is_some())
            }
        };
        ordered.with(|rows| rows.iter().filter(fits).cloned().collect())
    };
    let shown = keyed(matching, |row: &ListRow| row.id);
    let search = Search::below_chats();
    Effect::new(move |_| keys::listen(location, field, shown));
    let typed = move |input: ev::Event| {
        let text = event_target_value(&input);
        filter.set(text.clone());
        find_others(client, search, text, move |path| {
            if let Some(field) = field.get_untracked() {
                keys::empty(&field);
            }
            location.go(path);
        });
    };
    view! {
        <nav class="list" aria-label=td_string!(words, chats.label)>
            <div class="head">
                <a class="brand" href="/">
                    {td_string!(words, app.name)}
                </a>
                <a class="round" href="/new" aria-label=td_string!(words, chats.new)>
                    <IconView icon=Icon::Compose />
                </a>
                <button
                    class="round"
                    type="button"
                    popovertarget=ACCOUNT
                    aria-label=td_string!(words, account.button)
                >
                    <Avatar label=move || avatar.get() small=true />
                </button>
            </div>
            <label class="search">
                <IconView icon=Icon::Search />
                <input
                    type="search"
                    node_ref=field
                    aria-label=td_string!(words, chats.filter)
                    placeholder=td_string!(words, chats.filter)
                    autocomplete="off"
                    on:input=typed
                    on:keydown=move |key| {
                        if let Some(path) = keys::in_filter(&key, shown, search) {
                            location.go(&path);
                        }
                    }
                />
                <kbd aria-hidden="true">{td_string!(words, chats.shortcut)}</kbd>
            </label>
            {search.announce(move || shown.with(Vec::len))}
            <List shown held ordered older in_archive />
        </nav>
    }
}

/// Whoever fits what is typed without having a chat yet stands below the chats. `go` leads to the first of them where
/// that was asked for before they were there.
fn find_others(client: Client, search: Search, text: String, go: impl Fn(&str) + 'static) {
    if text.trim().is_empty() {
        search.clear();
        return;
    }
    search.ask(text, move || {
        let Some(results) = search.results() else { return };
        each(&results, "a", &|link| {
            let id =
                link.get_attribute("href").and_then(|path| path.rsplit('/').next()?.parse().ok());
            let has_chat = id.is_some_and(|id| untrack(|| client.conversation_with(id)).is_some());
            if has_chat {
                link.remove();
            }
        });
        if search.is_hurried()
            && let Some(path) = search.first()
        {
            go(&path);
        }
    });
}
