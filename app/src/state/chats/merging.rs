//! The rows of the chat list as the server tells them: taken over, but never backward.

use crate::protocol::{
    ApiError, Conversation, ConversationId, MAX_INTEGER, Receipt, Seq, Timestamp, UserId, limits,
};

use super::partner;
use super::version::Version;
use crate::protocol::rules::{calls, counts};
use crate::state::inbox::HOLE_WAIT_MS;
use crate::state::{Effect, Request, State};

/// A count that could not be kept is fetched after this long: by then the server knows our mark.
const RECOUNT_DELAY_MS: Timestamp = 1_000;

/// What is unread after a row was taken over.
enum Count {
    /// As the server tells.
    Told,
    /// As we had it: we know more than the server did.
    Kept,
    /// Each knows something that the other does not.
    Mixed,
}

impl State {
    /// Takes a row over.
    pub(in crate::state) fn merge_row(
        &mut self,
        mut new: Conversation,
        mut version: Version,
        now: Timestamp,
    ) {
        let id = new.id;
        if new.is_shared() {
            self.merge_shared(new, now);
            return;
        }
        if new.muted_until.is_some_and(|until| until <= self.clock.server_time(now)) {
            // That ended on the way; what was archived as long as it lasted is so no more, perhaps.
            new.muted_until = None;
            version = Version::Touched;
        }
        for setting in self.actions.settings_of(id) {
            setting.apply(&mut new);
        }
        self.people.take_row(&new, &mut self.out);
        self.out.chats_changed();
        self.out.timeline_changed(id);
        match self.chats.get(id).cloned() {
            None => self.insert_row(new, version, now),
            Some(old) => self.update_row(&old, new, version, now),
        }
        self.admit(id, now);
    }

    /// Takes over what was pushed to all members of a group. Its newest message and what has changed
    /// in it come by themselves, and are counted then.
    fn merge_shared(&mut self, new: Conversation, now: Timestamp) {
        let id = new.id;
        let Some(row) = self.chats.row_mut(id) else {
            self.fetch(Request::Conversation(id));
            return;
        };
        let known = &mut row.conversation;
        known.name = new.name;
        known.avatar_url = new.avatar_url;
        known.member_count = new.member_count;
        known.open = new.open;
        if known.history != new.history {
            // Then more, or less, can be seen.
            known.history = new.history;
            row.inbox.doubt(now);
        }
        row.version = Version::Touched;
        row.inbox.expected = row.inbox.expected.max(new.last_seq);
        row.inbox.expect_rev(new.rev, now + HOLE_WAIT_MS);
        self.out.chats_changed();
        self.admit(id, now);
    }

    fn insert_row(&mut self, new: Conversation, version: Version, now: Timestamp) {
        let (id, person) = (new.id, partner(&new, self.me.id));
        self.chats.insert(new, version);
        let strays = self.strays.remove(&id).unwrap_or_default();
        if let Some(row) = self.chats.row_mut(id) {
            row.deliver(strays.delivered);
            row.inbox.told_delivered = row.inbox.told_delivered.max(strays.delivered);
            if self.timelines.contains_key(&id) {
                // What was shown without a row may have changed since.
                row.inbox.rev = 0;
                row.inbox.expect_rev(row.conversation.rev, now);
            }
        }
        for span in strays.spans {
            self.arrive(id, span, now);
        }
        if let Some(person) = person {
            self.redirect(person, id);
        }
        if self.openings.contains_key(&id) {
            self.open_now(id);
        }
    }

    fn update_row(
        &mut self,
        old: &Conversation,
        mut new: Conversation,
        version: Version,
        now: Timestamp,
    ) {
        let id = new.id;
        let behind = new.last_seq < old.last_seq;
        let inbox = self.chats.row(id).map(|row| &row.inbox);
        let (rev, expected) = inbox.map_or((0, 0), |inbox| (inbox.rev, inbox.rev_expected));
        // What has come after it was read may be an own reply, which quotes the words of before.
        let knows_all = inbox.is_none_or(|inbox| new.last_seq >= inbox.expected);
        let knows_no_more = new.last_seq <= old.last_seq
            && new.read_seq <= old.read_seq
            && new.rev <= rev
            && new.first_seq <= old.first_seq;
        let count = if !behind && new.read_seq >= old.read_seq && new.rev >= expected {
            Count::Told
        } else if knows_no_more {
            Count::Kept
        } else {
            Count::Mixed
        };
        let (told_read, told_rev) = (new.read_seq, new.rev);
        let told_delivered = new.delivered_seq.max(told_read);
        let (known_last, told_last) = (last_rev(old), last_rev(&new));
        let is_told = new.last_message.is_some();
        if behind || is_told && new.last_seq == old.last_seq && known_last > told_last {
            new.last_seq = old.last_seq;
            new.last_message.clone_from(&old.last_message);
        }
        if behind {
            new.first_seq = new.first_seq.max(old.first_seq);
            new.archived &= new.muted_until.is_some();
        }
        self.forget_below(&mut new);
        new.updated_at = new.updated_at.max(old.updated_at);
        new.rev = new.rev.max(old.rev);
        new.read_seq = new.read_seq.max(old.read_seq);
        new.delivered_seq = new.delivered_seq.max(old.delivered_seq);
        new.peer_read_seq = new.peer_read_seq.max(old.peer_read_seq);
        new.peer_delivered_seq = new.peer_delivered_seq.max(old.peer_delivered_seq);
        // A pushed one does not tell which reactions are the reader's own.
        let is_exact = new
            .last_message
            .as_ref()
            .is_none_or(|last| last.reactions.iter().all(|reaction| reaction.mine.is_some()));
        if let Some(last) = &mut new.last_message {
            self.own_reactions(last, None);
        }
        let takes_changes = knows_all && is_exact && !self.timelines.contains_key(&id);
        let Some(row) = self.chats.row_mut(id) else { return };
        let inbox = &mut row.inbox;
        if let Some(last) = &mut new.last_message
            && let Some(revision) = inbox.revision(last.seq)
            && revision.rev > last.rev
        {
            last.clone_from(revision);
        }
        if takes_changes {
            inbox.rev = inbox.rev.max(told_rev);
        }
        inbox.expect_rev(new.rev, now + HOLE_WAIT_MS);
        inbox.told_read = inbox.told_read.max(told_read);
        inbox.told_delivered = inbox.told_delivered.max(told_delivered);
        inbox.expected = inbox.expected.max(new.last_seq);
        if new.last_seq > old.last_seq {
            // What lies between is in the row's count, but has not come here.
            inbox.received_above = new.last_seq;
        }
        row.conversation = new;
        row.version = version;
        match count {
            Count::Told => row.inbox.trust(),
            Count::Kept => {
                row.conversation.unread = old.unread;
                row.conversation.mention_seq = old.mention_seq;
                if row.inbox.is_doubtful() {
                    self.recount(id, old.read_seq, now);
                }
            }
            Count::Mixed => self.recount(id, told_read, now),
        }
    }

