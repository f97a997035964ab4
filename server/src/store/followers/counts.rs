//! What is counted of what is stored: a number a name and shard, whose owner alone raises it.

use app::protocol::ConversationId;
use sqlx::QueryBuilder;

use super::Stretch;
use crate::store::dialect::Dialect;
use crate::store::engine::on_engine;
use crate::store::lease::on_pool;
use crate::store::lists::powers_of_two;
use crate::store::transaction::Transaction;
use crate::store::{Result, Store};

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

impl Store {
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

pub(super) async fn add_counts(transaction: &mut Transaction, counts: &[Count]) -> Result<()> {
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
