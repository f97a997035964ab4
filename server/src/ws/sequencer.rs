//! One conversation's messages on this node, brought into the order of `seq`.
//!
//! With one node it only ever passes on: the writer's stream is in order. It has work to do
//! when another node wrote a message whose event is late or lost, and when the first message of a
//! conversation has to wait until its members were told of the conversation itself. The answer to
//! a message that had been stored before follows that message, and so waits for the same.

use std::collections::BTreeMap;
use std::time::Instant;

use app::protocol::Seq;

/// What to do after a message arrived, or after a wait ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step<T> {
    /// Pass these on, in this order.
    pub(super) deliver: Vec<T>,
    /// What to do after that.
    pub(super) then: Then,
}

/// What a sequencer waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The next message, or the end of a wait that has begun.
    Wait,
    /// The first message is here: tell the members of the conversation, then call
    /// [`Sequencer::introduced`].
    Introduce,
    /// A message is missing: give it a moment, then ask [`Sequencer::gap`] and call
    /// [`Sequencer::gap_closed`].
    AwaitGap,
}

/// A message that was passed on before, read from the database: only its origin waits for its ack.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Late<T>(pub(super) T);

/// See the module.
#[derive(Debug)]
pub(super) struct Sequencer<T> {
    /// The next position to pass on; absent until something is known.
    next: Option<Seq>,
    /// `next` is what a reader of the database assumed, and nothing was passed on yet. A message
    /// that was committed then may still be on its way here.
    assumed: bool,
    held: BTreeMap<Seq, T>,
    /// What goes out after the message at a position, in the order in which it came.
    followers: BTreeMap<Seq, Vec<T>>,
    introducing: bool,
    introduced: bool,
    awaiting_gap: bool,
    touched: Instant,
}

const FIRST: Seq = Seq::ZERO.next();

