//! Who left a group into which someone had brought them, for as long as that one may not bring them back.

use app::protocol::Timestamp;

use super::lease::on_pool;
use super::{Result, Store};

/// How long whoever left a group is not brought back by the one who had brought them, in milliseconds.
pub(super) const LEFT_ALONE_MS: Timestamp = 24 * 60 * 60 * 1_000;

/// A departure, by its key: the group, who left, and who had brought them.
pub type DepartureKey = (i64, i64, i64);

impl Store {
    /// Forgets departures that count no longer, among the `limit` that come after this one; returns the last one
    /// looked at, absent where none comes after.
    pub async fn forget_departures(
        &self,
        after: DepartureKey,
        now: Timestamp,
        limit: u32,
    ) -> Result<Option<DepartureKey>> {
        let rows: Vec<(i64, i64, i64, Timestamp)> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT conversation_id, user_id, added_by, left_at FROM departure \
                 WHERE conversation_id > ? OR conversation_id = ? AND (user_id > ? \
                 OR user_id = ? AND added_by > ?) \
                 ORDER BY conversation_id, user_id, added_by LIMIT ?",
            )
            .bind(after.0)
            .bind(after.0)
            .bind(after.1)
            .bind(after.1)
            .bind(after.2)
            .bind(limit)
            .fetch_all(connection)
            .await?
        });
        let over = now - LEFT_ALONE_MS;
        let mut groups: Vec<i64> =
            rows.iter().filter(|row| row.3 <= over).map(|row| row.0).collect();
        groups.dedup();
        for group in groups {
            // As the writer does it where another member leaves: of one group, by its key.
            on_pool!(&self.writers, |connection| {
                sqlx::query("DELETE FROM departure WHERE conversation_id = ? AND left_at <= ?")
                    .bind(group)
                    .bind(over)
                    .execute(connection)
                    .await?;
            });
        }
        Ok(rows.last().map(|row| (row.0, row.1, row.2)))
    }
}
