//! Several tabs with one outbox: each shows all of it, and sends what was written in it; what a tab
//! that was closed has left is sent by the one that leads.

use crate::protocol::{ClientId, Timestamp};

use super::{Entry, Outbox, Status};
use crate::state::output::Output;

/// What another tab wrote is left to it for this long.
const OTHER_TAB_WAIT_MS: Timestamp = 5_000;

impl Outbox {
    /// Of all tabs this one sends what was not written in one that still lives, or does so no more.
    pub(in crate::state) const fn lead(&mut self, leads: bool) {
        self.leads = leads;
    }

    /// Whether this tab leads.
    pub(in crate::state) const fn leads(&self) -> bool {
        self.leads
    }

    /// Another tab has kept an unsent message. What is known here is tried again there, or was refused
    /// there; what is not is returned, to be [restored](Self::restore) and sent here when it has not been
    /// soon.
    pub(in crate::state) fn kept_elsewhere(
        &mut self,
        mut entry: Entry,
        now: Timestamp,
        out: &mut Output,
    ) -> Option<Entry> {
        let refused = |status: &Status| matches!(status, Status::NotSent(_));
        let Some(known) = self.get_mut(entry.client_id.as_str()) else {
            entry.not_before = now + OTHER_TAB_WAIT_MS;
            return Some(entry);
        };
        if refused(&entry.status) && known.status == Status::Waiting {
            known.status = entry.status;
            out.outbox_changed(entry.target);
        } else if refused(&known.status) && !refused(&entry.status) {
            known.status = Status::Waiting;
            known.mine = false;
            known.not_before = now + OTHER_TAB_WAIT_MS;
            out.outbox_changed(entry.target);
        }
        None
    }

    /// Another tab need not keep an unsent message any longer: it is stored, or given up.
    pub(in crate::state) fn forgotten_elsewhere(&mut self, client_id: &ClientId, out: &mut Output) {
        let waits = |entry: &Entry| {
            entry.client_id == *client_id
                && matches!(entry.status, Status::Waiting | Status::NotSent(_))
        };
        if let Some(at) = self.entries.iter().position(waits) {
            out.outbox_changed(self.entries.remove(at).target);
        }
    }

    /// Takes in an unsent message that was kept in storage; what is known already stays as it is here.
    pub(in crate::state) fn restore(&mut self, mut entry: Entry, out: &mut Output) {
        if self.get(&entry.client_id).is_some() {
            return;
        }
        entry.mine = false;
        if !matches!(entry.status, Status::NotSent(_)) {
            entry.status = Status::Waiting;
        }
        out.outbox_changed(entry.target);
        let at = self.entries.partition_point(|other| other.created_at <= entry.created_at);
        self.entries.insert(at, entry);
    }
}
