//! `/groups`: the open ones, which anyone may join.

use app::forms::FormOutcome;
use app::protocol::OpenGroup;
use app::ui::route::conversation_path;
use app::ui::shared::{Avatar, AvatarLabel};
use app::ui::words::{counted, td_string, words};
use leptos::either::Either;
use leptos::prelude::*;

use super::Head;
use crate::pages::shared::part::reason;
use crate::pages::shared::search_field::SearchField;

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenGroups {
    /// What was searched for.
    pub query: String,
    /// The groups that were found.
    pub groups: Vec<OpenGroup>,
    /// The form that has failed.
    pub failed: Option<FormOutcome>,
}

/// The page on which open groups are found.
#[component]
pub fn OpenGroupsPage(
    /// What it shows.
    page: OpenGroups,
) -> impl IntoView {
    let words = words();
    let OpenGroups { query, groups, failed } = page;
    let alert = failed.map(|failed| {
        view! { <p class="alert" role="alert">{reason(&failed.error, words)}</p> }
    });
    let list = if groups.is_empty() {
        Either::Left(view! { <p class="hint">{td_string!(words, groups.none)}</p> })
    } else {
        let entries: Vec<_> = groups.into_iter().map(|group| view! { <Entry group /> }).collect();
        Either::Right(view! {
            <ul class="devices" aria-label=td_string!(words, groups.title)>
                {entries}
            </ul>
        })
    };
    view! {
        <section class="settings">
            <Head back="/new".to_owned() title=td_string!(words, groups.title).to_owned() />
            <div class="parts">
                <div class="part">
                    {alert} <form class="seek" action="/groups" role="search">
                        <SearchField query label=td_string!(words, groups.find) />
                        <button class="quiet">{td_string!(words, people.go)}</button>
                    </form> {list}
                </div>
            </div>
        </section>
    }
}

#[component]
fn Entry(group: OpenGroup) -> impl IntoView {
    let words = words();
    let OpenGroup { id, name, avatar_url: url, member_count, joined } = group;
    let avatar = AvatarLabel { name: name.clone(), id: id.get(), url };
    let label = format!("group-{id}");
    let count = usize::try_from(member_count).unwrap_or(usize::MAX);
    let described = label.clone();
    let action = if joined {
        let open = td_string!(words, groups.show);
        Either::Left(view! {
            <a class="quiet" href=conversation_path(id) aria-describedby=described>
                {open}
            </a>
        })
    } else {
        Either::Right(view! {
            <form method="post" action="/groups">
                <input type="hidden" name="id" value=id.to_string() />
                <button class="quiet" aria-describedby=described>
                    {td_string!(words, groups.join)}
                </button>
            </form>
        })
    };
    view! {
        <li>
            <Avatar label=move || avatar.clone() />
            <div class="about">
                <strong id=label dir="auto">
                    {name}
                </strong>
                <p class="hint">{counted!(words, count, groups.count)}</p>
            </div>
            {action}
        </li>
    }
}
