//! `/u/{id}`: who someone is; a static pane.

mod relation;

use app::forms::FormOutcome;
use app::protocol::{ConversationId, PresenceStatus, SharedGroup, Timestamp, User, limits};
use app::ui::route::{conversation_path, person_path, profile_path};
use app::ui::shared::civil::machine_readable;
use app::ui::shared::presence::in_words;
use app::ui::shared::{Avatar, AvatarLabel, Clock, Icon, IconView, called};
use app::ui::words::{Words, counted, td_string, words};
use leptos::either::Either;
use leptos::prelude::*;

use self::relation::{Bar, Keep};
use crate::pages::panes::shared_files::{SharedFiles, SharedFilesPart};
use crate::pages::shared::part::{Outcome, Part};

pub use self::relation::Relation;

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The person whose profile it is.
    pub user: User,
    /// It is the viewer's own.
    pub own: bool,
    /// The viewer's conversation with them, if anything was said in it.
    pub conversation: Option<ConversationId>,
    /// What they are to the viewer.
    pub relation: Relation,
    /// The groups that they and the viewer are in, by name, at most `limits::PAGE_MAX`.
    pub groups: Vec<SharedGroup>,
    /// What was shared in that conversation.
    pub shared: Option<SharedFiles>,
    /// The alias that was typed and refused.
    pub typed: Option<String>,
    /// The part whose form has worked.
    pub done: Option<String>,
    /// The form that has not.
    pub failed: Option<FormOutcome>,
}

/// The page of a person.
#[component]
pub fn ProfilePage(
    /// What it shows.
    profile: Profile,
) -> impl IntoView {
    let words = words();
    let clock = Clock::of_page();
    let Profile { user, own, conversation, relation, groups, shared, typed, done, failed } =
        profile;
    let outcome = Outcome { done, failed };
    let id = user.id;
    let (contact, blocked) = (relation.contact, relation.blocked);
    let files = shared.map(|shared| view! { <SharedFilesPart shared path=profile_path(id) /> });
    let about = (!own).then(|| {
        let shared = (!groups.is_empty()).then(|| view! { <Shared groups /> });
        view! {
            {shared} <Keep id relation typed outcome=outcome.clone() />
            <Bar id blocked outcome />
        }
    });
    let parts = (files.is_some() || about.is_some())
        .then(|| view! { <div class="relation">{files} {about}</div> });
    let marks = [
        (contact && !own).then(|| td_string!(words, profile.contact)),
        blocked.then(|| td_string!(words, profile.blocked)),
    ];
    let marks =
        marks.map(|mark| mark.map(|mark| view! { <p class="mark">{mark}</p> })).collect_view();
    let path = conversation.map_or_else(|| person_path(user.id), conversation_path);
    let (gone, name) = (user.is_deleted(), called(&user, words));
    let avatar = AvatarLabel::of(&user, name.clone());
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
                    <IconView icon=Icon::Back />
                </a>
            </header>
            <div class="card">
                <Avatar label=move || avatar.clone() />
                <h1 dir="auto">{name}</h1>
                {(!gone).then(|| view! { <p class="handle">"@" {user.username}</p> })}
                {presence} {marks}
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
                            {parts}
                        },
                    )
                }}
            </div>
        </section>
    }
}

/// The groups that they and the viewer are in.
#[component]
fn Shared(groups: Vec<SharedGroup>) -> impl IntoView {
    let words = words();
    let most = limits::PAGE_MAX;
    let cut = (groups.len() >= most as usize).then(|| {
        view! { <p class="hint">{td_string!(words, profile.groups_most, count = most)}</p> }
    });
    let entry = |group: SharedGroup| {
        let SharedGroup { id, name, avatar_url, member_count } = group;
        let avatar = AvatarLabel { name: name.clone(), id: id.get(), url: avatar_url };
        let count = usize::try_from(member_count).unwrap_or(usize::MAX);
        view! {
            <li>
                <Avatar label=move || avatar.clone() />
                <div class="about">
                    <a href=conversation_path(id)>
                        <strong dir="auto">{name}</strong>
                    </a>
                    <p class="hint">{counted!(words, count, groups.count)}</p>
                </div>
            </li>
        }
    };
    let entries: Vec<_> = groups.into_iter().map(entry).collect();
    view! {
        <Part name="groups" title=td_string!(words, profile.groups)>
            <ul class="devices" aria-labelledby="groups-title">
                {entries}
            </ul>
            {cut}
        </Part>
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
            <span class="badge"><IconView icon=Icon::Search /></span>
            <h1>{td_string!(words, profile.nobody_title)}</h1>
            <p>{td_string!(words, profile.nobody_text)}</p>
            <a class="solid" href="/new">
                {td_string!(words, people.find)}
            </a>
        </div>
    }
}
