//! Finding people.

#[cfg(feature = "ssr")]
pub mod contacts;
mod persons;
#[cfg(feature = "ssr")]
pub mod profile;

use std::time::Duration;

use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos::{ev, html};

pub use self::persons::Persons;
use super::location::Location;
use super::route::{encode, person_path};
use super::shared::{Avatar, Face, Icon, Sign};
use super::words::{td_string, words};
use crate::client::use_client;
use crate::protocol::User;

/// How long typing must pause before a search: 150 ms.
const PAUSE: Duration = Duration::from_millis(150);

/// What the search has come to.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    Nothing,
    People(Vec<User>),
    #[cfg_attr(feature = "ssr", expect(dead_code, reason = "only a browser asks again"))]
    Failed,
}

/// The search for people.
#[component]
pub fn People(
    /// Who the server found for the page's query.
    results: Option<Vec<User>>,
    /// It came with the page, where the browser itself puts the focus.
    delivered: bool,
) -> impl IntoView {
    let words = words();
    let location = Location::of_page();
    let asked = location.place().with_untracked(|place| place.param("query")).unwrap_or_default();
    let found = RwSignal::new(results.map_or(Found::Nothing, Found::People));
    let find = search(found);
    let mut find_later = debounce(PAUSE, find.clone());
    let typed = StoredValue::new(asked.clone());
    let field = NodeRef::<html::Input>::new();
    let find_early = find.clone();
    Effect::new(move |_| {
        let Some(field) = field.get() else { return };
        if !delivered {
            // An element that is there can be focused.
            let _ = field.focus();
        }
        // Typed before this page was alive.
        let query = field.value();
        if typed.with_value(|asked| *asked != query) {
            typed.set_value(query.clone());
            find_early(query);
        }
    });
    let submit = move |submit: ev::SubmitEvent| {
        submit.prevent_default();
        let query = typed.get_value();
        location.replace(&format!("/new?query={}", encode(query.trim())));
        find(query);
    };
    let input = move |input: ev::Event| {
        let query = event_target_value(&input);
        typed.set_value(query.clone());
        find_later(query);
    };
    view! {
        <section class="people">
            <header class="head">
                <a class="round back" href="/" aria-label=td_string!(words, talk.back)>
                    <Sign icon=Icon::Back />
                </a>
                <h1>{td_string!(words, people.title)}</h1>
            </header>
            <form action="/new" role="search" on:submit=submit>
                <label class="search">
                    <Sign icon=Icon::Search />
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
            <div class="results">{move || found.with(results_view)}</div>
        </section>
    }
}

fn results_view(found: &Found) -> impl IntoView + use<> {
    let words = words();
    match found {
        Found::Nothing => {
            EitherOf3::A(view! { <p class="hint">{td_string!(words, people.hint)}</p> })
        }
        Found::Failed => EitherOf3::B(view! {
            <p class="hint" role="alert">
                {td_string!(words, people.failed)}
            </p>
        }),
        Found::People(people) if people.is_empty() => {
            EitherOf3::A(view! { <p class="hint">{td_string!(words, people.none)}</p> })
        }
        Found::People(people) => {
            let entry = |user: &User| view! { <li><Person user=user.clone() /></li> };
            let entries: Vec<_> = people.iter().map(entry).collect();
            EitherOf3::C(view! { <ul aria-label=td_string!(words, people.results)>{entries}</ul> })
        }
    }
}

#[component]
fn Person(user: User) -> impl IntoView {
    let words = words();
    let me = use_client().me().id == user.id;
    let face = Face { name: user.nickname.clone(), id: user.id.get() };
    view! {
        <a class="person" href=person_path(user.id)>
            <Avatar face=move || face.clone() />
            <span class="names">
                <strong dir="auto">{user.nickname}</strong>
                <span class="handle">
                    "@" {user.username}
                    {me.then(|| format!(" · {}", td_string!(words, people.you)))}
                </span>
            </span>
        </a>
    }
}

/// Searches, and shows the answer unless a newer search has begun.
#[cfg(feature = "hydrate")]
fn search(found: RwSignal<Found>) -> impl Fn(String) + Clone + Send + Sync + 'static {
    use crate::client::api;

    let persons = Persons::of_page();
    let latest = StoredValue::new(0_u32);
    move |query: String| {
        latest.update_value(|latest| *latest += 1);
        let mine = latest.get_value();
        if query.trim().is_empty() {
            found.set(Found::Nothing);
            return;
        }
        leptos::task::spawn_local(async move {
            let answer = api::find_people(query.trim()).await;
            if latest.try_get_value() != Some(mine) {
                return;
            }
            found.set(match answer {
                Ok(people) => {
                    persons.learn_all(&people);
                    Found::People(people)
                }
                Err(_) => Found::Failed,
            });
        });
    }
}

/// On the server nobody types.
#[cfg(not(feature = "hydrate"))]
fn search(_: RwSignal<Found>) -> impl Fn(String) + Clone + Send + Sync + 'static {
    |_| {}
}
