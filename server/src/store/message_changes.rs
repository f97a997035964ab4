//! Messages that change: what the writer reads and writes of them under their conversation's lock.

use app::protocol::{ConversationId, Message, Seq, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::Result;
use super::codes::{JOINED, first_visible};
use super::engine::on_engine;
use super::extras::complete;
use super::rows::{MESSAGE_COLUMNS, MessageRow, mentions_text};
use super::transaction::Transaction;

/// A message as a member sees it, and its conversation's `rev`; absent unless they can see it.
pub(super) async fn visible(
    transaction: &mut Transaction,
    user: UserId,
    id: ConversationId,
    seq: Seq,
) -> Result<Option<(Message, i64)>> {
    let extent: Option<(i64, i64, i64, i64)> =
        on_engine!(transaction.connection()?, |connection| {
            sqlx::query_as(
                "SELECT c.rev, c.history, s.joined_seq, s.cleared_seq \
                 FROM message_session s JOIN conversation c ON c.id = s.conversation_id \
                 WHERE s.user_id = ? AND s.conversation_id = ?",
            )
            .bind(user.get())
            .bind(id.get())
            .fetch_optional(connection)
            .await?
        });
    let Some((rev, history, joined_seq, cleared_seq)) = extent else { return Ok(None) };
    if seq.get() < first_visible(history, joined_seq, cleared_seq) {
        return Ok(None);
    }
    let message = message_at(transaction, Some(user), id, seq).await?;
    Ok(message.map(|message| (message, rev)))
}

/// The message at a position, if it is stored; `mine` of reactions is this reader's.
pub(super) async fn message_at(
    transaction: &mut Transaction,
    reader: Option<UserId>,
    id: ConversationId,
    seq: Seq,
) -> Result<Option<Message>> {
    let row: Option<MessageRow> = on_engine!(transaction.connection()?, |connection, Db| {
        let mut query = QueryBuilder::<Db>::new("SELECT ");
        query.push(MESSAGE_COLUMNS);
        query.push(" FROM message m JOIN user a ON a.id = m.sender_id WHERE ");
        query.push("m.conversation_id = ").push_bind(id.get());
        query.push(" AND m.seq = ").push_bind(seq.get());
        query.build_query_as().fetch_optional(connection).await?
    });
    let partial = row.map(MessageRow::into_partial).transpose()?;
    Ok(complete(transaction.lease(), reader, partial.into_iter().collect()).await?.pop())
}

/// Writes down other words, and whom they name.
pub(super) async fn edit(transaction: &mut Transaction, message: &Message) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "UPDATE message SET content = ?, mentions = ?, edited_at = ?, rev = ? \
             WHERE conversation_id = ? AND seq = ?",
        )
        .bind(message.text())
        .bind(mentions_text(message))
        .bind(message.edited_at)
        .bind(message.rev)
        .bind(message.conversation_id.get())
        .bind(message.seq.get())
        .execute(connection)
        .await?;
    });
    Ok(())
}

/// Leaves only the place of a message.
pub(super) async fn recall(
    transaction: &mut Transaction,
    id: ConversationId,
    seq: Seq,
    rev: i64,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "UPDATE message SET recalled = 1, content = '', mentions = NULL, reply_to_seq = NULL, \
             forwarded_from = NULL, rev = ? WHERE conversation_id = ? AND seq = ?",
        )
        .bind(rev)
        .bind(id.get())
        .bind(seq.get())
        .execute(connection)
        .await?;
    });
    Ok(())
}

/// Something on a message changed.
pub(super) async fn set_rev(
    transaction: &mut Transaction,
    id: ConversationId,
    seq: Seq,
    rev: i64,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query("UPDATE message SET rev = ? WHERE conversation_id = ? AND seq = ?")
            .bind(rev)
            .bind(id.get())
            .bind(seq.get())
            .execute(connection)
            .await?;
    });
    Ok(())
}

/// Something in a conversation changed. Those who follow it behind our backs find it by the moment.
pub(super) async fn raise_rev(
    transaction: &mut Transaction,
    id: ConversationId,
    rev: i64,
    now: Timestamp,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query("UPDATE conversation SET rev = ?, rev_at = ? WHERE id = ?")
            .bind(rev)
            .bind(now)
            .bind(id.get())
            .execute(connection)
            .await?;
    });
    Ok(())
}

/// The members who cannot see what stands at a position: they came later, or have cleared it.
pub(super) async fn hidden_from(
    transaction: &mut Transaction,
    id: ConversationId,
    seq: Seq,
) -> Result<Vec<UserId>> {
    let users: Vec<i64> = on_engine!(transaction.connection()?, |connection| {
        sqlx::query_scalar(
            "SELECT s.user_id FROM message_session s JOIN conversation c ON c.id = s.conversation_id \
             WHERE s.conversation_id = ? \
             AND (s.cleared_seq >= ? OR (c.history = ? AND s.joined_seq > ?))",
        )
        .bind(id.get())
        .bind(seq.get())
        .bind(JOINED)
        .bind(seq.get())
        .fetch_all(connection)
        .await?
    });
    Ok(users.into_iter().map(UserId::new).collect())
}
