//! Contacts: whom a person keeps, under which name, and so shows whether they are there.

use std::collections::HashMap;

use app::protocol::{Alias, ApiError, Contact, ListPage, UserId};

use super::Chat;
use crate::error::Error;

impl Chat {
    /// A page of the viewer's contacts, by name, with how each is seen where the viewer may know.
    pub async fn contacts(
        &self,
        viewer: UserId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ListPage<Contact>, Error> {
        let mut page = self.store.contacts(viewer, cursor, limit).await?;
        let people: Vec<_> = page.items.iter().map(|contact| contact.user.id).collect();
        let watched = self.store.watched_among(viewer, &people).await?;
        let present: HashMap<_, _> = self.present(&people).await.into_iter().collect();
        for Contact { user, .. } in &mut page.items {
            let there = present.get(&user.id).copied().or(user.presence);
            user.presence = there.filter(|_| watched.contains(&user.id));
        }
        Ok(page)
    }

    /// What the viewer calls someone of their contacts; absent when they are none.
    pub async fn contact(
        &self,
        viewer: UserId,
        contact: UserId,
    ) -> Result<Option<Option<String>>, Error> {
        Ok(self.store.contact(viewer, contact).await?)
    }

    /// Puts someone among the viewer's contacts, or names them anew. They may see from now on
    /// whether the viewer is there.
    ///
    /// # Errors
    /// `validation` on `alias`, or on `user_id` for oneself; `not_found` if there is no such person.
    pub async fn put_contact(
        &self,
        viewer: UserId,
        contact: UserId,
        alias: Option<&str>,
    ) -> Result<(), Error> {
        if contact == viewer {
            return Err(ApiError::validation("user_id", "You are no contact of yourself").into());
        }
        let alias = alias.map(Alias::parse).transpose()?;
        let before = self.store.may_watch(contact, viewer).await?;
        if !self.store.put_contact(viewer, contact, alias.as_ref(), self.now()).await? {
            return Err(ApiError::not_found().into());
        }
        self.sight_changed(viewer, contact, before).await
    }

    /// Takes someone out of the viewer's contacts, if they are there. Unless they talk in private,
    /// they no longer see whether the viewer is there.
    pub async fn remove_contact(&self, viewer: UserId, contact: UserId) -> Result<(), Error> {
        let before = self.store.may_watch(contact, viewer).await?;
        self.store.remove_contact(viewer, contact).await?;
        self.sight_changed(viewer, contact, before).await
    }
}
