//! Loads the viewer's reminders, and what they may be reminded of.

use app::protocol::{ApiError, ConversationId, limits};

use super::StaticPaneLoader;
use crate::pages::panes::StaticPane;
use crate::pages::panes::remind::{Remind, Times};
use crate::pages::panes::reminders::Reminders;

impl StaticPaneLoader<'_> {
    pub(super) async fn remind(self, id: ConversationId) -> Result<StaticPane, ApiError> {
        let (chat, viewer) = (self.source.chat, self.viewer());
        let seq = self.place.seq("m").unwrap_or_default();
        let message = self.source.told(chat.remindable(viewer, id, seq).await)?;
        let standing = self.source.told(chat.reminder_of(viewer, id, seq).await)?;
        let typed = |name| self.place.param(name);
        let page = Remind {
            message,
            standing,
            times: Times::after(self.now, self.zone),
            zone: self.zone.clone(),
            day: typed("day"),
            time: typed("time"),
            refused: self.failed.as_ref().map(|failed| failed.error.clone()),
        };
        Ok(StaticPane::Remind(Box::new(page)))
    }

    pub(super) async fn reminders(self) -> Result<StaticPane, ApiError> {
        let cursor = self.place.param("cursor");
        let page = self.source.chat.reminders(self.viewer(), cursor.as_deref(), limits::PAGE_MAX);
        let list = self.source.told(page.await)?;
        Ok(StaticPane::Reminders(Reminders { list, me: self.viewer(), is_first: cursor.is_none() }))
    }
}
