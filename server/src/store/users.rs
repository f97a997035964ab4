//! People.

use app::protocol::{Timestamp, User, UserId};
use sqlx::QueryBuilder;

use super::dialect::Dialect;
use super::engine::on_engine;
use super::error::conflict;
use super::lease::on_pool;
use super::names::{name_key, prefix_range};
use super::rows::UserRow;
use super::transaction::Transaction;
use super::{Result, Store, StoreError};

/// An account about to be made.
#[derive(Clone)]
pub struct NewUser {
    /// The id, which is fresh.
    pub id: UserId,
    /// A valid username.
    pub username: String,
    /// A valid nickname.
    pub nickname: String,
    /// The password's Argon2id hash in PHC form.
    pub password_hash: String,
    /// The time at which the account is made.
    pub created_at: Timestamp,
}

/// What a log-in is checked against.
#[derive(Clone)]
pub struct Credentials {
    /// The person who logs in.
    pub user: User,
    /// The password's Argon2id hash in PHC form.
    pub password_hash: String,
    /// Whether the operator keeps this person out.
    pub disabled: bool,
}

#[derive(sqlx::FromRow)]
struct CredentialsRow {
    #[sqlx(flatten)]
    user: UserRow,
    password_hash: String,
    disabled_at: Option<Timestamp>,
}

impl CredentialsRow {
    fn into_credentials(self) -> Credentials {
        Credentials {
            user: self.user.into_user(),
            password_hash: self.password_hash,
            disabled: self.disabled_at.is_some(),
        }
    }
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

    /// The person with this id.
    pub async fn user(&self, id: UserId) -> Result<Option<User>> {
        let row: Option<UserRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT id, username, nickname, avatar, created_at FROM user WHERE id = ?",
            )
            .bind(id.get())
            .fetch_optional(connection)
            .await?
        });
        Ok(row.map(UserRow::into_user))
    }

    /// What a log-in under this username is checked against; absent for a deleted account.
    pub async fn credentials(&self, username: &str) -> Result<Option<Credentials>> {
        let row: Option<CredentialsRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT id, username, nickname, avatar, created_at, password_hash, disabled_at FROM user \
                 WHERE username_key = ? AND deleted_at IS NULL",
            )
            .bind(name_key(username))
            .fetch_optional(connection)
            .await?
        });
        Ok(row.map(CredentialsRow::into_credentials))
    }

    /// What a person proves by a password who is signed in; absent for a deleted account.
    pub async fn credentials_of(&self, id: UserId) -> Result<Option<Credentials>> {
        let row: Option<CredentialsRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT id, username, nickname, avatar, created_at, password_hash, disabled_at FROM user \
                 WHERE id = ? AND deleted_at IS NULL",
            )
            .bind(id.get())
            .fetch_optional(connection)
            .await?
        });
        Ok(row.map(CredentialsRow::into_credentials))
    }

    /// People whose username or nickname starts with `prefix` (compared as `name_key`), by
    /// username. Nobody finds who is gone or kept out: they would not answer.
    pub async fn find_users(&self, prefix: &str, limit: u32) -> Result<Vec<User>> {
        let (from, to) = prefix_range(prefix);
        // Two ranges, each on its index; UNION leaves out who is in both.
        let rows: Vec<UserRow> = on_pool!(&self.readers, |connection| {
            sqlx::query_as(
                "SELECT id, username, nickname, avatar, created_at FROM user \
                 WHERE username_key >= ? AND username_key < ? \
                 AND deleted_at IS NULL AND disabled_at IS NULL \
                 UNION \
                 SELECT id, username, nickname, avatar, created_at FROM user \
                 WHERE nickname_key >= ? AND nickname_key < ? \
                 AND deleted_at IS NULL AND disabled_at IS NULL \
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

/// Has both people stay until the commit.
///
/// # Errors
/// `Gone` when one of them has deleted their account.
pub(super) async fn not_gone(
    transaction: &mut Transaction,
    one: UserId,
    other: UserId,
) -> Result<()> {
    let rows: Vec<Option<Timestamp>> = on_engine!(transaction.connection()?, |connection, Db| {
        let mut query = QueryBuilder::<Db>::new("SELECT deleted_at FROM user WHERE id IN (");
        query.push_bind(one.get()).push(", ").push_bind(other.get());
        query.push(")").push(Dialect::of::<Db>().for_share());
        query.build_query_scalar().fetch_all(connection).await?
    });
    if rows.iter().any(Option::is_some) { Err(StoreError::Gone) } else { Ok(()) }
}

/// Locks two people until the commit, as `lock` has it, in the order of their ids; tells whether
/// both are there.
pub(super) async fn both_there(
    transaction: &mut Transaction,
    one: UserId,
    other: UserId,
    lock: fn(Dialect) -> &'static str,
) -> Result<bool> {
    let rows: Vec<Option<Timestamp>> = on_engine!(transaction.connection()?, |connection, Db| {
        let mut query = QueryBuilder::<Db>::new("SELECT deleted_at FROM user WHERE id IN (");
        query.push_bind(one.get()).push(", ").push_bind(other.get());
        query.push(") ORDER BY id").push(lock(Dialect::of::<Db>()));
        query.build_query_scalar().fetch_all(connection).await?
    });
    Ok(rows.len() == 2 && rows.iter().all(Option::is_none))
}
