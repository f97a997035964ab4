//! The chat list: one row a conversation, as its reader sees it.

mod deadlines;
mod marks;
mod row;
mod thread;
mod version;

use litemap::LiteMap;

use super::actions::Setting;
use super::history::History;
use super::output::Output;
use super::requests::Requests;
use super::{Ids, Request};
use crate::protocol::{
    Conversation, ConversationId, Head, ListPage, Target, Timestamp, User, UserId,
};

use marks::Marks;
use row::partner;

pub(super) use row::ChatRow;
pub(super) use thread::{Thread, known, retouch};
pub(super) use version::Version;

/// The reader's conversations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChatList {
    rows: LiteMap<ConversationId, ChatRow>,
    /// The private conversations that an acknowledgement told of: their rows may come later.
    begun: LiteMap<UserId, ConversationId>,
    /// The `version`s that the last `heads` told.
    versions: LiteMap<ConversationId, i64>,
    marks: Marks,
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

    /// The private conversation with a person, where there is one already; with oneself: Notes.
    pub(super) fn with(&self, person: UserId, me: UserId) -> Option<ConversationId> {
        let listed = self.iter().find(|row| partner(row, me) == Some(person));
        listed.map(|row| row.id).or_else(|| self.begun.get(&person).copied())
    }

    /// With whom a target is a private conversation, as far as known.
    pub(super) fn person_of(&self, target: Target, me: UserId) -> Option<UserId> {
        let id = match target {
            Target::User(person) => return Some(person),
            Target::Conversation(id) => id,
        };
        let listed = self.get(id).and_then(|row| partner(row, me));
        let begun = || self.begun.iter().find(|(_, begun)| **begun == id);
        listed.or_else(|| begun().map(|(person, _)| *person))
    }

    /// The conversation that a target is, where there is one already.
    pub(super) fn resolve(&self, target: Target, me: UserId) -> Target {
        let Target::User(person) = target else { return target };
        self.with(person, me).map_or(target, Target::Conversation)
    }

    /// There is a private conversation with this person.
    pub(super) fn begin(&mut self, person: UserId, id: ConversationId) {
        self.begun.insert(person, id);
    }

    /// A row, with what is known of the server's view of it.
    pub(super) fn row(&self, id: ConversationId) -> Option<&ChatRow> {
        self.rows.get(&id)
    }

    /// The same, to be changed.
    pub(super) fn row_mut(&mut self, id: ConversationId) -> Option<&mut ChatRow> {
        self.rows.get_mut(&id)
    }

    /// A conversation and what is loaded of it, for something that happens to it now.
    pub(super) fn thread<'a>(
        &'a mut self,
        id: ConversationId,
        history: &'a mut History,
        me: &User,
        now: Timestamp,
        out: &'a mut Output,
    ) -> Option<Thread<'a>> {
        let row = self.rows.get_mut(&id)?;
        let (timeline, marks) = (history.get_mut(id), &mut self.marks);
        Some(Thread::new(row, timeline, marks, me.id, now, out))
    }

    /// There is a row now. Returns with whom the conversation is, if it is a private one.
    pub(super) fn insert(
        &mut self,
        conversation: Conversation,
        version: Version,
        me: UserId,
    ) -> Option<UserId> {
        let person = partner(&conversation, me);
        self.rows.insert(conversation.id, ChatRow::new(conversation, version));
        person
    }

    /// A person has another name or picture.
    pub(super) fn take_user(&mut self, user: &User, out: &mut Output) {
        for (_, row) in self.rows.iter_mut() {
            row.take_user(user);
        }
        out.chats_changed();
    }

    /// The conversation is not in the list any more.
    pub(super) fn remove(&mut self, id: ConversationId) {
        self.rows.remove(&id);
    }

    /// Changes how a conversation stands in the list; returns how it stood before.
    pub(super) fn set(
        &mut self,
        id: ConversationId,
        setting: Setting,
        out: &mut Output,
    ) -> Option<Setting> {
        let row = &mut self.rows.get_mut(&id)?.conversation;
        let before = setting.of(row);
        setting.apply(row);
        out.chats_changed();
        Some(before)
    }

    /// Puts settings into a row, one after the other.
    pub(super) fn restore(&mut self, id: ConversationId, settings: impl Iterator<Item = Setting>) {
        if let Some(row) = self.rows.get_mut(&id) {
            settings.for_each(|setting| setting.apply(&mut row.conversation));
        }
    }

    /// Compares all rows with what the server tells of them. Returns those of which it knows something that we
    /// do not.
    pub(super) fn compare(&mut self, heads: &[Head], requests: &Requests, now: Timestamp) -> Ids {
        // One by one: collected, they would bring the code of a sort with them.
        self.versions.clear();
        for head in heads {
            self.versions.insert(head.id, head.version);
        }
        let mut stale = Ids::new();
        for id in self.rows.keys() {
            stale.insert(*id, ());
        }
        for head in heads {
            let Some(row) = self.rows.get_mut(&head.id) else {
                stale.insert(head.id, ());
                continue;
            };
            row.told_read = head.read_seq;
            row.told_delivered = head.delivered_seq.max(head.read_seq);
            if !row.differs(head) && !requests.asks_for(&Request::Conversation(head.id)) {
                row.version = Version::Known(head.version);
                stale.remove(&head.id);
            }
        }
        self.marks.note(now);
        stale
    }

    /// Whether the server knows changes of messages that have not been taken in.
    pub(super) fn lacks_changes(&self, head: &Head) -> bool {
        self.row(head.id).is_some_and(|row| row.revisions.rev() < head.rev)
    }

    /// Whether the last `heads` told of a conversation.
    pub(super) fn is_told(&self, id: ConversationId) -> bool {
        self.versions.contains_key(&id)
    }

    /// How new a row is that was fetched.
    pub(super) fn version_of(&self, id: ConversationId) -> Version {
        self.versions.get(&id).map_or(Version::Touched, |version| Version::Known(*version))
    }
}

impl From<ListPage<Conversation>> for ChatList {
    fn from(page: ListPage<Conversation>) -> Self {
        let mut list = Self::default();
        for row in page.items {
            list.rows.insert(row.id, ChatRow::new(row, Version::Fresh));
        }
        list
    }
}
