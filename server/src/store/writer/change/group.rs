//! A group's row: what of it a change may change.

use app::protocol::{ConversationId, History, Timestamp};

use crate::store::Result;
use crate::store::codes::{EVERYTHING, GROUP};
use crate::store::engine::on_engine;
use crate::store::names::name_key;
use crate::store::transaction::Transaction;

/// What of a group's row a change may change.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) avatar: Option<String>,
    pub(super) is_open: i64,
    pub(super) history: i64,
    pub(super) closed: i64,
    pub(super) member_count: i64,
    pub(super) rev: i64,
    pub(super) last_activity: Timestamp,
}

impl Group {
    /// One that is made now.
    pub(super) fn new(name: String, open: bool, history: History) -> Self {
        let mut group = Self {
            name,
            avatar: None,
            is_open: i64::from(open),
            history: 0,
            closed: 0,
            member_count: 0,
            rev: 0,
            last_activity: 0,
        };
        group.set_history(history);
        group
    }

    pub(super) fn set_history(&mut self, history: History) {
        self.history = match history {
            History::Joined => 1,
            History::All => EVERYTHING,
        };
    }
}

/// A group's row, under its conversation's lock; absent where there is no conversation.
pub(super) async fn find_group(
    transaction: &mut Transaction,
    id: ConversationId,
) -> Result<Option<Group>> {
    Ok(on_engine!(transaction.connection()?, |connection| {
        sqlx::query_as(
            "SELECT name, avatar, is_open, history, closed, member_count, rev, last_activity \
             FROM conversation WHERE id = ?",
        )
        .bind(id.get())
        .fetch_optional(connection)
        .await?
    }))
}

/// Makes the row of a group that nobody is in yet.
pub(super) async fn insert_group(
    transaction: &mut Transaction,
    id: ConversationId,
    group: &Group,
    now: Timestamp,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "INSERT INTO conversation (id, kind, name, is_open, history, last_activity, created_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(id.get())
        .bind(GROUP)
        .bind(&group.name)
        .bind(group.is_open)
        .bind(group.history)
        .bind(now)
        .bind(now)
        .execute(connection)
        .await?;
    });
    Ok(())
}

/// Writes down how a group is now, and that its members are those of this `members_rev`.
pub(super) async fn write_group(
    transaction: &mut Transaction,
    id: ConversationId,
    group: &Group,
    members_rev: i64,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "UPDATE conversation SET name = ?, name_key = ?, avatar = ?, is_open = ?, history = ?, closed = ?, \
             member_count = ?, members_rev = ?, version = version + 1 WHERE id = ?",
        )
        .bind(&group.name)
        .bind(name_key(&group.name))
        .bind(&group.avatar)
        .bind(group.is_open)
        .bind(group.history)
        .bind(group.closed)
        .bind(group.member_count)
        .bind(members_rev)
        .bind(id.get())
        .execute(connection)
        .await?;
    });
    Ok(())
}
