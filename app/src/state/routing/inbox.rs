//! Pieces of conversations, by whatever way they came, handed to chats and outbox; and what is asked for because
//! it is missing.

use crate::protocol::{ConversationId, Message, Seq, Timestamp};
use crate::state::chats::{Thread, known};
use crate::state::inbox::Span;
use crate::state::quotes::refresh;
use crate::state::{Request, State};

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

    /// Asks for what follows what is held, unless that is asked already.
    pub(super) fn catch_up(&mut self, id: ConversationId) {
        let Some(held) = self.held(id) else { return };
        self.chats.hole_requested(id);
        let asked = |request: &Request| matches!(request, Request::CatchUp(at, _) if *at == id);
        if !self.requests.any(asked) {
            self.fetch(Request::CatchUp(id, held));
        }
    }

    /// Asks for what has changed since what is known; where nothing is loaded, the row suffices.
    pub(super) fn catch_up_changes(&mut self, id: ConversationId) {
        let is_loaded = self.history.get(id).is_some();
        let Some(rev) = self.chats.gap_requested(id) else { return };
        let request = if is_loaded { Request::Changes(id, rev) } else { Request::Conversation(id) };
        let asked = |request: &Request| matches!(request, Request::Changes(at, _) if *at == id);
        if !self.requests.any(asked) {
            self.fetch(request);
        }
    }
}
