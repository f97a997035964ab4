//! Sign-ins of people on devices.

use std::collections::HashSet;

use app::protocol::{LoginId, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::dialect::Dialect;
use super::engine::on_engine;
use super::error::conflict;
use super::lease::on_pool;
use super::lists::padded;
use super::transaction::{Transaction, transact};
use super::{Result, Store};

/// One sign-in. Its refresh token is derived from id and generation; only its hash lies here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginRow {
    /// The id of the login.
    pub id: LoginId,
    /// The person who is logged in.
    pub user_id: UserId,
    /// The generation of the newest refresh token given out.
    pub generation: i64,
    /// SHA-256 of the newest refresh token.
    pub refresh_hash: Vec<u8>,
    /// The name of the device.
    pub device: String,
    /// When the login was made.
    pub created_at: Timestamp,
    /// When a refresh token was last used; before the first use, when the login was made. It is
    /// when the token before the newest one was first used.
    pub last_used_at: Timestamp,
    /// When a refresh token was used for the first time before that, which is when the token two before the
    /// newest one was; before the second use, when the login was made.
    pub prior_used_at: Timestamp,
    /// How many milliseconds lay between the latest first uses, the newest first: the first one is
    /// from the token two before the newest to the one before it. At most [`MAX_GAPS`].
    pub use_gaps: Vec<u16>,
}

/// How many gaps between uses are kept.
pub const MAX_GAPS: usize = 64;

#[derive(sqlx::FromRow)]
struct LoginColumns {
    id: i64,
    user_id: i64,
    generation: i64,
    refresh_hash: Vec<u8>,
    device: String,
    created_at: Timestamp,
    last_used_at: Timestamp,
    prior_used_at: Timestamp,
    use_gaps: Vec<u8>,
}

impl LoginColumns {
    fn into_login(self) -> LoginRow {
        LoginRow {
            id: LoginId::new(self.id),
            user_id: UserId::new(self.user_id),
            generation: self.generation,
            refresh_hash: self.refresh_hash,
            device: self.device,
            created_at: self.created_at,
            last_used_at: self.last_used_at,
            prior_used_at: self.prior_used_at,
            use_gaps: self
                .use_gaps
                .as_chunks()
                .0
                .iter()
                .map(|bytes| u16::from_be_bytes(*bytes))
                .collect(),
        }
    }
}

