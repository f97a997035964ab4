//! What a client knows, as plain structs: a state machine without IO.
//!
//! Whatever happens (a frame, an answer, a word of the user, time) goes into [`State`] by one of
//! its methods, which say what to do next as a list of [`Effect`]s. Time and randomness are handed
//! in, so that tests can play any order of events.

mod acks;
mod acting;
mod actions;
mod answers;
mod chats;
mod clock;
mod connection;
mod drafts;
mod effect;
mod history;
mod inbox;
mod items;
mod listing;
mod outbox;
mod output;
mod people;
mod quotes;
mod requests;
mod search;
mod session;
mod writing;

#[cfg(test)]
mod tests;

use std::ops::Range;

use litemap::LiteMap;

use crate::protocol::{
    ApiError, Conversation, ConversationId, ListPage, Presence, Seq, Target, Timestamp, User,
    UserId,
};

use actions::Actions;
use clock::Clock;
use connection::Connection;
use drafts::Drafts;
use inbox::Strays;
use output::Output;
use people::People;
use requests::Requests;

pub use actions::{Action, Outcome, Setting, Token};
pub use chats::ChatList;
pub use connection::ConnectionStatus;
pub use drafts::Edit;
pub use effect::{Effect, Request, Response};
pub use history::{Loading, Timeline};
pub use items::{Delivery, Item, Placement};
pub use outbox::{Entry, Outbox, Status};
pub use output::Changes;
pub use quotes::excerpt_of;
pub use search::{Match, matches, wanted};

/// A set of conversations. Sorted vectors serve for all that is kept by key here: there is little
/// of it, and search trees would add a twentieth to what every visitor downloads.
pub type Ids = LiteMap<ConversationId, ()>;

/// All that a client knows.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    me: User,
    chats: ChatList,
    timelines: LiteMap<ConversationId, Timeline>,
    outbox: Outbox,
    drafts: Drafts,
    actions: Actions,
    requests: Requests,
    clock: Clock,
    connection: Connection,
    people: People,
    /// What came of conversations of which there is no row yet.
    strays: LiteMap<ConversationId, Strays>,
    /// The private conversations that an acknowledgement told of: their rows may come later.
    begun: LiteMap<UserId, ConversationId>,
    /// Someone looks at these, and their messages are on the way.
    openings: Ids,
    /// Someone looks at these, and they could not be loaded.
    failures: LiteMap<ConversationId, ApiError>,
    /// The `version`s that the last `heads` told.
    versions: LiteMap<ConversationId, i64>,
    /// When to tell the server our marks.
    marks_at: Option<Timestamp>,
    out: Output,
}

impl State {
    /// What a page starts with: the reader and their chat list.
    #[must_use]
    pub fn new(me: User, chats: ListPage<Conversation>) -> Self {
        Self {
            me,
            chats: chats.into(),
            timelines: LiteMap::new(),
            outbox: Outbox::default(),
            drafts: Drafts::new(),
            actions: Actions::default(),
            requests: Requests::default(),
            clock: Clock::default(),
            connection: Connection::default(),
            people: People::default(),
            strays: LiteMap::new(),
            begun: LiteMap::new(),
            openings: Ids::new(),
            failures: LiteMap::new(),
            versions: LiteMap::new(),
            marks_at: None,
            out: Output::default(),
        }
    }

    /// Whose state it is.
    #[must_use]
    pub const fn me(&self) -> &User {
        &self.me
    }

    /// The chat list.
    #[must_use]
    pub const fn chats(&self) -> &ChatList {
        &self.chats
    }

    /// What is loaded of a conversation.
    #[must_use]
    pub fn timeline(&self, id: ConversationId) -> Option<&Timeline> {
        self.timelines.get(&id)
    }

    /// What is not acknowledged.
    #[must_use]
    pub const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// How the connection stands.
    #[must_use]
    pub const fn connection_status(&self) -> ConnectionStatus {
        self.connection.status()
    }

    /// How many articles a target has to show now.
    #[must_use]
    pub fn item_count(&self, target: Target) -> usize {
        self.stored(target).map_or(0, |timeline| timeline.messages().len())
            + self.pending(target).count()
    }

