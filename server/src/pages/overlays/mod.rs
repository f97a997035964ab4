//! The overlays as the server renders them, and the panes that a browser shows without asking.

mod account;
mod attachments;
mod parts;
mod shortcuts;
mod told;

use app::protocol::{User, UserId};
use app::ui::overlays::{CHAT, MESSAGE, MUTE, PICKER, REACTIONS, TO_DATE};
use app::ui::shared::{Icon, IconView};
use app::ui::static_panes::{MISSING, NOTHING, PEOPLE};
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use self::account::AccountMenu;
use self::attachments::Attachments;
pub(super) use self::attachments::{AttachForm, Tools};
use self::parts::MissingParts;
use self::shortcuts::Shortcuts;
pub(super) use self::told::Told;
use self::told::ToldRows;
use super::panes::blank::{Missing, Nothing};
use super::panes::found::Found;
use super::panes::people::{People, PeoplePage};

/// What is at hand to put on a message.
const QUICK_REACTIONS: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🎉"];

/// All of them, for who is signed in, and what the page at this address tells beside what it shows.
#[must_use]
pub fn overlays(me: &User, told: Told, here: String) -> String {
    let words = words();
    let chat = [
        ("read", td_string!(words, menu.mark_read)),
        ("unread", td_string!(words, menu.mark_unread)),
        ("pin", td_string!(words, menu.pin)),
        ("unpin", td_string!(words, menu.unpin)),
        ("mute", td_string!(words, menu.mute)),
        ("unmute", td_string!(words, mute.end)),
        ("archive", td_string!(words, menu.archive)),
        ("unarchive", td_string!(words, menu.unarchive)),
        ("delete", td_string!(words, menu.delete)),
    ];
    let mute = [
        ("hour", td_string!(words, mute.hour)),
        ("day", td_string!(words, mute.day)),
        ("ever", td_string!(words, mute.ever)),
    ];
    // A landmark, so that what is open is somewhere.
    view! {
        <section aria-label=td_string!(words, menu.menus)>
            <AccountMenu me=me.clone() />
            <MessageMenu />
            <Menu id=CHAT label=td_string!(words, chats.actions) entries=chat.to_vec() />
            <Menu id=MUTE label=td_string!(words, menu.mute) entries=mute.to_vec() />
            <Reactions />
            <Picker />
            <MissingParts />
            <ToDate />
            <Shortcuts />
            <Attachments me=me.id />
        </section>
        <ToldRows told here />
        <template id=NOTHING>
            <Nothing />
        </template>
        <template id=MISSING>
            <Missing />
        </template>
        <template id=PEOPLE>
            <PeoplePage page=before_any_search(me.id) />
        </template>
    }
    .to_html()
}

fn before_any_search(viewer: UserId) -> People {
    let found = Found { people: None, viewer, below_chats: false };
    People { query: String::new(), found }
}

#[component]
fn Menu(
    id: &'static str,
    label: &'static str,
    /// The name of each, and what it says.
    entries: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    let entry = |(name, text): (&'static str, &'static str)| {
        view! {
            <button type="button" role="menuitem" data-do=name>
                {text}
            </button>
        }
    };
    view! {
        <div class="menu" id=id popover="auto" role="menu" aria-label=label>
            {entries.into_iter().map(entry).collect_view()}
        </div>
    }
}

/// What can be done with a message: the reactions at hand in a row, then all else.
#[component]
fn MessageMenu() -> impl IntoView {
    let words = words();
    let entries = [
        ("reply", td_string!(words, menu.reply)),
        ("react", td_string!(words, menu.react)),
        ("forward", td_string!(words, menu.forward)),
        ("remind", td_string!(words, menu.remind)),
        ("edit", td_string!(words, menu.edit)),
        ("move", td_string!(words, menu.shift)),
        ("copy", td_string!(words, menu.copy)),
        ("recall", td_string!(words, menu.recall)),
        ("info", td_string!(words, menu.info)),
    ];
    let entry = |(name, text): (&'static str, &'static str)| {
        view! {
            <button type="button" role="menuitem" data-do=name>
                <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                    <path d=icon(name)></path>
                </svg>
                {text}
            </button>
        }
    };
    view! {
        <div class="menu" id=MESSAGE popover="auto" role="menu" aria-label=td_string!(words, talk.actions)>
            <div class="reactions" role="group" aria-label=td_string!(words, menu.react)>
                {QUICK_REACTIONS.map(at_hand).collect_view()}
            </div>
            {entries.map(entry).collect_view()}
        </div>
    }
}

