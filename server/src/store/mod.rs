//! All SQL: one text for two engines, SQLite (embedded) and MySQL or MariaDB (production).
//!
//! A file a noun; [`writer`] is the one door by which messages are appended and marks move.

pub mod conversations;
pub mod logins;
pub mod messages;
pub mod users;
pub mod writer;

use std::path::PathBuf;

/// Where the data lies.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// `kith.db` in this folder, which is made if it is not there.
    Sqlite(PathBuf),
    /// A `mysql://` address. It may hold a password: never log it.
    MySql(String),
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {}

/// Why a query failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique key is taken; the key's name in our schema.
    #[error("{0} is taken")]
    Conflict(&'static str),
    /// The database is away, or a lock could not be had in time.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// Anything else: our fault.
    #[error("the database refused: {0}")]
    Failed(#[source] sqlx::Error),
}

/// The result of a query.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl Store {
    /// Opens the database and brings its schema up to date.
    pub async fn open(location: &Location) -> Result<Self> {
        let _ = location;
        unimplemented!()
    }

    /// Answers once the database does.
    pub async fn ping(&self) -> Result<()> {
        unimplemented!()
    }

    /// Closes all connections, after those in use are given back.
    pub async fn close(&self) {
        unimplemented!()
    }
}
