//! Sign-ins of people on devices.

use app::protocol::{LoginId, Timestamp, UserId};

use super::error::conflict;
use super::lease::on_pool;
use super::{Result, Store};

/// One sign-in. Its refresh token is derived from id and generation; only its hash lies here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginRow {
    /// Which.
    pub id: LoginId,
    /// Whose.
    pub user_id: UserId,
    /// The generation of the newest refresh token given out.
    pub generation: i64,
    /// SHA-256 of the newest refresh token.
    pub refresh_hash: Vec<u8>,
    /// On what.
    pub device: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When a refresh token was last used; before the first use, when the login was made. It is
    /// when the token before the newest one was first used.
    pub last_used_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    user_id: i64,
    generation: i64,
    refresh_hash: Vec<u8>,
    device: String,
    created_at: Timestamp,
    last_used_at: Timestamp,
}

impl Row {
    fn into_login(self) -> LoginRow {
        LoginRow {
            id: LoginId::new(self.id),
            user_id: UserId::new(self.user_id),
            generation: self.generation,
            refresh_hash: self.refresh_hash,
            device: self.device,
            created_at: self.created_at,
            last_used_at: self.last_used_at,
        }
    }
}

impl Store {
    /// Begins a login; `Conflict("id")` when the id is taken.
    pub async fn insert_login(&self, login: &LoginRow) -> Result<()> {
        let dialect = self.writers.dialect();
        on_pool!(&self.writers, |connection| {
            sqlx::query(
                "INSERT INTO login (id, user_id, generation, refresh_hash, device, created_at, \
                 last_used_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(login.id.get())
            .bind(login.user_id.get())
            .bind(login.generation)
            .bind(&login.refresh_hash)
            .bind(&login.device)
            .bind(login.created_at)
            .bind(login.last_used_at)
            .execute(connection)
            .await
            .map_err(|error| conflict(error, dialect, "id"))?;
        });
        Ok(())
    }

    /// A login that lives.
    pub async fn login(&self, id: LoginId) -> Result<Option<LoginRow>> {
        let row: Option<Row> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT id, user_id, generation, refresh_hash, device, created_at, last_used_at \
                 FROM login WHERE id = ?",
            )
            .bind(id.get())
            .fetch_optional(connection)
            .await?
        });
        Ok(row.map(Row::into_login))
    }

    /// Steps a login to its next generation, if it still stands at `from`; tells whether it did.
    pub async fn step_login(
        &self,
        id: LoginId,
        from: i64,
        refresh_hash: &[u8],
        now: Timestamp,
    ) -> Result<bool> {
        let stepped = on_pool!(&self.writers, |connection| {
            sqlx::query(
                "UPDATE login SET generation = ?, refresh_hash = ?, last_used_at = ? \
                 WHERE id = ? AND generation = ?",
            )
            .bind(from + 1)
            .bind(refresh_hash)
            .bind(now)
            .bind(id.get())
            .bind(from)
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

    /// The user's logins, the last used first.
    pub async fn logins_of(&self, user: UserId) -> Result<Vec<LoginRow>> {
        let rows: Vec<Row> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT id, user_id, generation, refresh_hash, device, created_at, last_used_at \
                 FROM login WHERE user_id = ? ORDER BY last_used_at DESC, id DESC",
            )
            .bind(user.get())
            .fetch_all(connection)
            .await?
        });
        Ok(rows.into_iter().map(Row::into_login).collect())
    }
}
