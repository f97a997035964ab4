//! `/reminders`: what the viewer is reminded of, and will be; a static pane.

use app::protocol::urls::encode;
use app::protocol::{ListPage, Reminder, UserId};
use app::ui::route::message_path;
use app::ui::shared::civil::machine_readable;
use app::ui::shared::notice::sentence;
use app::ui::shared::summary::summary;
use app::ui::shared::{Clock, called};
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use super::groups::Head;

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Reminders {
    /// A page of the reminders, those that are due first.
    pub list: ListPage<Reminder>,
    /// The viewer.
    pub me: UserId,
    /// Whether it is the first one.
    pub is_first: bool,
}

/// The page of the viewer's reminders.
#[component]
pub fn RemindersPage(
    /// What it shows.
    page: Reminders,
) -> impl IntoView {
    let words = words();
    let me = page.me;
    let ListPage { items, next_cursor } = page.list;
    let none = items.is_empty();
    let (due, ahead): (Vec<_>, Vec<_>) = items.into_iter().partition(|reminder| reminder.due);
    let none_due = (due.is_empty() && page.is_first).then(|| {
        let text = if none {
            td_string!(words, reminders.none)
        } else {
            td_string!(words, reminders.none_due)
        };
        view! { <p class="hint">{text}</p> }
    });
    let list = |name: &'static str, reminders: Vec<Reminder>| {
        (!reminders.is_empty()).then(|| {
            let entries: Vec<_> =
                reminders.into_iter().map(|reminder| view! { <Entry reminder me /> }).collect();
            view! {
                <ul class="devices" aria-label=name>
                    {entries}
                </ul>
            }
        })
    };
    let title = td_string!(words, reminders.title);
    let due = list(title, due);
    let due = (due.is_some() || none_due.is_some())
        .then(|| view! { <div class="part">{none_due} {due}</div> });
    let upcoming = td_string!(words, reminders.upcoming);
    let ahead = list(upcoming, ahead).map(|list| {
        view! {
            <section class="part" aria-labelledby="upcoming">
                <h2 id="upcoming">{upcoming}</h2>
                {list}
            </section>
        }
    });
    let more = next_cursor.map(|cursor| {
        view! {
            <a class="quiet" href=format!("/reminders?cursor={}", encode(&cursor))>
                {td_string!(words, reminders.more)}
            </a>
        }
    });
    view! {
        <section class="settings">
            <Head back="/".to_owned() title=title.to_owned() />
            <div class="parts">{due} {ahead} {more}</div>
        </section>
    }
}

#[component]
fn Entry(reminder: Reminder, me: UserId) -> impl IntoView {
    let words = words();
    let clock = Clock::of_page();
    let Reminder { id, message, conversation, at, .. } = reminder;
    let place = match conversation.name.as_str() {
        "" => td_string!(words, chats.notes).to_owned(),
        name => name.to_owned(),
    };
    let name = called(&message.sender, words);
    let said = match message.notice() {
        Some(notice) => sentence(notice, me, words),
        // In a private chat the other one's name stands there already.
        None if name == place => summary(&message.content, words),
        None => format!("{name}: {}", summary(&message.content, words)),
    };
    let label = format!("reminder-{id}");
    let described = label.clone();
    view! {
        <li>
            <div class="about">
                <a id=label href=message_path(conversation.id, message.seq)>
                    <strong dir="auto">{place}</strong>
                    " "
                    <span dir="auto">{said}</span>
                </a>
                <p class="hint">
                    <time datetime=machine_readable(at)>{clock.coming(at)}</time>
                </p>
            </div>
            <form method="post" action="/reminders">
                <input type="hidden" name="c" value=conversation.id.to_string() />
                <input type="hidden" name="m" value=message.seq.to_string() />
                <button class="quiet" aria-describedby=described>
                    {td_string!(words, reminders.delete)}
                </button>
            </form>
        </li>
    }
}
