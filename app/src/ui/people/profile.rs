//! `/u/{id}`: who someone is; a still pane.

use leptos::either::Either;
use leptos::prelude::*;

use crate::protocol::{ConversationId, PresenceStatus, Timestamp, User};
use crate::ui::route::{conversation_path, person_path};
use crate::ui::shared::civil::machine_readable;
use crate::ui::shared::presence::in_words;
use crate::ui::shared::{Avatar, Clock, Face, Icon, Sign, called};
use crate::ui::words::{Words, td_string, words};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Who.
    pub user: User,
    /// It is the viewer's own.
    pub own: bool,
    /// The viewer's conversation with them, if anything was said in it.
    pub conversation: Option<ConversationId>,
}

/// The page.
#[component]
pub fn ProfilePage(
    /// What it shows.
    profile: Profile,
) -> impl IntoView {
    let words = words();
    let clock = Clock::of_page();
    let Profile { user, own, conversation } = profile;
    let path = conversation.map_or_else(|| person_path(user.id), conversation_path);
    let (gone, name) = (user.is_deleted(), called(&user, words));
    let face = Face { name: name.clone(), id: user.id.get() };
    let presence = user.presence.filter(|_| !own).and_then(|presence| {
        let text = in_words(presence, clock, words)?;
        let there = presence.status == PresenceStatus::Online;
        Some(view! { <p class="presence" class:there=there>{text}</p> })
    });
    let action =
        if own { td_string!(words, profile.notes) } else { td_string!(words, profile.message) };
    let edit = own.then(|| {
        view! {
            <a class="quiet" href="/settings">
                {td_string!(words, profile.edit)}
            </a>
        }
    });
    view! {
        <section class="profile">
            <header class="head">
                <a class="round back" href=path.clone() aria-label=td_string!(words, talk.back)>
                    <Sign icon=Icon::Back />
                </a>
            </header>
            <div class="card">
                <Avatar face=move || face.clone() />
                <h1 dir="auto">{name}</h1>
                {(!gone).then(|| view! { <p class="handle">"@" {user.username}</p> })}
                {presence}
                {if gone {
                    Either::Left(
                        view! { <p class="since">{td_string!(words, profile.gone)}</p> },
                    )
                } else {
                    Either::Right(
                        view! {
                            <div class="actions">
                                <a class="solid" href=path>
                                    {action}
                                </a>
                                {edit}
                            </div>
                            <p class="since">
                                <time datetime=machine_readable(user.created_at)>
                                    {member_since(user.created_at, clock, words)}
                                </time>
                            </p>
                        },
                    )
                }}
            </div>
        </section>
    }
}

fn member_since(at: Timestamp, clock: Clock, words: Words) -> String {
    let (month, year) = clock.month_and_year(at);
    td_string!(words, profile.since, month = month, year = year)
}

/// The pane for an id that nobody has.
#[component]
pub fn Nobody() -> impl IntoView {
    let words = words();
    view! {
        <div class="blank pane-center">
            <span class="badge"><Sign icon=Icon::Search /></span>
            <h1>{td_string!(words, profile.nobody_title)}</h1>
            <p>{td_string!(words, profile.nobody_text)}</p>
            <a class="solid" href="/new">
                {td_string!(words, people.find)}
            </a>
        </div>
    }
}
