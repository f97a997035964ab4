//! The rows of the chat list as the server tells them: taken over, but never backward.

use super::{Thread, forget_below};
use crate::protocol::{Conversation, Seq};
use crate::state::chats::version::Version;
use crate::state::inbox::HOLE_WAIT_MS;

/// What is unread after a row was taken over.
enum Count {
    /// As the server tells.
    Told,
    /// As we had it: we know more than the server did.
    Kept,
    /// Each knows something that the other does not.
    Mixed,
}

impl Thread<'_> {
    /// The row is new; up to here we have told the server that we hold what came before it.
    pub fn begin(&mut self, delivered: Seq) {
        self.row.deliver(delivered);
        self.row.told(Seq::ZERO, delivered);
        if self.timeline.is_some() {
            // What was shown without a row may have changed since.
            self.row.revisions.forget(self.row.conversation.rev, self.now);
        }
    }

    /// Takes over what was pushed to all members of a group. Its newest message and what has changed
    /// in it come by themselves, and are counted then.
    pub fn merge_shared(&mut self, new: Conversation) {
        let known = &mut self.row.conversation;
        known.name = new.name;
        known.avatar_url = new.avatar_url;
        known.member_count = new.member_count;
        known.open = new.open;
        let shows_other = known.history != new.history;
        known.history = new.history;
        if shows_other {
            // Then more, or less, can be seen.
            self.row.doubt(self.now);
        }
        self.row.version = Version::Touched;
        self.row.buffer.expect(new.last_seq);
        self.row.revisions.expect(new.rev, self.now + HOLE_WAIT_MS);
        self.out.chats_changed();
    }

    /// Takes over a row that the server tells.
    pub fn merge(&mut self, mut new: Conversation, version: Version) {
        let old = self.row.conversation.clone();
        let count = self.count_of(&old, &new);
        // What has come after it was read may be an own reply, which quotes the words of before.
        let knows_all = new.last_seq >= self.row.buffer.expected();
        let (told_read, told_rev) = (new.read_seq, new.rev);
        let told_delivered = new.delivered_seq.max(told_read);
        self.keep_newer(&old, &mut new);
        // A pushed one does not tell which reactions are the reader's own.
        let is_exact = new
            .last_message
            .as_ref()
            .is_none_or(|last| last.reactions.iter().all(|reaction| reaction.mine.is_some()));
        if let Some(last) = &mut new.last_message {
            self.own_reactions(last, None);
        }
        let row = &mut *self.row;
        if let Some(last) = &mut new.last_message
            && let Some(revision) = row.revisions.get(last.seq)
            && revision.rev > last.rev
        {
            last.clone_from(revision);
        }
        if knows_all && is_exact && self.timeline.is_none() {
            row.revisions.raise(told_rev);
        }
        row.revisions.expect(new.rev, self.now + HOLE_WAIT_MS);
        row.told(told_read, told_delivered);
        row.buffer.expect(new.last_seq);
        if new.last_seq > old.last_seq {
            // What lies between is in the row's count, but has not come here.
            row.buffer.skip_to(new.last_seq);
        }
        row.conversation = new;
        row.version = version;
        match count {
            Count::Told => row.trust(),
            Count::Kept => {
                row.conversation.unread = old.unread;
                row.conversation.mention_seq = old.mention_seq;
                if row.is_doubtful() {
                    self.recount(old.read_seq);
                }
            }
            Count::Mixed => self.recount(told_read),
        }
    }

    /// Whose count of what is unread holds.
    fn count_of(&self, old: &Conversation, new: &Conversation) -> Count {
        let revisions = &self.row.revisions;
        let knows_no_more = new.last_seq <= old.last_seq
            && new.read_seq <= old.read_seq
            && new.rev <= revisions.rev()
            && new.first_seq <= old.first_seq;
        if new.last_seq >= old.last_seq
            && new.read_seq >= old.read_seq
            && new.rev >= revisions.expected()
        {
            Count::Told
        } else if knows_no_more {
            Count::Kept
        } else {
            Count::Mixed
        }
    }

    /// Of what only moves forward the further of both; what is hidden is left out.
    fn keep_newer(&mut self, old: &Conversation, new: &mut Conversation) {
        let behind = new.last_seq < old.last_seq;
        let is_told = new.last_message.is_some();
        if behind || is_told && new.last_seq == old.last_seq && last_rev(old) > last_rev(new) {
            new.last_seq = old.last_seq;
            new.last_message.clone_from(&old.last_message);
        }
        if behind {
            new.first_seq = new.first_seq.max(old.first_seq);
            new.archived &= new.muted_until.is_some();
        }
        forget_below(new, self.timeline.as_deref_mut());
        new.updated_at = new.updated_at.max(old.updated_at);
        new.rev = new.rev.max(old.rev);
        new.read_seq = new.read_seq.max(old.read_seq);
        new.delivered_seq = new.delivered_seq.max(old.delivered_seq);
        new.peer_read_seq = new.peer_read_seq.max(old.peer_read_seq);
        new.peer_delivered_seq = new.peer_delivered_seq.max(old.peer_delivered_seq);
    }
}

fn last_rev(row: &Conversation) -> i64 {
    row.last_message.as_ref().map_or(0, |last| last.rev)
}
