//! The chat list: one row a conversation, as its reader sees it.

mod changing;
mod marks;
mod merging;
mod version;

use litemap::LiteMap;

use crate::protocol::{
    Conversation, ConversationId, ConversationKind, Head, ListPage, Message, Seq, SystemEvent,
    Timestamp, UserId, limits,
};

use super::inbox::Inbox;

use crate::protocol::rules::{calls, counts};
pub(super) use version::Version;

/// The reader's conversations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChatList {
    rows: LiteMap<ConversationId, ChatRow>,
}

/// A conversation, and what is known of the server's view of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ChatRow {
    pub conversation: Conversation,
    pub version: Version,
    pub inbox: Inbox,
}

impl ChatList {
    /// The rows in the order in which they are shown: pinned first, then newest activity; those in
    /// which there is nothing to see are not among them.
    fn shown(&self, archived: bool) -> Vec<&Conversation> {
        let is_shown =
            |row: &&Conversation| row.archived == archived && row.last_seq >= row.first_seq;
        let mut rows: Vec<_> = self.iter().filter(is_shown).collect();
        rows.sort_unstable_by_key(|row| (!row.pinned, -row.updated_at, -row.id.get()));
        rows
    }

    /// The rows of the list, in their order.
    #[must_use]
    pub fn ordered(&self) -> Vec<&Conversation> {
        self.shown(false)
    }

    /// The archived ones, in their order. All are loaded once the client has caught up.
    #[must_use]
    pub fn archived(&self) -> Vec<&Conversation> {
        self.shown(true)
    }

    /// All of them, by id; those that are hidden, too.
    pub fn iter(&self) -> impl Iterator<Item = &Conversation> {
        self.rows.values().map(|row| &row.conversation)
    }

    /// The conversation with this id.
    #[must_use]
    pub fn get(&self, id: ConversationId) -> Option<&Conversation> {
        self.rows.get(&id).map(|row| &row.conversation)
    }

    /// The private one with this person; with oneself: Notes.
    pub(super) fn with(&self, person: UserId, me: UserId) -> Option<&Conversation> {
        self.iter().find(|row| partner(row, me) == Some(person))
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = (ConversationId, &ChatRow)> {
        self.rows.iter().map(|(id, row)| (*id, row))
    }

    pub(super) fn rows_mut(&mut self) -> impl Iterator<Item = &mut ChatRow> {
        self.rows.iter_mut().map(|(_, row)| row)
    }

    pub(super) fn row(&self, id: ConversationId) -> Option<&ChatRow> {
        self.rows.get(&id)
    }

    pub(super) fn row_mut(&mut self, id: ConversationId) -> Option<&mut ChatRow> {
        self.rows.get_mut(&id)
    }

    pub(super) fn insert(&mut self, conversation: Conversation, version: Version) {
        let inbox = Inbox::new(&conversation);
        self.rows.insert(conversation.id, ChatRow { conversation, version, inbox });
    }

    pub(super) fn remove(&mut self, id: ConversationId) -> bool {
        self.rows.remove(&id).is_some()
    }
}

/// With whom a private conversation is; with oneself for Notes.
pub(super) fn partner(row: &Conversation, me: UserId) -> Option<UserId> {
    let is_private = row.kind == ConversationKind::Private;
    is_private.then(|| row.peer.as_ref().map_or(me, |peer| peer.id))
}

impl ChatRow {
    /// Whether the server knows something of it that is not here.
    pub fn differs(&self, head: &Head) -> bool {
        let row = &self.conversation;
        let behind = head.last_seq > row.last_seq
            || head.rev > self.inbox.rev
            || head.read_seq > row.read_seq
            || head.delivered_seq > row.delivered_seq
            || head.peer_read_seq > row.peer_read_seq.unwrap_or_default()
            || head.peer_delivered_seq > row.peer_delivered_seq.unwrap_or_default();
        behind
            || match self.version {
                Version::Fresh => false,
                Version::Known(version) => version != head.version,
                Version::Touched => true,
            }
    }

    /// Takes in a message that is newer than all in it.
    pub fn push(&mut self, message: &Message, me: UserId, now: Timestamp) {
        let row = &mut self.conversation;
        if counts(message, me) && message.seq > row.read_seq {
            row.unread = (row.unread + 1).min(limits::UNREAD);
            if calls(message, me) {
                row.mention_seq.get_or_insert(message.seq);
            }
        }
        row.archived &= row.muted_until.is_some();
        if let Some(notice) = message.notice()
            && matches!(notice.event, SystemEvent::Role | SystemEvent::Owner)
        {
            // The reader's own role may have changed, which a group's frames leave out.
            self.inbox.doubt(now);
        }
        row.last_seq = message.seq;
        row.updated_at = row.updated_at.max(message.created_at);
        row.rev = row.rev.max(message.rev);
        row.last_message = Some(message.clone());
        if message.sender.id == me {
            self.step_over(message.seq);
        }
    }

    /// Takes in that a message has changed.
    pub fn update(&mut self, message: &Message) {
        let row = &mut self.conversation;
        row.rev = row.rev.max(message.rev);
        if let Some(last) = &mut row.last_message
            && last.seq == message.seq
            && last.rev <= message.rev
        {
            last.clone_from(message);
        }
    }

    /// An own message never holds a mark back that stands just below it. The server does the
    /// same, so it need not be told.
    pub fn step_over(&mut self, own: Seq) {
        let row = &mut self.conversation;
        for (mark, told) in [
            (&mut row.read_seq, &mut self.inbox.told_read),
            (&mut row.delivered_seq, &mut self.inbox.told_delivered),
        ] {
            if mark.next() == own {
                if *told == *mark {
                    *told = own;
                }
                *mark = own;
            }
        }
    }

    /// Moves the delivered mark, if that is forward.
    pub fn deliver(&mut self, up_to: Seq) {
        let mark = &mut self.conversation.delivered_seq;
        *mark = up_to.max(*mark);
    }

    /// Whether there is a mark that the server has not been told.
    pub fn has_news(&self) -> bool {
        self.conversation.read_seq > self.inbox.told_read
            || self.conversation.delivered_seq > self.inbox.told_delivered
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

impl From<ListPage<Conversation>> for ChatList {
    fn from(page: ListPage<Conversation>) -> Self {
        page.items.into()
    }
}
