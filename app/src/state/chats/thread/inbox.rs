//! Messages coming in, in whatever order: shown in theirs, each once.

use super::Thread;
use crate::protocol::rules::counts;
use crate::protocol::{MessagePage, Seq};
use crate::state::Effect;
use crate::state::inbox::Span;

impl Thread<'_> {
    /// Takes in a piece of the conversation; returns up to where that is taken in now.
    pub fn arrive(&mut self, span: Span) -> Seq {
        // A row may count a message before it comes: the `conversation` before a first message does.
        // What is taken in later does not announce it then.
        self.announce(&span, (self.row.conversation.delivered_seq, self.held()));
        // What came through here and follows the mark is held, even where the row came with
        // it already: the `conversation` before a first message may.
        if span.from <= self.row.conversation.delivered_seq.next() {
            self.row.deliver(span.to);
        }
        self.row.buffer.hold(span);
        self.admit()
    }

    /// Tells those who cannot see the page of what others say at these positions just now.
    fn announce(&mut self, span: &Span, (above, to): (Seq, Seq)) {
        for message in span.items.iter().filter(|message| counts(message, self.me)) {
            if span.live && message.seq > above && message.seq <= to {
                self.out.push(Effect::Announce(Box::new(message.clone())));
            }
        }
    }

    /// Shows what was held back, as far as there is no hole before it; returns up to where the conversation
    /// is taken in now.
    pub fn admit(&mut self) -> Seq {
        let held = loop {
            let held = self.held();
            self.row.revisions.release(held);
            match self.row.buffer.release(held) {
                Some(span) => self.take_in(held, span),
                None => break held,
            }
        };
        self.update_delivered(held);
        self.row.buffer.wait_for_hole(held, self.now);
        held
    }

    fn take_in(&mut self, held: Seq, mut span: Span) {
        self.row.revisions.apply(&mut span);
        self.row.append(&span.items, (span.from, span.to), self.me, self.now, self.out);
        self.announce(&span, (held, span.to));
        if let Some(timeline) = self.timeline.as_deref_mut() {
            let (fresh, known): (Vec<_>, Vec<_>) =
                span.items.into_iter().partition(|message| message.seq > held);
            for message in known {
                timeline.replace(message);
            }
            if !timeline.has_more_after() {
                timeline.extend(fresh, span.to);
                timeline.trim_oldest();
            }
        }
        self.out.timeline_changed(self.row.conversation.id);
    }

    /// Everything up to here is held when it came through here, or is loaded.
    fn update_delivered(&mut self, held: Seq) {
        let loaded = self.timeline.as_deref().filter(|timeline| !timeline.has_more_after());
        let above = self.row.buffer.received_above();
        let above = loaded.map_or(above, |timeline| above.min(timeline.from().previous()));
        if self.row.conversation.delivered_seq >= above {
            self.row.deliver(held);
        }
        if self.row.has_news() {
            self.marks.note(self.now);
        }
    }

    /// What waited on the server is held up to here; it hears so at once.
    pub fn take_delivered(&mut self, up_to: Seq) {
        self.row.deliver(up_to);
        self.row.told(Seq::ZERO, up_to);
        self.update_delivered(self.held());
    }

    /// There is a message at this position.
    pub fn expect(&mut self, seq: Seq) -> Seq {
        self.row.buffer.expect(seq);
        self.admit()
    }

    /// A page has come that is to be shown: what is newer in it than the row.
    pub fn note_page(&mut self, page: &MessagePage) {
        let range = (page.from_seq, page.to_seq);
        self.row.append(&page.items, range, self.me, self.now, self.out);
        self.row.revisions.note_page(page.rev, self.now);
    }

    /// The page has put another part of the conversation in the place of what was loaded.
    pub fn jumped(&mut self) {
        self.row.buffer.skip_to(self.row.conversation.last_seq);
    }
}
