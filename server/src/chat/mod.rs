//! The use cases and the rules: who may do what to whom, in words of the domain.
//!
//! A file a noun; `http`, `forms`, `ws` and `pages` call in here and nowhere deeper.

mod blocks;
mod contacts;
mod conversations;
mod groups;
mod members;
mod mentions;
mod messages;
mod people;
pub mod permissions;
mod presence;
mod reactions;
mod receipts;
mod sweep;
mod typing;

use crate::clock::{Clock, Ids};
use crate::presence::Presence;
use crate::store::Store;
use crate::store::writer::{Sink, Writer};

pub use crate::store::messages::Window;
pub use crate::store::writer::{Appended, ReplyTo};
pub use conversations::ResolvedTarget;
pub use messages::ValidMessage;
pub use receipts::MarkKind;

/// All use cases. Cheap to clone.
#[derive(Clone)]
pub struct Chat {
    store: Store,
    writer: Writer,
    clock: Clock,
    ids: Ids,
    people: people::Directory,
    presence: presence::Room,
    typing: typing::Typing,
    sink: Sink,
}

impl Chat {
    /// The use cases on this store; `sink` takes what changes beside the writer.
    pub fn new(store: Store, writer: Writer, clock: Clock, presence: Presence, sink: Sink) -> Self {
        let ids = Ids::new(clock.clone());
        let people = people::Directory::new(store.clone());
        let presence = presence::Room::new(presence);
        let typing = typing::Typing::default();
        Self { store, writer, clock, ids, people, presence, typing, sink }
    }

    /// Now, by the clock that was handed in.
    pub fn now(&self) -> app::protocol::Timestamp {
        self.clock.now()
    }
}
