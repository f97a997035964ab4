//! Connections on loan: how long anyone waits for the database, in one place.
//!
//! A frozen server answers nothing and refuses nothing. So everything that is asked outside a
//! writer's transaction ends within [`PATIENCE`], and a connection that was cut off in the middle
//! of an answer is closed, so that nobody reads the rest of it as their own.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{MySql, MySqlConnection, MySqlPool, Sqlite, SqliteConnection, SqlitePool};
use tokio::time::timeout;

use super::engine::Engine;
use super::{Result, StoreError};

/// How long anyone waits for the database before they are told that it is away (the contract's
/// 503).
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// How long a connection may take to show that it lives before another is made in its place.
pub(super) const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// A connection of a pool, for statements.
pub(super) type Connection<'c> = Engine<&'c mut SqliteConnection, &'c mut MySqlConnection>;

/// A pool's connection on loan. It is closed unless it is given back.
pub(super) struct Lease {
    /// Absent only once it was given back.
    connection: Option<Engine<PoolConnection<Sqlite>, PoolConnection<MySql>>>,
}

impl Lease {
    /// Takes a connection, or makes one.
    pub(super) async fn of(pool: &Engine<SqlitePool, MySqlPool>) -> Result<Self> {
        // Boxed: 18 KB for the rare case that a connection has to be made, which every task that
        // may come by here would otherwise carry with it, sockets among them.
        let connection = match pool {
            Engine::Sqlite(pool) => Engine::Sqlite(Box::pin(pool.acquire()).await?),
            Engine::MySql(pool) => Engine::MySql(Box::pin(pool.acquire()).await?),
        };
        Ok(Self { connection: Some(connection) })
    }

    /// The connection, for statements.
    pub(super) fn connection(&mut self) -> Result<Connection<'_>> {
        match &mut self.connection {
            Some(Engine::Sqlite(connection)) => Ok(Engine::Sqlite(&mut **connection)),
            Some(Engine::MySql(connection)) => Ok(Engine::MySql(&mut **connection)),
            None => Err(sqlx::Error::WorkerCrashed.into()),
        }
    }

    /// Gives the connection back for others to use.
    pub(super) fn give_back(mut self) {
        match self.connection.take() {
            Some(Engine::Sqlite(mut connection)) => give_back(connection.return_to_pool()),
            Some(Engine::MySql(mut connection)) => give_back(connection.return_to_pool()),
            None => {}
        }
    }

    /// Gives the connection back after this outcome, unless it may be the connection that failed.
    pub(super) fn settle<T>(self, outcome: Result<T>) -> Result<T> {
        if !matches!(outcome, Err(StoreError::Unavailable(_))) {
            self.give_back();
        }
        outcome
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        match self.connection.take() {
            Some(Engine::Sqlite(connection)) => drop(connection.detach()),
            Some(Engine::MySql(connection)) => drop(connection.detach()),
            None => {}
        }
    }
}

/// sqlx tries a connection that comes back, without a limit of its own: against a frozen server
/// these tries would hold on to all of the pool's places.
fn give_back(returned: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(timeout(SIGN_OF_LIFE, returned));
}

/// Ends what takes longer than `limit`, as `Unavailable`.
pub(super) async fn limited<T>(
    limit: Duration,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let late = |_| Err(StoreError::Unavailable(std::io::Error::from(TIMED_OUT).into()));
    timeout(limit, work).await.unwrap_or_else(late)
}

const TIMED_OUT: std::io::ErrorKind = std::io::ErrorKind::TimedOut;

/// Runs one body on a connection of this pool, for at most [`PATIENCE`], and gives its value or
/// returns its error: `on_pool!(&self.readers, |connection| …)`, or with the database's type, as
/// `on_engine!`.
macro_rules! on_pool {
    ($pool:expr, |$it:ident $(, $Db:ident)?| $body:expr) => {
        $crate::store::lease::on_pool!(
            $pool, $crate::store::lease::PATIENCE, |$it $(, $Db)?| $body
        )
    };
    ($pool:expr, $limit:expr, |$it:ident $(, $Db:ident)?| $body:expr) => {
        // Boxed, so that whoever asks does not carry all of this along while it waits for others.
        $crate::store::lease::limited($limit, Box::pin(async {
            let mut lease = $crate::store::lease::Lease::of($pool).await?;
            let outcome = async {
                let connection = lease.connection()?;
                Ok($crate::store::engine::on_engine!(connection, |$it $(, $Db)?| $body))
            };
            let outcome: $crate::store::Result<_> = outcome.await;
            lease.settle(outcome)
        }))
        .await?
    };
}

pub(super) use on_pool;
