//! Conversations and their members' sessions.

use app::protocol::{ConversationId, Head, Seq, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::blocks::is_blocked;
use super::codes::{BLOCKED, EVERYTHING, PRIVATE, pair_key};
use super::engine::on_engine;
use super::lease::on_pool;
use super::transaction::{Transaction, transact};
use super::users::not_gone;
use super::{Result, Store, StoreError};

/// A private conversation, found or made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrivateConversation {
    /// The id of the conversation.
    pub id: ConversationId,
    /// Its newest position; 0: nothing was said yet.
    pub last_seq: Seq,
    /// It was made by this call.
    pub created: bool,
}

#[derive(sqlx::FromRow)]
struct HeadRow {
    id: i64,
    last_seq: i64,
    rev: i64,
    read_seq: i64,
    delivered_seq: i64,
    peer_delivered_seq: i64,
    peer_read_seq: i64,
    version: i64,
}

impl Store {
    /// The private conversation of two people (or of one, Notes), made with both sessions if there
    /// is none: a short transaction of its own, idempotent under `pair_key`. `fresh` is the id it
    /// gets if it is made; `Conflict("id")` when that is taken by another conversation, `Gone` when
    /// one of the two has deleted their account.
    pub async fn open_private_conversation(
        &self,
        one: UserId,
        other: UserId,
        fresh: ConversationId,
        now: Timestamp,
    ) -> Result<PrivateConversation> {
        Ok(transact!(self, |transaction| open_private(transaction, one, other, fresh, now).await))
    }

    /// The private conversation of two people, if there is one.
    pub async fn private_conversation(
        &self,
        one: UserId,
        other: UserId,
    ) -> Result<Option<PrivateConversation>> {
        let row: Option<(i64, i64)> = on_pool!(&self.readers, |connection| {
            sqlx::query_as("SELECT id, last_seq FROM conversation WHERE pair_key = ?")
                .bind(pair_key(one, other))
                .fetch_optional(connection)
                .await?
        });
        Ok(row.map(|(id, last_seq)| PrivateConversation {
            id: ConversationId::new(id),
            last_seq: Seq::new(last_seq),
            created: false,
        }))
    }

    /// The positions of all the user's conversations in which anything was said.
    pub async fn heads(&self, user: UserId) -> Result<Vec<Head>> {
        let rows: Vec<HeadRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT c.id, c.last_seq, c.rev, s.read_seq, s.delivered_seq, \
                 COALESCE(p.shown_delivered_seq, p.delivered_seq, 0) AS peer_delivered_seq, \
                 COALESCE(p.shown_read_seq, p.read_seq, 0) AS peer_read_seq, c.version + s.version AS version \
                 FROM message_session s JOIN conversation c ON c.id = s.conversation_id \
                 LEFT JOIN message_session p \
                 ON p.conversation_id = c.id AND c.kind = ? AND p.user_id <> s.user_id \
                 WHERE s.user_id = ? AND c.last_seq > 0 ORDER BY c.id",
            )
            .bind(PRIVATE)
            .bind(user.get())
            .fetch_all(connection)
            .await?
        });
        Ok(rows.into_iter().map(HeadRow::into_head).collect())
    }
}

impl HeadRow {
    fn into_head(self) -> Head {
        Head {
            id: ConversationId::new(self.id),
            last_seq: Seq::new(self.last_seq),
            rev: self.rev,
            read_seq: Seq::new(self.read_seq),
            delivered_seq: Seq::new(self.delivered_seq),
            peer_delivered_seq: Seq::new(self.peer_delivered_seq),
            peer_read_seq: Seq::new(self.peer_read_seq),
            version: self.version,
        }
    }
}

async fn open_private(
    transaction: &mut Transaction,
    one: UserId,
    other: UserId,
    fresh: ConversationId,
    now: Timestamp,
) -> Result<PrivateConversation> {
    let key = pair_key(one, other);
    let members = if one == other { vec![one] } else { vec![one.min(other), one.max(other)] };
    // First, as whoever deletes an account does: nobody waits in a circle.
    not_gone(transaction, one, other).await?;
    let opened = on_engine!(transaction.connection()?, |connection, Db| {
        let dialect = super::dialect::Dialect::of::<Db>();
        // Whoever comes second waits here for the first one's commit, and then finds its row.
        let mut insert = QueryBuilder::<Db>::new(
            "INSERT INTO conversation \
             (id, kind, pair_key, history, member_count, last_activity, created_at) VALUES (",
        );
        let mut values = insert.separated(", ");
        values.push_bind(fresh.get()).push_bind(PRIVATE).push_bind(&key).push_bind(EVERYTHING);
        values.push_bind(if one == other { 1_i64 } else { 2 }).push_bind(now).push_bind(now);
        insert.push(")").push(dialect.or_nothing("id"));
        insert.build().execute(&mut *connection).await?;

        let mut select = QueryBuilder::<Db>::new("SELECT id, last_seq FROM conversation WHERE ");
        select.push("pair_key = ").push_bind(&key).push(dialect.for_update());
        let found: Option<(i64, i64)> =
            select.build_query_as().fetch_optional(&mut *connection).await?;
        // Neither made nor found: another conversation has the id.
        let (id, last_seq) = found.ok_or(StoreError::Conflict("id"))?;
        let created = id == fresh.get();
        if created {
            for member in members {
                // With the same `fresh` as before they are there already.
                let mut insert = QueryBuilder::<Db>::new(
                    "INSERT INTO message_session (user_id, conversation_id, joined_at) VALUES (",
                );
                let mut values = insert.separated(", ");
                values.push_bind(member.get()).push_bind(id).push_bind(now);
                insert.push(")").push(dialect.or_nothing("user_id"));
                insert.build().execute(&mut *connection).await?;
            }
        }
        PrivateConversation { id: ConversationId::new(id), last_seq: Seq::new(last_seq), created }
    });
    // Whoever blocks holds both people's locks, of which we have a share: they come before, or find
    // this conversation.
    if opened.created && is_blocked(transaction, one, other).await? {
        on_engine!(transaction.connection()?, |connection| {
            sqlx::query("UPDATE conversation SET closed = ? WHERE id = ?")
                .bind(BLOCKED)
                .bind(opened.id.get())
                .execute(connection)
                .await?;
        });
    }
    Ok(opened)
}
