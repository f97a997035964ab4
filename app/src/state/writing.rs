//! What the user writes, in this tab and in others, handed to drafts and outbox.

use super::outbox::Entry;
use super::quotes::quote_of;
use super::{Edit, Effect, State};
use crate::protocol::{ClientId, ConversationId, MessageText, Quote, Seq, Target, Timestamp};

impl State {
    /// The user writes here, and sees it where it is written: nobody else need be told.
    pub fn set_draft(&mut self, target: Target, text: &str) -> Vec<Effect> {
        self.drafts.write(target, text, &mut self.out);
        self.out.take_effects()
    }

    /// The user wrote in another tab.
    pub fn note_draft(&mut self, target: Target, text: &str) {
        self.drafts.note(target, text, &mut self.out);
    }

    /// The user answers the message at this position, or none.
    pub fn set_reply(&mut self, target: Target, seq: Option<Seq>) -> Vec<Effect> {
        let Target::Conversation(id) = target else { return Vec::new() };
        let quote = seq.and_then(|seq| self.known(id, seq)).map(quote_of);
        self.drafts.set_reply(target, quote, &mut self.out);
        self.out.take_effects()
    }

    /// What was kept, or was changed in another tab.
    pub fn note_reply(&mut self, target: Target, quote: Option<Quote>) {
        self.drafts.note_reply(target, quote, &mut self.out);
    }

    /// The user begins to edit the loaded message at this position.
    pub fn begin_edit(&mut self, id: ConversationId, seq: Seq) -> Vec<Effect> {
        let known = self.known(id, seq).map(|message| message.text().to_owned());
        if let Some(text) = known {
            self.drafts.set_edit(id, Some(Edit { seq, text }), &mut self.out);
        }
        self.out.take_effects()
    }

    /// The user edits here, and sees it where it is written: nobody else need be told.
    pub fn write_edit(&mut self, id: ConversationId, text: &str) -> Vec<Effect> {
        self.drafts.write_edit(id, text, &mut self.out);
        self.out.take_effects()
    }

    /// The edit of this message is saved, or given up.
    pub fn end_edit(&mut self, id: ConversationId, seq: Seq) -> Vec<Effect> {
        self.drafts.end_edit(id, seq, &mut self.out);
        self.out.take_effects()
    }

    /// What was kept, or was changed in another tab.
    pub fn note_edit(&mut self, id: ConversationId, edit: Option<Edit>) {
        self.drafts.note_edit(id, edit, &mut self.out);
    }

    /// The user sends a text.
    pub fn send(
        &mut self,
        target: Target,
        client_id: ClientId,
        text: MessageText,
        now: Timestamp,
    ) -> Vec<Effect> {
        let target = self.chats.resolve(target, self.me.id);
        let mut entry = Entry::new(client_id, target, text.into_inner());
        entry.reply_to = self.drafts.take_reply(target, &mut self.out);
        entry.person = self.chats.person_of(target, self.me.id);
        self.outbox.write(entry, self.clock.server_time(now), &mut self.out);
        if let Target::Conversation(id) = target
            && let Some(timeline) = self.history.get_mut(id)
        {
            timeline.clear_divider();
        }
        let step = self.connection.use_here(now);
        self.follow(step, now);
        self.finish(now)
    }

    /// The user wants a refused message to be tried again.
    pub fn retry(&mut self, client_id: &ClientId, now: Timestamp) -> Vec<Effect> {
        self.outbox.retry(client_id, &mut self.out);
        self.finish(now)
    }

    /// The user gives a refused message up.
    pub fn delete(&mut self, client_id: &ClientId, now: Timestamp) -> Vec<Effect> {
        self.outbox.delete(client_id, &mut self.out);
        self.finish(now)
    }

    /// Another tab has kept an unsent message: shown here, too, and sent here when it has not done
    /// so soon.
    pub fn kept_elsewhere(&mut self, mut entry: Entry, now: Timestamp) -> Vec<Effect> {
        entry.target = self.chats.resolve(entry.target, self.me.id);
        if let Some(entry) = self.outbox.kept_elsewhere(entry, now, &mut self.out) {
            self.restore(entry);
        }
        self.finish(now)
    }

    /// Another tab need not keep an unsent message any longer: it is stored, or given up.
    pub fn forgotten_elsewhere(&mut self, client_id: &ClientId, now: Timestamp) -> Vec<Effect> {
        self.outbox.forgotten_elsewhere(client_id, &mut self.out);
        self.finish(now)
    }

    /// Of all tabs this one sends what was not written in one that still lives, or does so no more.
    pub fn lead(&mut self, leads: bool, now: Timestamp) -> Vec<Effect> {
        self.outbox.lead(leads);
        self.finish(now)
    }

    /// Takes in an unsent message that was kept in storage.
    pub(super) fn restore(&mut self, mut entry: Entry) {
        entry.target = self.chats.resolve(entry.target, self.me.id);
        let (target, person) = (entry.target, entry.person);
        self.outbox.restore(entry, &mut self.out);
        if let (Target::Conversation(id), Some(person)) = (target, person)
            && self.conversation_with(person).is_none()
        {
            self.redirect(person, id);
        }
    }
}
