//! Who does which share of a follower's work: a process has its shares on lease.

use std::time::Duration;

use app::protocol::Timestamp;
use sqlx::QueryBuilder;

use super::{FollowerId, SHARDS};
use crate::store::dialect::Dialect;
use crate::store::engine::on_engine;
use crate::store::lease::on_pool;
use crate::store::lists::padded;
use crate::store::transaction::{Transaction, transact};
use crate::store::{Result, Store};

/// A share of a follower's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Share {
    /// Which of the [`SHARDS`].
    pub shard: i64,
    /// Whose it is.
    pub owner: i64,
    /// Who is to have it next; 0 for nobody.
    pub wanted_by: i64,
    /// Every change that was there at this moment of the database's clock has been followed.
    pub looked_to: Timestamp,
}

impl Store {
    /// Sees to it that each share of a follower's work has a row.
    pub async fn add_shares(&self, follower: &'static str) -> Result<()> {
        let there: i64 = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar("SELECT COUNT(*) FROM follower_shard WHERE follower = ?")
                .bind(follower)
                .fetch_one(connection)
                .await?
        });
        if there == SHARDS {
            return Ok(());
        }
        let shards: Vec<i64> = (0..SHARDS).collect();
        on_pool!(&self.writers, |connection, Db| {
            let mut query =
                QueryBuilder::<Db>::new("INSERT INTO follower_shard (follower, shard) ");
            query.push_values(&shards, |mut row, shard| {
                row.push_bind(follower).push_bind(*shard);
            });
            query.push(Dialect::of::<Db>().or_nothing("shard"));
            query.build().execute(connection).await?;
        });
        Ok(())
    }

    /// Takes all shares, whose ever they are: for the one process that may use the database.
    pub async fn take_all_shares(
        &self,
        follower: FollowerId,
        lease: Duration,
    ) -> Result<Vec<Share>> {
        Ok(transact!(self, |transaction| {
            take(transaction, follower, lease, Whose::Anyone).await?;
            shares(transaction, follower).await
        }))
    }

    /// Keeps the shares of this process for so long from now on, but hands over those that another wants; takes those
    /// whose owner let its lease end; gives all as they are then.
    pub async fn take_shares(&self, follower: FollowerId, lease: Duration) -> Result<Vec<Share>> {
        Ok(transact!(self, |transaction| {
            on_engine!(transaction.connection()?, |connection, Db| {
                let now = Dialect::of::<Db>().now();
                let mut query = QueryBuilder::<Db>::new("UPDATE follower_shard SET lease_until = ");
                query.push(now).push(" + ").push_bind(millis(lease));
                // In this order: MySQL sees what it has set already.
                query.push(", owner = CASE WHEN wanted_by = 0 THEN owner ELSE wanted_by END");
                query.push(", wanted_by = 0 WHERE follower = ").push_bind(follower.name);
                query.push(" AND owner = ").push_bind(follower.owner);
                query.build().execute(connection).await?;
            });
            take(transaction, follower, lease, Whose::Nobody).await?;
            shares(transaction, follower).await
        }))
    }

    /// Keeps the shares of this process for so long from now on.
    pub async fn renew_shares(&self, follower: FollowerId, lease: Duration) -> Result<()> {
        on_pool!(&self.writers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("UPDATE follower_shard SET lease_until = ");
            query.push(Dialect::of::<Db>().now()).push(" + ").push_bind(millis(lease));
            query.push(" WHERE follower = ").push_bind(follower.name);
            query.push(" AND owner = ").push_bind(follower.owner);
            query.build().execute(connection).await?;
        });
        Ok(())
    }

    /// Gives back all shares of this process, so that another takes them at once.
    pub async fn give_back_shares(&self, follower: FollowerId) -> Result<()> {
        on_pool!(&self.writers, |connection| {
            sqlx::query(
                "UPDATE follower_shard SET owner = 0, lease_until = 0 WHERE follower = ? AND owner = ?",
            )
            .bind(follower.name)
            .bind(follower.owner)
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// Says that this process is to have these shares next, unless another is.
    pub async fn want_shares(&self, follower: FollowerId, shards: &[i64]) -> Result<()> {
        for chunk in padded(shards) {
            on_pool!(&self.writers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new("UPDATE follower_shard SET wanted_by = ");
                query.push_bind(follower.owner).push(" WHERE wanted_by = 0");
                push_shards(&mut query, follower.name, &chunk);
                query.build().execute(connection).await?;
            });
        }
        Ok(())
    }

    /// Stores that every change that was there at this moment has been followed in these shards, as far as they are
    /// still this process's.
    pub async fn set_looked_to(
        &self,
        follower: FollowerId,
        shards: &[i64],
        moment: Timestamp,
    ) -> Result<()> {
        for chunk in padded(shards) {
            on_pool!(&self.writers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new("UPDATE follower_shard SET looked_to = ");
                query.push_bind(moment).push(" WHERE owner = ").push_bind(follower.owner);
                push_shards(&mut query, follower.name, &chunk);
                query.build().execute(connection).await?;
            });
        }
        Ok(())
    }
}

/// Whose shares are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Those of anyone.
    Anyone,
    /// Those whose owner let its lease end.
    Nobody,
}

async fn take(
    transaction: &mut Transaction,
    follower: FollowerId,
    lease: Duration,
    whose: Whose,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection, Db| {
        let now = Dialect::of::<Db>().now();
        let mut query = QueryBuilder::<Db>::new("UPDATE follower_shard SET owner = ");
        query.push_bind(follower.owner).push(", wanted_by = 0, lease_until = ");
        query.push(now).push(" + ").push_bind(millis(lease));
        query.push(" WHERE follower = ").push_bind(follower.name);
        if whose == Whose::Nobody {
            query.push(" AND lease_until <= ").push(now);
        }
        query.build().execute(connection).await?;
    });
    Ok(())
}

async fn shares(transaction: &mut Transaction, follower: FollowerId) -> Result<Vec<Share>> {
    Ok(on_engine!(transaction.connection()?, |connection| {
        sqlx::query_as(
            "SELECT shard, owner, wanted_by, looked_to FROM follower_shard WHERE follower = ? \
             ORDER BY shard",
        )
        .bind(follower.name)
        .fetch_all(connection)
        .await?
    }))
}

/// These rows of a follower's shares.
pub(super) fn push_shards<Db: sqlx::Database>(
    query: &mut QueryBuilder<Db>,
    follower: &'static str,
    shards: &[i64],
) where
    for<'q> &'q str: sqlx::Encode<'q, Db> + sqlx::Type<Db>,
    for<'q> i64: sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    query.push(" AND follower = ").push_bind(follower);
    let mut list = query.push(" AND shard IN (").separated(", ");
    for shard in shards {
        list.push_bind(*shard);
    }
    query.push(")");
}

pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}
