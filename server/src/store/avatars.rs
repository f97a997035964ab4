//! Pictures of people and groups, by the hash of their bytes: which are kept, and until when one is that nobody has.
//!
//! One is kept for a while before anybody has it, and once it was taken off; the sweep then asks who has it. Whoever
//! takes one, and the sweep, lock its row first.

use app::protocol::Timestamp;
use sqlx::QueryBuilder;

use super::codes::file_state::{GONE, WHOLE};
use super::dialect::Dialect;
use super::engine::on_engine;
use super::lease::on_pool;
use super::lists::padded;
use super::transaction::{Transaction, transact};
use super::{Result, Store};

/// How long a picture is kept that nobody has taken yet, in milliseconds.
const UNTAKEN_MS: Timestamp = 60 * 60 * 1_000;

impl Store {
    /// Has a picture kept that somebody is about to take: to be said before its bytes are stored. Tells whether it can
    /// be; not while another of the same bytes is being deleted.
    pub async fn reserve_avatar(&self, hash: &str, now: Timestamp) -> Result<bool> {
        Ok(transact!(self, |transaction| {
            let until = now + UNTAKEN_MS;
            on_engine!(transaction.connection()?, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new(
                    "INSERT INTO avatar (hash, state, created_at, expires_at) VALUES (",
                );
                query.push_bind(hash).push(", ").push_bind(WHOLE).push(", ").push_bind(now);
                query.push(", ").push_bind(until).push(")");
                query.push(Dialect::of::<Db>().or_nothing("hash"));
                query.build().execute(connection).await?;
            });
            if state(transaction, hash).await? != Some(WHOLE) {
                return Ok(false);
            }
            // One that somebody has stays for ever, as it is.
            on_engine!(transaction.connection()?, |connection| {
                sqlx::query(
                    "UPDATE avatar SET expires_at = ? WHERE hash = ? AND expires_at IS NOT NULL",
                )
                .bind(until)
                .bind(hash)
                .execute(connection)
                .await?;
            });
            Ok(true)
        }))
    }

    /// Gives up those pictures whose time is over and that nobody has, at most `limit`; tells how many were looked at.
    pub async fn expire_avatars(&self, now: Timestamp, limit: u32) -> Result<usize> {
        let over: Vec<String> = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT hash FROM avatar WHERE state = ? AND expires_at <= ? ORDER BY expires_at LIMIT ?",
            )
            .bind(WHOLE)
            .bind(now)
            .bind(limit)
            .fetch_all(connection)
            .await?
        });
        for hash in &over {
            transact!(self, |transaction| expire(transaction, hash, now).await);
        }
        Ok(over.len())
    }

    /// Pictures whose bytes are to be deleted, at most `limit`, by their hashes.
    pub async fn gone_avatars(&self, limit: u32) -> Result<Vec<String>> {
        Ok(on_pool!(&self.readers, |connection| {
            sqlx::query_scalar("SELECT hash FROM avatar WHERE state = ? LIMIT ?")
                .bind(GONE)
                .bind(limit)
                .fetch_all(connection)
                .await?
        }))
    }

    /// Forgets a picture whose bytes are deleted.
    pub async fn forget_avatar(&self, hash: &str) -> Result<()> {
        on_pool!(&self.writers, |connection| {
            sqlx::query("DELETE FROM avatar WHERE hash = ? AND state = ?")
                .bind(hash)
                .bind(GONE)
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// Of these pictures those that have a row, by their hashes.
    pub async fn known_avatars(&self, hashes: &[String]) -> Result<Vec<String>> {
        let mut known = Vec::new();
        for chunk in padded(hashes) {
            let rows: Vec<String> = on_pool!(&self.readers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new("SELECT hash FROM avatar WHERE hash IN (");
                let mut list = query.separated(", ");
                for hash in &chunk {
                    list.push_bind(hash.as_str());
                }
                query.push(")");
                query.build_query_scalar().fetch_all(connection).await?
            });
            known.extend(rows);
        }
        Ok(known)
    }

    /// The hashes above `after` of pictures that somebody has, ascending; at most `limit`.
    pub async fn taken_avatars(&self, after: &str, limit: u32) -> Result<Vec<String>> {
        Ok(on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT hash FROM avatar WHERE hash > ? AND state = ? AND expires_at IS NULL \
                 ORDER BY hash LIMIT ?",
            )
            .bind(after)
            .bind(WHOLE)
            .bind(limit)
            .fetch_all(connection)
            .await?
        }))
    }

    /// Whether a picture is there to be seen.
    pub async fn has_avatar(&self, hash: &str) -> Result<bool> {
        let state: Option<i64> = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar("SELECT state FROM avatar WHERE hash = ?")
                .bind(hash)
                .fetch_optional(connection)
                .await?
        });
        Ok(state == Some(WHOLE))
    }
}

/// Has somebody take one picture in the place of another, within the transaction that says so; tells whether the new
/// one is kept still. Nothing has changed where it is not.
pub(super) async fn exchange(
    transaction: &mut Transaction,
    old: Option<&str>,
    new: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    // In one order, so that two who exchange the same do not wait for each other.
    let mut locked: Vec<_> = old.into_iter().chain(new).collect();
    locked.sort_unstable();
    for hash in locked {
        if state(transaction, hash).await? != Some(WHOLE) && new == Some(hash) {
            return Ok(false);
        }
    }
    for (hash, expires_at) in [(old, Some(now)), (new, None)] {
        let Some(hash) = hash else { continue };
        on_engine!(transaction.connection()?, |connection| {
            sqlx::query("UPDATE avatar SET expires_at = ? WHERE hash = ? AND state = ?")
                .bind(expires_at)
                .bind(hash)
                .bind(WHOLE)
                .execute(connection)
                .await?;
        });
    }
    Ok(true)
}

/// The state of a picture, whose row is locked until the commit.
async fn state(transaction: &mut Transaction, hash: &str) -> Result<Option<i64>> {
    Ok(on_engine!(transaction.connection()?, |connection, Db| {
        let mut query = QueryBuilder::<Db>::new("SELECT state FROM avatar WHERE hash = ");
        query.push_bind(hash).push(Dialect::of::<Db>().for_update());
        query.build_query_scalar().fetch_optional(connection).await?
    }))
}

/// Gives a picture up, unless somebody has it, or has taken it meanwhile.
async fn expire(transaction: &mut Transaction, hash: &str, now: Timestamp) -> Result<()> {
    state(transaction, hash).await?;
    let is_had: Option<i64> = on_engine!(transaction.connection()?, |connection| {
        sqlx::query_scalar(
            "SELECT 1 FROM user WHERE avatar = ? UNION ALL \
             SELECT 1 FROM conversation WHERE avatar = ? LIMIT 1",
        )
        .bind(hash)
        .bind(hash)
        .fetch_optional(connection)
        .await?
    });
    let change = match is_had {
        Some(_) => {
            "UPDATE avatar SET expires_at = NULL WHERE hash = ? AND state = 2 AND expires_at <= ?"
        }
        None => "UPDATE avatar SET state = 3 WHERE hash = ? AND state = 2 AND expires_at <= ?",
    };
    on_engine!(transaction.connection()?, |connection| {
        sqlx::query(change).bind(hash).bind(now).execute(connection).await?;
    });
    Ok(())
}