    /// What stands below the first position that the reader can see is gone: hidden by them, or not
    /// theirs to see.
    pub(in crate::state) fn forget_below(&mut self, row: &mut Conversation) {
        let first = row.first_seq;
        row.last_message = row.last_message.take().filter(|last| last.seq >= first);
        row.mention_seq = row.mention_seq.filter(|seq| *seq >= first);
        if let Some(timeline) = self.timelines.get_mut(&row.id) {
            timeline.forget_below(first);
        }
    }

    /// Counts what is unread anew after the read mark has moved from `old`: from what is loaded
    /// where that suffices, else by asking the server a little later.
    pub(in crate::state) fn recount(&mut self, id: ConversationId, old: Seq, now: Timestamp) {
        let me = self.me.id;
        let timeline = self.timelines.get(&id);
        let Some(row) = self.chats.row_mut(id) else { return };
        let conversation = &mut row.conversation;
        let (read, last) = (conversation.read_seq, conversation.last_seq);
        // What is hidden counts no more.
        let read = read.max(conversation.first_seq.previous());
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
            (conversation.unread, conversation.mention_seq) = (0, None);
            row.inbox.trust();
        } else if let Some(counted) = count(read, last) {
            (conversation.unread, conversation.mention_seq) = counted;
            row.inbox.trust();
        } else {
            conversation.mention_seq = conversation.mention_seq.filter(|seq| *seq > read);
            if conversation.unread < limits::UNREAD
                && let Some((seen, _)) = count(old, read)
            {
                conversation.unread = conversation.unread.saturating_sub(seen);
            }
            row.version = Version::Touched;
            row.inbox.doubt(now + RECOUNT_DELAY_MS);
        }
    }

    /// Someone's marks have moved: the partner's, or our own on another device.
    pub(in crate::state) fn take_receipt(&mut self, receipt: Receipt, now: Timestamp) {
        let (id, me) = (receipt.conversation_id, self.me.id);
        let delivered = receipt.delivered_seq.max(receipt.read_seq);
        let Some(row) = self.chats.row_mut(id) else {
            self.fetch(Request::Conversation(id));
            return;
        };
        let conversation = &mut row.conversation;
        self.out.chats_changed();
        self.out.timeline_changed(id);
        if receipt.user_id == me {
            row.inbox.told_read = row.inbox.told_read.max(receipt.read_seq);
            row.inbox.told_delivered = row.inbox.told_delivered.max(delivered);
            conversation.delivered_seq = conversation.delivered_seq.max(delivered);
            let old = conversation.read_seq;
            if receipt.read_seq > old {
                conversation.read_seq = receipt.read_seq;
                conversation.unread = receipt.unread.unwrap_or(conversation.unread);
                self.recount(id, receipt.read_seq, now);
            }
            self.admit(id, now);
        } else if partner(conversation, me) == Some(receipt.user_id) {
            conversation.peer_read_seq = conversation.peer_read_seq.max(Some(receipt.read_seq));
            conversation.peer_delivered_seq = conversation.peer_delivered_seq.max(Some(delivered));
        }
    }

    /// We are no longer in it, or have hidden it: whoever looks at it is told.
    pub(in crate::state) fn close_conversation(&mut self, id: ConversationId) {
        self.remove_row(id);
        self.failures.insert(id, ApiError::not_found());
    }

    /// It is not there any more.
    pub(in crate::state) fn remove_row(&mut self, id: ConversationId) {
        self.chats.remove(id);
        self.outbox.settle(id, Seq::new(MAX_INTEGER), &mut self.out);
        self.timelines.remove(&id);
        self.strays.remove(&id);
        self.openings.remove(&id);
        self.out.chats_changed();
        self.out.timeline_changed(id);
    }

    /// The conversation with this person exists: what was meant for the person goes there.
    pub(in crate::state) fn redirect(&mut self, person: UserId, id: ConversationId) {
        self.begun.insert(person, id);
        self.out.chats_changed();
        self.outbox.redirect(person, id, &mut self.out);
        self.drafts.redirect(person, id, &mut self.out);
        self.out.timeline_changed(id);
        self.out.push(Effect::Opened(person, id));
    }
}

fn last_rev(row: &Conversation) -> i64 {
    row.last_message.as_ref().map_or(0, |last| last.rev)
}
