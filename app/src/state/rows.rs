//! The rows of the chat list as the server tells them: taken over, but never backward.

use crate::protocol::{
    Conversation, ConversationId, Receipt, Seq, Target, Timestamp, UserId, limits,
};

use super::chats::{Version, bring_back, counts, partner};
use super::{Effect, Request, State};

/// A count that could not be kept is fetched after this long: by then the server knows our mark.
const RECOUNT_MS: Timestamp = 1_000;

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
    pub(super) fn merge_row(&mut self, new: Conversation, version: Version, now: Timestamp) {
        let id = new.id;
        self.take_presence_of_row(&new);
        self.changes.chats = true;
        self.changes.timelines.insert(id, ());
        match self.chats.get(id).cloned() {
            None => self.insert_row(new, version, now),
            Some(old) => self.update_row(&old, new, version, now),
        }
        self.admit(id, now);
    }

    /// A conversation was pushed. Where what differs by reader is left out, that is as it was.
    pub(super) fn take_conversation(&mut self, mut new: Conversation, now: Timestamp) {
        if new.role.is_none() {
            let Some(old) = self.chats.get(new.id) else {
                self.fetch(Request::Conversation(new.id));
                return;
            };
            new = Conversation {
                name: new.name,
                avatar_url: new.avatar_url,
                member_count: new.member_count,
                last_message: new.last_message,
                last_seq: new.last_seq,
                rev: new.rev,
                updated_at: new.updated_at,
                open: new.open,
                history: new.history,
                ..old.clone()
            };
        }
        self.merge_row(new, Version::Touched, now);
    }

    fn insert_row(&mut self, new: Conversation, version: Version, now: Timestamp) {
        let (id, person) = (new.id, partner(&new, self.me.id));
        self.chats.insert(new, version);
        let strays = self.strays.remove(&id).unwrap_or_default();
        if let Some(row) = self.chats.row_mut(id) {
            row.deliver(strays.delivered);
            row.intake.told_delivered = row.intake.told_delivered.max(strays.delivered);
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
        let count = if !behind && new.read_seq >= old.read_seq {
            Count::Told
        } else if new.last_seq <= old.last_seq && new.read_seq <= old.read_seq {
            Count::Kept
        } else {
            Count::Mixed
        };
        let told = (new.read_seq, new.delivered_seq.max(new.read_seq));
        if behind {
            new.last_seq = old.last_seq;
            new.last_message.clone_from(&old.last_message);
            bring_back(&mut new, old.updated_at);
        }
        new.updated_at = new.updated_at.max(old.updated_at);
        new.rev = new.rev.max(old.rev);
        new.read_seq = new.read_seq.max(old.read_seq);
        new.delivered_seq = new.delivered_seq.max(old.delivered_seq);
        new.peer_read_seq = new.peer_read_seq.max(old.peer_read_seq);
        new.peer_delivered_seq = new.peer_delivered_seq.max(old.peer_delivered_seq);
        let Some(row) = self.chats.row_mut(id) else { return };
        let intake = &mut row.intake;
        intake.told_read = intake.told_read.max(told.0);
        intake.told_delivered = intake.told_delivered.max(told.1);
        intake.expected = intake.expected.max(new.last_seq);
        if new.first_seq > old.first_seq
            && let Some(timeline) = self.timelines.get_mut(&id)
        {
            timeline.hide_below(new.first_seq);
        }
        if new.last_seq > old.last_seq {
            // What lies between is in the row's count, but has not come here.
            intake.received_above = new.last_seq;
        }
        row.conversation = new;
        row.version = version;
        match count {
            Count::Told => row.intake.trust(),
            Count::Kept => {
                row.conversation.unread = old.unread;
                if row.intake.is_doubtful() {
                    self.recount(id, old.read_seq, now);
                }
            }
            Count::Mixed => self.recount(id, told.0, now),
        }
    }

    /// Counts what is unread anew after the read mark has moved from `old`: from what is loaded
    /// where that suffices, else by asking the server a little later.
    pub(super) fn recount(&mut self, id: ConversationId, old: Seq, now: Timestamp) {
        let me = self.me.id;
        let timeline = self.timelines.get(&id);
        let Some(row) = self.chats.row_mut(id) else { return };
        let conversation = &mut row.conversation;
        let (read, last) = (conversation.read_seq, conversation.last_seq);
        let count = |above: Seq, to: Seq| {
            let timeline = timeline.filter(|timeline| timeline.covers(above, to))?;
            let messages = timeline.above(above).take_while(|message| message.seq <= to);
            let unread = messages.filter(|message| counts(message, me)).count();
            Some(u32::try_from(unread).unwrap_or(limits::UNREAD).min(limits::UNREAD))
        };
        if read >= last {
            conversation.unread = 0;
            row.intake.trust();
        } else if let Some(unread) = count(read, last) {
            conversation.unread = unread;
            row.intake.trust();
        } else {
            if conversation.unread < limits::UNREAD
                && let Some(seen) = count(old, read)
            {
                conversation.unread = conversation.unread.saturating_sub(seen);
            }
            row.version = Version::Touched;
            row.intake.doubt(now + RECOUNT_MS);
        }
    }

    /// Someone's marks have moved: the partner's, or our own on another device.
    pub(super) fn take_receipt(&mut self, receipt: Receipt, now: Timestamp) {
        let (id, me) = (receipt.conversation_id, self.me.id);
        let delivered = receipt.delivered_seq.max(receipt.read_seq);
        let Some(row) = self.chats.row_mut(id) else {
            self.fetch(Request::Conversation(id));
            return;
        };
        let conversation = &mut row.conversation;
        self.changes.chats = true;
        self.changes.timelines.insert(id, ());
        if receipt.user_id == me {
            row.intake.told_read = row.intake.told_read.max(receipt.read_seq);
            row.intake.told_delivered = row.intake.told_delivered.max(delivered);
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

    /// We are no longer in it.
    pub(super) fn remove_row(&mut self, id: ConversationId) {
        self.chats.remove(id);
        self.timelines.remove(&id);
        self.strays.remove(&id);
        self.openings.remove(&id);
        self.changes.chats = true;
        self.changes.timelines.insert(id, ());
    }

    /// The conversation with this person exists: what was meant for the person goes there.
    pub(super) fn redirect(&mut self, person: UserId, id: ConversationId) {
        let (from, to) = (Target::User(person), Target::Conversation(id));
        self.begun.insert(person, id);
        self.changes.chats = true;
        for entry in self.outbox.redirect(person, id) {
            if entry.is_unsent() {
                self.effects.push(Effect::Keep(Box::new(entry)));
            }
            self.changes.outbox = true;
        }
        if let Some(draft) = self.drafts.remove(&from) {
            self.effects.push(Effect::KeepDraft(from, String::new()));
            if self.draft(to).is_empty() {
                self.effects.push(Effect::KeepDraft(to, draft.clone()));
                self.drafts.insert(to, draft);
            }
        }
        self.changes.timelines.insert(id, ());
        self.effects.push(Effect::Opened(person, id));
    }
}
