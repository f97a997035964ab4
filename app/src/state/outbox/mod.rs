//! Messages that the server has not acknowledged yet, in the order in which they were written.

mod entry;
mod sending;
mod tabs;

use litemap::LiteMap;

use crate::protocol::{ClientId, ConversationId, Seq, Target, Timestamp, UserId};

use super::Effect;
use super::output::Output;

pub use entry::{Entry, Status};

/// What was written and is not acknowledged, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outbox {
    entries: Vec<Entry>,
    /// This tab sends what other tabs left unsent.
    leads: bool,
}

impl Outbox {
    /// All entries, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// Those of one target, oldest first.
    pub fn of(&self, target: Target) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.target == target)
    }

    /// The entry with this name.
    #[must_use]
    pub fn get(&self, client_id: &ClientId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.client_id == *client_id)
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn get_mut(&mut self, client_id: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.client_id.as_str() == client_id)
    }

    /// Appends what was written now, by the server's clock.
    pub(super) fn write(&mut self, mut entry: Entry, now: Timestamp, out: &mut Output) {
        let last = self.entries.last().map_or(0, |entry| entry.created_at);
        entry.created_at = now.max(last + 1);
        keep(&entry, out);
        self.entries.push(entry);
    }

    /// The server has stored it, by whatever way we learn it. Returns the person whom it was for, where
    /// it was not known that there is a conversation with them.
    pub(super) fn stored(
        &mut self,
        client_id: &ClientId,
        id: ConversationId,
        seq: Seq,
        created_at: Timestamp,
        out: &mut Output,
    ) -> Option<UserId> {
        let entry = self.get_mut(client_id.as_str()).filter(|entry| entry.is_unsent())?;
        entry.status = Status::Stored(id, seq, created_at);
        out.push(Effect::Forget(client_id.clone()));
        out.outbox_changed(entry.target);
        match entry.target {
            Target::User(person) => Some(person),
            Target::Conversation(_) => None,
        }
    }

    /// Lets go of stored messages that are taken in.
    pub(super) fn settle(&mut self, id: ConversationId, held: Seq, out: &mut Output) {
        let before = self.entries.len();
        self.entries.retain(
            |entry| !matches!(entry.status, Status::Stored(at, seq, _) if at == id && seq <= held),
        );
        if self.entries.len() < before {
            out.outbox_changed(Target::Conversation(id));
        }
    }

    /// What was meant for a person goes to the conversation with them from now on.
    pub(super) fn redirect(&mut self, user: UserId, to: ConversationId, out: &mut Output) {
        for entry in &mut self.entries {
            let unnamed = entry.target == Target::Conversation(to) && entry.person.is_none();
            if unnamed || entry.target == Target::User(user) {
                entry.target = Target::Conversation(to);
                entry.person = Some(user);
                if entry.is_unsent() {
                    keep(entry, out);
                } else {
                    out.outbox_changed(entry.target);
                }
            }
        }
    }

    /// The first of each target that is not refused: the only one that may be under way.
    fn heads(&self) -> Vec<&Entry> {
        let mut targets: LiteMap<Target, ()> = LiteMap::new();
        self.entries
            .iter()
            .filter(|entry| matches!(entry.status, Status::Waiting | Status::InFlight(_)))
            .filter(|entry| targets.insert(entry.target, ()).is_none())
            .collect()
    }
}

fn keep(entry: &Entry, out: &mut Output) {
    out.push(Effect::Keep(Box::new(entry.clone())));
    out.outbox_changed(entry.target);
}
