//! Sign-ins of people on devices.

use app::protocol::{LoginId, Timestamp, UserId};

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

impl Store {
    /// Begins a login; `Conflict("id")` when the id is taken.
    pub async fn insert_login(&self, login: &LoginRow) -> Result<()> {
        let _ = login;
        unimplemented!()
    }

    /// A login that lives.
    pub async fn login(&self, id: LoginId) -> Result<Option<LoginRow>> {
        let _ = id;
        unimplemented!()
    }

    /// Steps a login to its next generation, if it still stands at `from`; tells whether it did.
    pub async fn step_login(
        &self,
        id: LoginId,
        from: i64,
        refresh_hash: &[u8],
        now: Timestamp,
    ) -> Result<bool> {
        let _ = (id, from, refresh_hash, now);
        unimplemented!()
    }

    /// Ends a login of this user; tells whether there was one.
    pub async fn end_login(&self, user: UserId, id: LoginId) -> Result<bool> {
        let _ = (user, id);
        unimplemented!()
    }

    /// The user's logins, the last used first.
    pub async fn logins_of(&self, user: UserId) -> Result<Vec<LoginRow>> {
        let _ = user;
        unimplemented!()
    }
}
