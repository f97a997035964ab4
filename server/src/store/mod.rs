//! All SQL: one text for two engines, SQLite (embedded) and MySQL or MariaDB (production).
//!
//! A file a noun; [`writer`] is the one door by which messages are appended and marks move.
//! `engine` holds the two and the macro that runs a body on either, `dialect` what they say
//! differently, `lease` how long anyone waits for them, `lists` why lists in statements have fixed
//! sizes.

pub mod accounts;
mod avatars;
pub mod blocks;
pub mod calendars;
mod chat_list;
mod codes;
mod contacts;
pub mod conversations;
mod data_folder;
mod departures;
mod dialect;
mod engine;
mod error;
mod extras;
pub mod file_sweeps;
mod files;
pub mod followers;
pub mod forwards;
pub mod jobs;
mod lease;
mod lists;
pub mod logins;
pub mod members;
pub mod mentions;
mod message_changes;
mod message_files;
pub mod messages;
mod meters;
mod migrate;
mod names;
mod notices;
mod open;
mod open_error;
mod page_range;
mod presence;
mod reactions;
pub mod reminders;
mod rows;
mod schedules;
mod server_lock;
pub mod sessions;
mod shared_files;
mod sight;
mod subjects;
mod transaction;
mod typing;
mod unread;
mod upgrades;
pub mod uploads;
pub mod users;
pub mod writer;

use std::time::Duration;

pub use data_folder::{DataFolderLock, LockError, command_to_close, make_data_folder};
pub use error::{Result, StoreError};
pub use files::ReadableFile;
pub use meters::describe_metrics;
pub use open::Location;
pub use open_error::OpenError;
pub use server_lock::{LOCK_CHECK_INTERVAL, ServerLock};
pub use typing::TypingAudience;

use dialect::Dialect;
use lease::{DATABASE_TIMEOUT, Pool, on_pool};

/// How long a probe of the database may take: whoever watches over us asks again soon.
const PROBE_TIMEOUT: Duration = Duration::from_secs(1);

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    /// For statements outside a transaction.
    readers: Pool,
    /// For short transactions that write beside the message path.
    writers: Pool,
    /// For the writer's shards alone, so that nobody's other writes hold up messages. SQLite has one
    /// writer and so one connection, the same as `writers`, which give way here.
    shards: Pool,
}

impl Store {
    /// Answers once the database does, within a second.
    ///
    /// # Errors
    /// `Unavailable` when it does not.
    pub async fn ping(&self) -> Result<()> {
        on_pool!(&self.readers, PROBE_TIMEOUT, |connection| {
            sqlx::query("SELECT 1").execute(connection).await?;
        });
        Ok(())
    }

    /// Closes all connections, after those in use are given back; a database that is away is left
    /// behind after a few seconds.
    pub async fn close(&self) {
        // The writer last: it is the one that folds SQLite's log into the file.
        for pool in [&self.readers, &self.writers, &self.shards] {
            if let Err(error) = pool.close(DATABASE_TIMEOUT / 3).await {
                tracing::warn!(%error, "the database's connections could not be closed");
            }
        }
    }

    /// Whether the database takes one writing transaction at a time.
    fn has_one_writer(&self) -> bool {
        self.writers.dialect() == Dialect::Sqlite
    }
}
