//! Messages that have changed (edited, recalled, reacted to, answered): the newest version of each is
//! kept, whatever the order in which they come, and what was missed is fetched by `rev`.

use crate::protocol::{
    ConversationId, Message, MessageChanges, ReactionChange, Seq, Timestamp, UserId,
};

use crate::protocol::rules::counts;
use crate::state::inbox::{HOLE_RETRY_MS, HOLE_WAIT_MS};
use crate::state::quotes::excerpt_of;
use crate::state::{Request, State};

impl State {
    /// A frame tells of a change. It is the same for all its receivers: which reactions are the
    /// reader's own is known from before, and from who has changed it.
    pub(in crate::state) fn take_update(
        &mut self,
        mut message: Message,
        by: UserId,
        change: Option<&ReactionChange>,
        now: Timestamp,
    ) {
        let counts_anew = change.is_none();
        self.own_reactions(&mut message, change.filter(|_| by == self.me.id));
        let (id, rev) = (message.conversation_id, message.rev);
        self.take_changed(message, counts_anew, now);
        if let Some(row) = self.chats.row_mut(id) {
            if rev == row.inbox.rev + 1 {
                row.inbox.rev = rev;
            }
            row.inbox.expect_rev(rev, now + HOLE_WAIT_MS);
        } else {
            self.fetch(Request::Conversation(id));
        }
    }

    /// Which reactions are the reader's own, where a message does not tell.
    pub(in crate::state) fn own_reactions(
        &self,
        message: &mut Message,
        change: Option<&ReactionChange>,
    ) {
        let known = self.known(message.conversation_id, message.seq);
        for reaction in message.reactions.iter_mut().filter(|reaction| reaction.mine.is_none()) {
            reaction.mine = Some(match change.filter(|change| change.emoji == reaction.emoji) {
                Some(change) => change.added,
                None => known.is_some_and(|known| is_mine(known, &reaction.emoji)),
            });
        }
    }

    /// Takes in the newest version of a message, by whatever way it came; what is unread may count
    /// anew by it.
    pub(in crate::state) fn take_changed(
        &mut self,
        mut message: Message,
        counts_anew: bool,
        now: Timestamp,
    ) {
        let (id, seq, me) = (message.conversation_id, message.seq, self.me.id);
        let Some(held) = self.held(id) else { return };
        // Else it comes again, or late: what it tells has been taken in, and what came after it.
        if self.chats.row(id).is_none_or(|row| message.rev <= row.inbox.rev) {
            return;
        }
        self.refresh_quote(&mut message);
        let weight = |message: &Message| (counts(message, me), message.names(me));
        let before = self.known(id, message.seq).map(weight);
        let Some(row) = self.chats.row_mut(id) else { return };
        row.update(&message);
        let read = row.conversation.read_seq;
        let told = excerpt_of(&message);
        let is_unread = message.seq > read && message.sender.id != me;
        // A page may have shown it before the row was told.
        let recounts = is_unread && (counts_anew || before != Some(weight(&message)));
        if message.seq > held {
            row.inbox.revise(message);
        } else if let Some(timeline) = self.timelines.get_mut(&id) {
            timeline.replace(message);
        }
        self.quote_anew(id, seq, told);
        if recounts {
            self.recount(id, read, now);
        }
        self.out.chats_changed();
        self.out.timeline_changed(id);
    }

    /// What is known of a message.
    pub(in crate::state) fn known(&self, id: ConversationId, seq: Seq) -> Option<&Message> {
        let row = self.chats.row(id);
        let loaded = self.timelines.get(&id).and_then(|timeline| timeline.get(seq));
        let last = row.and_then(|row| row.conversation.last_message.as_ref());
        let last = last.filter(|last| last.seq == seq);
        let revision = row.and_then(|row| row.inbox.revision(seq));
        let known = [loaded, last, revision].into_iter().flatten();
        known.max_by_key(|message| message.rev)
    }

    /// Changes a message as it is known, until its next version comes. One that came after `since` may
    /// have this change, and others after it.
    pub(in crate::state) fn retouch(
        &mut self,
        id: ConversationId,
        seq: Seq,
        since: i64,
        change: &dyn Fn(&mut Message),
    ) {
        if let Some(mut message) = self.known(id, seq).filter(|known| known.rev <= since).cloned() {
            change(&mut message);
            if let Some(row) = self.chats.row_mut(id) {
                row.update(&message);
            }
            if let Some(timeline) = self.timelines.get_mut(&id) {
                timeline.replace(message);
            }
        }
    }

    /// A page of messages was read when this was the conversation's `rev`. It never raises the one
    /// that is caught up to: what is loaded beside it may be older. But what has changed since then
    /// was told before there was anything to change.
    pub(in crate::state) fn note_page_rev(&mut self, id: ConversationId, rev: i64, now: Timestamp) {
        if let Some(row) = self.chats.row_mut(id) {
            row.inbox.rev = row.inbox.rev.min(rev);
            let wait = if row.inbox.rev_expected > rev { 0 } else { HOLE_WAIT_MS };
            row.inbox.expect_rev(rev, now + wait);
        }
    }

    /// Fetches the changes that have been missing for too long.
    pub(in crate::state) fn close_rev_gaps(&mut self, now: Timestamp) {
        let due: Vec<_> = self
            .chats
            .rows()
            .filter(|(_, row)| row.inbox.rev_gap_at.is_some_and(|at| at <= now))
            .map(|(id, _)| id)
            .collect();
        for id in due {
            self.catch_up_changes(id);
        }
    }

    /// Asks for what has changed since what is known; where nothing is loaded, the row suffices.
    pub(in crate::state) fn catch_up_changes(&mut self, id: ConversationId) {
        let is_loaded = self.timelines.contains_key(&id);
        let Some(row) = self.chats.row_mut(id) else { return };
        row.inbox.rev_gap_at = None;
        let request =
            if is_loaded { Request::Changes(id, row.inbox.rev) } else { Request::Conversation(id) };
        let asked = |request: &Request| matches!(request, Request::Changes(at, _) if *at == id);
        if !self.requests.any(asked) {
            self.fetch(request);
        }
    }

    pub(in crate::state) fn changes_fetched(
        &mut self,
        id: ConversationId,
        after: i64,
        page: MessageChanges,
        now: Timestamp,
    ) {
        for message in page.items {
            self.take_changed(message, true, now);
        }
        let Some(row) = self.chats.row_mut(id) else { return };
        let before = row.inbox.rev;
        // Else an older page has come since this was asked.
        if after <= before {
            row.inbox.rev = before.max(page.rev);
        }
        let progress = row.inbox.rev > before || after > before;
        let wait = if progress { 0 } else { HOLE_RETRY_MS };
        row.inbox.rev_gap_at = None;
        row.inbox.expect_rev(page.rev, now + wait);
        if page.has_more && progress {
            self.catch_up_changes(id);
        }
    }
}

/// Whether the reader is one of those who put this on it, as far as known.
fn is_mine(message: &Message, emoji: &str) -> bool {
    message.reactions.iter().any(|known| known.emoji == emoji && known.mine == Some(true))
}
