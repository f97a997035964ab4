//! The part of one conversation's history that is loaded: one contiguous range of positions, bounded
//! however long the history is.

mod trimming;

use std::collections::VecDeque;

use crate::protocol::{ConversationId, Message, MessagePage, Seq, UserId};

use crate::protocol::rules::counts;

#[cfg(test)]
pub(in crate::state) use trimming::MAX_LOADED;

/// A contiguous range of a conversation's messages.
///
/// Every position from `from` to `to` is covered: a number in it without a message is one that
/// the reader may not see.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    conversation_id: ConversationId,
    messages: VecDeque<Message>,
    from: Seq,
    to: Seq,
    has_more_before: bool,
    live: bool,
    new_divider: Option<Seq>,
    /// The first message that is shown; none: the newest are.
    pub(in crate::state::history) top: Option<Seq>,
    pub(in crate::state::history) loading: Loading,
}

/// What is being fetched for a timeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loading {
    /// Whether older messages are being fetched.
    pub before: bool,
    /// Whether newer messages are being fetched.
    pub after: bool,
    /// The last try to load more has failed; trying again is up to the reader.
    pub failed: bool,
}

impl Timeline {
    /// What a page holds.
    #[must_use]
    pub fn new(conversation_id: ConversationId, page: MessagePage) -> Self {
        Self {
            conversation_id,
            messages: page.items.into(),
            from: page.from_seq,
            to: page.to_seq.max(page.from_seq.previous()),
            has_more_before: page.has_more_before,
            live: !page.has_more_after,
            new_divider: None,
            top: None,
            loading: Loading::default(),
        }
    }

    /// The conversation that it is part of.
    #[must_use]
    pub const fn conversation_id(&self) -> ConversationId {
        self.conversation_id
    }

    /// The messages, ascending.
    #[must_use]
    pub const fn messages(&self) -> &VecDeque<Message> {
        &self.messages
    }

    pub(in crate::state) fn messages_mut(&mut self) -> impl Iterator<Item = &mut Message> {
        self.messages.iter_mut()
    }

    /// The lowest covered position.
    #[must_use]
    pub const fn from(&self) -> Seq {
        self.from
    }

    /// The highest covered position.
    #[must_use]
    pub const fn to(&self) -> Seq {
        self.to
    }

    /// Whether there are older ones to load.
    #[must_use]
    pub const fn has_more_before(&self) -> bool {
        self.has_more_before
    }

    /// Whether there are newer ones to load. Then what arrives is not appended, for it would leave
    /// a hole.
    #[must_use]
    pub const fn has_more_after(&self) -> bool {
        !self.live
    }

    /// What is being fetched.
    #[must_use]
    pub const fn loading(&self) -> Loading {
        self.loading
    }

    /// The message above which "New" stands: the first that was unread when it was opened.
    #[must_use]
    pub const fn new_divider(&self) -> Option<Seq> {
        self.new_divider
    }

    /// The first message that was shown when the reader looked last; none: the newest were.
    #[must_use]
    pub const fn top(&self) -> Option<Seq> {
        self.top
    }

    /// Where the message at this position stands in [`messages`](Self::messages).
    #[must_use]
    pub fn index_of(&self, seq: Seq) -> Option<usize> {
        self.messages.binary_search_by_key(&seq, |message| message.seq).ok()
    }

    /// The message at this position.
    #[must_use]
    pub fn get(&self, seq: Seq) -> Option<&Message> {
        self.messages.get(self.index_of(seq)?)
    }

    /// Whether every position above `after` and up to `to` is covered.
    pub(in crate::state) fn covers(&self, after: Seq, to: Seq) -> bool {
        self.from <= after.next() && to <= self.to
    }

    /// The messages above this position.
    pub(in crate::state) fn above(&self, seq: Seq) -> impl Iterator<Item = &Message> {
        let start = self.messages.partition_point(|message| message.seq <= seq);
        self.messages.range(start..)
    }

    /// Puts "New" above the first message of others that is not read, if that is loaded.
    pub(in crate::state::history) fn divide(&mut self, read: Seq, me: UserId) {
        let reaches = self.from <= read.next() || !self.has_more_before;
        let first = self.above(read).find(|message| counts(message, me));
        self.new_divider = first.filter(|_| reaches).map(|message| message.seq);
    }

    pub(in crate::state) fn clear_divider(&mut self) {
        self.new_divider = None;
    }

    /// Whether a page overlaps the range, or joins it without a hole.
    pub(in crate::state::history) fn touches(&self, page: &MessagePage) -> bool {
        page.from_seq <= self.to.next() && self.from <= page.to_seq.next()
    }

    /// Takes a page in: joined where it touches the range, in place of all where it does not.
    pub(in crate::state::history) fn merge(&mut self, page: MessagePage) {
        if !self.touches(&page) {
            let loading = self.loading;
            *self = Self::new(self.conversation_id, page);
            self.loading = loading;
            return;
        }
        let (old_from, old_to) = (self.from, self.to);
        let mut older = Vec::new();
        for message in page.items {
            if message.seq < old_from {
                older.push(message);
            } else if message.seq > old_to {
                self.messages.push_back(message);
            } else {
                self.replace(message);
            }
        }
        for message in older.into_iter().rev() {
            self.messages.push_front(message);
        }
        if page.from_seq < old_from || page.from_seq == old_from && !page.has_more_before {
            self.from = page.from_seq;
            self.has_more_before = page.has_more_before;
        }
        if page.to_seq >= old_to {
            self.to = page.to_seq;
            self.live |= !page.has_more_after;
        }
    }

    /// Appends what follows the range directly, up to and including `to`.
    pub(in crate::state) fn extend(&mut self, items: impl IntoIterator<Item = Message>, to: Seq) {
        self.messages.extend(items);
        self.to = to;
    }

    /// Puts a changed message in the place of what it was, unless that is newer.
    pub(in crate::state) fn replace(&mut self, message: Message) {
        if let Some(at) = self.index_of(message.seq)
            && self.messages[at].rev <= message.rev
        {
            self.messages[at] = message;
        }
    }
}
