//! Whom people block, and the conversations that are closed by it.

use app::protocol::{Block, ConversationId, ListPage, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::codes::{BLOCKED, OPEN, pair_key};
use super::dialect::Dialect;
use super::engine::on_engine;
use super::lease::on_pool;
use super::rows::UserRow;
use super::transaction::{Transaction, transact};
use super::users::both_there;
use super::{Result, Store};

/// A conversation that a block has closed, or opened again by its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turned {
    /// The private conversation.
    pub conversation_id: ConversationId,
    /// Something was said in it: it stands in lists.
    pub told: bool,
}

#[derive(sqlx::FromRow)]
struct BlockRow {
    #[sqlx(flatten)]
    user: UserRow,
    blocked_at: Timestamp,
}

impl Store {
    /// Has `user` block `other`; gives the conversation that this closed. Absent when `other` is
    /// nobody, or gone.
    pub async fn block(
        &self,
        user: UserId,
        other: UserId,
        now: Timestamp,
    ) -> Result<Option<Option<Turned>>> {
        Ok(transact!(self, |transaction| {
            // Both people first, in one order, as whoever opens their conversation does.
            if !both_there(transaction, user, other, Dialect::for_update).await? {
                return Ok(None);
            }
            on_engine!(transaction.connection()?, |connection, Db| {
                let mut insert = QueryBuilder::<Db>::new(
                    "INSERT INTO block (user_id, blocked_id, created_at) VALUES (",
                );
                let mut values = insert.separated(", ");
                values.push_bind(user.get()).push_bind(other.get()).push_bind(now);
                insert.push(")").push(Dialect::of::<Db>().or_nothing("user_id"));
                insert.build().execute(connection).await?;
            });
            turn(transaction, user, other, OPEN, BLOCKED).await.map(Some)
        }))
    }

    /// Ends a block; gives the conversation that this opened again, which it is not while `other`
    /// blocks `user`.
    pub async fn unblock(&self, user: UserId, other: UserId) -> Result<Option<Turned>> {
        Ok(transact!(self, |transaction| {
            both_there(transaction, user, other, Dialect::for_update).await?;
            on_engine!(transaction.connection()?, |connection| {
                sqlx::query("DELETE FROM block WHERE user_id = ? AND blocked_id = ?")
                    .bind(user.get())
                    .bind(other.get())
                    .execute(connection)
                    .await?;
            });
            if is_blocked(transaction, user, other).await? {
                return Ok(None);
            }
            turn(transaction, user, other, BLOCKED, OPEN).await
        }))
    }

    /// Whether a user blocks someone.
    pub async fn blocks_person(&self, user: UserId, other: UserId) -> Result<bool> {
        let blocks: i64 = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar("SELECT COUNT(*) FROM block WHERE user_id = ? AND blocked_id = ?")
                .bind(user.get())
                .bind(other.get())
                .fetch_one(connection)
                .await?
        });
        Ok(blocks > 0)
    }

    /// Whom a user blocks, the latest first.
    pub async fn blocks(
        &self,
        user: UserId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Block>> {
        let (at, id) = cursor.and_then(position).unwrap_or((i64::MAX, i64::MAX));
        let mut rows: Vec<BlockRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT u.id, u.username, u.nickname, u.avatar, u.created_at, b.created_at AS blocked_at \
                 FROM block b JOIN user u ON u.id = b.blocked_id WHERE b.user_id = ? \
                 AND (b.created_at < ? OR (b.created_at = ? AND b.blocked_id < ?)) \
                 ORDER BY b.created_at DESC, b.blocked_id DESC LIMIT ?",
            )
            .bind(user.get())
            .bind(at)
            .bind(at)
            .bind(id)
            .bind(i64::from(limit) + 1)
            .fetch_all(connection)
            .await?
        });
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let cursor = |row: &BlockRow| format!("{}.{}", row.blocked_at, row.user.id());
        let next_cursor = rows.last().filter(|_| more).map(cursor);
        let items = rows.into_iter().map(|row| Block { user: row.user.into_user() }).collect();
        Ok(ListPage { items, next_cursor })
    }
}

fn position(cursor: &str) -> Option<(Timestamp, i64)> {
    let (at, id) = cursor.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

/// Whether one of the two blocks the other.
pub(super) async fn is_blocked(
    transaction: &mut Transaction,
    one: UserId,
    other: UserId,
) -> Result<bool> {
    let blocks: i64 = on_engine!(transaction.connection()?, |connection| {
        sqlx::query_scalar(
            "SELECT COUNT(*) FROM block \
             WHERE (user_id = ? AND blocked_id = ?) OR (user_id = ? AND blocked_id = ?)",
        )
        .bind(one.get())
        .bind(other.get())
        .bind(other.get())
        .bind(one.get())
        .fetch_one(connection)
        .await?
    });
    Ok(blocks > 0)
}

/// Closes the conversation of two people, or opens it again, under its lock, which the writer has
/// to have for a message; gives it when it was as expected. What is shown of the marks stands
/// still while it is closed.
async fn turn(
    transaction: &mut Transaction,
    one: UserId,
    other: UserId,
    from: i64,
    to: i64,
) -> Result<Option<Turned>> {
    let found: Option<(i64, i64)> = on_engine!(transaction.connection()?, |connection, Db| {
        let mut query = QueryBuilder::<Db>::new("SELECT id, last_seq FROM conversation WHERE ");
        query.push("pair_key = ").push_bind(pair_key(one, other));
        query.push(" AND closed = ").push_bind(from).push(Dialect::of::<Db>().for_update());
        query.build_query_as().fetch_optional(connection).await?
    });
    let Some((id, last_seq)) = found else { return Ok(None) };
    let shown = if to == BLOCKED {
        "UPDATE message_session SET shown_read_seq = read_seq, \
         shown_delivered_seq = delivered_seq WHERE conversation_id = ?"
    } else {
        "UPDATE message_session SET shown_read_seq = NULL, shown_delivered_seq = NULL \
         WHERE conversation_id = ?"
    };
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query("UPDATE conversation SET closed = ?, version = version + 1 WHERE id = ?")
            .bind(to)
            .bind(id)
            .execute(&mut *connection)
            .await?;
        sqlx::query(shown).bind(id).execute(connection).await?;
    });
    Ok(Some(Turned { conversation_id: ConversationId::new(id), told: last_seq > 0 }))
}
