//! What has come of a conversation and cannot be shown yet, because what stands before it is
//! missing; and how far the server knows our marks.

use litemap::LiteMap;

use crate::protocol::{Conversation, Message, MessagePage, Seq, Timestamp};

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

/// What came of a conversation of which there is no row yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::state) struct Strays {
    pub spans: Vec<Span>,
    /// Up to here we have told the server that we hold them.
    pub delivered: Seq,
}

/// What has come of one conversation, and how far the server knows our marks.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::state) struct Inbox {
    /// Held back, by first position.
    early: LiteMap<Seq, Span>,
    /// The server has said that there are messages up to here.
    pub expected: Seq,
    /// When to fetch what is missing.
    pub hole_at: Option<Timestamp>,
    /// The row's count could not be kept, and is wrong perhaps.
    doubtful: bool,
    /// When to fetch the row anew for that reason.
    pub recount_at: Option<Timestamp>,
    /// What follows this position, up to the last that was taken in, has passed through here.
    pub received_above: Seq,
    /// The read mark that the server knows.
    pub told_read: Seq,
    /// The delivered mark that the server knows.
    pub told_delivered: Seq,
    /// Every change up to this `rev` has been taken in.
    pub rev: i64,
    /// The server has said that there are changes up to here.
    pub rev_expected: i64,
    /// When to fetch the changes that are missing.
    pub rev_gap_at: Option<Timestamp>,
    /// Changed messages that came before what stands in front of them, as they are now.
    revised: Vec<Message>,
}

impl Inbox {
    pub fn new(row: &Conversation) -> Self {
        Self {
            expected: row.last_seq,
            received_above: row.last_seq,
            told_read: row.read_seq,
            told_delivered: row.delivered_seq,
            rev: row.rev,
            rev_expected: row.rev,
            ..Self::default()
        }
    }

    /// There are changes up to here; those that are missing may come by themselves until then.
    pub fn expect_rev(&mut self, rev: i64, fetch_at: Timestamp) {
        self.rev_expected = self.rev_expected.max(rev);
        self.rev_gap_at = (self.rev < self.rev_expected)
            .then(|| self.rev_gap_at.map_or(fetch_at, |at| at.min(fetch_at)));
    }

    /// Keeps a message's newer version until the message itself is taken in.
    pub fn revise(&mut self, message: Message) {
        match self.revised.iter_mut().find(|known| known.seq == message.seq) {
            Some(known) if known.rev <= message.rev => *known = message,
            Some(_) => {}
            None => self.revised.push(message),
        }
    }

    /// The newer version of a message that is yet to be taken in.
    pub fn revision(&self, seq: Seq) -> Option<&Message> {
        self.revised.iter().find(|known| known.seq == seq)
    }

    /// Puts the newer versions in the place of what is taken in now.
    pub fn apply_revisions(&self, span: &mut Span) {
        for message in &mut span.items {
            if let Some(known) = self.revision(message.seq)
                && message.rev < known.rev
            {
                message.clone_from(known);
            }
        }
    }

    /// The row's count could not be kept.
    pub fn doubt(&mut self, fetch_at: Timestamp) {
        self.doubtful = true;
        self.recount_at.get_or_insert(fetch_at);
    }

    /// The row's count is right.
    pub fn trust(&mut self) {
        self.doubtful = false;
        self.recount_at = None;
    }

    pub const fn is_doubtful(&self) -> bool {
        self.doubtful
    }

    /// Holds a span back; of two that begin alike the longer one.
    pub fn hold(&mut self, span: Span) {
        self.expected = self.expected.max(span.to);
        if span.from <= self.received_above && self.received_above <= span.to {
            // The row counted these before they came.
            self.received_above = span.from.previous();
        }
        let known = self.early.get(&span.from).map(|known| known.to);
        if known.is_none_or(|to| to < span.to) {
            self.early.insert(span.from, span);
        }
    }

    /// The messages that are yet to be taken in.
    pub fn waiting_mut(&mut self) -> impl Iterator<Item = &mut Message> {
        let early = self.early.iter_mut().flat_map(|(_, span)| &mut span.items);
        early.chain(&mut self.revised)
    }

    /// Takes out what reaches beyond `held` without a hole; forgets what does not reach beyond it.
    pub fn release(&mut self, held: Seq) -> Option<Span> {
        // By whatever way it was taken in.
        self.revised.retain(|known| known.seq > held);
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
}

#[cfg(test)]
mod tests {
    use super::{Inbox, Span};
    use crate::protocol::Seq;

    fn span(from: i64, to: i64) -> Span {
        Span { from: Seq::new(from), to: Seq::new(to), items: Vec::new(), live: false }
    }

    #[test]
    fn what_is_early_waits_for_what_stands_before_it() {
        let mut inbox = Inbox::default();
        for early in [span(7, 7), span(5, 6), span(5, 5), span(2, 2)] {
            inbox.hold(early);
        }
        assert_eq!(inbox.release(Seq::new(2)), None, "3 and 4 are missing; 2 is a repeat");
        assert_eq!(inbox.release(Seq::new(4)), Some(span(5, 6)));
        assert_eq!(inbox.release(Seq::new(6)), Some(span(7, 7)));
        assert_eq!(inbox.release(Seq::new(7)), None);
        assert_eq!(inbox.expected, Seq::new(7));
    }
}
