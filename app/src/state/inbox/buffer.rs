//! Messages that have come and cannot be shown yet, because what stands before them is missing.

use litemap::LiteMap;

use super::{HOLE_RETRY_MS, HOLE_WAIT_MS};
use crate::protocol::{Message, MessagePage, Seq, Timestamp};

/// A piece of a conversation: every position from `from` to `to` is covered by `items`.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::state) struct Span {
    pub from: Seq,
    pub to: Seq,
    pub items: Vec<Message>,
    /// It arrived just now, by itself: to be announced.
    pub live: bool,
}

impl Span {
    pub fn of_message(message: Message, live: bool) -> Self {
        Self { from: message.seq, to: message.seq, items: vec![message], live }
    }

    /// Between the first and the last of a frame everything is covered.
    pub fn of_messages(items: Vec<Message>) -> Option<Self> {
        let (from, to) = (items.first()?.seq, items.last()?.seq);
        Some(Self { from, to, items, live: false })
    }

    pub fn of_page(page: MessagePage) -> Self {
        Self { from: page.from_seq, to: page.to_seq, items: page.items, live: false }
    }
}

/// What is held back of one conversation, and the hole before it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::state) struct Buffer {
    /// Held back, by first position.
    early: LiteMap<Seq, Span>,
    /// The server has said that there are messages up to here.
    expected: Seq,
    /// When to fetch what is missing.
    hole_at: Option<Timestamp>,
    /// What follows this position, up to the last that was taken in, has passed through here.
    received_above: Seq,
}

impl Buffer {
    /// Nothing is held back; up to `last` all is known otherwise.
    pub const fn new(last: Seq) -> Self {
        Self { early: LiteMap::new(), expected: last, hole_at: None, received_above: last }
    }

    /// The position up to which the server has said that there are messages.
    pub const fn expected(&self) -> Seq {
        self.expected
    }

    /// The server has said that there are messages up to here.
    pub fn expect(&mut self, to: Seq) {
        self.expected = self.expected.max(to);
    }

    /// What follows this position, up to the last that was taken in, has passed through here.
    pub const fn received_above(&self) -> Seq {
        self.received_above
    }

    /// What stands up to here is known otherwise: it has not passed through here.
    pub const fn skip_to(&mut self, last: Seq) {
        self.received_above = last;
    }

    /// Holds a span back; of two that begin alike the longer one.
    pub fn hold(&mut self, span: Span) {
        self.expect(span.to);
        if span.from <= self.received_above && self.received_above <= span.to {
            // The row counted these before they came.
            self.received_above = span.from.previous();
        }
        let known = self.early.get(&span.from).map(|known| known.to);
        if known.is_none_or(|to| to < span.to) {
            self.early.insert(span.from, span);
        }
    }

    /// The messages that are held back.
    pub fn messages_mut(&mut self) -> impl Iterator<Item = &mut Message> {
        self.early.iter_mut().flat_map(|(_, span)| &mut span.items)
    }

    /// Takes out what reaches beyond `held` without a hole; forgets what does not reach beyond it.
    pub fn release(&mut self, held: Seq) -> Option<Span> {
        while let Some((&from, _)) = self.early.first() {
            if from > held.next() {
                break;
            }
            let span = self.early.remove(&from).filter(|span| span.to > held);
            if span.is_some() {
                return span;
            }
        }
        None
    }

    /// All that could be released is taken in up to `held`: what is missing may come by itself for a while.
    pub fn wait_for_hole(&mut self, held: Seq, now: Timestamp) {
        let fetch_at = now + HOLE_WAIT_MS;
        self.hole_at =
            (self.expected > held).then(|| self.hole_at.map_or(fetch_at, |at| at.min(fetch_at)));
    }

    /// When to fetch what is missing.
    pub const fn hole_at(&self) -> Option<Timestamp> {
        self.hole_at
    }

    /// What is missing is asked for now.
    pub const fn hole_requested(&mut self) {
        self.hole_at = None;
    }

    /// The last of what was fetched has come. If there is a hole still, it is fetched at once where this has
    /// helped, else a little later.
    pub fn hole_fetched(&mut self, progress: bool, now: Timestamp) {
        if self.hole_at.is_some() {
            self.hole_at = Some(now + if progress { 0 } else { HOLE_RETRY_MS });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Buffer, Span};
    use crate::protocol::Seq;

    fn span(from: i64, to: i64) -> Span {
        Span { from: Seq::new(from), to: Seq::new(to), items: Vec::new(), live: false }
    }

    #[test]
    fn what_is_early_waits_for_what_stands_before_it() {
        let mut buffer = Buffer::new(Seq::ZERO);
        for early in [span(7, 7), span(5, 6), span(5, 5), span(2, 2)] {
            buffer.hold(early);
        }
        assert_eq!(buffer.release(Seq::new(2)), None, "3 and 4 are missing; 2 is a repeat");
        assert_eq!(buffer.release(Seq::new(4)), Some(span(5, 6)));
        assert_eq!(buffer.release(Seq::new(6)), Some(span(7, 7)));
        assert_eq!(buffer.release(Seq::new(7)), None);
        assert_eq!(buffer.expected, Seq::new(7));
    }
}
