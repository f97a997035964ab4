//! A message that the server has not acknowledged yet.

use serde::{Deserialize, Serialize};

use crate::protocol::{ApiError, ClientId, ConversationId, Quote, Seq, Target, Timestamp, UserId};

/// A message on its way, or one that could not be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name, the same at every try.
    pub client_id: ClientId,
    /// The conversation or the person that it goes to.
    pub target: Target,
    /// Whose private conversation that is, where known: a page that lists it no more would take
    /// what is written to this person next for another target, and send it out of turn.
    #[serde(default)]
    pub person: Option<UserId>,
    /// The text, trimmed.
    pub content: String,
    /// The message that it answers, if any.
    #[serde(default)]
    pub reply_to: Option<Quote>,
    /// When it was written, by the server's clock; unique within an outbox, and its order.
    pub created_at: Timestamp,
    /// How it stands with the server.
    pub status: Status,
    /// Written, or tried again, in this tab since its page was loaded: it is this tab's to send.
    #[serde(skip)]
    pub(super) mine: bool,
    /// How often a try has failed for the moment.
    #[serde(skip)]
    pub(super) attempts: u32,
    /// Not to be tried before.
    #[serde(skip)]
    pub(super) not_before: Timestamp,
}

/// How an [`Entry`] stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for its turn, or for a connection.
    Waiting,
    /// Was sent at this time and is not answered yet. In storage: sent perhaps.
    InFlight(Timestamp),
    /// Stored by the server; what stands before it is still on its way to us.
    Stored(ConversationId, Seq, Timestamp),
    /// Refused, for this reason; stays until it is tried again or deleted.
    NotSent(ApiError),
}

impl Entry {
    /// What the user writes in this tab.
    pub(in crate::state) const fn new(
        client_id: ClientId,
        target: Target,
        content: String,
    ) -> Self {
        Self {
            client_id,
            target,
            person: None,
            content,
            reply_to: None,
            created_at: 0,
            status: Status::Waiting,
            mine: true,
            attempts: 0,
            not_before: 0,
        }
    }

    /// Whether the server may still have to hear of it.
    #[must_use]
    pub const fn is_unsent(&self) -> bool {
        !matches!(self.status, Status::Stored(..))
    }
}
