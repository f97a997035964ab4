//! The use cases and the rules: who may do what to whom, in words of the domain.
//!
//! A file a noun; `http`, `forms`, `ws` and `pages` call in here and nowhere deeper.

mod blocks;
mod calendar;
mod contacts;
mod conversations;
mod counts;
mod due;
mod groups;
mod members;
mod mentions;
mod messages;
mod news;
mod notices;
mod notifications;
mod people;
pub mod permissions;
mod presence;
mod reactions;
mod reader;
mod receipts;
mod reminders;
#[cfg(test)]
pub(crate) mod samples;
mod schedules;
mod shared_files;
mod sweep;
mod typing;

use crate::clock::{Clock, Ids};
use crate::events::Publisher;
use crate::store::Store;
use crate::store::writer::Writer;

pub use crate::store::members::Roster;
pub use crate::store::messages::Window;
pub use crate::store::writer::{Appended, ReplyTo};
pub use conversations::ResolvedTarget;
pub use counts::StoredCounts;
pub use messages::ValidMessage;
pub use notices::give_notice;
pub use reader::Reader;
pub use receipts::MarkKind;

/// Says what the metrics mean, to the recorder that is installed.
pub fn describe_metrics() {
    counts::describe_metrics();
    due::describe_metrics();
}

/// All use cases. Cheap to clone.
#[derive(Clone)]
pub struct Chat {
    reader: Reader,
    store: Store,
    writer: Writer,
    clock: Clock,
    ids: Ids,
    people: people::Directory,
    presence: presence::Room,
    typing: typing::Typing,
    news: news::News,
    events: Publisher,
    /// The most bytes that a person's uploads may take up.
    files_quota: i64,
}

impl Chat {
    /// The use cases on the store of this reader; what changes beside the writer they tell `events`.
    /// `files_quota`: the most bytes that a person's uploads may take up.
    pub fn new(reader: Reader, writer: Writer, events: Publisher, files_quota: u64) -> Self {
        let Reader { store, clock, sockets } = reader.clone();
        let ids = Ids::new(clock.clone());
        let people = people::Directory::new(store.clone());
        let presence = presence::Room::new(sockets);
        let typing = typing::Typing::default();
        let news = news::News::default();
        let files_quota = i64::try_from(files_quota).unwrap_or(i64::MAX);
        Self {
            reader,
            store,
            writer,
            clock,
            ids,
            people,
            presence,
            typing,
            news,
            events,
            files_quota,
        }
    }

    /// Now, by the clock that was handed in.
    pub fn now(&self) -> app::protocol::Timestamp {
        self.clock.now()
    }
}
