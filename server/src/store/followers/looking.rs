//! What has changed, and what of it a follower has not followed yet.

use app::protocol::{ConversationId, Timestamp};
use sqlx::QueryBuilder;

use super::{FollowerId, Stretch};
use crate::store::dialect::Dialect;
use crate::store::lease::on_pool;
use crate::store::lists::padded;
use crate::store::{Result, Store};

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
    pub(super) id: i64,
}

impl Place {
    /// Before all that changed at this moment or later.
    pub const fn before(moment: Timestamp) -> Self {
        Self { moment, id: i64::MIN }
    }
}

impl Store {
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
