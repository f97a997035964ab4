//! Rows of the chat list, and private conversations that come to be, handed to all parts that know of them.

use crate::protocol::{Conversation, ConversationId, MAX_INTEGER, Seq, Timestamp, UserId};
use crate::state::chats::Version;
use crate::state::{Effect, Request, State};

impl State {
    /// Takes a row over.
    pub(super) fn merge_row(
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
        match self.thread(id, now) {
            Some(mut thread) => thread.merge(new, version),
            None => self.insert_row(new, version, now),
        }
        self.admit(id, now);
    }

    /// Takes over what was pushed to all members of a group alike.
    fn merge_shared(&mut self, new: Conversation, now: Timestamp) {
        let id = new.id;
        match self.thread(id, now) {
            Some(mut thread) => thread.merge_shared(new),
            None => self.fetch(Request::Conversation(id)),
        }
        self.admit(id, now);
    }

    fn insert_row(&mut self, new: Conversation, version: Version, now: Timestamp) {
        let id = new.id;
        let person = self.chats.insert(new, version, self.me.id);
        let stray = self.strays.take(id);
        if let Some(mut thread) = self.thread(id, now) {
            thread.begin(stray.delivered);
        }
        for span in stray.spans {
            self.arrive(id, span, now);
        }
        if let Some(person) = person {
            self.redirect(person, id);
        }
        if self.history.is_opening(id) {
            self.begin_at_place(id);
        }
    }

    /// A conversation is not there any more.
    pub(super) fn remove_row(&mut self, id: ConversationId) {
        self.chats.remove(id);
        self.outbox.settle(id, Seq::new(MAX_INTEGER), &mut self.out);
        self.history.remove(id);
        self.strays.take(id);
        self.out.chats_changed();
        self.out.timeline_changed(id);
    }

    /// The conversation with this person exists: what was meant for the person goes there.
    pub(super) fn redirect(&mut self, person: UserId, id: ConversationId) {
        self.chats.begin(person, id);
        self.outbox.redirect(person, id, &mut self.out);
        self.drafts.redirect(person, id, &mut self.out);
        self.out.chats_changed();
        self.out.timeline_changed(id);
        self.out.push(Effect::Opened(person, id));
    }
}
