//! Loads the viewer's contacts, and whom they block.

use app::protocol::{ApiError, Contact, ListPage, limits};
use app::state::{matches, wanted};

use super::StaticPaneLoader;
use crate::pages::panes::StaticPane;
use crate::pages::panes::contacts::Contacts;

impl StaticPaneLoader<'_> {
    pub(super) async fn contacts(self) -> Result<StaticPane, ApiError> {
        let query = self.query();
        let people = if query.is_empty() {
            self.contacts_from(self.place.param("cursor").as_deref()).await?
        } else {
            self.contacts_called(&query).await?
        };
        let blocked = self.place.param("blocked");
        let (chat, viewer) = (self.source.chat, self.viewer());
        let blocks = chat.blocks(viewer, blocked.as_deref(), limits::PAGE_MAX).await;
        let blocks = self.source.told(blocks)?;
        Ok(StaticPane::Contacts(Contacts { query, people, blocks }))
    }

    /// A page of the contacts.
    pub(super) async fn contacts_from(
        &self,
        cursor: Option<&str>,
    ) -> Result<ListPage<Contact>, ApiError> {
        let page = self.source.chat.contacts(self.viewer(), cursor, limits::PAGE_MAX).await;
        self.source.told(page)
    }

    /// All contacts with this in one of their names.
    async fn contacts_called(&self, query: &str) -> Result<ListPage<Contact>, ApiError> {
        let wanted = wanted(query);
        let called = |name: &str| matches(name, &wanted).is_some();
        let mut found = Vec::new();
        let mut cursor = None;
        loop {
            let page = self.contacts_from(cursor.as_deref()).await?;
            found.extend(page.items.into_iter().filter(|Contact { user, alias }| {
                called(&user.nickname)
                    || called(&user.username)
                    || alias.as_deref().is_some_and(called)
            }));
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(ListPage { items: found, next_cursor: None });
            }
        }
    }
}
