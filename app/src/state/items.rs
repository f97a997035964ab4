//! What a conversation shows, one article after another, and how they stand together.

use crate::protocol::{ClientId, Message, Seq, Timestamp, UserId};

use super::outbox::Entry;

/// Messages of one sender stand together when no more than this lies between them: 5 minutes.
const MAX_GAP_IN_GROUP_MS: Timestamp = 5 * 60 * 1000;

/// What one article shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Item<'a> {
    /// Stored by the server.
    Message(&'a Message),
    /// Written here, and on its way.
    Pending(&'a Entry),
}

/// How an own message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// On its way to the server.
    Sending,
    /// Stored by the server.
    Sent,
    /// The other person's device holds it.
    Delivered,
    /// The other person has seen it.
    Read,
    /// Refused by the server.
    NotSent,
}

/// How an item stands among its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// The first of its day: a day divider stands above it.
    pub starts_day: bool,
    /// "New" stands above it.
    pub starts_new: bool,
    /// The first of those that stand together.
    pub starts_group: bool,
}

impl Item<'_> {
    /// The position; `None` for one that has none yet.
    #[must_use]
    pub const fn seq(&self) -> Option<Seq> {
        match self {
            Self::Message(message) => Some(message.seq),
            Self::Pending(_) => None,
        }
    }

    /// The sender's name for it: with the sender it is the same before and after it is stored.
    #[must_use]
    pub const fn client_id(&self) -> &ClientId {
        match self {
            Self::Message(message) => &message.client_id,
            Self::Pending(entry) => &entry.client_id,
        }
    }

    /// Who wrote it; `None`: the reader, just now.
    #[must_use]
    pub fn sender(&self) -> Option<UserId> {
        match self {
            Self::Message(message) => Some(message.sender.id),
            Self::Pending(_) => None,
        }
    }

    /// When it was written or stored, by the server's clock.
    #[must_use]
    pub const fn created_at(&self) -> Timestamp {
        match self {
            Self::Message(message) => message.created_at,
            Self::Pending(entry) => entry.created_at,
        }
    }

    /// How it stands below `previous`, where `day` numbers the days in the reader's time zone.
    #[must_use]
    pub fn placement(
        &self,
        previous: Option<&Item<'_>>,
        me: UserId,
        new_divider: Option<Seq>,
        day: impl Fn(Timestamp) -> i64,
    ) -> Placement {
        let starts_new = self.seq().is_some() && self.seq() == new_divider;
        let Some(previous) = previous else {
            return Placement { starts_day: true, starts_new, starts_group: true };
        };
        let starts_day = day(previous.created_at()) != day(self.created_at());
        let together = self.sender().unwrap_or(me) == previous.sender().unwrap_or(me)
            && !self.is_system()
            && !previous.is_system()
            && (self.created_at() - previous.created_at()).abs() <= MAX_GAP_IN_GROUP_MS;
        Placement { starts_day, starts_new, starts_group: starts_day || starts_new || !together }
    }

    fn is_system(&self) -> bool {
        matches!(self, Self::Message(message) if message.notice().is_some())
    }
}
