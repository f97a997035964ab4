//! People: who they are, and finding them.

use std::sync::Arc;
use std::time::Duration;

use app::protocol::{ApiError, User, UserId};
use moka::future::Cache;

use super::Chat;
use crate::error::Error;
use crate::store::Store;

/// People by id, remembered for a few seconds, since every message names its sender.
#[derive(Clone)]
pub(super) struct Directory {
    store: Store,
    cache: Cache<UserId, Arc<User>>,
}

impl Directory {
    pub(super) fn new(store: Store) -> Self {
        let cache =
            Cache::builder().max_capacity(20_000).time_to_live(Duration::from_secs(5)).build();
        Self { store, cache }
    }

    async fn get(&self, id: UserId) -> Result<Option<Arc<User>>, Error> {
        if let Some(user) = self.cache.get(&id).await {
            return Ok(Some(user));
        }
        let Some(user) = self.store.user(id).await? else { return Ok(None) };
        let user = Arc::new(user);
        self.cache.insert(id, Arc::clone(&user)).await;
        Ok(Some(user))
    }
}

impl Chat {
    /// A person.
    ///
    /// # Errors
    /// `not_found` if there is none.
    pub async fn user(&self, id: UserId) -> Result<Arc<User>, Error> {
        self.people.get(id).await?.ok_or_else(|| ApiError::not_found().into())
    }

    /// People whose username or nickname starts with `query`; none for a blank one.
    pub async fn find_people(&self, query: &str, limit: u32) -> Result<Vec<User>, Error> {
        if query.trim().is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.store.find_users(query.trim(), limit).await?)
    }
}
