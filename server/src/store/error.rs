//! Why a query failed, sorted by what the caller can do about it.

use sqlx::mysql::MySqlDatabaseError;
use sqlx::sqlite::SqliteError;

use super::dialect::Dialect;

/// Why a query failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique key is taken; the key's name in our schema.
    #[error("{0} is taken")]
    Conflict(&'static str),
    /// Someone whom it takes has deleted their account.
    #[error("the account was deleted")]
    Gone,
    /// The database is away, or a lock could not be had in time.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// Anything else: our fault.
    #[error("the database refused: {0}")]
    Failed(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether nobody would fare better: the database is away, full, or stopping. A lock that could
    /// not be had says nothing of the locks of others (but SQLite has only the one).
    pub(super) fn is_away(&self) -> bool {
        let Self::Unavailable(source) = self else { return false };
        let database = source.as_database_error();
        let mysql = database.and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>());
        mysql.is_none_or(|error| !MYSQL_LOCKS.contains(&error.number()))
    }
}

/// The result of a query.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A value that this version of the server cannot have written.
pub(super) fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::Failed(sqlx::Error::Decode(error.into()))
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if may_pass(&error) { Self::Unavailable(error) } else { Self::Failed(error) }
    }
}

/// Turns a broken unique key into `Conflict`: `"id"` for the primary one, else `other`.
pub(super) fn conflict(error: sqlx::Error, dialect: Dialect, other: &'static str) -> StoreError {
    match error.as_database_error() {
        Some(database) if database.is_unique_violation() => {
            let primary = dialect.is_primary_key(database);
            StoreError::Conflict(if primary { "id" } else { other })
        }
        _ => error.into(),
    }
}

/// Whether the same transaction, tried again, may succeed: the connection was lost, a lock was not
/// had, the disk is full, the server is on its way down or up.
fn may_pass(error: &sqlx::Error) -> bool {
    let database = match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => return true,
        sqlx::Error::Database(database) => database,
        _ => return false,
    };
    if let Some(error) = database.try_downcast_ref::<MySqlDatabaseError>() {
        return MYSQL_PASSING.contains(&error.number());
    }
    if let Some(error) = database.try_downcast_ref::<SqliteError>() {
        // The lowest byte is the class; the others tell more.
        let class = sqlx::error::DatabaseError::code(error)
            .and_then(|code| code.parse::<i32>().ok())
            .map(|code| code & 0xff);
        return class.is_some_and(|class| SQLITE_PASSING.contains(&class));
    }
    false
}

/// Disk full, too many connections, shutting down, table full, lock wait timed out, deadlock, read
/// only (a fail-over), query interrupted, read-only transaction, connection killed, lock not free.
const MYSQL_PASSING: [u16; 12] =
    [1021, 1040, 1053, 1114, 1205, 1213, 1290, 1317, 1792, 1836, 1927, 3572];

/// Lock wait timed out, deadlock, lock not free.
const MYSQL_LOCKS: [u16; 3] = [1205, 1213, 3572];

/// BUSY, LOCKED, IOERR, FULL, CANTOPEN.
const SQLITE_PASSING: [i32; 5] = [5, 6, 10, 13, 14];
