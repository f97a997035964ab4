//! Loads where a message can be forwarded to.

use app::protocol::{ApiError, Conversation, ConversationId, ErrorKind, MessageRef};

use super::StaticPaneLoader;
use crate::pages::load::conversations_from;
use crate::pages::panes::StaticPane;
use crate::pages::panes::forward::Forward;

impl StaticPaneLoader<'_> {
    pub(super) async fn forward(self, id: ConversationId) -> Result<StaticPane, ApiError> {
        let seq = self.place.seq("m").unwrap_or_default();
        let of = MessageRef { conversation_id: id, seq };
        let message = self.source.chat.forwardable(self.viewer(), of).await;
        let (message, refused) = match self.source.told(message) {
            Err(error) if error.kind == ErrorKind::Forbidden => (None, Some(error)),
            message => (Some(message?), self.failed.as_ref().map(|failed| failed.error.clone())),
        };
        let query = self.query();
        let (mut chats, mut people) = (self.chats.items.clone(), Vec::new());
        if !query.is_empty() {
            chats = self.all_chats().await?;
            people = self.find_people(&query).await?;
        }
        let (me, client_id) = (self.viewer(), self.client_id.to_owned());
        let page = Forward { of, message, me, query, chats, people, client_id, refused };
        Ok(StaticPane::Forward(Box::new(page)))
    }

    /// The viewer's whole chat list.
    async fn all_chats(&self) -> Result<Vec<Conversation>, ApiError> {
        let mut chats = Vec::new();
        let mut cursor = None;
        loop {
            let page = conversations_from(self.source, false, cursor.as_deref()).await?;
            chats.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(chats);
            }
        }
    }
}
