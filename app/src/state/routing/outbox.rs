//! What the user sends, in this tab and in others, handed to the outbox.

use crate::protocol::{ApiError, ClientId, MessageText, Target, Timestamp};
use crate::state::{Effect, Entry, State};

impl State {
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

    /// The server has refused a message of ours, for good or for the moment.
    pub(super) fn refused(&mut self, client_id: &str, error: ApiError, now: Timestamp) {
        self.outbox.refused(client_id, error, now, &mut self.connection, &mut self.out);
    }

    /// The socket was closed because of a frame of ours: the last message sent over it.
    pub(super) fn refuse_last_sent(&mut self, error: ApiError, now: Timestamp) {
        if let Some(client_id) = self.outbox.last_sent() {
            self.refused(client_id.as_str(), error, now);
        }
    }
}
