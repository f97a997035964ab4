//! Which logins live: asked with every request, so remembered for a second.

use std::time::Duration;

use app::protocol::LoginId;
use moka::future::Cache;
use tokio::sync::broadcast;

use crate::store::{Result, Store};

/// So long an answer is believed.
const BELIEVED: Duration = Duration::from_secs(1);
/// So long we remember what we ended ourselves: longer than any question to the database takes, so
/// that an answer from before the end cannot bring a login back.
const REMEMBERED: Duration = Duration::from_mins(1);

/// Which logins live.
pub(super) struct Liveness {
    store: Store,
    alive: Cache<LoginId, bool>,
    ended: Cache<LoginId, ()>,
    told: broadcast::Sender<LoginId>,
}

impl Liveness {
    pub(super) fn new(store: Store) -> Self {
        let alive = Cache::builder().max_capacity(100_000).time_to_live(BELIEVED).build();
        let ended = Cache::builder().max_capacity(100_000).time_to_live(REMEMBERED).build();
        Self { store, alive, ended, told: broadcast::Sender::new(1024) }
    }

    /// Whether a login lives.
    pub(super) async fn is_alive(&self, id: LoginId) -> Result<bool> {
        let alive = if let Some(alive) = self.alive.get(&id).await {
            alive
        } else {
            let alive = self.store.login(id).await?.is_some();
            self.alive.insert(id, alive).await;
            alive
        };
        // Last, since it may have ended while we asked.
        Ok(alive && !self.ended.contains_key(&id))
    }

    /// Which of these logins the database no longer has, whoever ended them. They are dead here from
    /// now on, too.
    pub(super) async fn ended_among(&self, ids: &[LoginId]) -> Result<Vec<LoginId>> {
        let living = self.store.living_logins(ids).await?;
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
