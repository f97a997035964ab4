//! Own messages that the server has stored: by whatever way we learn it, each shows once.

use crate::protocol::{
    ClientId, Content, ConversationId, Message, MessageAck, MessagePage, Seq, Target, Timestamp,
};

use super::inbox::Span;
use super::{Request, State, Timeline};

impl State {
    /// The server has stored a message of ours.
    pub(super) fn take_ack(&mut self, ack: MessageAck, now: Timestamp) {
        let (id, seq) = (ack.conversation_id, ack.seq);
        let Some(entry) = self.outbox.get(&ack.client_id).cloned() else {
            if let Some(row) = self.chats.row_mut(id) {
                row.inbox.expected = row.inbox.expected.max(seq);
                self.admit(id, now);
            }
            return;
        };
        if let Target::User(person) = entry.target {
            self.open_with(id, seq);
            self.redirect(person, id);
        }
        let quoted = entry.reply_to.as_ref().map(|quote| quote.seq);
        let may_name = entry.content.contains('@');
        if may_name || quoted.is_some_and(|seq| self.known(id, seq).is_none()) {
            // Whom it names the server finds out, and what it answers may have changed meanwhile: it is
            // fetched as it was stored.
            self.note_stored(&entry.client_id, id, seq, ack.created_at);
            if let Some(row) = self.chats.row_mut(id) {
                row.inbox.expected = row.inbox.expected.max(seq);
                self.admit(id, now);
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

    /// What a conversation shows that has come to be by this message of ours.
    fn open_with(&mut self, id: ConversationId, seq: Seq) {
        self.timelines.entry(id).or_insert_with(|| {
            let page = MessagePage {
                items: Vec::new(),
                from_seq: seq,
                to_seq: seq.previous(),
                has_more_before: seq > Seq::ZERO.next(),
                has_more_after: false,
                rev: 0,
            };
            Timeline::new(id, page)
        });
    }

    /// Of our unsent messages these are stored: by whatever way we learn it.
    pub(super) fn recognise(&mut self, items: &[Message]) {
        let me = self.me.id;
        for message in items.iter().filter(|message| message.sender.id == me) {
            let (id, at) = (message.conversation_id, message.created_at);
            self.note_stored(&message.client_id, id, message.seq, at);
        }
    }

    fn note_stored(
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

    /// What was kept in storage may be stored already, and stand on the page that was rendered.
    pub(super) fn recognise_loaded(&mut self) {
        let me = self.me.id;
        let own = |timeline: &Timeline| -> Vec<Message> {
            let messages = timeline.messages().iter();
            messages.filter(|message| message.sender.id == me).cloned().collect()
        };
        let loaded: Vec<_> =
            self.timelines.iter().map(|(id, timeline)| (*id, own(timeline))).collect();
        for (id, messages) in loaded {
            self.recognise(&messages);
            if let Some(held) = self.held(id) {
                self.outbox.settle(id, held, &mut self.out);
            }
        }
    }
}
