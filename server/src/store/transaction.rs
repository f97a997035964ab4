//! A transaction that writes, on either engine.

use super::engine::on_engine;
use super::lease::{Connection, Lease};
use super::{Result, Store};

/// An open transaction that may write. One that is dropped before its end closes its connection,
/// so that the server rolls it back and nobody inherits it.
pub(super) struct Transaction {
    lease: Lease,
}

impl Store {
    /// Begins a transaction that writes.
    pub(super) async fn begin(&self) -> Result<Transaction> {
        let mut transaction = Transaction { lease: Lease::of(&self.writers).await? };
        transaction.run(self.writers.dialect().begin()).await?;
        Ok(transaction)
    }
}

impl Transaction {
    /// The connection, for statements.
    pub(super) fn connection(&mut self) -> Result<Connection<'_>> {
        self.lease.connection()
    }

    /// Makes it last. After an error nobody knows whether it does.
    pub(super) async fn commit(mut self) -> Result<()> {
        self.run("COMMIT").await?;
        self.lease.give_back();
        Ok(())
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
