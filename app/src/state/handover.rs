//! What one part of the state hands on to others, by whatever way it came: pieces of conversations, rows, own
//! messages that are stored, private conversations that have come to be.

use super::chats::{Thread, Version, known};
use super::inbox::Span;
use super::quotes::refresh;
use super::{Effect, Request, State};
use crate::protocol::{
    ClientId, Conversation, ConversationId, MAX_INTEGER, Message, Seq, Timestamp, UserId,
};

impl State {
    /// A conversation and what is loaded of it, for something that happens to it now.
    pub(super) fn thread(&mut self, id: ConversationId, now: Timestamp) -> Option<Thread<'_>> {
        self.chats.thread(id, &mut self.history, &self.me, now, &mut self.out)
    }

    /// Up to where the conversation has been taken in.
    pub(super) fn held(&self, id: ConversationId) -> Option<Seq> {
        Some(self.chats.row(id)?.held(self.history.get(id)))
    }

    /// What is known of a message.
    pub(super) fn known(&self, id: ConversationId, seq: Seq) -> Option<&Message> {
        known(self.chats.row(id), self.history.get(id), seq)
    }

    /// Takes in a piece of a conversation.
    pub(super) fn arrive(&mut self, id: ConversationId, mut span: Span, now: Timestamp) {
        // Now: by the time that it is taken in, what it answers may not be known any more.
        for message in &mut span.items {
            refresh(message, |seq| self.known(id, seq));
        }
        self.recognise(&span.items);
        if let Some(mut thread) = self.thread(id, now) {
            let held = thread.arrive(span);
            self.outbox.settle(id, held, &mut self.out);
        } else {
            self.strays.hold(id, span);
            self.fetch(Request::Conversation(id));
        }
    }

    /// Shows what was held back, as far as there is no hole before it.
    pub(super) fn admit(&mut self, id: ConversationId, now: Timestamp) {
        if let Some(mut thread) = self.thread(id, now) {
            let held = thread.admit();
            self.outbox.settle(id, held, &mut self.out);
        }
    }

    /// There is a message at this position of a conversation; returns whether there is a row for it.
    pub(super) fn expect(&mut self, id: ConversationId, seq: Seq, now: Timestamp) -> bool {
        let held = self.thread(id, now).map(|mut thread| thread.expect(seq));
        if let Some(held) = held {
            self.outbox.settle(id, held, &mut self.out);
        }
        held.is_some()
    }

    /// Of our unsent messages these are stored: by whatever way we learn it.
    pub(super) fn recognise(&mut self, items: &[Message]) {
        let me = self.me.id;
        for message in items.iter().filter(|message| message.sender.id == me) {
            let (id, at) = (message.conversation_id, message.created_at);
            self.stored_as(&message.client_id, id, message.seq, at);
        }
    }

    /// What was kept in storage may be stored already, and stand on the page that was rendered.
    pub(super) fn recognise_loaded(&mut self) {
        for (id, messages) in self.history.own(self.me.id) {
            self.recognise(&messages);
            if let Some(held) = self.held(id) {
                self.outbox.settle(id, held, &mut self.out);
            }
        }
    }

    /// If this message is one of ours that are unsent, it is stored there.
    pub(super) fn stored_as(
        &mut self,
        client_id: &ClientId,
        id: ConversationId,
        seq: Seq,
        created_at: Timestamp,
    ) {
        let person = self.outbox.stored(client_id, id, seq, created_at, &mut self.out);
        if let Some(person) = person {
            self.redirect(person, id);
        }
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

    /// Asks for what follows what is held, unless that is asked already.
    pub(super) fn catch_up(&mut self, id: ConversationId) {
        let Some(held) = self.held(id) else { return };
        self.chats.fetch_hole(id);
        let asked = |request: &Request| matches!(request, Request::CatchUp(at, _) if *at == id);
        if !self.requests.any(asked) {
            self.fetch(Request::CatchUp(id, held));
        }
    }

    /// Asks for what has changed since what is known; where nothing is loaded, the row suffices.
    pub(super) fn catch_up_changes(&mut self, id: ConversationId) {
        let is_loaded = self.history.get(id).is_some();
        let Some(rev) = self.chats.fetch_gap(id) else { return };
        let request = if is_loaded { Request::Changes(id, rev) } else { Request::Conversation(id) };
        let asked = |request: &Request| matches!(request, Request::Changes(at, _) if *at == id);
        if !self.requests.any(asked) {
            self.fetch(request);
        }
    }
}
