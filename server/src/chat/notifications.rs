//! Telling people something beside messages: the one way for whatever has to, such as reminders and notices.

use app::protocol::{Notification, UserId};

use super::Chat;
use crate::events::Fact;

impl Chat {
    /// Tells these people, on all their devices that are connected. Whoever is away learns of it by what it is about:
    /// what is told has to stand somewhere until it was seen.
    pub(super) fn notify(&self, to: Vec<UserId>, notification: Notification) {
        self.events.publish(vec![Fact::Notified { notification, to: Some(to) }.into()]);
    }

    /// Tells everyone who is connected.
    pub(super) fn notify_everyone(&self, notification: Notification) {
        self.events.publish(vec![Fact::Notified { notification, to: None }.into()]);
    }
}
