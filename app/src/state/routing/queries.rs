//! What pages read of the state.

use std::ops::Range;

use crate::protocol::{
    ApiError, ConversationId, Message, Presence, Quote, Reaction, Seq, Target, Timestamp, User,
    UserId,
};
use crate::state::{
    ChatList, ConnectionStatus, Delivery, Edit, Entry, Item, Outbox, State, Status, Timeline,
};

impl State {
    /// Whose state it is.
    #[must_use]
    pub const fn me(&self) -> &User {
        &self.me
    }

    /// What the server's clock shows.
    #[must_use]
    pub const fn server_time(&self, now: Timestamp) -> Timestamp {
        self.clock.server_time(now)
    }

    /// How the connection stands.
    #[must_use]
    pub const fn connection_status(&self) -> ConnectionStatus {
        self.connection.status()
    }

    /// The chat list.
    #[must_use]
    pub const fn chats(&self) -> &ChatList {
        &self.chats
    }

    /// The private conversation with a person, where there is one already; with oneself: Notes.
    #[must_use]
    pub fn conversation_with(&self, person: UserId) -> Option<ConversationId> {
        self.chats.with(person, self.me.id)
    }

    /// What is loaded of a conversation.
    #[must_use]
    pub fn timeline(&self, id: ConversationId) -> Option<&Timeline> {
        self.history.get(id)
    }

    /// Whether someone looks at it whose first messages to see are still on their way.
    #[must_use]
    pub fn is_opening(&self, id: ConversationId) -> bool {
        self.history.is_opening(id)
    }

    /// Why a conversation that someone looks at could not be loaded.
    #[must_use]
    pub fn failure(&self, id: ConversationId) -> Option<&ApiError> {
        self.history.failure(id)
    }

    /// The last own message that can be edited, of those that are loaded.
    #[must_use]
    pub fn last_own(&self, id: ConversationId) -> Option<Seq> {
        self.history.last_own(id, self.me.id)
    }

    /// What is not acknowledged.
    #[must_use]
    pub const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Whether this tab sends what other tabs have left unsent.
    #[must_use]
    pub const fn leads(&self) -> bool {
        self.outbox.leads()
    }

    /// What was begun to be written to a target; empty when nothing.
    #[must_use]
    pub fn draft(&self, target: Target) -> &str {
        self.drafts.text(target)
    }

    /// What the next message to a target answers.
    #[must_use]
    pub fn reply(&self, target: Target) -> Option<&Quote> {
        self.drafts.reply(target)
    }

    /// What is being edited in a conversation.
    #[must_use]
    pub fn edit(&self, id: ConversationId) -> Option<&Edit> {
        self.drafts.edit(id)
    }

    /// A message's reactions, those of the user that are on their way among them.
    #[must_use]
    pub fn reactions(&self, message: &Message) -> Vec<Reaction> {
        self.actions.reactions(message)
    }

    /// Whether the user's reaction is on a message, or on its way there: the other is to be asked.
    #[must_use]
    pub fn has_reacted(&self, message: &Message, emoji: &str) -> bool {
        let reactions = self.reactions(message);
        reactions.iter().any(|known| known.emoji == emoji && known.mine == Some(true))
    }

    /// Whether someone is there, where that may be known.
    #[must_use]
    pub fn presence(&self, person: UserId) -> Option<Presence> {
        self.people.presence(person)
    }

    /// Who is typing in a conversation now, in the order in which they began.
    pub fn typists(&self, id: ConversationId) -> impl Iterator<Item = UserId> {
        self.people.typists(id)
    }

    /// Whether others are told that the user is away.
    #[must_use]
    pub const fn is_away(&self) -> bool {
        self.people.is_away()
    }

    /// What someone is called in a conversation, if they have said something that is loaded.
    #[must_use]
    pub fn name_in(&self, id: ConversationId, person: UserId) -> Option<&str> {
        let row = self.chats.get(id)?;
        let loaded = self.timeline(id).into_iter().flat_map(|t| t.messages().iter().rev());
        let said = row.last_message.iter().chain(loaded).flat_map(|message| {
            let subjects = message.notice().into_iter().flat_map(|notice| &notice.subjects);
            std::iter::once(&message.sender).chain(subjects)
        });
        let mut people = row.peer.iter().chain(said);
        people.find(|known| known.id == person).map(|known| known.nickname.as_str())
    }

    /// How many articles a target has to show now.
    #[must_use]
    pub fn item_count(&self, target: Target) -> usize {
        self.stored(target).map_or(0, |timeline| timeline.messages().len())
            + self.pending(target).count()
    }

    /// Some of the articles of a target: its loaded messages, and below them, where the newest is
    /// loaded, what is on its way.
    #[must_use]
    pub fn items(&self, target: Target, range: Range<usize>) -> Vec<Item<'_>> {
        let stored = self.stored(target).map_or(0, |timeline| timeline.messages().len());
        let messages = self.stored(target).into_iter().flat_map(|timeline| {
            let end = range.end.min(stored);
            timeline.messages().range(range.start.min(end)..end).map(Item::Message)
        });
        let pending = self.pending(target).map(Item::Pending);
        let skipped = range.start.saturating_sub(stored);
        let taken = range.end.saturating_sub(stored.max(range.start));
        messages.chain(pending.skip(skipped).take(taken)).collect()
    }

    /// How an own message stands; `None` for others' and system messages.
    #[must_use]
    pub fn delivery(&self, item: &Item<'_>) -> Option<Delivery> {
        let message = match item {
            Item::Message(message) => message,
            Item::Pending(entry) => {
                return Some(match entry.status {
                    Status::Waiting | Status::InFlight(_) => Delivery::Sending,
                    Status::Stored(..) => Delivery::Sent,
                    Status::NotSent(_) => Delivery::NotSent,
                });
            }
        };
        if message.sender.id != self.me.id || message.notice().is_some() {
            return None;
        }
        let row = self.chats.get(message.conversation_id);
        let at_most = |mark: Option<Seq>| mark.is_some_and(|mark| message.seq <= mark);
        Some(match row {
            Some(row) if at_most(row.peer_read_seq) => Delivery::Read,
            Some(row) if at_most(row.peer_delivered_seq) => Delivery::Delivered,
            _ => Delivery::Sent,
        })
    }

    fn stored(&self, target: Target) -> Option<&Timeline> {
        match target {
            Target::Conversation(id) => self.timeline(id),
            Target::User(_) => None,
        }
    }

    fn pending(&self, target: Target) -> impl Iterator<Item = &Entry> {
        let shown = self.stored(target).is_none_or(|timeline| !timeline.has_more_after());
        self.outbox.of(target).filter(move |_| shown)
    }
}
