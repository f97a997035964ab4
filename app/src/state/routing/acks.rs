//! Own messages that the server has stored: by whatever way we learn it, each shows once.

use crate::protocol::{
    ClientId, Content, ConversationId, Message, MessageAck, Seq, Target, Timestamp,
};
use crate::state::inbox::Span;
use crate::state::{Request, State};

impl State {
    /// The server has stored a message of ours.
    pub(super) fn take_ack(&mut self, ack: MessageAck, now: Timestamp) {
        let (id, seq) = (ack.conversation_id, ack.seq);
        let Some(entry) = self.outbox.get(&ack.client_id).cloned() else {
            self.expect(id, seq, now);
            return;
        };
        if let Target::User(person) = entry.target {
            self.history.begin_with(id, seq);
            self.redirect(person, id);
        }
        let quoted = entry.reply_to.as_ref().map(|quote| quote.seq);
        let may_name = entry.content.contains('@');
        if may_name || quoted.is_some_and(|seq| self.known(id, seq).is_none()) {
            // Whom it names the server finds out, and what it answers may have changed meanwhile: it is
            // fetched as it was stored.
            self.stored_as(&entry.client_id, id, seq, ack.created_at);
            if self.expect(id, seq, now) {
                self.catch_up(id);
            } else {
                self.fetch(Request::Conversation(id));
            }
            return;
        }
        let (sender, content) = (self.me.clone(), Content::Text(entry.content));
        let message = Message {
            reply_to: entry.reply_to,
            ..Message::new(id, seq, ack.client_id, sender, content, ack.created_at)
        };
        self.arrive(id, Span::of_message(message, false), now);
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
}
