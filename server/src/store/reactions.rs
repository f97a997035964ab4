//! Reactions: an emoji that a person put on a message. Who reads messages reads them by
//! [`super::extras`].

use app::protocol::{ConversationId, Seq, UserId};

use super::Result;
use super::engine::on_engine;
use super::transaction::Transaction;

/// Puts one on, that is not there yet.
pub(super) async fn insert(
    transaction: &mut Transaction,
    id: ConversationId,
    seq: Seq,
    user: UserId,
    emoji: &str,
    rev: i64,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "INSERT INTO reaction (conversation_id, seq, user_id, emoji, rev) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(id.get())
        .bind(seq.get())
        .bind(user.get())
        .bind(emoji)
        .bind(rev)
        .execute(connection)
        .await?;
    });
    Ok(())
}

/// Takes a reaction off a message.
pub(super) async fn delete(
    transaction: &mut Transaction,
    id: ConversationId,
    seq: Seq,
    user: UserId,
    emoji: &str,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(
            "DELETE FROM reaction \
             WHERE conversation_id = ? AND seq = ? AND user_id = ? AND emoji = ?",
        )
        .bind(id.get())
        .bind(seq.get())
        .bind(user.get())
        .bind(emoji)
        .execute(connection)
        .await?;
    });
    Ok(())
}

/// Takes off all that a message has.
pub(super) async fn delete_all(
    transaction: &mut Transaction,
    id: ConversationId,
    seq: Seq,
) -> Result<()> {
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query("DELETE FROM reaction WHERE conversation_id = ? AND seq = ?")
            .bind(id.get())
            .bind(seq.get())
            .execute(connection)
            .await?;
    });
    Ok(())
}