/// What stands beside an entry of the message's menu. Drawn here alone, so that browsers get these with
/// the page and not with the code.
const fn icon(entry: &str) -> &'static str {
    match entry.as_bytes() {
        b"reply" => "M10 7 5 12l5 5M5 12h9a5 5 0 0 1 5 5v1",
        b"react" => {
            "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M8.5 14a4 4 0 0 0 7 0M9 9.5h.01M15 9.5h.01"
        }
        b"forward" => "m14 7 5 5-5 5M19 12h-9a5 5 0 0 0-5 5v1",
        b"remind" => "M21 13a8 8 0 1 1-16 0 8 8 0 0 1 16 0M13 9v4l2.5 2M4 5.5 6.5 3M22 5.5 19.5 3",
        b"edit" => "M16.5 3.5a2.1 2.1 0 0 1 3 3L8 18l-4 1 1-4zM12 20h8",
        b"move" => {
            "M7 3v3M17 3v3M4 9h16M5 5h14a1 1 0 0 1 1 1v13H4V6a1 1 0 0 1 1-1M9 14h6M13 12l2 2-2 2"
        }
        b"copy" => {
            "M9 9h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1M4 15V5a1 1 0 0 1 1-1h10"
        }
        b"recall" => "M5 7h14M10 4h4M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
        _ => "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M12 11.5V16M12 8h.01",
    }
}

/// One of the reactions that are at hand: checked where the reader has put it on the message.
fn at_hand(emoji: &'static str) -> impl IntoView {
    view! {
        <button type="button" role="menuitemcheckbox" aria-checked="false" data-do="">
            {emoji}
        </button>
    }
}

/// The same, in the menu of reactions.
fn reaction(emoji: &'static str) -> impl IntoView {
    view! {
        <button type="button" role="menuitem" data-do="">
            {emoji}
        </button>
    }
}

#[component]
fn Reactions() -> impl IntoView {
    let words = words();
    view! {
        <div
            class="menu reactions"
            id=REACTIONS
            popover="auto"
            role="menu"
            aria-label=td_string!(words, menu.react)
        >
            {QUICK_REACTIONS.map(reaction).collect_view()}
            <button
                type="button"
                role="menuitem"
                data-do="more"
                aria-label=td_string!(words, menu.more_emoji)
            >
                <IconView icon=Icon::Emoji />
            </button>
        </div>
    }
}

#[component]
fn Picker() -> impl IntoView {
    let words = words();
    view! {
        <div
            class="emoji-picker"
            id=PICKER
            popover="auto"
            role="dialog"
            aria-label=td_string!(words, composer.emoji)
        >
            <label class="search">
                <IconView icon=Icon::Search />
                <input
                    type="search"
                    aria-label=td_string!(words, menu.find_emoji)
                    placeholder=td_string!(words, menu.find_emoji)
                    autocomplete="off"
                />
            </label>
            <div class="emoji-list" tabindex="0"></div>
        </div>
    }
}

/// A plain form that asks for the page it stands on, with a day.
#[component]
fn ToDate() -> impl IntoView {
    let words = words();
    view! {
        <form
            class="to-date"
            id=TO_DATE
            popover="auto"
            aria-label=td_string!(words, talk.to_date)
        >
            <label for="day">{td_string!(words, talk.to_date)}</label>
            <input id="day" type="date" name="day" required autofocus />
            <button class="solid">{td_string!(words, menu.go)}</button>
        </form>
    }
}
