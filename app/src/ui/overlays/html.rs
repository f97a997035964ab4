//! The overlays as the server renders them.

use leptos::prelude::*;

use super::account::AccountMenu;
use super::{CHAT, MESSAGE, MUTE, PICKER, REACTIONS, TO_DATE};
use crate::protocol::User;
use crate::ui::shared::{Icon, Sign};
use crate::ui::shortcuts::Shortcuts;
use crate::ui::words::{td_string, words};

/// What is at hand to put on a message.
const EMOJI: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🎉"];

/// All of them, for who is signed in.
#[must_use]
pub fn overlays(me: &User) -> String {
    let words = words();
    let message = [
        ("reply", td_string!(words, menu.reply)),
        ("react", td_string!(words, menu.react)),
        ("forward", td_string!(words, menu.forward)),
        ("edit", td_string!(words, menu.edit)),
        ("copy", td_string!(words, menu.copy)),
        ("recall", td_string!(words, menu.recall)),
        ("info", td_string!(words, menu.info)),
    ];
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
            <Menu id=MESSAGE label=td_string!(words, talk.actions) entries=message.to_vec() />
            <Menu id=CHAT label=td_string!(words, chats.actions) entries=chat.to_vec() />
            <Menu id=MUTE label=td_string!(words, menu.mute) entries=mute.to_vec() />
            <Reactions />
            <Picker />
            <ToDate />
            <Shortcuts />
        </section>
    }
    .to_html()
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

#[component]
fn Reactions() -> impl IntoView {
    let words = words();
    let emoji = |emoji: &'static str| {
        view! {
            <button type="button" role="menuitem" data-do="">
                {emoji}
            </button>
        }
    };
    view! {
        <div
            class="menu signs"
            id=REACTIONS
            popover="auto"
            role="menu"
            aria-label=td_string!(words, menu.react)
        >
            {EMOJI.map(emoji).collect_view()}
            <button
                type="button"
                role="menuitem"
                data-do="more"
                aria-label=td_string!(words, menu.more_emoji)
            >
                <Sign icon=Icon::Emoji />
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
                <Sign icon=Icon::Search />
                <input
                    type="search"
                    aria-label=td_string!(words, menu.find_emoji)
                    placeholder=td_string!(words, menu.find_emoji)
                    autocomplete="off"
                />
            </label>
            <div class="signs" tabindex="0"></div>
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
