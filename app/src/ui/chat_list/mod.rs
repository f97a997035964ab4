//! The list of chats: its head with the account menu, the filter, the rows.

mod account;
mod keys;
mod row;

use leptos::either::Either;
use leptos::prelude::*;
use leptos::{ev, html};

use self::account::AccountMenu;
use self::row::{Row, RowView, keep_order, rows};
use super::location::Location;
use super::route::encode;
use super::shared::case::lower;
use super::shared::keyed::{Keyed, keyed};
use super::shared::{Icon, Sign};
use super::words::{td_string, words};
use crate::client::use_client;
use crate::protocol::ConversationId;
use crate::state::{fold, matches};

/// The pane of the chat list.
#[component]
pub fn Chats(
    /// The cursor of the chats that did not come with the page.
    older: Option<String>,
) -> impl IntoView {
    let words = words();
    let client = use_client();
    let location = Location::of_page();
    let filter = RwSignal::new(String::new());
    let field = NodeRef::<html::Input>::new();
    let held = RwSignal::new(false);
    let ordered = Memo::new(move |before: Option<&Vec<Row>>| {
        let mut rows = rows(client, location.place(), words);
        if held.get()
            && let Some(before) = before
        {
            keep_order(&mut rows, before);
        }
        rows
    });
    let matching = move || {
        let wanted = fold(&lower(&filter.get()));
        let fits = |row: &&Row| matches(&lower(&row.face.name), &wanted).is_some();
        ordered.with(|rows| rows.iter().filter(fits).cloned().collect())
    };
    let shown = keyed(matching, |row: &Row| row.id);
    Effect::new(move |_| keys::listen(location, field, shown));
    view! {
        <nav class="list" aria-label=td_string!(words, chats.label)>
            <div class="head">
                <a class="brand" href="/">
                    {td_string!(words, app.name)}
                </a>
                <a class="round" href="/new" aria-label=td_string!(words, chats.new)>
                    <Sign icon=Icon::Compose />
                </a>
                <AccountMenu />
            </div>
            <label class="search">
                <Sign icon=Icon::Search />
                <input
                    type="search"
                    node_ref=field
                    aria-label=td_string!(words, chats.filter)
                    placeholder=td_string!(words, chats.filter)
                    autocomplete="off"
                    on:input=move |input| filter.set(event_target_value(&input))
                    on:keydown=move |key| keys::in_filter(&key, location, filter, field, shown)
                />
                <kbd aria-hidden="true">{td_string!(words, chats.shortcut)}</kbd>
            </label>
            <Rows shown held ordered older />
        </nav>
    }
}

#[component]
fn Rows(
    shown: Memo<Keyed<ConversationId, Row>>,
    /// Under a mouse the order stands still, so that a click meets what it was aimed at.
    held: RwSignal<bool>,
    /// All rows, whatever the filter says.
    ordered: Memo<Vec<Row>>,
    /// The cursor of the rows that did not come with the page.
    older: Option<String>,
) -> impl IntoView {
    let words = words();
    // With script the rest comes by itself. What stands here is ours, not anyone's text.
    let older = older.map(|cursor| {
        let text = td_string!(words, chats.older);
        format!("<a class=\"more\" href=\"?chats={}\">{text}</a>", encode(&cursor))
    });
    let nothing = move || {
        shown.with(Vec::is_empty).then(|| {
            if ordered.with(Vec::is_empty) {
                Either::Left(view! {
                    <div class="blank">
                        <h2>{td_string!(words, chats.none_title)}</h2>
                        <p>{td_string!(words, chats.none_text)}</p>
                        <a class="solid" href="/new">
                            {td_string!(words, chats.start)}
                        </a>
                    </div>
                })
            } else {
                Either::Right(view! { <p class="blank">{td_string!(words, chats.none_match)}</p> })
            }
        })
    };
    let hold = move |over: ev::PointerEvent| held.set(over.pointer_type() == "mouse");
    view! {
        <div class="rows" on:pointerenter=hold on:pointerleave=move |_| held.set(false)>
            <ul>
                <For each=move || shown.get() key=|(id, _)| *id let:entry>
                    <li>
                        <RowView row=entry.1 />
                    </li>
                </For>
            </ul>
            {nothing}
            <noscript inner_html=older.unwrap_or_default()></noscript>
        </div>
    }
}
