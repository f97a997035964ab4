//! Messages that have changed (edited, recalled, reacted to): up to which change all are known, and those
//! that came before the message itself.

use super::{HOLE_RETRY_MS, HOLE_WAIT_MS, Span};
use crate::protocol::{Message, Seq, Timestamp};

/// How far the changes of one conversation are known.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::state) struct Revisions {
    /// Every change up to this `rev` has been taken in.
    rev: i64,
    /// The server has said that there are changes up to here.
    expected: i64,
    /// When to fetch the changes that are missing.
    gap_at: Option<Timestamp>,
    /// Changed messages that came before what stands in front of them, as they are now.
    early: Vec<Message>,
}

impl Revisions {
    /// Every change up to this one is known.
    pub const fn new(rev: i64) -> Self {
        Self { rev, expected: rev, gap_at: None, early: Vec::new() }
    }

    /// The `rev` up to which every change has been taken in.
    pub const fn rev(&self) -> i64 {
        self.rev
    }

    /// The `rev` up to which the server has said that there are changes.
    pub const fn expected(&self) -> i64 {
        self.expected
    }

    /// There are changes up to here; those that are missing may come by themselves until then.
    pub fn expect(&mut self, rev: i64, fetch_at: Timestamp) {
        self.expected = self.expected.max(rev);
        self.gap_at =
            (self.rev < self.expected).then(|| self.gap_at.map_or(fetch_at, |at| at.min(fetch_at)));
    }

    /// A change was told by itself, and taken in.
    pub fn told(&mut self, rev: i64, now: Timestamp) {
        if rev == self.rev + 1 {
            self.rev = rev;
        }
        self.expect(rev, now + HOLE_WAIT_MS);
    }

    /// Every change up to this one has been taken in with all that is shown.
    pub fn raise(&mut self, rev: i64) {
        self.rev = self.rev.max(rev);
    }

    /// What is shown may have changed in any way until `rev`.
    pub fn forget(&mut self, rev: i64, now: Timestamp) {
        self.rev = 0;
        self.expect(rev, now);
    }

    /// A page of messages was read when this was the conversation's `rev`. It never raises the one
    /// that is caught up to: what is loaded beside it may be older. But what has changed since then
    /// was told before there was anything to change.
    pub fn note_page(&mut self, rev: i64, now: Timestamp) {
        self.rev = self.rev.min(rev);
        let wait = if self.expected > rev { 0 } else { HOLE_WAIT_MS };
        self.expect(rev, now + wait);
    }

    /// When to fetch the changes that are missing.
    pub const fn gap_at(&self) -> Option<Timestamp> {
        self.gap_at
    }

    /// The changes that are missing are asked for now.
    pub const fn gap_requested(&mut self) {
        self.gap_at = None;
    }

    /// The changes after `after` have come, as they were at `rev`. Returns whether this has helped.
    pub fn fetched(&mut self, after: i64, rev: i64, now: Timestamp) -> bool {
        let before = self.rev;
        // Else an older page has come since this was asked.
        if after <= before {
            self.rev = before.max(rev);
        }
        let progress = self.rev > before || after > before;
        let wait = if progress { 0 } else { HOLE_RETRY_MS };
        self.gap_at = None;
        self.expect(rev, now + wait);
        progress
    }

    /// Keeps a message's newer version until the message itself is taken in.
    pub fn hold(&mut self, message: Message) {
        match self.early.iter_mut().find(|known| known.seq == message.seq) {
            Some(known) if known.rev <= message.rev => *known = message,
            Some(_) => {}
            None => self.early.push(message),
        }
    }

    /// The newer version of a message that is yet to be taken in.
    pub fn get(&self, seq: Seq) -> Option<&Message> {
        self.early.iter().find(|known| known.seq == seq)
    }

    /// The newer versions of messages that are yet to be taken in.
    pub fn messages_mut(&mut self) -> impl Iterator<Item = &mut Message> {
        self.early.iter_mut()
    }

    /// Puts the newer versions in the place of what is taken in now.
    pub fn apply(&self, span: &mut Span) {
        for message in &mut span.items {
            if let Some(known) = self.get(message.seq)
                && message.rev < known.rev
            {
                message.clone_from(known);
            }
        }
    }

    /// Messages up to `held` have been taken in, by whatever way.
    pub fn release(&mut self, held: Seq) {
        self.early.retain(|known| known.seq > held);
    }
}
