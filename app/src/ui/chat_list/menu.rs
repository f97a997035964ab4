//! What can be done with a chat: one menu for all rows of the list.

use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::Element;

use crate::client::Client;
use crate::protocol::{Conversation, ConversationId, MAX_INTEGER, Target, Timestamp};
use crate::state::{Action, Setting};
use crate::ui::leaving::confirmed;
use crate::ui::location::Location;
use crate::ui::overlays::{CHAT, MUTE, Overlays, asked};
use crate::ui::route::Route;
use crate::ui::words::{Words, td_string};

const HOUR_MS: Timestamp = 60 * 60 * 1_000;

/// What the menu is opened in.
#[derive(Clone, Copy)]
pub(super) struct Menus {
    pub client: Client,
    pub overlays: Overlays,
    pub location: Location,
    pub words: Words,
}

impl Menus {
    /// A press on a row's button, or a long one on a row, asks for the menu.
    pub fn on_press(self, press: &ev::MouseEvent) {
        if let Some(button) = asked(press, "li") {
            self.open(&button);
        }
    }

    fn open(self, button: &Element) {
        let Some(id) = conversation(button) else { return };
        let Some(row) = untrack(|| self.client.conversation(id)) else { return };
        let again = button.clone();
        self.overlays.open(CHAT, button, &entries(&row), move |entry| {
            self.choose(entry, id, &again);
        });
    }

    fn choose(self, entry: &str, id: ConversationId, button: &Element) {
        let Self { client, overlays, location, words } = self;
        let set = |setting| client.attempt(Action::Set(id, setting));
        match entry {
            "read" => client.mark_read(id),
            "unread" => set(Setting::MarkedUnread(true)),
            "pin" | "unpin" => set(Setting::Pinned(entry == "pin")),
            "archive" | "unarchive" => set(Setting::Archived(entry == "archive")),
            "mute" => overlays.open(MUTE, button, &[], move |length| {
                client.mute(
                    id,
                    match length {
                        "hour" => HOUR_MS,
                        "day" => 24 * HOUR_MS,
                        _ => MAX_INTEGER,
                    },
                );
            }),
            "unmute" => client.mute(id, 0),
            "delete" if confirmed(td_string!(words, chats.delete_question)) => {
                client.attempt(Action::Hide(id));
                let shown = Route::Talk(Target::Conversation(id));
                if location.place().with_untracked(|place| place.route == shown) {
                    location.go("/");
                }
            }
            _ => {}
        }
    }
}

/// The chat whose row holds a button.
fn conversation(button: &Element) -> Option<ConversationId> {
    let row = button.previous_element_sibling()?;
    row.get_attribute("href")?.rsplit_once('/')?.1.parse().ok()
}

/// What can be done with this one.
fn entries(row: &Conversation) -> [&'static str; 5] {
    let choose = |is: bool, one, other| if is { one } else { other };
    [
        choose(row.unread > 0 || row.marked_unread, "read", "unread"),
        choose(row.pinned, "unpin", "pin"),
        choose(row.muted_until.is_some(), "unmute", "mute"),
        choose(row.archived, "unarchive", "archive"),
        "delete",
    ]
}
