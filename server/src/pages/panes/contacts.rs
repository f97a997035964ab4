//! `/contacts`: whom the viewer keeps, and at the end whom they block; a static pane.

use app::protocol::urls::encode;
use app::protocol::{Block, Contact, ListPage};
use app::ui::route::{person_path, profile_path};
use app::ui::shared::presence::{dot, in_words};
use app::ui::shared::{Avatar, AvatarLabel, Clock};
use app::ui::words::{td_string, words};
use leptos::either::Either;
use leptos::prelude::*;

use super::groups::Head;
use crate::pages::shared::search_field::SearchField;

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Contacts {
    /// What was searched for.
    pub query: String,
    /// The viewer's contacts.
    pub people: ListPage<Contact>,
    /// Whom the viewer blocks.
    pub blocks: ListPage<Block>,
}

/// The page of the viewer's contacts.
#[component]
pub fn ContactsPage(
    /// What it shows.
    page: Contacts,
) -> impl IntoView {
    let words = words();
    let Contacts { query, people, blocks } = page;
    let more = people.next_cursor.map(|cursor| more("cursor", &cursor));
    let none = if query.is_empty() {
        td_string!(words, contacts.none)
    } else {
        td_string!(words, found.none)
    };
    let list = if people.items.is_empty() {
        Either::Left(view! { <p class="hint">{none}</p> })
    } else {
        let entries: Vec<_> =
            people.items.into_iter().map(|contact| view! { <Entry contact /> }).collect();
        Either::Right(view! {
            <ul class="devices" aria-label=td_string!(words, contacts.title)>
                {entries}
            </ul>
        })
    };
    let blocks = (!blocks.items.is_empty()).then(|| view! { <Blocked blocks /> });
    view! {
        <section class="settings">
            <Head back="/".to_owned() title=td_string!(words, contacts.title).to_owned() />
            <div class="parts">
                <div class="part">
                    <form class="seek" action="/contacts" role="search">
                        <SearchField query label=td_string!(words, contacts.find) />
                        <button class="quiet">{td_string!(words, people.go)}</button>
                    </form>
                    {list} {more}
                    <a class="quiet" href="/new">
                        {td_string!(words, people.find)}
                    </a>
                </div>
                {blocks}
            </div>
        </section>
    }
}

fn more(name: &str, cursor: &str) -> impl IntoView + use<> {
    let path = format!("/contacts?{name}={}", encode(cursor));
    view! {
        <a class="quiet" href=path>
            {td_string!(words(), contacts.more)}
        </a>
    }
}

#[component]
fn Entry(contact: Contact) -> impl IntoView {
    let words = words();
    let clock = Clock::of_page();
    let Contact { user, alias } = contact;
    let seen = user.presence.and_then(|presence| in_words(presence, clock, words));
    let shown = alias.clone().unwrap_or_else(|| user.nickname.clone());
    let avatar = AvatarLabel::of(&user, shown.clone());
    let label = format!("contact-{}", user.id);
    let described = label.clone();
    let own = alias.map(|_| user.nickname);
    let notes: Vec<_> =
        [own, Some(format!("@{}", user.username)), seen].into_iter().flatten().collect();
    view! {
        <li class=dot(user.presence)>
            <Avatar label=move || avatar.clone() />
            <div class="about">
                <a href=profile_path(user.id)>
                    <strong id=label dir="auto">
                        {shown}
                    </strong>
                </a>
                <p class="hint">{notes.join(" · ")}</p>
            </div>
            <a class="quiet" href=person_path(user.id) aria-describedby=described>
                {td_string!(words, profile.message)}
            </a>
        </li>
    }
}

#[component]
fn Blocked(blocks: ListPage<Block>) -> impl IntoView {
    let words = words();
    let more = blocks.next_cursor.map(|cursor| more("blocked", &cursor));
    let entry = |Block { user }: Block| {
        let label = format!("blocked-{}", user.id);
        let described = label.clone();
        let avatar = AvatarLabel::of(&user, user.nickname.clone());
        view! {
            <li>
                <Avatar label=move || avatar.clone() />
                <div class="about">
                    <a href=profile_path(user.id)>
                        <strong id=label dir="auto">
                            {user.nickname}
                        </strong>
                    </a>
                    <p class="hint">"@" {user.username}</p>
                </div>
                <form method="post" action=profile_path(user.id)>
                    <input type="hidden" name="part" value="unblock" />
                    <input type="hidden" name="next" value="/contacts" />
                    <button class="quiet" aria-describedby=described>
                        {td_string!(words, profile.unblock)}
                    </button>
                </form>
            </li>
        }
    };
    let entries: Vec<_> = blocks.items.into_iter().map(entry).collect();
    view! {
        <section class="part" aria-labelledby="blocked-title">
            <h2 id="blocked-title">{td_string!(words, contacts.blocked)}</h2>
            <ul class="devices" aria-labelledby="blocked-title">
                {entries}
            </ul>
            {more}
        </section>
    }
}
