//! Our marks: moved by what was held and seen, told to the server a little later and together.

use super::ChatList;
use crate::protocol::{Command, Mark, Timestamp};
use crate::state::connection::Connection;
use crate::state::output::Output;

/// Marks that move within this time are told together.
const MARKS_DELAY_MS: Timestamp = 200;

/// When to tell the server our marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    tell_at: Option<Timestamp>,
}

impl Marks {
    /// There is a mark to tell.
    pub fn note(&mut self, now: Timestamp) {
        self.tell_at.get_or_insert(now + MARKS_DELAY_MS);
    }

    /// When marks are to be told.
    pub const fn tell_at(&self) -> Option<Timestamp> {
        self.tell_at
    }
}

impl ChatList {
    /// Tells the server the marks that it does not know, when it is time.
    pub(in crate::state) fn tell_marks(
        &mut self,
        now: Timestamp,
        connection: &Connection,
        out: &mut Output,
    ) {
        if self.marks.tell_at.is_none_or(|at| at > now) {
            return;
        }
        self.marks.tell_at = None;
        if !connection.is_ready() {
            return;
        }
        for (_, row) in self.rows.iter_mut().filter(|(_, row)| row.has_news()) {
            let conversation = &row.conversation;
            let mark = |seq| Mark { conversation_id: conversation.id, seq };
            let (read, delivered) = (conversation.read_seq, conversation.delivered_seq);
            if read > row.told_read {
                connection.send(None, Command::Read(mark(read)), out);
                row.told_read = read;
                row.told_delivered = row.told_delivered.max(read);
            }
            if delivered > row.told_delivered {
                connection.send(None, Command::Delivered(mark(delivered)), out);
                row.told_delivered = delivered;
            }
        }
    }
}
