//! The SQL of the writer's transaction: a handful of statements however large the batch is.

use std::collections::HashMap;
use std::sync::Arc;

use app::protocol::{ConversationId, Message, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::batch::QueuedAppend;
use super::known::{Name, Stored};
use super::plan::{Conversations, MarkPosition, Steps};
use crate::store::Result;
use crate::store::dialect::Dialect;
use crate::store::engine::on_engine;
use crate::store::extras::complete;
use crate::store::lists::{padded, powers_of_two};
use crate::store::rows::{MESSAGE_COLUMNS, MessageRow, mentions_text, stored_content, type_number};
use crate::store::transaction::Transaction;

/// Whether to wait for a lock that another holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Locks {
    /// Wait, for 2 s at most.
    Wait,
    /// No: others come after this one.
    Now,
}

/// A conversation's row, locked.
#[derive(sqlx::FromRow)]
pub(super) struct Locked {
    pub(super) id: i64,
    pub(super) kind: i64,
    pub(super) last_seq: i64,
    pub(super) closed: i64,
    pub(super) members_rev: i64,
}

/// Locks these conversations, which are given in ascending order: whoever takes several locks takes
/// them in this order, and so nobody waits in a circle. Those that do not exist are left out.
pub(super) async fn lock(
    transaction: &mut Transaction,
    ids: &[ConversationId],
    locks: Locks,
) -> Result<Vec<Locked>> {
    let mut locked = Vec::with_capacity(ids.len());
    for chunk in padded(ids) {
        let rows: Vec<Locked> = on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT id, kind, last_seq, closed, members_rev FROM conversation WHERE id IN (",
            );
            let mut list = query.separated(", ");
            for id in &chunk {
                list.push_bind(id.get());
            }
            let dialect = Dialect::of::<Db>();
            query.push(") ORDER BY id").push(match locks {
                Locks::Wait => dialect.for_update(),
                Locks::Now => dialect.for_update_now(),
            });
            query.build_query_as().fetch_all(connection).await?
        });
        locked.extend(rows);
    }
    Ok(locked)
}

/// The messages among these that are stored already.
pub(super) async fn find_stored(
    transaction: &mut Transaction,
    appends: &[QueuedAppend],
) -> Result<Stored> {
    let appends: Vec<_> = appends.iter().collect();
    let mut stored = HashMap::new();
    for chunk in padded(&appends) {
        let rows: Vec<MessageRow> = on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = messages::<Db>();
            for (index, append) in chunk.iter().enumerate() {
                query.push(if index == 0 { "(" } else { " OR (" });
                query.push("m.conversation_id = ").push_bind(append.conversation_id.get());
                query.push(" AND m.sender_id = ").push_bind(append.sender.id.get());
                query.push(" AND m.client_id = ").push_bind(append.client_id.as_str()).push(")");
            }
            query.build_query_as().fetch_all(connection).await?
        });
        let partial = rows.into_iter().map(MessageRow::into_partial).collect::<Result<_>>()?;
        for message in complete(transaction.lease(), None, partial).await? {
            stored.insert(name(&message), Arc::new(message));
        }
    }
    Ok(stored)
}

/// The message under this name, if it is stored.
pub(super) async fn find_message(
    transaction: &mut Transaction,
    id: ConversationId,
    sender: UserId,
    client_id: &str,
) -> Result<Option<Message>> {
    let row: Option<MessageRow> = on_engine!(transaction.connection()?, |connection, Db| {
        let mut query = messages::<Db>();
        query.push("m.conversation_id = ").push_bind(id.get());
        query.push(" AND m.sender_id = ").push_bind(sender.get());
        query.push(" AND m.client_id = ").push_bind(client_id);
        query.build_query_as().fetch_optional(connection).await?
    });
    let partial = row.map(MessageRow::into_partial).transpose()?;
    Ok(complete(transaction.lease(), None, partial.into_iter().collect()).await?.pop())
}

fn messages<Db: sqlx::Database>() -> QueryBuilder<Db> {
    let mut query = QueryBuilder::new("SELECT ");
    query.push(MESSAGE_COLUMNS);
    query.push(" FROM message m LEFT JOIN user a ON a.id = m.sender_id WHERE ");
    query
}

fn name(message: &Message) -> Name {
    (message.conversation_id, message.sender.id, message.client_id.as_str().to_owned())
}

