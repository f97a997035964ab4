//! What the user writes, in this tab and in others, handed to drafts and outbox.

use crate::protocol::{
    ClientId, ConversationId, MessageText, Quote, Seq, Target, Timestamp, UserId,
};

use super::chats::partner;
use super::outbox::Entry;
use super::quotes::quote_of;
use super::{Edit, Effect, State};

impl State {
    /// What was begun to be written to a target; empty when nothing.
    #[must_use]
    pub fn draft(&self, target: Target) -> &str {
        self.drafts.text(target)
    }

    /// The user writes here, and sees it where it is written: nobody else need be told.
    pub fn set_draft(&mut self, target: Target, text: &str) -> Vec<Effect> {
        self.drafts.write(target, text, &mut self.out);
        self.out.take_effects()
    }

    /// The user wrote in another tab.
    pub fn note_draft(&mut self, target: Target, text: &str) {
        self.drafts.note(target, text, &mut self.out);
    }

    /// What the next message to a target answers.
    #[must_use]
    pub fn reply(&self, target: Target) -> Option<&Quote> {
        self.drafts.reply(target)
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

    /// What is being edited in a conversation.
    #[must_use]
    pub fn edit(&self, id: ConversationId) -> Option<&Edit> {
        self.drafts.edit(id)
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
        let target = self.resolve(target);
        let mut entry = Entry::new(client_id, target, text.into_inner());
        entry.reply_to = self.drafts.take_reply(target, &mut self.out);
        entry.person = self.person_of(target);
        self.outbox.write(entry, self.clock.server_time(now), &mut self.out);
        if let Target::Conversation(id) = target
            && let Some(timeline) = self.timelines.get_mut(&id)
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

    /// The private conversation with a person, where there is one already; with oneself: Notes.
    #[must_use]
    pub fn conversation_with(&self, person: UserId) -> Option<ConversationId> {
        let listed = self.chats.with(person, self.me.id).map(|row| row.id);
        listed.or_else(|| self.begun.get(&person).copied())
    }

    /// With whom a target is a private conversation, as far as known.
    fn person_of(&self, target: Target) -> Option<UserId> {
        let id = match target {
            Target::User(person) => return Some(person),
            Target::Conversation(id) => id,
        };
        let listed = self.chats.get(id).and_then(|row| partner(row, self.me.id));
        let begun = || self.begun.iter().find(|(_, begun)| **begun == id);
        listed.or_else(|| begun().map(|(person, _)| *person))
    }

    pub(super) fn resolve(&self, target: Target) -> Target {
        let Target::User(person) = target else { return target };
        self.conversation_with(person).map_or(target, Target::Conversation)
    }

    /// Another tab has kept an unsent message: shown here, too, and sent here when it has not done
    /// so soon.
    pub fn kept_elsewhere(&mut self, mut entry: Entry, now: Timestamp) -> Vec<Effect> {
        entry.target = self.resolve(entry.target);
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

    /// Whether this tab leads.
    #[must_use]
    pub const fn leads(&self) -> bool {
        self.outbox.leads()
    }

    /// Takes in an unsent message that was kept in storage.
    pub(super) fn restore(&mut self, mut entry: Entry) {
        entry.target = self.resolve(entry.target);
        let (target, person) = (entry.target, entry.person);
        self.outbox.restore(entry, &mut self.out);
        if let (Target::Conversation(id), Some(person)) = (target, person)
            && self.conversation_with(person).is_none()
        {
            self.redirect(person, id);
        }
    }
}
