//! People: who they are, and finding them.

use std::sync::Arc;
use std::time::Duration;

use app::protocol::{ApiError, Me, Nickname, UpdateMe, User, UserId};
use moka::future::Cache;

use super::Chat;
use crate::error::Error;
use crate::events::Fact;
use crate::store::Store;
use crate::store::accounts::Changed;

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

    async fn forget(&self, id: UserId) {
        self.cache.invalidate(&id).await;
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

    /// A person, with how they are seen where the viewer may know it.
    ///
    /// # Errors
    /// `not_found` if there is none.
    pub async fn person(&self, viewer: UserId, id: UserId) -> Result<User, Error> {
        let mut person = User::clone(self.user(id).await?.as_ref());
        if id != viewer && self.store.may_watch(viewer, id).await? {
            person.presence = Some(self.presence_of(id).await?);
        }
        Ok(person)
    }

    /// The viewer, as they see themselves.
    ///
    /// # Errors
    /// `not_found` when they have deleted their account just now.
    pub async fn me(&self, viewer: UserId) -> Result<Me, Error> {
        let settings = self.store.settings(viewer).await?.ok_or_else(ApiError::not_found)?;
        Ok(Me {
            user: settings.user,
            show_last_seen: settings.show_last_seen,
            files_used: self.store.files_used(viewer).await?,
            files_quota: self.files_quota,
        })
    }

    /// Changes the viewer's settings; whom they talk with in private learns of a new name.
    ///
    /// # Errors
    /// `validation` on `nickname`.
    pub async fn update_me(&self, viewer: UserId, update: &UpdateMe) -> Result<Me, Error> {
        let nickname = update.nickname.as_deref().map(Nickname::parse).transpose()?;
        if let Some(show) = update.show_last_seen {
            self.store.set_show_last_seen(viewer, show).await?;
        }
        if let Some(nickname) = nickname {
            let changed = self.store.set_nickname(viewer, &nickname).await?;
            self.person_changed(viewer, changed).await;
            self.news.tell(self, viewer);
        }
        self.me(viewer).await
    }

    /// Gives the viewer another picture, which is kept under this hash, or none; who knows them learns of it.
    ///
    /// # Errors
    /// `unavailable` when the picture is kept no longer.
    pub async fn set_avatar(&self, viewer: UserId, hash: Option<&str>) -> Result<Me, Error> {
        let changed = self.store.set_avatar(viewer, hash, self.now()).await?;
        let changed = changed.ok_or_else(ApiError::unavailable)?;
        self.person_changed(viewer, changed).await;
        self.news.tell(self, viewer);
        self.me(viewer).await
    }

    /// Has everyone learn who looks different: a person's name changed, or their account is gone.
    pub async fn person_changed(&self, id: UserId, conversations: Vec<Changed>) {
        self.people.forget(id).await;
        let changed = conversations.into_iter();
        let events = changed.map(|Changed { conversation_id, partner }| {
            Fact::ConversationChanged { conversation_id, to: partner }.into()
        });
        self.events.publish(events.collect());
    }

    /// These people, in their order, without who is nobody.
    pub async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, Error> {
        let mut users = Vec::with_capacity(ids.len());
        for id in ids {
            users.extend(self.people.get(*id).await?.map(|user| User::clone(&user)));
        }
        Ok(users)
    }

    /// People whose username or nickname starts with `query`; none for a blank one.
    pub async fn find_people(&self, query: &str, limit: u32) -> Result<Vec<User>, Error> {
        if query.trim().is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.store.find_users(query.trim(), limit).await?)
    }
}
