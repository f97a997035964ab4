//! The use cases on a database of their own, for tests of what stands above the store.

use std::sync::{Arc, Mutex};

use app::protocol::UserId;
use tempfile::TempDir;

use super::{Chat, Reader};
use crate::clock::Clock;
use crate::events::{Event, Publisher};
use crate::presence::Presence;
use crate::store::users::NewUser;
use crate::store::writer::{Writer, WriterOptions};
use crate::store::{Location, Store};

/// A chat on a fresh SQLite database, which goes with it, and all that it has told.
pub(crate) struct House {
    pub(crate) reader: Reader,
    pub(crate) chat: Chat,
    store: Store,
    told: Arc<Mutex<Vec<Event>>>,
    _folder: TempDir,
}

impl House {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = Location::Sqlite(folder.path().join("data"));
        let store = Store::open(&location).await.expect("a fresh SQLite opens");
        let told = Arc::<Mutex<Vec<Event>>>::default();
        let tell = Arc::clone(&told);
        let events =
            Publisher::new(move |events| tell.lock().expect("no panic").extend(events), Vec::new());
        let (clock, options) = (Clock::System, WriterOptions::default());
        let writer = Writer::start(store.clone(), clock.clone(), events.clone(), options);
        let reader = Reader::new(store.clone(), clock, Presence::in_memory());
        let chat = Chat::new(reader.clone(), writer, events, 1_000);
        Self { reader, chat, store, told, _folder: folder }
    }

    /// A person of this number.
    pub(crate) async fn person(&self, number: i64) -> UserId {
        let user = NewUser {
            id: UserId::new(number),
            username: format!("user{number}"),
            nickname: format!("User {number}"),
            password_hash: "$argon2id$test".into(),
            created_at: 0,
        };
        self.store.insert_user(&user).await.expect("the user is new");
        user.id
    }

    /// What was told since this was last asked.
    pub(crate) fn told(&self) -> Vec<Event> {
        std::mem::take(&mut *self.told.lock().expect("no panic"))
    }
}
