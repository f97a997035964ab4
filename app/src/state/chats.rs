//! The chat list: one row a conversation, as its reader sees it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::protocol::{Conversation, ConversationId, ConversationKind, Head, ListPage, UserId};

/// The reader's conversations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Conversation>", into = "Vec<Conversation>")]
pub struct ChatList {
    rows: BTreeMap<ConversationId, Row>,
}

/// A conversation, and what is known of the server's view of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub conversation: Conversation,
    pub version: Version,
}

/// Which `version` of `heads` a row has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// It came with the page: as new as the first `heads`.
    Fresh,
    /// It was fetched after `heads` had told this.
    Known(i64),
    /// A frame has changed it since.
    Touched,
}

impl ChatList {
    /// The rows in the order in which they are shown: pinned first, then newest activity;
    /// archived ones are not among them.
    #[must_use]
    pub fn ordered(&self) -> Vec<&Conversation> {
        let mut rows: Vec<_> = self.iter().filter(|row| !row.archived).collect();
        rows.sort_by_key(|row| (!row.pinned, -row.updated_at, -row.id.get()));
        rows
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Conversation> {
        self.rows.values().map(|row| &row.conversation)
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: ConversationId) -> Option<&Conversation> {
        self.rows.get(&id).map(|row| &row.conversation)
    }

    /// The private one with this person; with oneself: Notes.
    #[must_use]
    pub fn with(&self, person: UserId, me: UserId) -> Option<&Conversation> {
        self.iter().find(|row| match &row.peer {
            Some(peer) => peer.id == person,
            None => person == me && row.kind == ConversationKind::Private,
        })
    }

    pub(super) fn row(&self, id: ConversationId) -> Option<&Row> {
        self.rows.get(&id)
    }

    pub(super) fn row_mut(&mut self, id: ConversationId) -> Option<&mut Row> {
        self.rows.get_mut(&id)
    }

    pub(super) fn insert(&mut self, conversation: Conversation, version: Version) {
        self.rows.insert(conversation.id, Row { conversation, version });
    }

    pub(super) fn remove(&mut self, id: ConversationId) -> bool {
        self.rows.remove(&id).is_some()
    }
}

impl Row {
    /// Whether the server knows something of it that is not here.
    pub(super) fn differs(&self, head: &Head) -> bool {
        let row = &self.conversation;
        let peer_read = row.peer_read_seq.unwrap_or_default();
        let peer_delivered = row.peer_delivered_seq.unwrap_or_default();
        let behind = head.last_seq > row.last_seq
            || head.rev > row.rev
            || head.read_seq > row.read_seq
            || head.delivered_seq > row.delivered_seq
            || head.peer_read_seq > peer_read
            || head.peer_delivered_seq > peer_delivered;
        behind
            || match self.version {
                Version::Fresh => false,
                Version::Known(version) => version != head.version,
                Version::Touched => true,
            }
    }
}

impl From<Vec<Conversation>> for ChatList {
    fn from(rows: Vec<Conversation>) -> Self {
        let mut list = Self::default();
        for row in rows {
            list.insert(row, Version::Fresh);
        }
        list
    }
}

impl From<ChatList> for Vec<Conversation> {
    fn from(list: ChatList) -> Self {
        list.rows.into_values().map(|row| row.conversation).collect()
    }
}

impl From<ListPage<Conversation>> for ChatList {
    fn from(page: ListPage<Conversation>) -> Self {
        page.items.into()
    }
}
