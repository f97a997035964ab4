//! The list's own matters: read and unread by hand, and mutes that end.

use crate::protocol::{ConversationId, Seq, Timestamp};

use super::actions::{Action, Setting};
use super::chats::Version;
use super::{Effect, Request, State};

impl State {
    /// Everything in a conversation counts as seen, because the user says so.
    pub fn mark_read(&mut self, id: ConversationId, now: Timestamp) -> Vec<Effect> {
        if let Some(row) = self.chats.row_mut(id) {
            let last = row.conversation.last_seq;
            row.conversation.read_seq = last;
            row.conversation.unread = 0;
            row.conversation.mention_seq = None;
            row.deliver(last);
            row.inbox.trust();
            self.out.chats_changed();
            self.note_marks(now);
        }
        self.unmark(id);
        self.finish(now)
    }

    /// All that was said up to here is hidden; the row, too, until something new is said.
    pub(super) fn hide(&mut self, id: ConversationId, up_to: Seq, now: Timestamp) {
        let Some(mut row) = self.chats.get(id).cloned() else { return };
        row.first_seq = row.first_seq.max(up_to.next());
        self.forget_below(&mut row);
        let read = row.read_seq;
        if let Some(known) = self.chats.row_mut(id) {
            known.conversation = row;
            known.version = Version::Touched;
        }
        self.recount(id, read, now);
    }

    /// What was marked unread by hand is so no more.
    pub(super) fn unmark(&mut self, id: ConversationId) {
        if self.chats.get(id).is_some_and(|row| row.marked_unread) {
            self.begin(0, Action::Set(id, Setting::MarkedUnread(false)));
        }
    }

    /// Conversations whose time of silence is over. What came meanwhile has not brought an archived
    /// one back; now it has.
    pub(super) fn end_mutes(&mut self, now: Timestamp) {
        let time = self.clock.server_time(now);
        let mut archived = Vec::new();
        for row in self.chats.rows_mut() {
            let row = &mut row.conversation;
            if row.muted_until.is_some_and(|until| until <= time) {
                row.muted_until = None;
                self.out.chats_changed();
                if row.archived {
                    archived.push(row.id);
                }
            }
        }
        for id in archived {
            self.fetch(Request::Conversation(id));
        }
    }
}
