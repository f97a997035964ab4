//! All SQL: one text for two engines, SQLite (embedded) and MySQL or MariaDB (production).
//!
//! A file a noun; [`writer`] is the one door by which messages are appended and marks move.
//! `engine` holds the two and the macro that runs a body on either, `dialect` what they say
//! differently, `lists` why lists in statements have fixed sizes.

pub mod accounts;
mod chat_list;
pub mod conversations;
mod data_folder;
mod dialect;
mod engine;
mod error;
mod lists;
pub mod logins;
pub mod messages;
mod meters;
mod names;
mod open;
mod page_range;
mod presence;
mod rows;
mod transaction;
mod typing;
mod unread;
pub mod users;
pub mod writer;

use sqlx::{MySqlPool, SqlitePool};

pub use data_folder::{DataFolderLock, LockError};
pub use error::{Result, StoreError};
pub use meters::describe_metrics;
pub use open::{Location, OpenError};
pub use typing::TypingAudience;

use engine::{Engine, on_engine};

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    /// For statements outside a transaction.
    readers: Engine<SqlitePool, MySqlPool>,
    /// For transactions that write; SQLite has one such connection, since it has one writer.
    writers: Engine<SqlitePool, MySqlPool>,
}

impl Store {
    /// Answers once the database does.
    pub async fn ping(&self) -> Result<()> {
        on_engine!(&self.readers, |pool| {
            sqlx::query("SELECT 1").execute(pool).await?;
        });
        Ok(())
    }

    /// Closes all connections, after those in use are given back.
    pub async fn close(&self) {
        // The writer last: it is the one that folds SQLite's log into the file.
        on_engine!(&self.readers, |pool| pool.close().await);
        on_engine!(&self.writers, |pool| pool.close().await);
    }

    /// Whether the database takes one writing transaction at a time.
    fn has_one_writer(&self) -> bool {
        matches!(self.writers, Engine::Sqlite(_))
    }
}
