//! People.

use app::protocol::{Timestamp, User, UserId};

use super::error::conflict;
use super::lease::on_pool;
use super::names::{name_key, prefix_range};
use super::rows::UserRow;
use super::{Result, Store};

/// An account about to be made.
#[derive(Clone)]
pub struct NewUser {
    /// A fresh id.
    pub id: UserId,
    /// A valid username.
    pub username: String,
    /// A valid nickname.
    pub nickname: String,
    /// The password's Argon2id hash in PHC form.
    pub password_hash: String,
    /// Now.
    pub created_at: Timestamp,
}

/// What a log-in is checked against.
#[derive(Clone)]
pub struct Credentials {
    /// Whose.
    pub user: User,
    /// The password's Argon2id hash in PHC form.
    pub password_hash: String,
}

#[derive(sqlx::FromRow)]
struct CredentialsRow {
    #[sqlx(flatten)]
    user: UserRow,
    password_hash: String,
}

impl Store {
    /// Makes an account; `Conflict("username")` or `Conflict("id")` when that is taken.
    pub async fn insert_user(&self, user: &NewUser) -> Result<()> {
        let dialect = self.writers.dialect();
        on_pool!(&self.writers, |connection| {
            sqlx::query(
                "INSERT INTO user (id, username, username_key, nickname, nickname_key, \
                 password_hash, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(user.id.get())
            .bind(&user.username)
            .bind(name_key(&user.username))
            .bind(&user.nickname)
            .bind(name_key(&user.nickname))
            .bind(&user.password_hash)
            .bind(user.created_at)
            .execute(connection)
            .await
            .map_err(|error| conflict(error, dialect, "username"))?;
        });
        Ok(())
    }

    /// A person.
    pub async fn user(&self, id: UserId) -> Result<Option<User>> {
        let row: Option<UserRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as("SELECT id, username, nickname, created_at FROM user WHERE id = ?")
                .bind(id.get())
                .fetch_optional(connection)
                .await?
        });
        Ok(row.map(UserRow::into_user))
    }

    /// What a log-in under this username is checked against.
    pub async fn credentials(&self, username: &str) -> Result<Option<Credentials>> {
        let row: Option<CredentialsRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT id, username, nickname, created_at, password_hash FROM user \
                 WHERE username_key = ?",
            )
            .bind(name_key(username))
            .fetch_optional(connection)
            .await?
        });
        Ok(row.map(|row| Credentials {
            user: row.user.into_user(),
            password_hash: row.password_hash,
        }))
    }

    /// People whose username or nickname starts with `prefix` (compared as `name_key`), by
    /// username.
    pub async fn find_users(&self, prefix: &str, limit: u32) -> Result<Vec<User>> {
        let (from, to) = prefix_range(prefix);
        // No key has a byte above 0xf4, UTF-8's highest.
        let to = to.unwrap_or_else(|| vec![0xff]);
        // Two ranges, each on its index; UNION leaves out who is in both.
        let rows: Vec<UserRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT id, username, nickname, created_at FROM user \
                 WHERE username_key >= ? AND username_key < ? \
                 UNION \
                 SELECT id, username, nickname, created_at FROM user \
                 WHERE nickname_key >= ? AND nickname_key < ? \
                 ORDER BY username LIMIT ?",
            )
            .bind(&from)
            .bind(&to)
            .bind(&from)
            .bind(&to)
            .bind(i64::from(limit))
            .fetch_all(connection)
            .await?
        });
        Ok(rows.into_iter().map(UserRow::into_user).collect())
    }
}
