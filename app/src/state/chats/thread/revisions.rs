//! Messages that change (edited, recalled, reacted to, answered): the newest version of each is kept, whatever
//! the order in which they come.

use super::{Thread, known};
use crate::protocol::rules::counts;
use crate::protocol::{Message, MessageChanges, Quote, ReactionChange, Seq, UserId};
use crate::state::Timeline;
use crate::state::chats::row::ChatRow;
use crate::state::quotes::{quote_anew, refresh};

impl Thread<'_> {
    /// A frame tells of a change. It is the same for all its receivers: which reactions are the
    /// reader's own is known from before, and from who has changed it.
    pub fn take_update(
        &mut self,
        mut message: Message,
        by: UserId,
        change: Option<&ReactionChange>,
    ) {
        let (rev, counts_anew) = (message.rev, change.is_none());
        self.own_reactions(&mut message, change.filter(|_| by == self.me));
        self.take_changed(message, counts_anew);
        self.row.revisions.told(rev, self.now);
    }

    /// Changes that were missed have come; returns whether there are more to ask for.
    pub fn take_changes(&mut self, after: i64, page: MessageChanges) -> bool {
        for message in page.items {
            self.take_changed(message, true);
        }
        self.row.revisions.fetched(after, page.rev, self.now) && page.has_more
    }

    /// Which reactions are the reader's own, where a message does not tell.
    pub(super) fn own_reactions(&self, message: &mut Message, change: Option<&ReactionChange>) {
        let known = self.known(message.seq);
        for reaction in message.reactions.iter_mut().filter(|reaction| reaction.mine.is_none()) {
            reaction.mine = Some(match change.filter(|change| change.emoji == reaction.emoji) {
                Some(change) => change.added,
                None => known.is_some_and(|known| is_mine(known, &reaction.emoji)),
            });
        }
    }

    /// Takes in the newest version of a message, by whatever way it came; what is unread may count
    /// anew by it.
    pub fn take_changed(&mut self, mut message: Message, counts_anew: bool) {
        let (seq, me) = (message.seq, self.me);
        // Else it comes again, or late: what it tells has been taken in, and what came after it.
        if message.rev <= self.row.revisions.rev() {
            return;
        }
        let held = self.held();
        refresh(&mut message, |answered| self.known(answered));
        let weight = |message: &Message| (counts(message, me), message.names(me));
        let before = self.known(seq).map(weight);
        self.row.update(&message);
        let read = self.row.conversation.read_seq;
        let told = message.quote();
        let is_unread = seq > read && message.sender.id != me;
        // A page may have shown it before the row was told.
        let recounts = is_unread && (counts_anew || before != Some(weight(&message)));
        if seq > held {
            self.row.revisions.hold(message);
        } else if let Some(timeline) = self.timeline.as_deref_mut() {
            timeline.replace(message);
        }
        self.quote_anew(told);
        if recounts {
            self.recount(read);
        }
        self.changed();
    }

    /// A message has changed: what answers it quotes it as it is now.
    fn quote_anew(&mut self, told: Quote) {
        let quote = self.known(told.seq).map_or(told, Message::quote);
        let anew = |message: &mut Message| quote_anew(message, &quote);
        if let Some(timeline) = self.timeline.as_deref_mut() {
            timeline.messages_mut().for_each(anew);
        }
        self.row.conversation.last_message.iter_mut().for_each(anew);
        // When they are taken in, what they answer may not be known any more.
        self.row.buffer.messages_mut().for_each(anew);
        self.row.revisions.messages_mut().for_each(anew);
    }
}

/// Changes a message as it is known, until its next version comes. One that came after `since` may
/// have this change, and others after it.
pub(in crate::state) fn retouch(
    row: Option<&mut ChatRow>,
    timeline: Option<&mut Timeline>,
    (seq, since): (Seq, i64),
    change: &dyn Fn(&mut Message),
) {
    let message = known(row.as_deref(), timeline.as_deref(), seq);
    if let Some(mut message) = message.filter(|known| known.rev <= since).cloned() {
        change(&mut message);
        if let Some(row) = row {
            row.update(&message);
        }
        if let Some(timeline) = timeline {
            timeline.replace(message);
        }
    }
}

/// Whether the reader is one of those who put this on it, as far as known.
fn is_mine(message: &Message, emoji: &str) -> bool {
    message.reactions.iter().any(|known| known.emoji == emoji && known.mine == Some(true))
}
