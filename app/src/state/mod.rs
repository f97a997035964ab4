//! What a client knows, as plain structs: a state machine without IO.
//!
//! Whatever happens (a frame, an answer, a word of the user, time) goes into [`State`] by one of
//! its methods, which say what to do next as a list of [`Effect`]s. Time and randomness are handed
//! in, so that tests can play any order of events.
//!
//! The state only routes (`routing`). What is known is kept by parts, each with private fields and a file or
//! folder of its own; a part is handed what it needs of others, and none knows the state. What a part has to say
//! to the outside, and to the pages, it puts into the `Output` that goes through all of them.

mod actions;
mod chats;
mod clock;
mod connection;
mod drafts;
mod effect;
mod history;
mod inbox;
mod items;
mod naming;
mod outbox;
mod output;
mod people;
mod quotes;
mod requests;
mod routing;
mod search;

#[cfg(test)]
mod tests;

use litemap::LiteMap;

use crate::protocol::{Conversation, ConversationId, ListPage, Timestamp, User};

use actions::Actions;
use clock::Clock;
use connection::Connection;
use drafts::Drafts;
use history::History;
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
pub use search::{Match, matches, wanted};

/// A set of conversations. Sorted vectors serve for all that is kept by key here: there is little
/// of it, and search trees would add a twentieth to what every visitor downloads.
pub type Ids = LiteMap<ConversationId, ()>;

/// All that a client knows.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    me: User,
    clock: Clock,
    connection: Connection,
    people: People,
    chats: ChatList,
    history: History,
    strays: Strays,
    outbox: Outbox,
    drafts: Drafts,
    actions: Actions,
    requests: Requests,
    out: Output,
}

impl State {
    /// What a page starts with: the reader and their chat list.
    #[must_use]
    pub fn new(me: User, chats: ListPage<Conversation>) -> Self {
        Self {
            me,
            clock: Clock::default(),
            connection: Connection::default(),
            people: People::default(),
            chats: chats.into(),
            history: History::new(),
            strays: Strays::new(),
            outbox: Outbox::default(),
            drafts: Drafts::new(),
            actions: Actions::default(),
            requests: Requests::default(),
            out: Output::default(),
        }
    }

    /// The server's clock shows this now.
    pub const fn tell_time(&mut self, server_time: Timestamp, now: Timestamp) {
        self.clock.set(server_time, now);
    }

    /// What has changed since the last call.
    pub fn take_changes(&mut self) -> Changes {
        self.out.take_changes()
    }

    /// Asks over HTTP, unless that is asked already.
    fn fetch(&mut self, request: Request) {
        self.requests.fetch(request, &mut self.out);
    }

    /// What every input ends with: what waits is sent, as far as it may be.
    fn finish(&mut self, now: Timestamp) -> Vec<Effect> {
        self.outbox.pump(now, &self.connection, &mut self.out);
        self.actions.pump(&self.chats, &mut self.out);
        self.out.take_effects()
    }
}
