//! Opening the database: connections as we want them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Executor};

use super::data_folder;
use super::engine::Engine;
use super::lease::{DATABASE_TIMEOUT, LIVENESS_TIMEOUT, Pool};
use super::migrate::{migrate_mysql, migrate_sqlite};
use super::open_error::{OpenError, UNKNOWN_VARIABLE, number};
use super::{Result, Store};

/// A connection idle for longer is tried before it is used; for a busy one that would be a round
/// trip a query.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);
/// Connections that read. More of them than this queue better here than in the database.
const READERS: u32 = 16;
/// Connections that write to MySQL beside the message path.
const WRITERS: u32 = 8;
/// Connections of the writer's tasks to MySQL: one each, and as many again that are being replaced.
const SHARDS: u32 = 4;
/// Statements kept prepared in a connection. The hot ones come in up to nine lengths each, and one
/// that is not kept costs a 40 ms wait over TCP (sqlx leaves Nagle's algorithm on, and the closing
/// of a statement has no answer).
const STATEMENTS: usize = 256;

/// Where the data lies.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// `kith.db` in this folder, which is made if it is not there.
    Sqlite(PathBuf),
    /// A `mysql://` address. It may hold a password: never log it.
    MySql(String),
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(folder) => f.debug_tuple("Sqlite").field(folder).finish(),
            Self::MySql(_) => f.write_str("MySql(…)"),
        }
    }
}

impl Store {
    /// Opens the database and brings its schema up to date.
    pub async fn open(location: &Location) -> Result<Self, OpenError> {
        let store = match location {
            Location::Sqlite(folder) => open_sqlite(folder).await?,
            Location::MySql(url) => open_mysql(url).await?,
        };
        store.upgrade().await.map_err(OpenError::Upgrade)?;
        Ok(store)
    }
}

async fn open_sqlite(folder: &Path) -> Result<Store, OpenError> {
    let unusable =
        |reason: String| OpenError::Folder { folder: folder.display().to_string(), reason };
    let file = folder.join("kith.db");
    // Made by us, so that nobody else can read it; what SQLite makes beside it is as it is.
    data_folder::make_data_folder(folder)
        .and_then(|()| data_folder::open(&file))
        .map_err(|error| unusable(error.to_string()))?;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        // Every commit is on the disk before it is acknowledged.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(DATABASE_TIMEOUT)
        .statement_cache_capacity(STATEMENTS);
    migrate_sqlite(folder, &options).await?;
    let pool =
        || SqlitePoolOptions::new().acquire_timeout(DATABASE_TIMEOUT).test_before_acquire(false);
    let shards = pool()
        .max_connections(1)
        .connect_with(options.clone())
        .await
        .map_err(|error| unusable(error.to_string()))?;
    let readers = pool().max_connections(READERS).connect_lazy_with(options);
    let pool = |pool| Pool::new(Engine::Sqlite(pool));
    let shards = pool(shards);
    Ok(Store { readers: pool(readers), writers: shards.giving_way(), shards })
}

/// How to connect to the database at this address.
pub(super) fn mysql_options(url: &str) -> Result<MySqlConnectOptions, OpenError> {
    if !url.starts_with("mysql://") && !url.starts_with("mariadb://") {
        return Err(OpenError::BadUrl);
    }
    let options = MySqlConnectOptions::from_str(url)
        .map_err(|_| OpenError::BadUrl)?
        .statement_cache_capacity(STATEMENTS);
    if options.get_database().is_none_or(str::is_empty) {
        return Err(OpenError::BadUrl);
    }
    Ok(options)
}

async fn open_mysql(url: &str) -> Result<Store, OpenError> {
    let options = mysql_options(url)?;
    migrate_mysql(&options).await?;
    let pool = |connections| {
        let pool = MySqlPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(DATABASE_TIMEOUT)
            .test_before_acquire(false)
            .before_acquire(|connection, idle| {
                Box::pin(async move {
                    if idle.idle_for > TRUSTED_IDLE {
                        let tried = tokio::time::timeout(LIVENESS_TIMEOUT, connection.ping()).await;
                        tried.map_err(|_| sqlx::Error::PoolTimedOut)??;
                    }
                    Ok(true)
                })
            })
            .after_connect(|connection, _| Box::pin(set_up_mysql(connection)))
            .connect_lazy_with(options.clone());
        Pool::new(Engine::MySql(pool))
    };
    Ok(Store { readers: pool(READERS), writers: pool(WRITERS), shards: pool(SHARDS) })
}

async fn set_up_mysql(connection: &mut MySqlConnection) -> sqlx::Result<()> {
    connection
        .execute(
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; \
             SET SESSION innodb_lock_wait_timeout = 2, \
             sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')",
        )
        .await?;
    // MariaDB frees in 5 s what a frozen node holds; others do not know the variable.
    match connection.execute("SET SESSION idle_write_transaction_timeout = 5").await {
        Err(error) if number(&error) != Some(UNKNOWN_VARIABLE) => Err(error),
        _ => Ok(()),
    }
}
