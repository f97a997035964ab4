//! Files on their way out: which rows are to go, whose bytes are to be deleted, and which rows are left then.

use std::collections::HashMap;

use app::protocol::{FileId, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::codes::file_state;
use super::dialect::Dialect;
use super::lease::on_pool;
use super::lists::padded;
use super::{Result, Store};

/// How a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileState {
    /// Whether it can be had.
    pub whole: bool,
    /// Whether there may be a thumbnail beside it: it has one, or is yet to be looked into, or was.
    pub may_have_thumbnail: bool,
}

impl Store {
    /// Lets files go whose time is over: unfinished ones, and whole ones that no message holds; at most `limit`.
    /// Returns how many it was.
    pub async fn expire_files(&self, now: Timestamp, limit: u32) -> Result<usize> {
        let mut expired = Vec::new();
        for state in [file_state::INCOMPLETE, file_state::WHOLE] {
            let ids: Vec<i64> = on_pool!(&self.readers, |connection| {
                sqlx::query_scalar(
                    "SELECT id FROM file WHERE state = ? AND expires_at <= ? \
                     ORDER BY expires_at LIMIT ?",
                )
                .bind(state)
                .bind(now)
                .bind(limit)
                .fetch_all(connection)
                .await?
            });
            expired.extend(ids);
        }
        for chunk in padded(&expired) {
            on_pool!(&self.writers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new("UPDATE file SET state = ");
                query.push_bind(file_state::GONE).push(" WHERE state < ");
                // Asked once more: a message may have taken one meanwhile, or more of it may have come.
                query.push_bind(file_state::GONE).push(" AND expires_at <= ").push_bind(now);
                push_ids(&mut query, &chunk);
                query.build().execute(connection).await?;
            });
        }
        Ok(expired.len())
    }

    /// Files that are gone and that nobody writes to any more, whose bytes are to be deleted; at most `limit`.
    pub async fn gone_files(&self, limit: u32) -> Result<Vec<FileId>> {
        let ids: Vec<i64> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT id FROM file WHERE state = ");
            query.push_bind(file_state::GONE).push(" AND lease_until <= ");
            query.push(Dialect::of::<Db>().now()).push(" LIMIT ").push_bind(limit);
            query.build_query_scalar().fetch_all(connection).await?
        });
        Ok(ids.into_iter().map(FileId::new).collect())
    }

    /// Forgets files that are gone, once their bytes are deleted.
    pub async fn forget_files(&self, ids: &[FileId]) -> Result<()> {
        let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
        for chunk in padded(&ids) {
            on_pool!(&self.writers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new("DELETE FROM file WHERE state = ");
                query.push_bind(file_state::GONE);
                push_ids(&mut query, &chunk);
                query.build().execute(connection).await?;
            });
        }
        Ok(())
    }

    /// Uploads all of whose bytes have come, and that nobody is making a file of; at most `limit`.
    pub async fn stalled_uploads(&self, limit: u32) -> Result<Vec<(UserId, FileId)>> {
        let rows: Vec<(i64, i64)> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT owner_id, id FROM file WHERE state = ");
            query.push_bind(file_state::INCOMPLETE).push(" AND received = size");
            // Only those whose lease was not given back, or with that to be done.
            query.push(" AND lease_until BETWEEN 1 AND ").push(Dialect::of::<Db>().now());
            query.push(" LIMIT ").push_bind(limit);
            query.build_query_as().fetch_all(connection).await?
        });
        Ok(rows.into_iter().map(|(owner, id)| (UserId::new(owner), FileId::new(id))).collect())
    }

    /// How these files stand; of those without a row nothing.
    pub async fn file_states(&self, ids: &[FileId]) -> Result<HashMap<FileId, FileState>> {
        let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
        let mut states = HashMap::new();
        for chunk in padded(&ids) {
            let rows: Vec<(i64, i64, i64)> = on_pool!(&self.readers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new("SELECT id, state, CASE WHEN state = ");
                query.push_bind(file_state::WHOLE).push(" AND thumbnail_mime IS NULL ");
                query.push("THEN 0 ELSE 1 END FROM file WHERE state > 0");
                push_ids(&mut query, &chunk);
                query.build_query_as().fetch_all(connection).await?
            });
            states.extend(rows.into_iter().map(|(id, state, thumbnail)| {
                let whole = state == file_state::WHOLE;
                (FileId::new(id), FileState { whole, may_have_thumbnail: thumbnail != 0 })
            }));
        }
        Ok(states)
    }

    /// The ids of whole files above `after`, ascending, each with whether it has a thumbnail; at most `limit`.
    pub async fn whole_files(&self, after: FileId, limit: u32) -> Result<Vec<(FileId, bool)>> {
        let rows: Vec<(i64, i64)> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT id, CASE WHEN thumbnail_mime IS NULL THEN 0 ELSE 1 END FROM file \
                 WHERE id > ? AND state = ? ORDER BY id LIMIT ?",
            )
            .bind(after.get())
            .bind(file_state::WHOLE)
            .bind(limit)
            .fetch_all(connection)
            .await?
        });
        Ok(rows.into_iter().map(|(id, thumbnail)| (FileId::new(id), thumbnail != 0)).collect())
    }

    /// Bytes of all whole files together.
    pub async fn bytes_of_files(&self) -> Result<i64> {
        Ok(on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT CAST(COALESCE(SUM(size), 0) AS SIGNED) FROM file WHERE state = ?",
            )
            .bind(file_state::WHOLE)
            .fetch_one(connection)
            .await?
        }))
    }
}

fn push_ids<Db: sqlx::Database>(query: &mut QueryBuilder<Db>, ids: &[i64])
where
    i64: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    let mut list = query.push(" AND id IN (").separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    query.push(")");
}