impl<T> Sequencer<T> {
    /// A sequencer of which nothing is known: it begins with whatever comes first.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            next: None,
            assumed: false,
            held: BTreeMap::new(),
            followers: BTreeMap::new(),
            introducing: false,
            introduced: false,
            awaiting_gap: false,
            touched: now,
        }
    }

    /// Learns that the conversation stood at `last` when this node looked.
    pub(super) fn expect_after(&mut self, last: Seq) {
        if self.next.is_none() {
            self.next = Some(last.next());
            self.assumed = true;
        }
    }

    /// Takes a message in.
    pub(super) fn offer(&mut self, seq: Seq, item: T, now: Instant) -> Result<Step<T>, Late<T>> {
        self.touched = now;
        let next = *self.next.get_or_insert(seq);
        if seq < next {
            if !self.assumed {
                return Err(Late(item));
            }
            self.next = Some(seq);
        }
        self.held.insert(seq, item);
        Ok(self.advance())
    }

    /// Takes what is to be passed on after the message at `seq`, but does not come in its place.
    pub(super) fn follow(&mut self, seq: Seq, item: T, now: Instant) -> Step<T> {
        if self.next.is_none() {
            // Where nothing is known, there is nothing that it could overtake.
            return Step { deliver: vec![item], then: Then::Wait };
        }
        self.touched = now;
        self.followers.entry(seq).or_default().push(item);
        self.advance()
    }

    /// The members learn of the conversation in another way: its first message need not wait.
    pub(super) fn needs_no_introduction(&mut self) {
        self.introduced = true;
    }

    /// The members know of the conversation; its first message may pass.
    pub(super) fn introduced(&mut self) -> Step<T> {
        self.introduced = true;
        self.introducing = false;
        self.advance()
    }

    /// After the wait: the range that is still missing, if any.
    pub(super) fn gap(&mut self) -> Option<(Seq, Seq)> {
        let next = self.next?;
        let to = match (self.held.first_key_value(), self.followers.first_key_value()) {
            (Some((first, _)), _) => first.previous(),
            (None, follower) => *follower?.0,
        };
        (next <= to).then_some((next, to))
    }

    /// The wait for a gap is over: whatever is still missing up to `to` will not come. What came
    /// meanwhile and waits for something else keeps its turn.
    pub(super) fn gap_closed(&mut self, to: Seq) -> Step<T> {
        self.awaiting_gap = false;
        let waiting = self.held.first_key_value().map_or(to.next(), |(first, _)| *first);
        self.next = self.next.max(Some(to.next().min(waiting)));
        self.advance()
    }

    /// Nothing waits here, and nothing came since `then`.
    pub(super) fn is_idle_since(&self, then: Instant) -> bool {
        self.is_free() && !self.introducing && !self.awaiting_gap && self.touched < then
    }

    fn is_free(&self) -> bool {
        self.held.is_empty() && self.followers.is_empty()
    }

    fn advance(&mut self) -> Step<T> {
        let mut deliver = Vec::new();
        loop {
            while let (Some(next), Some(entry)) = (self.next, self.followers.first_entry())
                && *entry.key() < next
            {
                deliver.append(&mut entry.remove());
            }
            let (false, Some(next), Some(entry)) =
                (self.introducing, self.next, self.held.first_entry())
            else {
                break;
            };
            if *entry.key() != next {
                break;
            }
            if next == FIRST && !self.introduced {
                self.introducing = true;
                return Step { deliver, then: Then::Introduce };
            }
            deliver.push(entry.remove());
            self.assumed = false;
            self.next = Some(next.next());
        }
        let gap = !self.introducing && !self.awaiting_gap && !self.is_free();
        self.awaiting_gap |= gap;
        Step { deliver, then: if gap { Then::AwaitGap } else { Then::Wait } }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use app::protocol::Seq;

    use super::{Late, Sequencer, Step, Then};

    fn seq(n: i64) -> Seq {
        Seq::new(n)
    }

    fn step(deliver: &[i64], then: Then) -> Step<i64> {
        Step { deliver: deliver.to_vec(), then }
    }

    #[test]
    fn what_comes_in_order_passes_at_once() {
        let now = Instant::now();
        let mut sequencer = Sequencer::new(now);
        for n in 7..10 {
            assert_eq!(sequencer.offer(seq(n), n, now), Ok(step(&[n], Then::Wait)));
        }
    }

    #[test]
    fn the_first_message_waits_for_the_introduction() {
        let now = Instant::now();
        let mut sequencer = Sequencer::new(now);
        assert_eq!(sequencer.offer(seq(1), 1, now), Ok(step(&[], Then::Introduce)));
        assert_eq!(sequencer.offer(seq(2), 2, now), Ok(step(&[], Then::Wait)));
        assert_eq!(sequencer.offer(seq(4), 4, now), Ok(step(&[], Then::Wait)));
        assert_eq!(sequencer.introduced(), step(&[1, 2], Then::AwaitGap));
        assert_eq!(sequencer.offer(seq(3), 3, now), Ok(step(&[3, 4], Then::Wait)));
    }

    #[test]
    fn an_early_message_waits_for_the_gap_to_close() {
        let now = Instant::now();
        let mut sequencer = Sequencer::new(now);
        assert_eq!(sequencer.offer(seq(2), 2, now), Ok(step(&[2], Then::Wait)));
        assert_eq!(sequencer.offer(seq(5), 5, now), Ok(step(&[], Then::AwaitGap)));
        assert_eq!(sequencer.offer(seq(6), 6, now), Ok(step(&[], Then::Wait)));
        assert_eq!(sequencer.offer(seq(3), 3, now), Ok(step(&[3], Then::Wait)));
        assert_eq!(sequencer.gap(), Some((seq(4), seq(4))));
        assert_eq!(sequencer.gap_closed(seq(4)), step(&[5, 6], Then::Wait));
        assert_eq!(sequencer.offer(seq(4), 4, now), Err(Late(4)));
    }

    #[test]
    fn a_gap_that_held_the_first_message_waits_for_the_introduction() {
        let now = Instant::now();
        let mut sequencer = Sequencer::new(now);
        sequencer.expect_after(Seq::ZERO);
        assert_eq!(sequencer.offer(seq(3), 3, now), Ok(step(&[], Then::AwaitGap)));
        assert_eq!(sequencer.gap(), Some((seq(1), seq(2))));
        assert_eq!(sequencer.offer(seq(1), 1, now), Ok(step(&[], Then::Introduce)));
        assert_eq!(sequencer.offer(seq(2), 2, now), Ok(step(&[], Then::Wait)));
        assert_eq!(sequencer.gap_closed(seq(2)), step(&[], Then::Wait));
        assert_eq!(sequencer.introduced(), step(&[1, 2, 3], Then::Wait));
    }

    #[test]
    fn a_follower_waits_for_the_introduction_and_for_what_is_before_it() {
        let now = Instant::now();
        let mut sequencer = Sequencer::new(now);
        sequencer.expect_after(Seq::ZERO);
        assert_eq!(sequencer.offer(seq(1), 1, now), Ok(step(&[], Then::Introduce)));
        assert_eq!(sequencer.follow(seq(1), -1, now), step(&[], Then::Wait));
        assert_eq!(sequencer.offer(seq(2), 2, now), Ok(step(&[], Then::Wait)));
        assert_eq!(sequencer.introduced(), step(&[1, -1, 2], Then::Wait));
        assert_eq!(sequencer.follow(seq(2), -2, now), step(&[-2], Then::Wait), "told long ago");
        assert_eq!(sequencer.offer(seq(4), 4, now), Ok(step(&[], Then::AwaitGap)));
        assert_eq!(sequencer.follow(seq(3), -3, now), step(&[], Then::Wait));
        assert_eq!(sequencer.offer(seq(3), 3, now), Ok(step(&[3, -3, 4], Then::Wait)));
    }

    #[test]
    fn what_a_follower_follows_is_read_when_it_does_not_come() {
        let now = Instant::now();
        let mut sequencer = Sequencer::new(now);
        sequencer.expect_after(seq(3));
        assert_eq!(sequencer.follow(seq(5), -5, now), step(&[], Then::AwaitGap));
        assert_eq!(sequencer.gap(), Some((seq(4), seq(5))));
        assert_eq!(sequencer.offer(seq(4), 4, now), Ok(step(&[4], Then::Wait)));
        assert_eq!(sequencer.gap_closed(seq(5)), step(&[-5], Then::Wait), "it is nowhere");
    }

    #[test]
    fn a_follower_where_nothing_is_known_passes_at_once() {
        let now = Instant::now();
        let mut sequencer = Sequencer::new(now);
        assert_eq!(sequencer.follow(seq(5), -5, now), step(&[-5], Then::Wait));
        assert_eq!(sequencer.offer(seq(9), 9, now), Ok(step(&[9], Then::Wait)), "no gap from 5");
    }

    #[test]
    fn what_was_committed_before_someone_looked_still_passes() {
        let now = Instant::now();
        let mut sequencer = Sequencer::new(now);
        sequencer.expect_after(seq(3));
        assert_eq!(sequencer.offer(seq(3), 3, now), Ok(step(&[3], Then::Wait)));
        assert_eq!(sequencer.offer(seq(4), 4, now), Ok(step(&[4], Then::Wait)));
        assert_eq!(sequencer.offer(seq(3), 3, now), Err(Late(3)));
    }

    #[test]
    fn a_gap_that_closed_by_itself_is_none() {
        let now = Instant::now();
        let mut sequencer = Sequencer::new(now);
        sequencer.expect_after(seq(3));
        assert_eq!(sequencer.offer(seq(5), 5, now), Ok(step(&[], Then::AwaitGap)));
        assert_eq!(sequencer.offer(seq(4), 4, now), Ok(step(&[4, 5], Then::Wait)));
        assert_eq!(sequencer.gap(), None);
        assert_eq!(sequencer.gap_closed(Seq::ZERO), step(&[], Then::Wait));
    }
}
