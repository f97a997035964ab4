//! One conversation as its parts stand together: its row, and what is loaded of it.

mod inbox;
mod merge;
mod revisions;

use crate::protocol::rules::{calls, counts};
use crate::protocol::{Conversation, Message, Receipt, Seq, Timestamp, UserId, limits};
use crate::state::Timeline;
use crate::state::chats::marks::Marks;
use crate::state::chats::row::{ChatRow, partner};
use crate::state::chats::version::Version;
use crate::state::output::Output;

pub(in crate::state) use revisions::retouch;

/// A count that could not be kept is fetched after this long: by then the server knows our mark.
const RECOUNT_DELAY_MS: Timestamp = 1_000;

/// One conversation, for as long as something happens to it.
pub(in crate::state) struct Thread<'a> {
    row: &'a mut ChatRow,
    timeline: Option<&'a mut Timeline>,
    marks: &'a mut Marks,
    me: UserId,
    now: Timestamp,
    out: &'a mut Output,
}

/// What is known of a message.
pub(in crate::state) fn known<'a>(
    row: Option<&'a ChatRow>,
    timeline: Option<&'a Timeline>,
    seq: Seq,
) -> Option<&'a Message> {
    let loaded = timeline.and_then(|timeline| timeline.get(seq));
    let last = row.and_then(|row| row.conversation.last_message.as_ref());
    let last = last.filter(|last| last.seq == seq);
    let revision = row.and_then(|row| row.revisions.get(seq));
    let known = [loaded, last, revision].into_iter().flatten();
    known.max_by_key(|message| message.rev)
}

/// What stands below the first position that the reader can see is gone: hidden by them, or not
/// theirs to see.
fn forget_below(row: &mut Conversation, timeline: Option<&mut Timeline>) {
    let first = row.first_seq;
    row.last_message = row.last_message.take().filter(|last| last.seq >= first);
    row.mention_seq = row.mention_seq.filter(|seq| *seq >= first);
    if let Some(timeline) = timeline {
        timeline.forget_below(first);
    }
}

impl<'a> Thread<'a> {
    pub(super) const fn new(
        row: &'a mut ChatRow,
        timeline: Option<&'a mut Timeline>,
        marks: &'a mut Marks,
        me: UserId,
        now: Timestamp,
        out: &'a mut Output,
    ) -> Self {
        Self { row, timeline, marks, me, now, out }
    }

    /// What is known of a message.
    fn known(&self, seq: Seq) -> Option<&Message> {
        known(Some(self.row), self.timeline.as_deref(), seq)
    }

    /// Up to where the conversation has been taken in.
    fn held(&self) -> Seq {
        self.row.held(self.timeline.as_deref())
    }

    /// The conversation, or what is loaded of it, has changed.
    fn changed(&mut self) {
        self.out.chats_changed();
        self.out.timeline_changed(self.row.conversation.id);
    }

    /// Everything up to here was seen, as far as it is loaded. If that is news, returns up to where the
    /// conversation is taken in now.
    pub fn see(&mut self, seq: Seq) -> Option<Seq> {
        let timeline = self.timeline.as_deref()?;
        let old = self.row.conversation.read_seq;
        let mut read = seq.min(timeline.to());
        let own = |seq| timeline.get(seq).is_some_and(|next| next.sender.id == self.me);
        while own(read.next()) {
            read = read.next();
        }
        if read <= old {
            return None;
        }
        self.row.conversation.read_seq = read;
        self.row.deliver(read);
        self.out.chats_changed();
        self.recount(old);
        self.marks.note(self.now);
        Some(self.admit())
    }

    /// Everything counts as seen, because the user says so.
    pub fn mark_read(&mut self) {
        let row = &mut self.row.conversation;
        let last = row.last_seq;
        row.read_seq = last;
        row.unread = 0;
        row.mention_seq = None;
        self.row.deliver(last);
        self.row.trust();
        self.out.chats_changed();
        self.marks.note(self.now);
    }

    /// All that was said up to here is hidden; the row, too, until something new is said.
    pub fn hide(&mut self, up_to: Seq) {
        let row = &mut self.row.conversation;
        row.first_seq = row.first_seq.max(up_to.next());
        let read = row.read_seq;
        forget_below(row, self.timeline.as_deref_mut());
        self.row.version = Version::Touched;
        self.recount(read);
    }

    /// Someone's marks have moved: the partner's, or our own on another device.
    pub fn take_receipt(&mut self, receipt: &Receipt) {
        let delivered = receipt.delivered_seq.max(receipt.read_seq);
        let row = &mut self.row.conversation;
        if receipt.user_id == self.me {
            row.delivered_seq = row.delivered_seq.max(delivered);
            let is_news = receipt.read_seq > row.read_seq;
            if is_news {
                row.read_seq = receipt.read_seq;
                row.unread = receipt.unread.unwrap_or(row.unread);
            }
            self.row.told(receipt.read_seq, delivered);
            if is_news {
                self.recount(receipt.read_seq);
            }
        } else if partner(row, self.me) == Some(receipt.user_id) {
            row.peer_read_seq = row.peer_read_seq.max(Some(receipt.read_seq));
            row.peer_delivered_seq = row.peer_delivered_seq.max(Some(delivered));
        }
        self.changed();
    }

    /// Counts what is unread anew after the read mark has moved from `old`: from what is loaded
    /// where that suffices, else by asking the server a little later.
    fn recount(&mut self, old: Seq) {
        let (me, timeline) = (self.me, self.timeline.as_deref());
        let row = &mut self.row.conversation;
        let (read, last) = (row.read_seq, row.last_seq);
        // What is hidden counts no more.
        let read = read.max(row.first_seq.previous());
        let count = |above: Seq, to: Seq| {
            let timeline = timeline.filter(|timeline| timeline.covers(above, to))?;
            let (mut unread, mut mention) = (0, None);
            for message in timeline.above(above).take_while(|message| message.seq <= to) {
                unread = (unread + u32::from(counts(message, me))).min(limits::UNREAD);
                mention = mention.or_else(|| calls(message, me).then_some(message.seq));
            }
            Some((unread, mention))
        };
        if read >= last {
            (row.unread, row.mention_seq) = (0, None);
            self.row.trust();
        } else if let Some(counted) = count(read, last) {
            (row.unread, row.mention_seq) = counted;
            self.row.trust();
        } else {
            row.mention_seq = row.mention_seq.filter(|seq| *seq > read);
            if row.unread < limits::UNREAD
                && let Some((seen, _)) = count(old, read)
            {
                row.unread = row.unread.saturating_sub(seen);
            }
            self.row.version = Version::Touched;
            self.row.doubt(self.now + RECOUNT_DELAY_MS);
        }
    }
}
