//! Who may know of whom whether they are there, and when they last were.
//!
//! A person is seen by those among their own contacts and by those with whom they talk in private;
//! never across a block.

use std::collections::HashSet;

use app::protocol::{Timestamp, UserId};
use sqlx::QueryBuilder;

use super::codes::{BLOCKED, PRIVATE, pair_key};
use super::engine::on_engine;
use super::lease::on_pool;
use super::lists::{MAX_LIST, padded};
use super::transaction::transact;
use super::{Result, Store};

/// With whom a user has talked in private, where no block stands between.
const PARTNERS: &str = "SELECT p.user_id FROM message_session s \
     JOIN conversation c ON c.id = s.conversation_id \
     JOIN message_session p ON p.conversation_id = c.id AND p.user_id <> s.user_id \
     WHERE s.user_id = ? AND c.kind = ? AND c.last_seq > 0 AND c.closed <> ?";

/// Which way the contacts are read.
#[derive(Clone, Copy)]
enum Contacts {
    /// Those whom the user has.
    Of,
    /// Those who have the user.
    With,
}

impl Store {
    /// Who may know whether a user is there.
    pub async fn watchers_of(&self, user: UserId) -> Result<Vec<UserId>> {
        self.related(user, Contacts::Of).await
    }

    /// Who is told that a user has another name or picture: private partners with whom something was said, and the
    /// members of shared groups. Ascending, without the user, at most `limit`.
    pub async fn acquaintances_of(&self, user: UserId, limit: u32) -> Result<Vec<UserId>> {
        let ids: Vec<i64> = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT DISTINCT o.user_id FROM message_session s \
                 JOIN conversation c ON c.id = s.conversation_id \
                 JOIN message_session o ON o.conversation_id = s.conversation_id \
                 WHERE s.user_id = ? AND o.user_id <> ? AND c.last_seq > 0 \
                 ORDER BY o.user_id LIMIT ?",
            )
            .bind(user.get())
            .bind(user.get())
            .bind(limit)
            .fetch_all(connection)
            .await?
        });
        Ok(ids.into_iter().map(UserId::new).collect())
    }

    /// Of whom a user may know whether they are there.
    pub async fn watched_by(&self, user: UserId) -> Result<Vec<UserId>> {
        self.related(user, Contacts::With).await
    }

    /// Of which of these people a user may know whether they are there: as [`Self::watched_by`], which
    /// grows with whoever takes the user among their contacts, and this does not.
    pub async fn watched_among(&self, user: UserId, people: &[UserId]) -> Result<HashSet<UserId>> {
        let mut watched = HashSet::new();
        for chunk in padded(people) {
            let ids: Vec<i64> = on_pool!(&self.readers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new(
                    "SELECT w.id FROM (SELECT k.user_id AS id FROM contact k WHERE k.contact_id = ",
                );
                query.push_bind(user.get());
                let mut list = query.push(" AND k.user_id IN (").separated(", ");
                for person in &chunk {
                    list.push_bind(person.get());
                }
                query.push(
                    ") UNION SELECT p.user_id AS id FROM conversation c JOIN message_session p \
                     ON p.conversation_id = c.id WHERE c.last_seq > 0 AND p.user_id <> ",
                );
                query.push_bind(user.get());
                let mut list = query.push(" AND c.pair_key IN (").separated(", ");
                for person in &chunk {
                    list.push_bind(pair_key(user, *person));
                }
                query.push(
                    ")) w WHERE NOT EXISTS (SELECT 1 FROM block b \
                     WHERE (b.user_id = w.id AND b.blocked_id = ",
                );
                query.push_bind(user.get()).push(") OR (b.blocked_id = w.id AND b.user_id = ");
                query.push_bind(user.get()).push("))");
                query.build_query_scalar().fetch_all(connection).await?
            });
            watched.extend(ids.into_iter().map(UserId::new));
        }
        Ok(watched)
    }

    async fn related(&self, user: UserId, contacts: Contacts) -> Result<Vec<UserId>> {
        let (own, others) = match contacts {
            Contacts::Of => ("user_id", "contact_id"),
            Contacts::With => ("contact_id", "user_id"),
        };
        // UNION leaves out who is in both.
        let text = format!(
            "SELECT k.{others} FROM contact k \
             LEFT JOIN block x ON x.user_id = k.user_id AND x.blocked_id = k.contact_id \
             LEFT JOIN block y ON y.user_id = k.contact_id AND y.blocked_id = k.user_id \
             WHERE k.{own} = ? AND x.user_id IS NULL AND y.user_id IS NULL UNION {PARTNERS}"
        );
        let rows: Vec<(i64,)> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(sqlx::AssertSqlSafe(text))
                .bind(user.get())
                .bind(user.get())
                .bind(PRIVATE)
                .bind(BLOCKED)
                .fetch_all(connection)
                .await?
        });
        Ok(rows.into_iter().map(|(id,)| UserId::new(id)).collect())
    }

    /// Whether `watcher` may know whether `user` is there.
    pub async fn may_watch(&self, watcher: UserId, user: UserId) -> Result<bool> {
        let ways: i64 = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT COUNT(*) FROM (SELECT k.user_id FROM contact k \
                 WHERE k.user_id = ? AND k.contact_id = ? \
                 UNION ALL SELECT c.id FROM conversation c WHERE c.pair_key = ? AND c.last_seq > 0) \
                 ways WHERE NOT EXISTS (SELECT 1 FROM block b WHERE (b.user_id = ? \
                 AND b.blocked_id = ?) OR (b.user_id = ? AND b.blocked_id = ?))",
            )
            .bind(user.get())
            .bind(watcher.get())
            .bind(pair_key(watcher, user))
            .bind(user.get())
            .bind(watcher.get())
            .bind(watcher.get())
            .bind(user.get())
            .fetch_one(connection)
            .await?
        });
        Ok(ways > 0)
    }

    /// When users were last there; absent of those who do not show it, or never were.
    pub async fn last_seen(&self, users: &[UserId]) -> Result<Vec<(UserId, Option<Timestamp>)>> {
        let mut seen = Vec::with_capacity(users.len());
        for chunk in padded(users) {
            let rows: Vec<(i64, Option<Timestamp>)> = on_pool!(&self.readers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new(
                    "SELECT id, CASE WHEN show_last_seen = 1 THEN last_seen_at END \
                     FROM user WHERE id IN (",
                );
                let mut list = query.separated(", ");
                for user in &chunk {
                    list.push_bind(user.get());
                }
                query.push(")");
                query.build_query_as().fetch_all(connection).await?
            });
            seen.extend(rows.into_iter().map(|(id, at)| (UserId::new(id), at)));
        }
        Ok(seen)
    }

    /// Sets when users were last there. Many may go at once: they share their commits.
    pub async fn set_last_seen(&self, seen: &[(UserId, Timestamp)]) -> Result<()> {
        // In one order, so that two nodes do not wait for each other's rows.
        let mut seen = seen.to_vec();
        seen.sort_unstable();
        for chunk in seen.chunks(MAX_LIST) {
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
