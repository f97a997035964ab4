//! `/u/{id}`: who someone is; a still pane.

use leptos::either::Either;
use leptos::prelude::*;

use crate::protocol::{ConversationId, Presence, PresenceStatus, Timestamp, User};
use crate::ui::route::{conversation_path, person_path};
use crate::ui::shared::civil::machine_readable;
use crate::ui::shared::{Avatar, Clock, Face, Icon, Sign};
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
    let face = Face { name: user.nickname.clone(), id: user.id.get() };
    let presence = user.presence.filter(|_| !own).and_then(|presence| {
        let text = presence_text(presence, clock, words)?;
        let there = presence.status == PresenceStatus::Online;
        Some(view! { <p class="presence" class:there=there>{text}</p> })
    });
    let action =
        if own { td_string!(words, profile.notes) } else { td_string!(words, profile.message) };
    // What the server calls an account that is gone.
    let gone = user.username == format!("deleted-{}", user.id);
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
                <h1 dir="auto">{user.nickname}</h1>
                <p class="handle">"@" {user.username}</p>
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

fn presence_text(presence: Presence, clock: Clock, words: Words) -> Option<String> {
    Some(match (presence.status, presence.last_seen_at) {
        (PresenceStatus::Online, _) => td_string!(words, profile.online).to_owned(),
        (PresenceStatus::Away, _) => td_string!(words, profile.away).to_owned(),
        (PresenceStatus::Offline, Some(at)) => {
            td_string!(words, profile.last_seen, when = clock.moment(at))
        }
        (PresenceStatus::Offline, None) => return None,
    })
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

#[cfg(test)]
mod tests {
    use leptos::prelude::Owner;

    use super::presence_text;
    use crate::protocol::{Presence, PresenceStatus};
    use crate::ui::preferences::Language;
    use crate::ui::shared::Clock;
    use crate::ui::shared::civil::Zone;
    use crate::ui::words::Words;

    /// Friday, 6 March 2026, 15:30 UTC.
    const NOW: i64 = 1_772_811_000_000;

    #[test]
    fn presence_is_told_as_far_as_it_is_known() {
        let told = |status, last_seen_at| {
            let presence = Presence { status, last_seen_at };
            Language::ALL.map(|language| {
                let words = Words::of(language);
                let clock = Clock::new(NOW, Zone::Utc, words);
                presence_text(presence, clock, words).unwrap_or_default()
            })
        };
        Owner::new().with(|| {
            assert_eq!(told(PresenceStatus::Online, None), ["Online", "在线"]);
            assert_eq!(told(PresenceStatus::Away, Some(NOW)), ["Away", "离开"]);
            assert_eq!(
                told(PresenceStatus::Offline, Some(NOW - 86_400_000)),
                ["Last seen: Yesterday, 15:30", "最后在线：昨天 15:30"]
            );
            // Who does not show it is told nothing of.
            assert_eq!(told(PresenceStatus::Offline, None), ["", ""]);
        });
    }
}
