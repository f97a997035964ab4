//! Bringing the schema up to date, by one process at a time. Each step has a limit: a start against a
//! frozen server ends with a sentence, not never.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{Migrate, MigrateError, Migrator};
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::time::{sleep, timeout};

use super::data_folder;
use super::lease::DATABASE_TIMEOUT;
use super::open_error::{OpenError, place, refusal};

static MYSQL: Migrator = sqlx::migrate!("../migrations/mysql");
static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");

/// How long one process waits for another that brings the same database up to date, in seconds.
const LOCK_TIMEOUT_SECONDS: u32 = 120;

/// How long migrations may take where some are missing: they may rewrite tables of many millions.
const MIGRATION_TIMEOUT: Duration = Duration::from_hours(1);

/// Brings the database in this folder up to date.
pub(super) async fn migrate_sqlite(
    folder: &Path,
    options: &SqliteConnectOptions,
) -> Result<(), OpenError> {
    let place = folder.display().to_string();
    let unusable = |reason: String| OpenError::Folder { folder: place.clone(), reason };
    // sqlx has no lock of its own here, and the command line may start beside the server.
    let file = data_folder::open(&folder.join("migrate.lock"));
    let file = file.map_err(|error| unusable(error.to_string()))?;
    let locked = lock_file(&file).await.map_err(|error| unusable(error.to_string()))?;
    if !locked {
        return Err(OpenError::Busy { place });
    }
    let connected = in_time(DATABASE_TIMEOUT, options.connect()).await;
    let mut connection: SqliteConnection =
        connected.map_err(|error| unusable(error.to_string()))?;
    let migrated = run(&SQLITE, &mut connection).await;
    migrated.map_err(|source| OpenError::Migration { place: place.clone(), source })?;
    in_time(DATABASE_TIMEOUT, connection.close()).await.map_err(|error| unusable(error.to_string()))
}

/// Takes the lock that the file stands for until it is closed; false when another process has held
/// it all the time.
async fn lock_file(file: &File) -> io::Result<bool> {
    for _ in 0..LOCK_TIMEOUT_SECONDS * 10 {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => sleep(Duration::from_millis(100)).await,
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(false)
}

/// Brings the database that these options lead to up to date.
pub(super) async fn migrate_mysql(options: &MySqlConnectOptions) -> Result<(), OpenError> {
    let failed = |source| refusal(options, source);
    let mut connection = in_time(DATABASE_TIMEOUT, options.connect()).await.map_err(failed)?;
    if !lock_mysql(&mut connection).await.map_err(failed)? {
        return Err(OpenError::Busy { place: place(options) });
    }
    let migrator =
        Migrator { migrations: MYSQL.migrations.clone(), locking: false, ..Migrator::DEFAULT };
    match run(&migrator, &mut connection).await {
        Ok(()) => {}
        Err(MigrateError::Execute(source @ sqlx::Error::Io(_))) => return Err(failed(source)),
        Err(source) => return Err(OpenError::Migration { place: place(options), source }),
    }
    // Closing the connection frees the lock.
    in_time(DATABASE_TIMEOUT, connection.close()).await.map_err(failed)
}

/// Takes the lock of the database until the connection is closed; false when another has held it all
/// the time. (sqlx locks with a timeout of -1, which MariaDB answers at once with NULL and no lock.)
async fn lock_mysql(connection: &mut MySqlConnection) -> sqlx::Result<bool> {
    let lock = "SELECT GET_LOCK(CONCAT('kith.migrate.', SHA1(DATABASE())), 1)";
    // Asked again each second, so that a server that has frozen is told from one that is busy.
    for _ in 0..LOCK_TIMEOUT_SECONDS {
        let locked = sqlx::query_scalar(lock).fetch_one(&mut *connection);
        let locked: Option<i64> = in_time(DATABASE_TIMEOUT, locked).await?;
        if locked == Some(1) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Runs the migrations that are missing.
async fn run<C: Migrate>(migrator: &Migrator, connection: &mut C) -> Result<(), MigrateError> {
    let is_up_to_date = in_time(DATABASE_TIMEOUT, is_up_to_date(migrator, connection)).await?;
    let limit = if is_up_to_date { DATABASE_TIMEOUT } else { MIGRATION_TIMEOUT };
    in_time(limit, migrator.run_direct(None, connection, false)).await
}

async fn is_up_to_date<C: Migrate>(
    migrator: &Migrator,
    connection: &mut C,
) -> Result<bool, MigrateError> {
    connection.ensure_migrations_table(&migrator.table_name).await?;
    let applied = connection.list_applied_migrations(&migrator.table_name).await?;
    let is_applied = |version| applied.iter().any(|migration| migration.version == version);
    Ok(migrator.iter().all(|migration| is_applied(migration.version)))
}

async fn in_time<T, E: From<sqlx::Error>>(
    limit: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let late = |_| Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into()).into());
    timeout(limit, work).await.unwrap_or_else(late)
}
