//! Messages that the server has not acknowledged yet, in the order in which they were written.

mod sending;
mod tabs;

use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use crate::protocol::{ApiError, ClientId, ConversationId, Quote, Seq, Target, Timestamp, UserId};

/// What was written and is not acknowledged, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outbox {
    entries: Vec<Entry>,
}

/// A message on its way, or one that could not be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name, the same at every try.
    pub client_id: ClientId,
    /// The conversation or the person that it goes to.
    pub target: Target,
    /// Whose private conversation that is, where known: a page that lists it no more would take
    /// what is written to this person next for another target, and send it out of turn.
    #[serde(default)]
    pub person: Option<UserId>,
    /// The text, trimmed.
    pub content: String,
    /// The message that it answers, if any.
    #[serde(default)]
    pub reply_to: Option<Quote>,
    /// When it was written, by the server's clock; unique within an outbox, and its order.
    pub created_at: Timestamp,
    /// How it stands with the server.
    pub status: Status,
    /// Written, or tried again, in this tab since its page was loaded: it is this tab's to send.
    #[serde(skip)]
    pub(super) mine: bool,
    /// How often a try has failed for the moment.
    #[serde(skip)]
    pub(super) attempts: u32,
    /// Not to be tried before.
    #[serde(skip)]
    pub(super) not_before: Timestamp,
}

/// How an [`Entry`] stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for its turn, or for a connection.
    Waiting,
    /// Was sent at this time and is not answered yet. In storage: sent perhaps.
    InFlight(Timestamp),
    /// Stored by the server; what stands before it is still on its way to us.
    Stored(ConversationId, Seq, Timestamp),
    /// Refused, for this reason; stays until it is tried again or deleted.
    NotSent(ApiError),
}

impl Entry {
    /// Whether the server may still have to hear of it.
    #[must_use]
    pub const fn is_unsent(&self) -> bool {
        !matches!(self.status, Status::Stored(..))
    }
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

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.iter_mut()
    }

    pub(super) fn get_mut(&mut self, client_id: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.client_id.as_str() == client_id)
    }

    /// Appends what was written now.
    pub(super) fn write(
        &mut self,
        target: Target,
        client_id: ClientId,
        content: String,
        now: Timestamp,
    ) -> &mut Entry {
        let last = self.entries.last().map_or(0, |entry| entry.created_at);
        self.entries.push(Entry {
            client_id,
            target,
            person: None,
            content,
            reply_to: None,
            created_at: now.max(last + 1),
            status: Status::Waiting,
            mine: true,
            attempts: 0,
            not_before: 0,
        });
        let last = self.entries.len() - 1;
        &mut self.entries[last]
    }

    /// Takes in what was found in storage; what is known already stays as it is here.
    pub(super) fn insert(&mut self, entry: Entry) -> bool {
        if self.get(&entry.client_id).is_some() {
            return false;
        }
        let at = self.entries.partition_point(|other| other.created_at <= entry.created_at);
        self.entries.insert(at, entry);
        true
    }

    pub(super) fn remove(&mut self, client_id: &ClientId) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| entry.client_id == *client_id)?;
        Some(self.entries.remove(at))
    }

    /// What was meant for a person goes to the conversation with them from now on.
    pub(super) fn redirect(&mut self, user: UserId, to: ConversationId) -> Vec<Entry> {
        let mut changed = Vec::new();
        for entry in &mut self.entries {
            let unnamed = entry.target == Target::Conversation(to) && entry.person.is_none();
            if unnamed || entry.target == Target::User(user) {
                entry.target = Target::Conversation(to);
                entry.person = Some(user);
                changed.push(entry.clone());
            }
        }
        changed
    }

    /// The first of each target that is not refused: the only one that may be under way.
    pub(super) fn heads(&self) -> Vec<&Entry> {
        let mut targets: LiteMap<Target, ()> = LiteMap::new();
        self.entries
            .iter()
            .filter(|entry| matches!(entry.status, Status::Waiting | Status::InFlight(_)))
            .filter(|entry| targets.insert(entry.target, ()).is_none())
            .collect()
    }
}
