//! From what the user wrote to what the server has stored: in order, and never twice.

use crate::protocol::{
    ApiError, ClientId, Command, ConversationId, ErrorKind, MessageText, SendMessage, Target,
    Timestamp, UserId,
};

use super::{Entry, Status};
use crate::state::chats::partner;
use crate::state::connection::ANSWER_TIMEOUT_MS;
use crate::state::requests::asked_wait;
use crate::state::{Effect, State};

/// Waits after a refusal for the moment grow up to this.
const MAX_RESEND_WAIT_MS: Timestamp = 30_000;

impl State {
    /// The user sends a text.
    pub fn send(
        &mut self,
        target: Target,
        client_id: ClientId,
        text: MessageText,
        now: Timestamp,
    ) -> Vec<Effect> {
        let target = self.resolve(target);
        let (reply_to, person) = (self.take_reply(target), self.person_of(target));
        let written_at = self.server_time(now);
        let entry = self.outbox.write(target, client_id, text.into_inner(), written_at);
        entry.reply_to = reply_to;
        entry.person = person;
        self.effects.push(Effect::Keep(Box::new(entry.clone())));
        self.hand_in(target, now)
    }

    /// What was written is shown, and sent if it may be.
    fn hand_in(&mut self, target: Target, now: Timestamp) -> Vec<Effect> {
        self.outbox_changed(target);
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
        if let Some(entry) = self.outbox.get_mut(client_id.as_str())
            && matches!(entry.status, Status::NotSent(_))
        {
            entry.status = Status::Waiting;
            entry.mine = true;
            entry.attempts = 0;
            entry.not_before = 0;
            self.keep(client_id);
        }
        self.finish(now)
    }

    /// The user gives a refused message up.
    pub fn delete(&mut self, client_id: &ClientId, now: Timestamp) -> Vec<Effect> {
        let refused = |entry: &Entry| {
            entry.client_id == *client_id && matches!(entry.status, Status::NotSent(_))
        };
        if self.outbox.iter().any(refused)
            && let Some(entry) = self.outbox.remove(client_id)
        {
            self.effects.push(Effect::Forget(client_id.clone()));
            self.outbox_changed(entry.target);
        }
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

    pub(in crate::state) fn resolve(&self, target: Target) -> Target {
        let Target::User(person) = target else { return target };
        self.conversation_with(person).map_or(target, Target::Conversation)
    }

    /// Sends what may be sent: of each target the first that waits, when none is under way.
    pub(in crate::state) fn pump(&mut self, now: Timestamp) {
        if !self.connection.is_ready() {
            return;
        }
        let leads = self.leads;
        let due = |entry: &&Entry| {
            entry.status == Status::Waiting && entry.not_before <= now && (entry.mine || leads)
        };
        let heads = self.outbox.heads();
        let due: Vec<_> = heads.into_iter().filter(due).map(|e| e.client_id.clone()).collect();
        for client_id in due {
            let Some(entry) = self.outbox.get_mut(client_id.as_str()) else { continue };
            entry.status = Status::InFlight(now);
            let (conversation_id, to_user_id) = match entry.target {
                Target::Conversation(id) => (Some(id), None),
                Target::User(id) => (None, Some(id)),
            };
            let message = SendMessage {
                client_id: client_id.as_str().to_owned(),
                conversation_id,
                to_user_id,
                content: Some(entry.content.clone()),
                reply_to_seq: entry.reply_to.as_ref().map(|quote| quote.seq),
                ..SendMessage::default()
            };
            self.send_frame(Some(client_id.into_inner()), Command::Message(message));
        }
    }

    /// The server has refused a message of ours, for good or for the moment.
    pub(in crate::state) fn take_refusal(
        &mut self,
        client_id: &str,
        error: ApiError,
        now: Timestamp,
    ) {
        let Some(entry) = self.outbox.get_mut(client_id) else { return };
        if !matches!(entry.status, Status::InFlight(_)) {
            return;
        }
        let for_the_moment = error.kind.is_transient()
            || matches!(error.kind, ErrorKind::TokenExpired | ErrorKind::Unauthenticated);
        if for_the_moment {
            let wait = self.connection.random.back_off(entry.attempts, MAX_RESEND_WAIT_MS);
            entry.attempts += 1;
            entry.not_before = now + wait.max(asked_wait(&error));
            entry.status = Status::Waiting;
        } else {
            entry.status = Status::NotSent(error);
        }
        let client_id = entry.client_id.clone();
        self.keep(&client_id);
    }

    /// The socket was closed because of a frame of ours: the last message sent over it.
    pub(in crate::state) fn blame_last_sent(&mut self, error: ApiError, now: Timestamp) {
        let in_flight = self.outbox.iter().filter_map(|entry| match entry.status {
            Status::InFlight(at) => Some((at, entry.created_at, entry.client_id.clone())),
            _ => None,
        });
        if let Some((_, _, client_id)) = in_flight.max() {
            self.take_refusal(client_id.as_str(), error, now);
        }
    }

    /// What was under way when the connection was lost is sent again.
    pub(in crate::state) fn unsend(&mut self) {
        for entry in self.outbox.iter_mut() {
            if matches!(entry.status, Status::InFlight(_)) {
                entry.status = Status::Waiting;
            }
        }
    }

    /// When the outbox needs attention next: to try again, or because an answer fails to come.
    pub(in crate::state) fn outbox_deadline(&self) -> Option<Timestamp> {
        let deadline = |entry: &Entry| match entry.status {
            Status::InFlight(at) => Some(at + ANSWER_TIMEOUT_MS),
            Status::Waiting if self.connection.is_ready() && (entry.mine || self.leads) => {
                Some(entry.not_before)
            }
            _ => None,
        };
        self.outbox.heads().into_iter().filter_map(deadline).min()
    }

    /// Whether a message has been under way for too long.
    pub(in crate::state) fn is_unanswered(&self, now: Timestamp) -> bool {
        let late = |entry: &Entry| matches!(entry.status, Status::InFlight(at) if at + ANSWER_TIMEOUT_MS <= now);
        self.outbox.iter().any(late)
    }

    fn keep(&mut self, client_id: &ClientId) {
        if let Some(entry) = self.outbox.get(client_id).cloned() {
            let target = entry.target;
            self.effects.push(Effect::Keep(Box::new(entry)));
            self.outbox_changed(target);
        }
    }

    pub(in crate::state) fn outbox_changed(&mut self, target: Target) {
        self.changes.outbox = true;
        if let Target::Conversation(id) = target {
            self.changes.timelines.insert(id, ());
        }
    }
}
