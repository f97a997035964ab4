//! Whom someone can bring into a group: not those who block them, and for a day not those who left it
//! after they had brought them in. Both are left out without a word.

use std::collections::HashSet;

use app::protocol::{ConversationId, Timestamp, UserId};
use sqlx::QueryBuilder;

use crate::store::Result;
use crate::store::departures::LEFT_ALONE_MS;
use crate::store::engine::on_engine;
use crate::store::lists::padded;
use crate::store::transaction::Transaction;

/// Those of these people who do not block `actor`. Whoever holds a share of their rows, as [`people`]
/// does, comes before a block or finds it.
///
/// [`people`]: super::membership::people
pub(super) async fn not_blocking(
    transaction: &mut Transaction,
    actor: UserId,
    users: &[UserId],
) -> Result<Vec<UserId>> {
    let mut blocking = HashSet::new();
    for chunk in padded(users) {
        let rows: Vec<i64> = on_engine!(transaction.connection()?, |connection, Db| {
            let mut query =
                QueryBuilder::<Db>::new("SELECT user_id FROM block WHERE blocked_id = ");
            query.push_bind(actor.get());
            let mut list = query.push(" AND user_id IN (").separated(", ");
            for user in &chunk {
                list.push_bind(user.get());
            }
            query.push(")");
            query.build_query_scalar().fetch_all(connection).await?
        });
        blocking.extend(rows.into_iter().map(UserId::new));
    }
    Ok(users.iter().copied().filter(|user| !blocking.contains(user)).collect())
}

/// Those of these people who have not left a group lately into which `actor` had brought them.
pub(super) async fn not_left(
    transaction: &mut Transaction,
    id: ConversationId,
    actor: UserId,
    users: &[UserId],
    now: Timestamp,
) -> Result<Vec<UserId>> {
    let mut left = HashSet::new();
    for chunk in padded(users) {
        let rows: Vec<i64> = on_engine!(transaction.connection()?, |connection, Db| {
            let mut query =
                QueryBuilder::<Db>::new("SELECT user_id FROM departure WHERE conversation_id = ");
            query.push_bind(id.get()).push(" AND added_by = ").push_bind(actor.get());
            query.push(" AND left_at > ").push_bind(now - LEFT_ALONE_MS);
            let mut list = query.push(" AND user_id IN (").separated(", ");
            for user in &chunk {
                list.push_bind(user.get());
            }
            query.push(")");
            query.build_query_scalar().fetch_all(connection).await?
        });
        left.extend(rows.into_iter().map(UserId::new));
    }
    Ok(users.iter().copied().filter(|user| !left.contains(user)).collect())
}

/// Remembers that a member leaves, if someone had brought them in; and forgets who left the group
/// long ago.
pub(super) async fn remember_departure(
    transaction: &mut Transaction,
    id: ConversationId,
    user: UserId,
    now: Timestamp,
) -> Result<()> {
    let added_by: Option<Option<i64>> = on_engine!(transaction.connection()?, |connection| {
        sqlx::query_scalar(
            "SELECT added_by FROM message_session WHERE user_id = ? AND conversation_id = ?",
        )
        .bind(user.get())
        .bind(id.get())
        .fetch_optional(connection)
        .await?
    });
    let Some(Some(added_by)) = added_by else { return Ok(()) };
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "DELETE FROM departure WHERE conversation_id = ? \
             AND (left_at <= ? OR (user_id = ? AND added_by = ?))",
        )
        .bind(id.get())
        .bind(now - LEFT_ALONE_MS)
        .bind(user.get())
        .bind(added_by)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "INSERT INTO departure (conversation_id, user_id, added_by, left_at) \
             VALUES (?, ?, ?, ?)",
        )
        .bind(id.get())
        .bind(user.get())
        .bind(added_by)
        .bind(now)
        .execute(connection)
        .await?;
    });
    Ok(())
}
