//! What waits in the rows of the chat list for its time.

use super::ChatList;
use crate::protocol::{ConversationId, Timestamp};
use crate::state::clock::Clock;
use crate::state::connection::Connection;
use crate::state::output::Output;

impl ChatList {
    /// The conversations with a hole that has been open for too long.
    pub(in crate::state) fn due_holes(&self, now: Timestamp) -> Vec<ConversationId> {
        let is_due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        let due = self.rows.iter().filter(|(_, row)| is_due(row.buffer.hole_at()));
        due.map(|(id, _)| *id).collect()
    }

    /// The conversations of which changes have been missing for too long.
    pub(in crate::state) fn due_gaps(&self, now: Timestamp) -> Vec<ConversationId> {
        let is_due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        let due = self.rows.iter().filter(|(_, row)| is_due(row.revisions.gap_at()));
        due.map(|(id, _)| *id).collect()
    }

    /// What is missing before what is held back is asked for now.
    pub(in crate::state) fn hole_requested(&mut self, id: ConversationId) {
        if let Some(row) = self.row_mut(id) {
            row.buffer.hole_requested();
        }
    }

    /// What was missing has been fetched, which has helped or not.
    pub(in crate::state) fn hole_fetched(
        &mut self,
        id: ConversationId,
        progress: bool,
        now: Timestamp,
    ) {
        if let Some(row) = self.row_mut(id) {
            row.buffer.hole_fetched(progress, now);
        }
    }

    /// The changes that are missing are asked for now: those above the `rev` that is returned.
    pub(in crate::state) fn gap_requested(&mut self, id: ConversationId) -> Option<i64> {
        let revisions = &mut self.row_mut(id)?.revisions;
        revisions.gap_requested();
        Some(revisions.rev())
    }

    /// A page of messages was read when this was the conversation's `rev`.
    pub(in crate::state) fn note_page_rev(&mut self, id: ConversationId, rev: i64, now: Timestamp) {
        if let Some(row) = self.row_mut(id) {
            row.revisions.note_page(rev, now);
        }
    }

    /// The rows to be fetched now because their count could not be kept.
    pub(in crate::state) fn take_due_counts(&mut self, now: Timestamp) -> Vec<ConversationId> {
        let mut due = Vec::new();
        for (id, row) in self.rows.iter_mut() {
            if row.recount_at().is_some_and(|at| at <= now) {
                row.count_requested();
                due.push(*id);
            }
        }
        due
    }

    /// Conversations whose time of silence is over by the server's clock. What came meanwhile has not brought
    /// an archived one back; now it has: those are returned.
    pub(in crate::state) fn end_mutes(
        &mut self,
        server_time: Timestamp,
        out: &mut Output,
    ) -> Vec<ConversationId> {
        let mut archived = Vec::new();
        for (id, row) in self.rows.iter_mut() {
            let row = &mut row.conversation;
            if row.muted_until.is_some_and(|until| until <= server_time) {
                row.muted_until = None;
                out.chats_changed();
                if row.archived {
                    archived.push(*id);
                }
            }
        }
        archived
    }

    /// When the first of all this is due.
    pub(in crate::state) fn deadline(
        &self,
        clock: Clock,
        connection: &Connection,
    ) -> Option<Timestamp> {
        let rows = self.rows.values().flat_map(|row| {
            let recount = row.recount_at().filter(|_| connection.is_ready());
            let unmuted = row.conversation.muted_until.map(|until| clock.device_time(until));
            [row.buffer.hole_at(), row.revisions.gap_at(), recount, unmuted]
        });
        rows.flatten().chain(self.marks.tell_at()).min()
    }
}
