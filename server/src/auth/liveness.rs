//! Which logins live, and whose they are: asked with every request, so remembered for a second.

use std::time::Duration;

use app::protocol::{LoginId, Timestamp, UserId};
use moka::future::Cache;
use tokio::sync::broadcast;

use super::Identity;
use crate::store::{Result, Store};

/// So long an answer is believed.
const ANSWER_TTL: Duration = Duration::from_secs(1);
/// So long we remember what we ended ourselves: longer than any question to the database takes, so
/// that an answer from before the end cannot bring a login back.
const ENDED_TTL: Duration = Duration::from_mins(1);

/// See the module.
pub(super) struct Liveness {
    store: Store,
    /// Whose they are; nobody's once they have ended.
    owners: Cache<LoginId, Option<UserId>>,
    ended: Cache<LoginId, ()>,
    told: broadcast::Sender<LoginId>,
}

impl Liveness {
    pub(super) fn new(store: Store) -> Self {
        let owners = Cache::builder().max_capacity(100_000).time_to_live(ANSWER_TTL).build();
        let ended = Cache::builder().max_capacity(100_000).time_to_live(ENDED_TTL).build();
        Self { store, owners, ended, told: broadcast::Sender::new(1024) }
    }

    /// Whether a login lives, which takes that it was used after `idle`, and is this person's.
    pub(super) async fn is_alive(
        &self,
        Identity { user_id, login_id }: Identity,
        idle: Timestamp,
    ) -> Result<bool> {
        let owner = if let Some(owner) = self.owners.get(&login_id).await {
            owner
        } else {
            let owner = self.store.login(login_id, idle).await?.map(|login| login.user_id);
            self.owners.insert(login_id, owner).await;
            owner
        };
        // Last, since it may have ended while we asked.
        Ok(owner == Some(user_id) && !self.ended.contains_key(&login_id))
    }

    /// Which of these logins the database no longer has, whoever ended them, or were not used after
    /// `idle`. They are dead here from now on, too.
    pub(super) async fn ended_among(
        &self,
        ids: &[LoginId],
        idle: Timestamp,
    ) -> Result<Vec<LoginId>> {
        let living = self.store.living_logins(ids, idle).await?;
        let mut ended = Vec::new();
        for id in ids.iter().filter(|id| !living.contains(id)) {
            self.ended.insert(*id, ()).await;
            ended.push(*id);
        }
        Ok(ended)
    }

    /// Forgets a login that was ended in the database, and tells whoever listens.
    pub(super) async fn end(&self, id: LoginId) {
        self.ended.insert(id, ()).await;
        // Nobody listens: no sockets.
        let _ = self.told.send(id);
    }

    pub(super) fn ended(&self) -> broadcast::Receiver<LoginId> {
        self.told.subscribe()
    }
}
