//! A transaction that writes, on either engine.

use std::time::Duration;

use super::engine::on_engine;
use super::lease::{Connection, Lease, Pool};
use super::{Result, Store, StoreError};

/// Times that a short transaction is tried when others hold its locks.
const MAX_TRIES: u32 = 10;

/// An open transaction that may write. One that is dropped before its end closes its connection,
/// so that the server rolls it back and nobody inherits it.
pub(super) struct Transaction {
    lease: Lease,
}

impl Store {
    /// Begins a transaction that writes, beside the message path.
    pub(super) async fn begin(&self) -> Result<Transaction> {
        Transaction::begin(&self.writers).await
    }

    /// Begins one of the message path.
    pub(super) async fn begin_in_shard(&self) -> Result<Transaction> {
        Transaction::begin(&self.shards).await
    }
}

impl Transaction {
    async fn begin(pool: &Pool) -> Result<Self> {
        let mut transaction = Self { lease: Lease::of(pool).await? };
        transaction.run(pool.dialect().begin()).await?;
        Ok(transaction)
    }

    /// The connection, for statements.
    pub(super) fn connection(&mut self) -> Result<Connection<'_>> {
        self.lease.connection()
    }

    /// The connection on loan, for what is read outside transactions as well.
    pub(super) fn lease(&mut self) -> &mut Lease {
        &mut self.lease
    }

    /// Makes it last. After an error nobody knows whether it does.
    pub(super) async fn commit(mut self) -> Result<()> {
        self.run("COMMIT").await?;
        self.lease.give_back();
        Ok(())
    }

    /// Ends it as its work's outcome has it; absent when the work is worth another try.
    pub(super) async fn settle<T>(self, outcome: Result<T>, tries: &mut u32) -> Result<Option<T>> {
        match outcome {
            Ok(done) => {
                self.commit().await?;
                Ok(Some(done))
            }
            Err(error) => {
                self.rollback().await;
                *tries += 1;
                // Several who want the same rows at once may be told of a deadlock.
                if *tries == MAX_TRIES || !matches!(error, StoreError::Unavailable(_)) {
                    return Err(error);
                }
                let spread = u64::from(crate::clock::random::<u8>() % 20);
                tokio::time::sleep(Duration::from_millis(spread)).await;
                Ok(None)
            }
        }
    }

    /// Undoes it. When even that fails, the closed connection does.
    pub(super) async fn rollback(mut self) {
        if self.run("ROLLBACK").await.is_ok() {
            self.lease.give_back();
        }
    }

    async fn run(&mut self, statement: &'static str) -> Result<()> {
        on_engine!(self.connection()?, |connection| {
            sqlx::raw_sql(statement).execute(connection).await?;
        });
        Ok(())
    }
}

/// Does short work in a transaction of its own, and once more when others held its locks, all within
/// the time that anyone waits for the database; gives its value, or returns its error:
/// `transact!(self, |transaction| …)`. (A macro, because a function that takes an async closure gives
/// no future that can be sent between threads.)
macro_rules! transact {
    ($store:expr, |$transaction:ident| $work:expr) => {
        $crate::store::lease::limited(
            $crate::store::lease::DATABASE_TIMEOUT,
            Box::pin(async {
                let mut tries = 0;
                loop {
                    let mut transaction = $store.begin().await?;
                    let $transaction = &mut transaction;
                    let outcome: $crate::store::Result<_> = async { $work }.await;
                    if let Some(done) = transaction.settle(outcome, &mut tries).await? {
                        return Ok(done);
                    }
                }
            }),
        )
        .await?
    };
}

pub(super) use transact;
