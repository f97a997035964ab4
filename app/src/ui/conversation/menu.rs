//! What can be done with a message: one menu for all articles of a log.

use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::Element;

use crate::client::Client;
use crate::protocol::{
    Conversation, ConversationId, ConversationKind, Message, Role, Seq, Target, rules,
};
use crate::state::Action;
use crate::ui::overlays::{MESSAGE, Overlays, PICKER, REACTIONS, asked};
use crate::ui::route::{forward_path, info_path, remind_path};
use crate::ui::shared::dom::{each, focus};

/// What the menu is opened in.
#[derive(Clone, Copy)]
pub(super) struct Menus {
    pub client: Client,
    pub overlays: Overlays,
    pub target: Memo<Target>,
}

impl Menus {
    /// A press on an article's button, or a long one on an article, asks for the menu.
    pub fn on_press(self, press: &ev::MouseEvent) {
        if let Some(button) = asked(press, "article") {
            self.open(&button);
        }
    }

    fn open(self, button: &Element) {
        let id = super::rows::conversation_of(self.target.get_untracked());
        let (Some(id), Some(seq)) = (id, position(button)) else { return };
        let entries = entries(self.client, id, seq);
        check_reactions(self.client, id, seq);
        let again = button.clone();
        self.overlays.open(MESSAGE, button, &entries, move |entry| {
            self.choose(entry, id, seq, &again);
        });
    }

    fn choose(self, entry: &str, id: ConversationId, seq: Seq, button: &Element) {
        let Self { client, overlays, .. } = self;
        if entries(client, id, seq).is_empty() {
            // It was recalled meanwhile.
            return;
        }
        match entry {
            "reply" => {
                if let Some(edit) = untrack(|| client.edit(id)) {
                    client.end_edit(id, edit.seq);
                }
                client.set_reply(Target::Conversation(id), Some(seq));
                to_composer();
            }
            "react" | "more" => {
                let list = if entry == "react" { REACTIONS } else { PICKER };
                let again = button.clone();
                overlays.open(list, button, &[], move |emoji| match emoji {
                    "more" => self.choose("more", id, seq, &again),
                    emoji => client.react(id, seq, emoji),
                });
            }
            "edit" => {
                client.begin_edit(id, seq);
                to_composer();
            }
            "copy" => copy(client, id, seq),
            "move" => to_move(button),
            "recall" => client.attempt(Action::Recall(id, seq)),
            // Panes that the server renders.
            "forward" => leave_for(&forward_path(id, seq)),
            "remind" => leave_for(&remind_path(id, seq)),
            "info" => leave_for(&format!("{}?m={seq}", info_path(id))),
            emoji => client.react(id, seq, emoji),
        }
    }
}

/// Of the reactions at hand those are checked that the reader has put there.
fn check_reactions(client: Client, id: ConversationId, seq: Seq) {
    let Some(menu) = document().get_element_by_id(MESSAGE) else { return };
    let reactions = untrack(|| client.reactions(id, seq));
    each(&menu, "[aria-checked]", &|entry| {
        let emoji = entry.text_content().unwrap_or_default();
        let is_mine =
            reactions.iter().any(|known| known.emoji == emoji && known.mine == Some(true));
        // A name and values that are valid everywhere.
        let _ = entry.set_attribute("aria-checked", if is_mine { "true" } else { "false" });
    });
}

fn position(inside: &Element) -> Option<Seq> {
    inside.closest("article").ok()??.id().strip_prefix("m-")?.parse().ok()
}

/// Opens the dialog that moves an appointment, whose code is loaded now.
#[cfg(feature = "hydrate")]
fn to_move(button: &Element) {
    crate::client::parts::begin("schedule-form", button);
}

/// On the server nothing opens.
#[cfg(not(feature = "hydrate"))]
fn to_move(_: &Element) {}

fn leave_for(path: &str) {
    // What the browser refuses leaves the page as it is.
    let _ = window().location().set_href(path);
}

/// What the reader may do with a message.
fn entries(client: Client, id: ConversationId, seq: Seq) -> Vec<&'static str> {
    let me = client.me().id;
    let Some(conversation) = untrack(|| client.conversation(id)) else { return Vec::new() };
    let of = |message: &Message| {
        let own = message.sender.id == me;
        let allowed = [
            // The reactions that are at hand.
            ("", true),
            ("reply", true),
            ("react", true),
            ("forward", rules::is_forwardable(&message.content)),
            ("remind", true),
            ("edit", own && rules::is_editable(message)),
            ("move", own && rules::is_movable(message)),
            ("copy", !message.text().is_empty() && window().is_secure_context()),
            ("recall", own || manages(&conversation)),
            // In a private one the message itself says who has it.
            ("info", conversation.kind == ConversationKind::Group),
        ];
        let allowed = allowed.into_iter().filter(|(_, allowed)| *allowed);
        allowed.map(|(entry, _)| entry).collect()
    };
    let message = untrack(|| {
        client.with_timeline(id, |timeline| timeline.and_then(|all| all.get(seq)).cloned())
    });
    message.filter(|message| !message.is_recalled()).as_ref().map(of).unwrap_or_default()
}

fn manages(conversation: &Conversation) -> bool {
    // In a private conversation nobody has a role above the other's.
    conversation.peer.is_none() && matches!(conversation.role, Some(Role::Owner | Role::Admin))
}

fn copy(client: Client, id: ConversationId, seq: Seq) {
    let text = untrack(|| {
        client.with_timeline(id, |timeline| {
            timeline.and_then(|all| all.get(seq)).map(|message| message.text().to_owned())
        })
    });
    if let Some(text) = text {
        // Nobody waits for it.
        drop(window().navigator().clipboard().write_text(&text));
    }
}

/// To where one writes.
pub(super) fn to_composer() {
    focus(document().query_selector(".composer textarea").ok().flatten());
}
