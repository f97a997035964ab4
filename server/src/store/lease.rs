//! Connections on loan: how long anyone waits for the database, in one place.
//!
//! A frozen server answers nothing and refuses nothing. So everything that is asked outside a
//! writer's transaction ends within [`DATABASE_TIMEOUT`], and a connection that was cut off in the middle
//! of an answer is closed, so that nobody reads the rest of it as their own. A [`Pool`] lends its
//! connections in no other way; `server/tests/layering.rs` sees to it that nobody goes past it.

use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Database, MySql, MySqlConnection, MySqlPool, Sqlite, SqliteConnection, SqlitePool};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::dialect::Dialect;
use super::engine::{Engine, on_engine};
use super::{Result, StoreError};

/// How long anyone waits for the database before they are told that it is away (the contract's
/// 503).
pub(super) const DATABASE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a connection may take to show that it lives before another is made in its place.
pub(super) const LIVENESS_TIMEOUT: Duration = Duration::from_secs(1);

/// Connections to the database. Cheap to clone.
#[derive(Clone)]
pub(super) struct Pool {
    connections: Engine<SqlitePool, MySqlPool>,
    /// Where the pool is another's as well: whoever has a turn here may wait for a connection.
    turns: Option<Arc<Semaphore>>,
}

impl Pool {
    /// A pool whose connections are had by a [`Lease`] from now on.
    pub(super) const fn new(connections: Engine<SqlitePool, MySqlPool>) -> Self {
        Self { connections, turns: None }
    }

    /// The same connections for those who are to hold up nobody who comes by `self`: only one of them
    /// at a time has a connection or waits for one, so that there is never more than one before
    /// whoever comes by `self`.
    pub(super) fn giving_way(&self) -> Self {
        Self { turns: Some(Arc::new(Semaphore::new(1))), ..self.clone() }
    }

    /// How its engine says what the two say differently.
    pub(super) const fn dialect(&self) -> Dialect {
        self.connections.dialect()
    }

    /// How many connections are idle, and how many busy.
    pub(super) fn usage(&self) -> (u32, u32) {
        on_engine!(&self.connections, |pool| usage(pool))
    }

    /// Closes all connections, after those in use are given back, or the limit is over.
    pub(super) async fn close(&self, limit: Duration) -> Result<()> {
        let closed = async {
            on_engine!(&self.connections, |pool| pool.close().await);
            Ok(())
        };
        limited(limit, closed).await
    }
}

fn usage<D: Database>(pool: &sqlx::Pool<D>) -> (u32, u32) {
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    (idle, pool.size().saturating_sub(idle))
}

/// A connection of a pool, for statements.
pub(super) type Connection<'c> = Engine<&'c mut SqliteConnection, &'c mut MySqlConnection>;

/// A pool's connection on loan. It is closed unless it is given back.
pub(super) struct Lease {
    /// Absent only once it was given back.
    connection: Option<Engine<PoolConnection<Sqlite>, PoolConnection<MySql>>>,
    _turn: Option<OwnedSemaphorePermit>,
}

impl Lease {
    /// Takes a connection, or makes one.
    pub(super) async fn of(pool: &Pool) -> Result<Self> {
        let turn = match &pool.turns {
            // Nobody closes them.
            Some(turns) => Arc::clone(turns).acquire_owned().await.ok(),
            None => None,
        };
        // Boxed: 18 KB for the rare case that a connection has to be made, which every task that
        // may come by here would otherwise carry with it, sockets among them.
        let connection = match &pool.connections {
            Engine::Sqlite(pool) => Engine::Sqlite(Box::pin(pool.acquire()).await?),
            Engine::MySql(pool) => Engine::MySql(Box::pin(pool.acquire()).await?),
        };
        Ok(Self { connection: Some(connection), _turn: turn })
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
    tokio::spawn(timeout(LIVENESS_TIMEOUT, returned));
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

/// Runs one body with a connection of this pool on loan, for at most so long, and gives its result:
/// `on_lease!(&self.readers, DATABASE_TIMEOUT, |lease| …)`. (A macro, because a function that takes an async
/// closure gives no future that can be sent between threads.)
macro_rules! on_lease {
    ($pool:expr, $limit:expr, |$lease:ident| $body:expr) => {
        // Boxed, so that whoever asks does not carry all of this along while it waits for others.
        $crate::store::lease::limited(
            $limit,
            Box::pin(async {
                let mut lease = $crate::store::lease::Lease::of($pool).await?;
                let $lease = &mut lease;
                let outcome: $crate::store::Result<_> = async { $body }.await;
                lease.settle(outcome)
            }),
        )
        .await
    };
}

pub(super) use on_lease;

/// Runs one body on a connection of this pool, for at most [`DATABASE_TIMEOUT`], and gives its value or
/// returns its error: `on_pool!(&self.readers, |connection| …)`, or with the database's type, as
/// `on_engine!`.
macro_rules! on_pool {
    ($pool:expr, |$it:ident $(, $Db:ident)?| $body:expr) => {
        $crate::store::lease::on_pool!(
            $pool, $crate::store::lease::DATABASE_TIMEOUT, |$it $(, $Db)?| $body
        )
    };
    ($pool:expr, $limit:expr, |$it:ident $(, $Db:ident)?| $body:expr) => {
        $crate::store::lease::on_lease!($pool, $limit, |lease| {
            let connection = lease.connection()?;
            Ok($crate::store::engine::on_engine!(connection, |$it $(, $Db)?| $body))
        })?
    };
}

pub(super) use on_pool;
