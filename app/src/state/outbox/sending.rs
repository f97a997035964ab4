//! From what the user wrote to what the server has stored: in order, and never twice.

use crate::protocol::{ApiError, ClientId, Command, ErrorKind, SendMessage, Target, Timestamp};

use super::{Entry, Outbox, Status, keep};
use crate::state::Effect;
use crate::state::connection::{ANSWER_TIMEOUT_MS, Connection};
use crate::state::output::Output;
use crate::state::requests::asked_wait;

/// Waits after a refusal for the moment grow up to this.
const MAX_RESEND_WAIT_MS: Timestamp = 30_000;

impl Outbox {
    /// Sends what may be sent: of each target the first that waits, when none is under way.
    pub(in crate::state) fn pump(
        &mut self,
        now: Timestamp,
        connection: &Connection,
        out: &mut Output,
    ) {
        if !connection.is_ready() {
            return;
        }
        let leads = self.leads;
        let due = |entry: &&Entry| {
            entry.status == Status::Waiting && entry.not_before <= now && (entry.mine || leads)
        };
        let heads = self.heads();
        let due: Vec<_> = heads.into_iter().filter(due).map(|e| e.client_id.clone()).collect();
        for client_id in due {
            let Some(entry) = self.get_mut(client_id.as_str()) else { continue };
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
            connection.send(Some(client_id.into_inner()), Command::Message(message), out);
        }
    }

    /// The user wants a refused message to be tried again.
    pub(in crate::state) fn retry(&mut self, client_id: &ClientId, out: &mut Output) {
        if let Some(entry) = self.get_mut(client_id.as_str())
            && matches!(entry.status, Status::NotSent(_))
        {
            entry.status = Status::Waiting;
            entry.mine = true;
            entry.attempts = 0;
            entry.not_before = 0;
            keep(entry, out);
        }
    }

    /// The user gives a refused message up.
    pub(in crate::state) fn delete(&mut self, client_id: &ClientId, out: &mut Output) {
        let refused = |entry: &Entry| {
            entry.client_id == *client_id && matches!(entry.status, Status::NotSent(_))
        };
        if let Some(at) = self.entries.iter().position(refused) {
            let entry = self.entries.remove(at);
            out.push(Effect::Forget(entry.client_id));
            out.outbox_changed(entry.target);
        }
    }

    /// The server has refused a message of ours, for good or for the moment.
    pub(in crate::state) fn refused(
        &mut self,
        client_id: &str,
        error: ApiError,
        now: Timestamp,
        connection: &mut Connection,
        out: &mut Output,
    ) {
        let Some(entry) = self.get_mut(client_id) else { return };
        if !matches!(entry.status, Status::InFlight(_)) {
            return;
        }
        let for_the_moment = error.kind.is_transient()
            || matches!(error.kind, ErrorKind::TokenExpired | ErrorKind::Unauthenticated);
        if for_the_moment {
            let wait = connection.retry_wait(entry.attempts, MAX_RESEND_WAIT_MS);
            entry.attempts += 1;
            entry.not_before = now + wait.max(asked_wait(&error));
            entry.status = Status::Waiting;
        } else {
            entry.status = Status::NotSent(error);
        }
        keep(entry, out);
    }

    /// The message that was sent last: what the socket was closed for, if that was a frame of ours.
    pub(in crate::state) fn last_sent(&self) -> Option<ClientId> {
        let in_flight = self.iter().filter_map(|entry| match entry.status {
            Status::InFlight(at) => Some((at, entry.created_at, entry.client_id.clone())),
            _ => None,
        });
        in_flight.max().map(|(.., client_id)| client_id)
    }

    /// What was under way when the connection was lost is sent again.
    pub(in crate::state) fn unsend(&mut self) {
        for entry in &mut self.entries {
            if matches!(entry.status, Status::InFlight(_)) {
                entry.status = Status::Waiting;
            }
        }
    }

    /// When the outbox needs attention next: to try again, or because an answer fails to come.
    pub(in crate::state) fn deadline(&self, connection: &Connection) -> Option<Timestamp> {
        let deadline = |entry: &Entry| match entry.status {
            Status::InFlight(at) => Some(at + ANSWER_TIMEOUT_MS),
            Status::Waiting if connection.is_ready() && (entry.mine || self.leads) => {
                Some(entry.not_before)
            }
            _ => None,
        };
        self.heads().into_iter().filter_map(deadline).min()
    }

    /// Whether a message has been under way for too long.
    pub(in crate::state) fn is_unanswered(&self, now: Timestamp) -> bool {
        let late = |entry: &Entry| matches!(entry.status, Status::InFlight(at) if at + ANSWER_TIMEOUT_MS <= now);
        self.iter().any(late)
    }
}
