//! What follows the conversations behind their backs: how far each follower has come, who does which share of its work,
//! and what it keeps.
//!
//! The transaction that acknowledges knows nothing of this. What it writes anyway tells what has changed: `last_seq`
//! with `last_activity`, `rev` with `rev_at`, each moment by an index.

use std::time::Duration;

use app::protocol::{ConversationId, Timestamp};
use sqlx::QueryBuilder;

use super::dialect::Dialect;
use super::engine::on_engine;
use super::lease::on_pool;
use super::lists::{padded, powers_of_two};
use super::transaction::{Transaction, transact};
use super::{Result, Store};

/// Shares that a follower's work is split into.
pub const SHARDS: i64 = 64;

/// The share that a conversation belongs to.
pub fn shard_of(id: ConversationId) -> i64 {
    id.get().rem_euclid(SHARDS)
}

/// A follower in one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowerId {
    /// The name of the follower, of at most 32 bytes.
    pub name: &'static str,
    /// The process.
    pub owner: i64,
}

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

/// What a follower has not followed of a conversation yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Stretch {
    id: i64,
    /// Messages up to this position have been followed.
    pub done_seq: i64,
    /// Changes up to this one have been followed.
    pub done_rev: i64,
    /// The newest message.
    pub last_seq: i64,
    /// The newest change.
    pub rev: i64,
    /// The moment by which it was found.
    moment: Timestamp,
}

impl Stretch {
    /// The conversation.
    pub fn conversation(&self) -> ConversationId {
        ConversationId::new(self.id)
    }

    /// Whether there is something to follow.
    pub fn is_news(&self) -> bool {
        (self.done_seq, self.done_rev) != (self.last_seq, self.rev)
    }

    /// Where a look for what has changed goes on behind this one.
    pub fn place(&self) -> Place {
        Place { moment: self.moment, id: self.id }
    }
}

/// By which moment it is looked for what has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangedBy {
    /// When something was last said.
    Message,
    /// When a message last changed.
    Revision,
}

impl ChangedBy {
    const fn column(self) -> &'static str {
        match self {
            Self::Message => "c.last_activity",
            Self::Revision => "c.rev_at",
        }
    }
}

/// A place among the conversations in the order of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// When the conversation changed.
    pub moment: Timestamp,
    id: i64,
}

impl Place {
    /// Before all that changed at this moment or later.
    pub const fn before(moment: Timestamp) -> Self {
        Self { moment, id: i64::MIN }
    }
}

/// What is counted of a shard's conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// What is counted, in at most 32 bytes.
    pub name: &'static str,
    /// The shard.
    pub shard: i64,
    /// How many there are more.
    pub more: i64,
}