/// Inserts messages that are numbered.
pub(super) async fn insert(transaction: &mut Transaction, messages: &[Arc<Message>]) -> Result<()> {
    for chunk in powers_of_two(messages) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "INSERT INTO message (conversation_id, seq, sender_id, client_id, message_type, \
                 content, reply_to_seq, forwarded_from, mentions, created_at) ",
            );
            query.push_values(chunk, |mut row, message| {
                row.push_bind(message.conversation_id.get());
                row.push_bind(message.seq.get());
                row.push_bind(message.sender.id.get());
                row.push_bind(message.client_id.as_str());
                row.push_bind(type_number(message.content.kind()));
                row.push_bind(stored_content(message));
                row.push_bind(message.reply_to.as_ref().map(|quote| quote.seq.get()));
                row.push_bind(message.forwarded_from.as_ref().map(|author| author.id.get()));
                row.push_bind(mentions_text(message));
                row.push_bind(message.created_at);
            });
            query.build().execute(connection).await?;
        });
    }
    Ok(())
}

/// Which of these marks have messages of their member's own just above them, and where they step.
pub(super) async fn find_steps(
    transaction: &mut Transaction,
    mark_positions: &[MarkPosition],
) -> Result<Steps> {
    let mut steps = HashMap::new();
    for chunk in padded(mark_positions) {
        let rows: Vec<(i64, i64, i64)> = on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "SELECT conversation_id, sender_id, seq FROM message WHERE ",
            );
            for (index, position) in chunk.iter().enumerate() {
                query.push(if index == 0 { "(" } else { " OR (" });
                query.push("conversation_id = ").push_bind(position.conversation_id.get());
                query.push(" AND seq = ").push_bind(position.seq + 1);
                query.push(" AND sender_id = ").push_bind(position.user_id.get()).push(")");
            }
            query.build_query_as().fetch_all(connection).await?
        });
        for (conversation_id, user_id, seq) in rows {
            let position = MarkPosition {
                conversation_id: ConversationId::new(conversation_id),
                user_id: UserId::new(user_id),
                seq: seq - 1,
            };
            steps.insert(position, end_of_run(transaction, position).await?);
        }
    }
    Ok(steps)
}

/// The last of the own messages that stand in a row above a mark. Rows of them are short: whoever
/// writes has mostly read what is above.
async fn end_of_run(transaction: &mut Transaction, position: MarkPosition) -> Result<i64> {
    let foreign: Option<i64> = on_engine!(transaction.connection()?, |connection| {
        sqlx::query_scalar(
            "SELECT seq FROM message WHERE conversation_id = ? AND seq > ? AND sender_id <> ? \
             ORDER BY seq LIMIT 1",
        )
        .bind(position.conversation_id.get())
        .bind(position.seq)
        .bind(position.user_id.get())
        .fetch_optional(connection)
        .await?
    });
    Ok(foreign.map_or(i64::MAX, |seq| seq - 1))
}

/// Writes down what the plan changed in the conversations and their members' sessions.
pub(super) async fn update(
    transaction: &mut Transaction,
    conversations: &Conversations,
    now: Timestamp,
) -> Result<()> {
    let grown: Vec<_> =
        conversations.iter().filter(|(_, conversation)| conversation.grown).collect();
    // The rows exist and are locked: the INSERT always becomes an update, of all in one statement.
    for chunk in padded(&grown) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query =
                QueryBuilder::<Db>::new("INSERT INTO conversation (id, last_seq, last_activity) ");
            query.push_values(&chunk, |mut row, (id, conversation)| {
                row.push_bind(id.get()).push_bind(conversation.last_seq).push_bind(now);
            });
            query.push(Dialect::of::<Db>().or_update("id", &["last_seq", "last_activity"]));
            query.build().execute(connection).await?;
        });
    }
    let changed: Vec<_> = conversations
        .iter()
        .flat_map(|(id, found)| found.members.iter().map(move |member| (id, member)))
        .filter(|(_, member)| member.changed)
        .collect();
    for chunk in padded(&changed) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new(
                "INSERT INTO message_session (user_id, conversation_id, read_seq, delivered_seq, \
                 marked_unread, version) ",
            );
            query.push_values(&chunk, |mut row, (id, member)| {
                row.push_bind(member.user_id.get()).push_bind(id.get());
                row.push_bind(member.read_seq).push_bind(member.delivered_seq);
                row.push_bind(i64::from(member.marked_unread)).push_bind(member.version);
            });
            query.push(Dialect::of::<Db>().or_update(
                "user_id, conversation_id",
                &["read_seq", "delivered_seq", "marked_unread", "version"],
            ));
            query.build().execute(connection).await?;
        });
    }
    Ok(())
}
