//! People.

use app::protocol::{Timestamp, User, UserId};

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

impl Store {
    /// Makes an account; `Conflict("username")` or `Conflict("id")` when that is taken.
    pub async fn insert_user(&self, user: &NewUser) -> Result<()> {
        let _ = user;
        unimplemented!()
    }

    /// A person.
    pub async fn user(&self, id: UserId) -> Result<Option<User>> {
        let _ = id;
        unimplemented!()
    }

    /// What a log-in under this username is checked against.
    pub async fn credentials(&self, username: &str) -> Result<Option<Credentials>> {
        let _ = username;
        unimplemented!()
    }

    /// People whose username or nickname starts with `prefix` (compared as `name_key`), by
    /// username.
    pub async fn find_users(&self, prefix: &str, limit: u32) -> Result<Vec<User>> {
        let _ = (prefix, limit);
        unimplemented!()
    }
}
