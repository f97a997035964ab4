//! How far a follower has come, stored together with what it keeps.

use std::time::Duration;

use sqlx::QueryBuilder;

use super::counts::{Count, add_counts};
use super::shares::{millis, push_shards};
use super::{FollowerId, Stretch, shard_of};
use crate::store::dialect::Dialect;
use crate::store::engine::on_engine;
use crate::store::lists::powers_of_two;
use crate::store::transaction::{Transaction, transact};
use crate::store::{Result, Store};

/// What a follower keeps in the database of stretches that it has followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Each name and shard once.
    pub counts: Vec<Count>,
}

impl Store {
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
