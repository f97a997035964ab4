//! What comes of an input, collected while one part after another takes its share of it.

use crate::protocol::{ConversationId, Target};

use super::{Effect, Ids};

/// Which parts have changed, for the pages that show them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// A row of the chat list.
    pub chats: bool,
    /// The messages of these, or how they stand.
    pub timelines: Ids,
    /// Anything in the outbox.
    pub outbox: bool,
    /// A draft, what it answers, or an edit.
    pub drafts: bool,
    /// Who is there, or who is typing.
    pub people: bool,
}

/// What is to be done outside, in its order, and what has changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Output {
    effects: Vec<Effect>,
    changes: Changes,
}

impl Output {
    /// This is to be done, after all that was asked for before.
    pub fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// A row of the chat list has changed.
    pub fn chats_changed(&mut self) {
        self.changes.chats = true;
    }

    /// What is shown of a conversation has changed.
    pub fn timeline_changed(&mut self, id: ConversationId) {
        self.changes.timelines.insert(id, ());
    }

    /// What is on its way to a target has changed.
    pub fn outbox_changed(&mut self, target: Target) {
        self.changes.outbox = true;
        if let Target::Conversation(id) = target {
            self.timeline_changed(id);
        }
    }

    /// A draft, what it answers, or an edit has changed.
    pub fn drafts_changed(&mut self) {
        self.changes.drafts = true;
    }

    /// Who is there, or who is typing, has changed.
    pub fn people_changed(&mut self) {
        self.changes.people = true;
    }

    /// What is to be done, once for each input.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// What has changed since this was asked last.
    pub fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }
}