/// What a follower keeps in the database of stretches that it has followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Each name and shard once.
    pub counts: Vec<Count>,
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

    /// Now, by the database's clock.
    pub async fn database_time(&self) -> Result<Timestamp> {
        Ok(on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT ");
            query.push(Dialect::of::<Db>().now());
            query.build_query_scalar().fetch_one(connection).await?
        }))
    }

    /// The conversations behind a place in the order in which they changed, at most `limit`, and what this follower
    /// has not followed of each, which may be nothing.
    pub async fn changed(
        &self,
        follower: FollowerId,
        by: ChangedBy,
        place: Place,
        limit: u32,
    ) -> Result<Vec<Stretch>> {
        Ok(on_pool!(&self.readers, |connection, Db| {
            let mut query = stretches::<Db>(follower, by);
            query.push(by.column()).push(" >= ").push_bind(place.moment);
            query.push(" AND (").push(by.column()).push(" > ").push_bind(place.moment);
            query.push(" OR c.id > ").push_bind(place.id).push(") ORDER BY ");
            query.push(by.column()).push(", c.id LIMIT ").push_bind(limit);
            query.build_query_as().fetch_all(connection).await?
        }))
    }

    /// What this follower has not followed of these conversations, without those of which that is nothing.
    pub async fn stretches(
        &self,
        follower: FollowerId,
        ids: &[ConversationId],
    ) -> Result<Vec<Stretch>> {
        let mut all = Vec::new();
        for chunk in padded(ids) {
            let rows: Vec<Stretch> = on_pool!(&self.readers, |connection, Db| {
                let mut query = stretches::<Db>(follower, ChangedBy::Message);
                let mut list = query.push("c.id IN (").separated(", ");
                for id in &chunk {
                    list.push_bind(id.get());
                }
                query.push(")").build_query_as().fetch_all(connection).await?
            });
            all.extend(rows.into_iter().filter(Stretch::is_news));
        }
        Ok(all)
    }

    /// Stores that these stretches have been followed, with what is kept of them: all of it or nothing. False, and
    /// nothing, where one of their shares is no longer this process's.
    pub async fn keep(
        &self,
        follower: FollowerId,
        stretches: &[Stretch],
        kept: &Kept,
        lease: Duration,
    ) -> Result<bool> {
        let mut shards: Vec<i64> =
            stretches.iter().map(|stretch| shard_of(stretch.conversation())).collect();
        shards.sort_unstable();
        shards.dedup();
        Ok(transact!(self, |transaction| {
            // Holds off whoever would take a share over until all is committed.
            let mut owned = 0;
            for chunk in powers_of_two(&shards) {
                owned += on_engine!(transaction.connection()?, |connection, Db| {
                    let now = Dialect::of::<Db>().now();
                    let mut query =
                        QueryBuilder::<Db>::new("UPDATE follower_shard SET lease_until = ");
                    query.push(now).push(" + ").push_bind(millis(lease));
                    query.push(" WHERE owner = ").push_bind(follower.owner);
                    push_shards(&mut query, follower.name, chunk);
                    query.build().execute(connection).await?.rows_affected()
                });
            }
            if owned < shards.len() as u64 {
                return Ok(false);
            }
            move_cursors(transaction, follower, stretches).await?;
            add_counts(transaction, &kept.counts).await?;
            Ok(true)
        }))
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

    /// How many messages were recalled in each of these stretches.
    pub async fn recalled(&self, stretches: &[Stretch]) -> Result<Vec<(ConversationId, i64)>> {
        let mut all = Vec::new();
        for chunk in powers_of_two(stretches) {
            let rows: Vec<(i64, i64)> = on_pool!(&self.readers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new(
                    "SELECT conversation_id, COUNT(*) FROM message WHERE recalled = 1 AND (",
                );
                for (index, stretch) in chunk.iter().enumerate() {
                    query.push(if index == 0 { "(" } else { " OR (" });
                    query.push("conversation_id = ").push_bind(stretch.id);
                    query.push(" AND rev > ").push_bind(stretch.done_rev);
                    query.push(" AND rev <= ").push_bind(stretch.rev).push(")");
                }
                query
                    .push(") GROUP BY conversation_id")
                    .build_query_as()
                    .fetch_all(connection)
                    .await?
            });
            all.extend(rows.into_iter().map(|(id, count)| (ConversationId::new(id), count)));
        }
        Ok(all)
    }

    /// What has been counted under each name, of all shards.
    pub async fn stored_counts(&self) -> Result<Vec<(String, i64)>> {
        Ok(on_pool!(&self.readers, |connection| {
            // A sum is a decimal in MySQL.
            sqlx::query_as(
                "SELECT name, CAST(SUM(value) AS SIGNED) FROM stored_count GROUP BY name ORDER BY name",
            )
            .fetch_all(connection)
            .await?
        }))
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

/// Conversations with what a follower has not followed of them; the rest of the WHERE is to come.
fn stretches<Db: sqlx::Database>(follower: FollowerId, by: ChangedBy) -> QueryBuilder<Db>
where
    for<'q> &'q str: sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    let mut query = QueryBuilder::new("SELECT c.id, c.last_seq, c.rev, ");
    query.push(by.column()).push(" AS moment, COALESCE(f.seq, 0) AS done_seq, ");
    query.push("COALESCE(f.rev, 0) AS done_rev FROM conversation c ");
    query.push("LEFT JOIN follower_cursor f ON f.follower = ").push_bind(follower.name);
    query.push(" AND f.conversation_id = c.id WHERE ");
    query
}

async fn move_cursors(
    transaction: &mut Transaction,
    follower: FollowerId,
    stretches: &[Stretch],
) -> Result<()> {
    for chunk in powers_of_two(stretches) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "INSERT INTO follower_cursor (follower, conversation_id, seq, rev) ",
            );
            query.push_values(chunk, |mut row, stretch| {
                row.push_bind(follower.name).push_bind(stretch.id);
                row.push_bind(stretch.last_seq).push_bind(stretch.rev);
            });
            let dialect = Dialect::of::<Db>();
            query.push(dialect.or_update("follower, conversation_id", &["seq", "rev"]));
            query.build().execute(connection).await?;
        });
    }
    Ok(())
}

async fn add_counts(transaction: &mut Transaction, counts: &[Count]) -> Result<()> {
    for chunk in powers_of_two(counts) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query =
                QueryBuilder::<Db>::new("INSERT INTO stored_count (name, shard, value) ");
            query.push_values(chunk, |mut row, count| {
                row.push_bind(count.name).push_bind(count.shard).push_bind(count.more);
            });
            query.push(Dialect::of::<Db>().or_add("name, shard", "value"));
            query.build().execute(connection).await?;
        });
    }
    Ok(())
}

/// These rows of a follower's shares.
fn push_shards<Db: sqlx::Database>(
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

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}
