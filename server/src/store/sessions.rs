//! A member's own entry for a conversation: what they set of it, and hiding it.
//!
//! Whoever changes a session holds its conversation's lock, as the writer does for marks.

use app::protocol::{ConversationId, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::dialect::Dialect;
use super::engine::on_engine;
use super::transaction::{Transaction, transact};
use super::{Result, Store};

/// What a member sets of their session; what is absent stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionChange {
    /// Stands on top of the list.
    pub pinned: Option<bool>,
    /// Silent until then; not later than now: no longer silent.
    pub muted_until: Option<Timestamp>,
    /// Out of the list until a new message comes.
    pub archived: Option<bool>,
    /// Whether it is flagged as unread.
    pub marked_unread: Option<bool>,
}

/// What may be set of a session, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Entry {
    pinned: i64,
    muted_until: Option<Timestamp>,
    archived_seq: i64,
    marked_unread: i64,
    cleared_seq: i64,
}

/// Whether a session is out of its list: until a message comes that is newer than `archived_seq`, or
/// as long as it is silent.
pub(super) fn is_archived(
    archived_seq: i64,
    last_seq: i64,
    muted_until: Option<Timestamp>,
    now: Timestamp,
) -> bool {
    archived_seq > 0 && (archived_seq >= last_seq || muted_until.is_some_and(|until| until > now))
}

impl Entry {
    fn changed(self, change: SessionChange, last_seq: i64, now: Timestamp) -> Self {
        let muted_until = change.muted_until.map_or(self.muted_until, Some);
        let archived = is_archived(self.archived_seq, last_seq, self.muted_until, now);
        Self {
            pinned: change.pinned.map_or(self.pinned, i64::from),
            muted_until: muted_until.filter(|until| *until > now),
            archived_seq: match change.archived {
                Some(true) => last_seq,
                None if archived => self.archived_seq,
                // What a message has brought back does not vanish when it is muted later.
                _ => 0,
            },
            marked_unread: change.marked_unread.map_or(self.marked_unread, i64::from),
            ..self
        }
    }

    /// Hidden with all that was said so far. It returns with the next message as any other, but as
    /// silent as it was.
    fn hidden(self, last_seq: i64) -> Self {
        let cleared_seq = last_seq.max(self.cleared_seq);
        Self { pinned: 0, archived_seq: 0, marked_unread: 0, cleared_seq, ..self }
    }
}

impl Store {
    /// Changes a member's session; tells whether anything is different now. Absent unless a member.
    pub async fn change_session(
        &self,
        user: UserId,
        id: ConversationId,
        change: SessionChange,
        now: Timestamp,
    ) -> Result<Option<bool>> {
        Ok(transact!(self, |transaction| {
            let Some((last_seq, entry)) = locked(transaction, user, id).await? else {
                return Ok(None);
            };
            replace(transaction, user, id, entry, entry.changed(change, last_seq, now)).await
        }))
    }

    /// Hides a conversation and its history up to now from a member; tells whether anything is
    /// different now. Absent unless a member.
    pub async fn hide_conversation(
        &self,
        user: UserId,
        id: ConversationId,
    ) -> Result<Option<bool>> {
        Ok(transact!(self, |transaction| {
            let Some((last_seq, entry)) = locked(transaction, user, id).await? else {
                return Ok(None);
            };
            replace(transaction, user, id, entry, entry.hidden(last_seq)).await
        }))
    }
}

/// Locks a conversation, and reads its newest position and the member's session. One that is not
/// there is looked for as long as one that is not theirs.
async fn locked(
    transaction: &mut Transaction,
    user: UserId,
    id: ConversationId,
) -> Result<Option<(i64, Entry)>> {
    let last_seq: Option<i64> = on_engine!(transaction.connection()?, |connection, Db| {
        let mut query = QueryBuilder::<Db>::new("SELECT last_seq FROM conversation WHERE id = ");
        query.push_bind(id.get()).push(Dialect::of::<Db>().for_update());
        query.build_query_scalar().fetch_optional(connection).await?
    });
    let entry: Option<Entry> = on_engine!(transaction.connection()?, |connection| {
        sqlx::query_as(
            "SELECT pinned, muted_until, archived_seq, marked_unread, cleared_seq \
             FROM message_session WHERE user_id = ? AND conversation_id = ?",
        )
        .bind(user.get())
        .bind(id.get())
        .fetch_optional(connection)
        .await?
    });
    Ok(last_seq.zip(entry))
}

async fn replace(
    transaction: &mut Transaction,
    user: UserId,
    id: ConversationId,
    old: Entry,
    new: Entry,
) -> Result<Option<bool>> {
    if old == new {
        return Ok(Some(false));
    }
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "UPDATE message_session SET pinned = ?, muted_until = ?, archived_seq = ?, \
             marked_unread = ?, cleared_seq = ?, version = version + 1 \
             WHERE user_id = ? AND conversation_id = ?",
        )
        .bind(new.pinned)
        .bind(new.muted_until)
        .bind(new.archived_seq)
        .bind(new.marked_unread)
        .bind(new.cleared_seq)
        .bind(user.get())
        .bind(id.get())
        .execute(connection)
        .await?;
    });
    Ok(Some(true))
}
