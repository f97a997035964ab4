//! What the operator has to say, and who has seen it.

use std::time::Duration;

use app::protocol::{ListPage, Notice, NotificationId, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::dialect::Dialect;
use super::error::conflict;
use super::lease::on_pool;
use super::lists::padded;
use super::{Result, Store};

/// `state` of one that is to be told.
const WAITING: i64 = 1;
/// `state` of one that someone is about to tell.
const CLAIMED: i64 = 2;
/// `state` of one that was told.
const TOLD: i64 = 3;

/// Notices that are told in one go.
const BATCH_SIZE: i64 = 100;

#[derive(sqlx::FromRow)]
struct NoticeRow {
    id: i64,
    user_id: Option<i64>,
    content: String,
    created_at: Timestamp,
    valid_until: Timestamp,
}

impl NoticeRow {
    fn into_notice(self) -> Notice {
        Notice {
            id: NotificationId::new(self.id),
            text: self.content,
            at: self.created_at,
            until: self.valid_until,
        }
    }
}

impl Store {
    /// Stores a notice to one person, or to everyone, for a running server to tell.
    ///
    /// # Errors
    /// `Conflict("id")` where the id is taken.
    pub async fn insert_notice(&self, notice: &Notice, to: Option<UserId>) -> Result<()> {
        let dialect = self.writers.dialect();
        on_pool!(&self.writers, |connection| {
            sqlx::query(
                "INSERT INTO notice (id, user_id, content, created_at, valid_until) \
                 VALUES (?, ?, ?, ?, ?)",
            )
            .bind(notice.id.get())
            .bind(to.map(UserId::get))
            .bind(&notice.text)
            .bind(notice.at)
            .bind(notice.until)
            .execute(connection)
            .await
            .map_err(|error| conflict(error, dialect, "id"))?;
        });
        Ok(())
    }

    /// A page of the notices to a person that count still and that they have not seen, the latest first. An unknown
    /// cursor is as none.
    pub async fn notices(
        &self,
        user: UserId,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Notice>> {
        let before: i64 = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(i64::MAX);
        let mut rows: Vec<NoticeRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT n.id, n.user_id, n.content, n.created_at, n.valid_until FROM notice n \
                 WHERE n.valid_until > ? AND n.id < ? AND (n.user_id IS NULL OR n.user_id = ?) \
                 AND NOT EXISTS (SELECT 1 FROM notice_seen s \
                 WHERE s.notice_id = n.id AND s.user_id = ?) ORDER BY n.id DESC LIMIT ?",
            )
            .bind(now)
            .bind(before)
            .bind(user.get())
            .bind(user.get())
            .bind(i64::from(limit) + 1)
            .fetch_all(connection)
            .await?
        });
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next_cursor = rows.last().filter(|_| more).map(|row| row.id.to_string());
        let items = rows.into_iter().map(NoticeRow::into_notice).collect();
        Ok(ListPage { items, next_cursor })
    }

    /// Notes that a person has seen a notice; false where there is none to them.
    pub async fn see_notice(&self, user: UserId, id: NotificationId) -> Result<bool> {
        let there: Option<i64> = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT id FROM notice WHERE id = ? AND (user_id IS NULL OR user_id = ?)",
            )
            .bind(id.get())
            .bind(user.get())
            .fetch_optional(connection)
            .await?
        });
        if there.is_none() {
            return Ok(false);
        }
        on_pool!(&self.writers, |connection, Db| {
            let mut insert =
                QueryBuilder::<Db>::new("INSERT INTO notice_seen (notice_id, user_id) VALUES (");
            let mut values = insert.separated(", ");
            values.push_bind(id.get()).push_bind(user.get());
            insert.push(")").push(Dialect::of::<Db>().or_nothing("notice_id"));
            insert.build().execute(connection).await?;
        });
        Ok(true)
    }

    /// Claims notices that are to be told, for so long, and gives them with whom they are for; absent: everyone. `owner`
    /// names this claim and no other.
    pub async fn claim_notices(
        &self,
        owner: i64,
        lease: Duration,
    ) -> Result<Vec<(Notice, Option<UserId>)>> {
        let waiting: Vec<i64> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT id FROM notice WHERE ");
            push_unclaimed(&mut query);
            query.push(" LIMIT ").push_bind(BATCH_SIZE);
            query.build_query_scalar().fetch_all(connection).await?
        });
        let Some(ids) = padded(&waiting).next() else { return Ok(Vec::new()) };
        on_pool!(&self.writers, |connection, Db| {
            let lease = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX / 4);
            let mut query = QueryBuilder::<Db>::new("UPDATE notice SET owner = ");
            query.push_bind(owner).push(", lease_until = ").push(Dialect::of::<Db>().now());
            query.push(" + ").push_bind(lease);

            query.push(", state = ").push_bind(CLAIMED).push(" WHERE ");
            push_unclaimed(&mut query);
            let mut list = query.push(" AND id IN (").separated(", ");
            for id in &ids {
                list.push_bind(*id);
            }
            query.push(")").build().execute(connection).await?;
        });
        let rows: Vec<NoticeRow> = on_pool!(&self.writers, |connection| {
            sqlx::query_as(
                "SELECT id, user_id, content, created_at, valid_until FROM notice \
                 WHERE state = ? AND owner = ? ORDER BY id",
            )
            .bind(CLAIMED)
            .bind(owner)
            .fetch_all(connection)
            .await?
        });
        Ok(rows
            .into_iter()
            .map(|row| (row.user_id.map(UserId::new), row.into_notice()))
            .map(|(to, notice)| (notice, to))
            .collect())
    }

    /// Ends a claim: its notices were told.
    pub async fn settle_notices(&self, owner: i64) -> Result<()> {
        on_pool!(&self.writers, |connection| {
            sqlx::query("UPDATE notice SET state = ?, owner = 0 WHERE state = ? AND owner = ?")
                .bind(TOLD)
                .bind(CLAIMED)
                .bind(owner)
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// Forgets who has seen notices that ended before a moment, and then these; at most `limit` rows. Returns how many it
    /// was.
    pub async fn forget_notices(&self, ended_before: Timestamp, limit: u32) -> Result<u64> {
        let seen: Vec<(i64, i64)> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT s.notice_id, s.user_id FROM notice_seen s JOIN notice n ON n.id = s.notice_id \
                 WHERE n.valid_until <= ? LIMIT ?",
            )
            .bind(ended_before)
            .bind(limit)
            .fetch_all(connection)
            .await?
        });
        let mut forgotten = 0;
        for chunk in padded(&seen) {
            forgotten += on_pool!(&self.writers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new("DELETE FROM notice_seen WHERE ");
                for (index, (notice, user)) in chunk.iter().enumerate() {
                    query.push(if index == 0 { "(notice_id = " } else { " OR (notice_id = " });
                    query.push_bind(*notice).push(" AND user_id = ").push_bind(*user).push(")");
                }
                query.build().execute(connection).await?.rows_affected()
            });
        }
        if forgotten == 0 {
            forgotten = on_pool!(&self.writers, |connection| {
                sqlx::query("DELETE FROM notice WHERE valid_until <= ?")
                    .bind(ended_before)
                    .execute(connection)
                    .await?
                    .rows_affected()
            });
        }
        Ok(forgotten)
    }
}

/// Whether a notice is to be told and nobody is about to.
fn push_unclaimed<Db: sqlx::Database>(query: &mut QueryBuilder<Db>)
where
    i64: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    let now = Dialect::of::<Db>().now();
    query.push("(state = ").push_bind(WAITING).push(" OR (state = ").push_bind(CLAIMED);
    query.push(" AND lease_until <= ").push(now).push("))");
}