    /// Some of the articles of a target: its loaded messages, and below them, where the newest is
    /// loaded, what is on its way.
    #[must_use]
    pub fn items(&self, target: Target, range: Range<usize>) -> Vec<Item<'_>> {
        let stored = self.stored(target).map_or(0, |timeline| timeline.messages().len());
        let messages = self.stored(target).into_iter().flat_map(|timeline| {
            let end = range.end.min(stored);
            timeline.messages().range(range.start.min(end)..end).map(Item::Message)
        });
        let pending = self.pending(target).map(Item::Pending);
        let skipped = range.start.saturating_sub(stored);
        let taken = range.end.saturating_sub(stored.max(range.start));
        messages.chain(pending.skip(skipped).take(taken)).collect()
    }

    /// How an own message stands; `None` for others' and system messages.
    #[must_use]
    pub fn delivery(&self, item: &Item<'_>) -> Option<Delivery> {
        let message = match item {
            Item::Message(message) => message,
            Item::Pending(entry) => {
                return Some(match entry.status {
                    Status::Waiting | Status::InFlight(_) => Delivery::Sending,
                    Status::Stored(..) => Delivery::Sent,
                    Status::NotSent(_) => Delivery::NotSent,
                });
            }
        };
        if message.sender.id != self.me.id || message.notice().is_some() {
            return None;
        }
        let row = self.chats.get(message.conversation_id);
        let at_most = |mark: Option<Seq>| mark.is_some_and(|mark| message.seq <= mark);
        Some(match row {
            Some(row) if at_most(row.peer_read_seq) => Delivery::Read,
            Some(row) if at_most(row.peer_delivered_seq) => Delivery::Delivered,
            _ => Delivery::Sent,
        })
    }

    /// Why a conversation that someone looks at could not be loaded.
    #[must_use]
    pub fn failure(&self, id: ConversationId) -> Option<&ApiError> {
        self.failures.get(&id)
    }

    /// The server's clock shows this now.
    pub const fn tell_time(&mut self, server_time: Timestamp, now: Timestamp) {
        self.clock.set(server_time, now);
    }

    /// What the server's clock shows.
    #[must_use]
    pub const fn server_time(&self, now: Timestamp) -> Timestamp {
        self.clock.server_time(now)
    }

    /// Whether someone is there, where that may be known.
    #[must_use]
    pub fn presence(&self, person: UserId) -> Option<Presence> {
        self.people.presence(person)
    }

    /// Who is typing in a conversation now, in the order in which they began.
    pub fn typists(&self, id: ConversationId) -> impl Iterator<Item = UserId> {
        self.people.typists(id)
    }

    /// What someone is called in a conversation, if they have said something that is loaded.
    #[must_use]
    pub fn name_in(&self, id: ConversationId, person: UserId) -> Option<&str> {
        let row = self.chats.get(id)?;
        let loaded = self.timelines.get(&id).into_iter().flat_map(|t| t.messages().iter().rev());
        let said = row.last_message.iter().chain(loaded).flat_map(|message| {
            let subjects = message.notice().into_iter().flat_map(|notice| &notice.subjects);
            std::iter::once(&message.sender).chain(subjects)
        });
        let mut people = row.peer.iter().chain(said);
        people.find(|known| known.id == person).map(|known| known.nickname.as_str())
    }

    /// Whether others are told that the user is away.
    #[must_use]
    pub const fn is_away(&self) -> bool {
        self.people.is_away()
    }

    /// What has changed since the last call.
    pub fn take_changes(&mut self) -> Changes {
        self.out.take_changes()
    }

    fn stored(&self, target: Target) -> Option<&Timeline> {
        match target {
            Target::Conversation(id) => self.timeline(id),
            Target::User(_) => None,
        }
    }

    fn pending(&self, target: Target) -> impl Iterator<Item = &Entry> {
        let shown = self.stored(target).is_none_or(|timeline| !timeline.has_more_after());
        self.outbox.of(target).filter(move |_| shown)
    }
}
