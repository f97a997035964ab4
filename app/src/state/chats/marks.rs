//! Our marks: moved by what was held and seen, told to the server a little later and together.

use crate::protocol::{Command, ConversationId, Mark, Seq, Timestamp};

use crate::state::{Effect, State};

/// Marks that move within this time are told together.
const MARKS_DELAY_MS: Timestamp = 200;

impl State {
    /// Everything up to here was seen: inside the viewport of a visible, focused tab.
    pub fn seen(&mut self, id: ConversationId, seq: Seq, now: Timestamp) -> Vec<Effect> {
        let loaded = self.timelines.get(&id);
        if let (Some(timeline), Some(row)) = (loaded, self.chats.row_mut(id)) {
            let old = row.conversation.read_seq;
            let mut read = seq.min(timeline.to());
            let own = |seq| timeline.get(seq).is_some_and(|next| next.sender.id == self.me.id);
            while own(read.next()) {
                read = read.next();
            }
            if read > old {
                row.conversation.read_seq = read;
                row.deliver(read);
                self.out.chats_changed();
                self.recount(id, old, now);
                self.admit(id, now);
                self.note_marks(now);
            }
            self.unmark(id);
        }
        self.finish(now)
    }

    /// There is a mark to tell.
    pub(in crate::state) fn note_marks(&mut self, now: Timestamp) {
        self.marks_at.get_or_insert(now + MARKS_DELAY_MS);
    }

    /// Tells the server the marks that it does not know.
    pub(in crate::state) fn tell_marks(&mut self) {
        self.marks_at = None;
        if !self.connection.is_ready() {
            return;
        }
        let mut frames = Vec::new();
        for row in self.chats.rows_mut().filter(|row| row.has_news()) {
            let (conversation, inbox) = (&row.conversation, &mut row.inbox);
            let mark = |seq| Mark { conversation_id: conversation.id, seq };
            let (read, delivered) = (conversation.read_seq, conversation.delivered_seq);
            if read > inbox.told_read {
                frames.push(Command::Read(mark(read)));
                inbox.told_read = read;
                inbox.told_delivered = inbox.told_delivered.max(read);
            }
            if delivered > inbox.told_delivered {
                frames.push(Command::Delivered(mark(delivered)));
                inbox.told_delivered = delivered;
            }
        }
        for command in frames {
            self.connection.send(None, command, &mut self.out);
        }
    }
}
