//! Several tabs with one outbox: each shows all of it, and sends what was written in it; what a tab
//! that was closed has left is sent by the one that leads.

use crate::protocol::{ClientId, Target, Timestamp};

use super::{Entry, Status};
use crate::state::{Effect, State};

/// What another tab wrote is left to it for this long.
const OTHER_TAB_WAIT_MS: Timestamp = 5_000;

impl State {
    /// Another tab has kept an unsent message: shown here, too, and sent here when it has not done
    /// so soon.
    pub fn kept_elsewhere(&mut self, mut entry: Entry, now: Timestamp) -> Vec<Effect> {
        entry.target = self.resolve(entry.target);
        let target = entry.target;
        if let Some(known) = self.outbox.get_mut(entry.client_id.as_str()) {
            let refused = |status: &Status| matches!(status, Status::NotSent(_));
            if refused(&entry.status) && known.status == Status::Waiting {
                known.status = entry.status;
                self.outbox_changed(target);
            } else if refused(&known.status) && !refused(&entry.status) {
                // It is tried again there.
                known.status = Status::Waiting;
                known.mine = false;
                known.not_before = now + OTHER_TAB_WAIT_MS;
                self.outbox_changed(target);
            }
            return self.finish(now);
        }
        entry.not_before = now + OTHER_TAB_WAIT_MS;
        self.restore(entry);
        self.finish(now)
    }

    /// Another tab need not keep an unsent message any longer: it is stored, or given up.
    pub fn forgotten_elsewhere(&mut self, client_id: &ClientId, now: Timestamp) -> Vec<Effect> {
        let waits = |entry: &Entry| matches!(entry.status, Status::Waiting | Status::NotSent(_));
        if self.outbox.get(client_id).is_some_and(waits)
            && let Some(entry) = self.outbox.remove(client_id)
        {
            self.outbox_changed(entry.target);
        }
        self.finish(now)
    }

    /// Of all tabs this one sends what was not written in one that still lives, or does so no more.
    pub fn lead(&mut self, leads: bool, now: Timestamp) -> Vec<Effect> {
        self.leads = leads;
        self.finish(now)
    }

    /// Whether this tab leads.
    #[must_use]
    pub const fn leads(&self) -> bool {
        self.leads
    }

    /// Takes in an unsent message that was kept in storage.
    pub(in crate::state) fn restore(&mut self, mut entry: Entry) {
        entry.target = self.resolve(entry.target);
        entry.mine = false;
        if !matches!(entry.status, Status::NotSent(_)) {
            entry.status = Status::Waiting;
        }
        let (target, person) = (entry.target, entry.person);
        if self.outbox.insert(entry) {
            self.outbox_changed(target);
        }
        if let (Target::Conversation(id), Some(person)) = (target, person)
            && self.conversation_with(person).is_none()
        {
            self.redirect(person, id);
        }
    }
}
