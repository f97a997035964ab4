//! A person's logins: seeing them, and ending them.

use app::protocol::{ApiError, Login, LoginId, Timestamp};

use super::{Auth, Identity};
use crate::error::Error;

/// A login that was not refreshed for so long has ended, in milliseconds.
const IDLE_LIMIT_MS: i64 = 90 * 24 * 60 * 60 * 1000;
/// Logins that a person may have; the one idle longest gives way.
pub(super) const MAX_LOGINS: usize = 100;

impl Auth {
    /// Logins that were last used at this moment or before have ended.
    pub(super) fn idle(&self) -> Timestamp {
        self.0.clock.now() - IDLE_LIMIT_MS
    }

    /// The viewer's logins, the last used first.
    pub async fn logins(&self, viewer: Identity) -> Result<Vec<Login>, Error> {
        let rows = self.0.store.logins_of(viewer.user_id, self.idle()).await?;
        let logins = rows.into_iter().map(|row| Login {
            current: row.id == viewer.login_id,
            id: row.id,
            device: row.device,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        });
        Ok(logins.collect())
    }

    /// Ends one of the viewer's logins, which may be the one that asks.
    ///
    /// # Errors
    /// `not_found` unless it is one of theirs.
    pub async fn end_login(&self, viewer: Identity, id: LoginId) -> Result<(), Error> {
        if !self.0.store.end_login(viewer.user_id, id).await? {
            return Err(ApiError::not_found().into());
        }
        self.0.liveness.end(id).await;
        Ok(())
    }

    /// Ends all the viewer's logins but the one that asks.
    pub async fn end_other_logins(&self, viewer: Identity) -> Result<(), Error> {
        let ended = self.0.store.end_logins(viewer.user_id, Some(viewer.login_id)).await?;
        self.forget(ended).await;
        Ok(())
    }

    /// The login that a refresh token belongs to, for ending it; absent when it is not one of ours.
    pub async fn login_of(&self, refresh_token: &str) -> Result<Option<Identity>, Error> {
        let Some(token) = self.0.refresh.read(refresh_token) else { return Ok(None) };
        let login = self.0.store.login(token.login_id, self.idle()).await?;
        Ok(login.map(|login| Identity { user_id: login.user_id, login_id: login.id }))
    }

    /// Ends a login.
    pub async fn log_out(&self, identity: Identity) -> Result<(), Error> {
        self.0.store.end_login(identity.user_id, identity.login_id).await?;
        self.0.liveness.end(identity.login_id).await;
        Ok(())
    }

    /// Forgets logins that ended in the database, so that their tokens are dead here at once.
    pub(super) async fn forget(&self, ended: Vec<LoginId>) {
        for id in ended {
            self.0.liveness.end(id).await;
        }
    }
}
