//! Appointments for calendars: one as a file, and one's own as a feed at a secret address.

mod ics;

use app::protocol::{ApiError, ConversationId, Seq, UserId};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use sha2::{Digest, Sha256};

use super::Chat;
use crate::clock::random;
use crate::error::Error;

/// Characters in the secret of a feed's address: 256 bits.
const SECRET: usize = 43;
/// A feed begins so long before now, in milliseconds: 90 days.
const BACK_MS: i64 = 90 * 86_400_000;

impl Chat {
    /// An appointment as a calendar's file. One that was recalled says that it is off.
    ///
    /// # Errors
    /// `not_found` unless the viewer sees such a message.
    pub async fn schedule_file(
        &self,
        viewer: UserId,
        id: ConversationId,
        seq: Seq,
    ) -> Result<String, Error> {
        let event = self.store.event(viewer, id, seq).await?.ok_or_else(ApiError::not_found)?;
        Ok(ics::calendar(&[event], &self.identity().await?))
    }

    /// Gives the viewer's feed another secret, which is told this once; the one before ends.
    ///
    /// # Errors
    /// `unavailable` while the database is away.
    pub async fn new_calendar(&self, viewer: UserId) -> Result<String, Error> {
        let secret = BASE64.encode(random::<[u8; 32]>());
        self.store.set_calendar(viewer, &hash(&secret), self.now()).await?;
        Ok(secret)
    }

    /// Ends the viewer's feed, if there is one.
    ///
    /// # Errors
    /// `unavailable` while the database is away.
    pub async fn end_calendar(&self, viewer: UserId) -> Result<(), Error> {
        Ok(self.store.end_calendar(viewer).await?)
    }

    /// Whether the viewer has a feed.
    ///
    /// # Errors
    /// `unavailable` while the database is away.
    pub async fn has_calendar(&self, viewer: UserId) -> Result<bool, Error> {
        Ok(self.store.has_calendar(viewer).await?)
    }

    /// Whose feed has this secret.
    ///
    /// # Errors
    /// `not_found` where it is nobody's.
    pub async fn calendar_owner(&self, secret: &str) -> Result<UserId, Error> {
        if secret.len() != SECRET {
            return Err(ApiError::not_found().into());
        }
        let owner = self.store.calendar_owner(&hash(secret)).await?;
        owner.ok_or_else(|| ApiError::not_found().into())
    }

    /// What someone has said yes or maybe to and can read now, from 90 days back.
    ///
    /// # Errors
    /// `unavailable` while the database is away.
    pub async fn calendar(&self, owner: UserId) -> Result<String, Error> {
        let events = self.store.events_of(owner, self.now() - BACK_MS).await?;
        Ok(ics::calendar(&events, &self.identity().await?))
    }

    async fn identity(&self) -> Result<String, Error> {
        let fresh = BASE64.encode(random::<[u8; 12]>());
        Ok(self.store.server_identity(&fresh).await?)
    }
}

/// What the database keeps of a secret.
fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}
