//! Who may know of whom whether they are there, and when they last were.

use app::protocol::{Timestamp, UserId};

use super::conversations::PRIVATE;
use super::engine::on_engine;
use super::lists::LONGEST;
use super::transaction::transact;
use super::{Result, Store};

impl Store {
    /// Whom a user has talked with in private.
    pub async fn private_partners(&self, user: UserId) -> Result<Vec<UserId>> {
        let rows: Vec<(i64,)> = on_engine!(&self.readers, |pool| {
            sqlx::query_as(
                "SELECT p.user_id FROM message_session s \
                 JOIN conversation c ON c.id = s.conversation_id \
                 JOIN message_session p ON p.conversation_id = c.id AND p.user_id <> s.user_id \
                 WHERE s.user_id = ? AND c.kind = ? AND c.last_seq > 0",
            )
            .bind(user.get())
            .bind(PRIVATE)
            .fetch_all(pool)
            .await?
        });
        Ok(rows.into_iter().map(|(id,)| UserId::new(id)).collect())
    }

    /// When a user was last there; absent when they do not show it, or never were.
    pub async fn last_seen(&self, user: UserId) -> Result<Option<Timestamp>> {
        let row: Option<(Option<Timestamp>,)> = on_engine!(&self.readers, |pool| {
            sqlx::query_as("SELECT last_seen_at FROM user WHERE id = ? AND show_last_seen = 1")
                .bind(user.get())
                .fetch_optional(pool)
                .await?
        });
        Ok(row.and_then(|(at,)| at))
    }

    /// Sets when users were last there. Many may go at once: they share their commits.
    pub async fn set_last_seen(&self, seen: &[(UserId, Timestamp)]) -> Result<()> {
        // In one order, so that two nodes do not wait for each other's rows.
        let mut seen = seen.to_vec();
        seen.sort_unstable();
        for chunk in seen.chunks(LONGEST) {
            transact!(self, |transaction| {
                for (user, at) in chunk {
                    on_engine!(transaction.connection()?, |connection| {
                        sqlx::query(
                            "UPDATE user SET last_seen_at = ? WHERE id = ? AND deleted_at IS NULL",
                        )
                        .bind(at)
                        .bind(user.get())
                        .execute(connection)
                        .await?;
                    });
                }
                Ok(())
            });
        }
        Ok(())
    }
}