impl Store {
    /// Begins a login of a person who has proven that they know the password with this hash, and ends
    /// those of theirs that were last used at `idle` or before, and of the others all but the
    /// `others_kept` last used; tells which. Absent when it does not hold: when the password was changed
    /// meanwhile, or the account was disabled or deleted. `Conflict("id")` when the id is taken.
    pub async fn insert_login(
        &self,
        login: &LoginRow,
        password_hash: &str,
        idle: Timestamp,
        others_kept: usize,
    ) -> Result<Option<Vec<LoginId>>> {
        Ok(transact!(self, |transaction| {
            on_engine!(transaction.connection()?, |connection, Db| {
                // Whoever changes the account ends its logins: this one comes before that, or not
                // at all. And one of several at once counts the others.
                let mut query =
                    QueryBuilder::<Db>::new("SELECT password_hash FROM user WHERE id = ");
                query.push_bind(login.user_id.get());
                query.push(" AND disabled_at IS NULL AND deleted_at IS NULL");
                query.push(Dialect::of::<Db>().for_update());
                let known: Option<String> =
                    query.build_query_scalar().fetch_optional(&mut *connection).await?;
                if known.as_deref() != Some(password_hash) {
                    return Ok(None);
                }
            });
            let ended = make_room(transaction, login.user_id, idle, others_kept).await?;
            on_engine!(transaction.connection()?, |connection, Db| {
                sqlx::query(
                    "INSERT INTO login (id, user_id, generation, refresh_hash, device, \
                     created_at, last_used_at, prior_used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                )
                .bind(login.id.get())
                .bind(login.user_id.get())
                .bind(login.generation)
                .bind(&login.refresh_hash)
                .bind(&login.device)
                .bind(login.created_at)
                .bind(login.last_used_at)
                .bind(login.prior_used_at)
                .execute(&mut *connection)
                .await
                .map_err(|error| conflict(error, Dialect::of::<Db>(), "id"))?;
            });
            Ok(Some(ended))
        }))
    }

    /// A login that lives: one that was used after `idle`.
    pub async fn login(&self, id: LoginId, idle: Timestamp) -> Result<Option<LoginRow>> {
        let row: Option<LoginColumns> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT id, user_id, generation, refresh_hash, device, created_at, last_used_at, \
                 prior_used_at, use_gaps FROM login WHERE id = ? AND last_used_at > ?",
            )
            .bind(id.get())
            .bind(idle)
            .fetch_optional(connection)
            .await?
        });
        Ok(row.map(LoginColumns::into_login))
    }

    /// Which of these logins live: those that were used after `idle`.
    pub async fn living_logins(
        &self,
        ids: &[LoginId],
        idle: Timestamp,
    ) -> Result<HashSet<LoginId>> {
        let mut living = HashSet::new();
        for chunk in padded(ids) {
            let rows: Vec<(i64,)> = on_pool!(&self.readers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new("SELECT id FROM login WHERE id IN (");
                let mut list = query.separated(", ");
                for id in &chunk {
                    list.push_bind(id.get());
                }
                query.push(") AND last_used_at > ").push_bind(idle);
                query.build_query_as().fetch_all(connection).await?
            });
            living.extend(rows.into_iter().map(|(id,)| LoginId::new(id)));
        }
        Ok(living)
    }

    /// Steps a login to its next generation, if it still stands where `to` comes after; tells
    /// whether it did. Of `to` only what a step changes is looked at.
    pub async fn step_login(&self, to: &LoginRow) -> Result<bool> {
        let gaps: Vec<u8> = to.use_gaps.iter().flat_map(|gap| gap.to_be_bytes()).collect();
        let stepped = on_pool!(&self.writers, |connection| {
            sqlx::query(
                "UPDATE login SET generation = ?, refresh_hash = ?, last_used_at = ?, \
                 prior_used_at = ?, use_gaps = ? WHERE id = ? AND generation = ?",
            )
            .bind(to.generation)
            .bind(&to.refresh_hash)
            .bind(to.last_used_at)
            .bind(to.prior_used_at)
            .bind(gaps)
            .bind(to.id.get())
            .bind(to.generation - 1)
            .execute(connection)
            .await?
            .rows_affected()
        });
        Ok(stepped == 1)
    }

    /// Ends a login of this user; tells whether there was one.
    pub async fn end_login(&self, user: UserId, id: LoginId) -> Result<bool> {
        let ended = on_pool!(&self.writers, |connection| {
            sqlx::query("DELETE FROM login WHERE id = ? AND user_id = ?")
                .bind(id.get())
                .bind(user.get())
                .execute(connection)
                .await?
                .rows_affected()
        });
        Ok(ended == 1)
    }

    /// Ends the user's logins, all or all but one; tells which.
    pub async fn end_logins(&self, user: UserId, but: Option<LoginId>) -> Result<Vec<LoginId>> {
        Ok(transact!(self, |transaction| end_logins(transaction, user, but).await))
    }

    /// Ends those logins that were last used at `idle` or before, among the `limit` that come after this one.
    /// Returns the last one looked at, absent where none comes after.
    pub async fn end_idle_logins(
        &self,
        after: LoginId,
        idle: Timestamp,
        limit: u32,
    ) -> Result<Option<LoginId>> {
        let rows: Vec<(i64, Timestamp)> = on_pool!(&self.readers, |connection| {
            sqlx::query_as("SELECT id, last_used_at FROM login WHERE id > ? ORDER BY id LIMIT ?")
                .bind(after.get())
                .bind(limit)
                .fetch_all(connection)
                .await?
        });
        let over: Vec<i64> = rows.iter().filter(|row| row.1 <= idle).map(|row| row.0).collect();
        for chunk in padded(&over) {
            on_pool!(&self.writers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new("DELETE FROM login WHERE last_used_at <= ");
                let mut list = query.push_bind(idle).push(" AND id IN (").separated(", ");
                for id in chunk {
                    list.push_bind(id);
                }
                query.push(")").build().execute(connection).await?;
            });
        }
        Ok(rows.last().map(|row| LoginId::new(row.0)))
    }

    /// The user's logins that live, the last used first: those that were used after `idle`.
    pub async fn logins_of(&self, user: UserId, idle: Timestamp) -> Result<Vec<LoginRow>> {
        let rows: Vec<LoginColumns> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT id, user_id, generation, refresh_hash, device, created_at, last_used_at, \
                 prior_used_at, use_gaps FROM login WHERE user_id = ? AND last_used_at > ? \
                 ORDER BY last_used_at DESC, id DESC",
            )
            .bind(user.get())
            .bind(idle)
            .fetch_all(connection)
            .await?
        });
        Ok(rows.into_iter().map(LoginColumns::into_login).collect())
    }
}

/// Ends the user's logins that were last used at `idle` or before, and of the others all but the `kept`
/// last used; tells which. Their account is locked.
async fn make_room(
    transaction: &mut Transaction,
    user: UserId,
    idle: Timestamp,
    kept: usize,
) -> Result<Vec<LoginId>> {
    let logins: Vec<(i64, Timestamp)> = on_engine!(transaction.connection()?, |connection, Db| {
        let mut query = QueryBuilder::<Db>::new("SELECT id, last_used_at FROM login WHERE ");
        query.push("user_id = ").push_bind(user.get());
        query.push(" ORDER BY last_used_at DESC, id DESC").push(Dialect::of::<Db>().for_update());
        query.build_query_as().fetch_all(connection).await?
    });
    let living = logins.iter().take_while(|(_, last_used_at)| *last_used_at > idle).count();
    let ended: Vec<i64> = logins.into_iter().skip(living.min(kept)).map(|(id, _)| id).collect();
    delete(transaction, &ended).await?;
    Ok(ended.into_iter().map(LoginId::new).collect())
}

/// Ends the user's logins, all or all but one; tells which.
pub(super) async fn end_logins(
    transaction: &mut Transaction,
    user: UserId,
    but: Option<LoginId>,
) -> Result<Vec<LoginId>> {
    let ids: Vec<i64> = on_engine!(transaction.connection()?, |connection, Db| {
        let mut query = QueryBuilder::<Db>::new("SELECT id FROM login WHERE user_id = ");
        query.push_bind(user.get()).push(" AND id <> ");
        query.push_bind(but.map_or(0, LoginId::get)).push(" ORDER BY id");
        query.push(Dialect::of::<Db>().for_update());
        query.build_query_scalar().fetch_all(connection).await?
    });
    delete(transaction, &ids).await?;
    Ok(ids.into_iter().map(LoginId::new).collect())
}

async fn delete(transaction: &mut Transaction, ids: &[i64]) -> Result<()> {
    for chunk in padded(ids) {
        on_engine!(transaction.connection()?, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("DELETE FROM login WHERE id IN (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(id);
            }
            query.push(")").build().execute(connection).await?;
        });
    }
    Ok(())
}
