//! What is loaded of the conversations that someone looks at, or has looked at.

mod pages;
pub(super) mod timeline;

use litemap::LiteMap;

use super::Ids;
use super::naming::rename_in;
use super::output::Output;
use crate::protocol::{
    ApiError, Conversation, ConversationId, Message, MessagePage, Seq, User, UserId, Window, rules,
};

pub use timeline::{Loading, Timeline};

/// What is loaded, and what is to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct History {
    timelines: LiteMap<ConversationId, Timeline>,
    /// Someone looks at these, and their messages are on the way.
    openings: Ids,
    /// Someone looks at these, and they could not be loaded.
    failures: LiteMap<ConversationId, ApiError>,
}

impl History {
    pub const fn new() -> Self {
        Self { timelines: LiteMap::new(), openings: Ids::new(), failures: LiteMap::new() }
    }

    /// What is loaded of a conversation.
    pub fn get(&self, id: ConversationId) -> Option<&Timeline> {
        self.timelines.get(&id)
    }

    /// What is loaded of a conversation, to be changed.
    pub fn get_mut(&mut self, id: ConversationId) -> Option<&mut Timeline> {
        self.timelines.get_mut(&id)
    }

    /// Whether someone looks at it whose first messages to see are still on their way.
    pub fn is_opening(&self, id: ConversationId) -> bool {
        self.openings.contains_key(&id)
    }

    /// Why a conversation that someone looks at could not be loaded.
    pub fn failure(&self, id: ConversationId) -> Option<&ApiError> {
        self.failures.get(&id)
    }

    /// The conversation could not be loaded, or is not there any more.
    pub fn fail(&mut self, id: ConversationId, error: ApiError) {
        self.failures.insert(id, error);
    }

    /// The last own message that can be edited, of those that are loaded.
    pub fn last_own(&self, id: ConversationId, me: UserId) -> Option<Seq> {
        let mut messages = self.get(id)?.messages().iter().rev();
        let own =
            messages.find(|message| message.sender.id == me && rules::is_editable(message))?;
        Some(own.seq)
    }

    /// The conversations whose newest messages are loaded.
    pub fn live(&self) -> Vec<ConversationId> {
        let live = self.timelines.values().filter(|timeline| !timeline.has_more_after());
        live.map(Timeline::conversation_id).collect()
    }

    /// The own messages that are loaded, by conversation.
    pub fn own(&self, me: UserId) -> Vec<(ConversationId, Vec<Message>)> {
        let own = |timeline: &Timeline| {
            let messages = timeline.messages().iter();
            messages.filter(|message| message.sender.id == me).cloned().collect()
        };
        self.timelines.iter().map(|(id, timeline)| (*id, own(timeline))).collect()
    }

    /// A person has another name or picture.
    pub fn take_user(&mut self, user: &User, out: &mut Output) {
        for (id, timeline) in self.timelines.iter_mut() {
            for message in timeline.messages_mut() {
                rename_in(message, user);
            }
            out.timeline_changed(*id);
        }
    }

    /// Someone looks at it now, and at no other.
    pub fn open(&mut self, id: ConversationId) {
        self.failures.remove(&id);
        self.openings.insert(id, ());
        for (other, timeline) in self.timelines.iter_mut() {
            if *other != id {
                timeline.rest();
            }
        }
    }

    /// Shows what the reader comes to see, the first unread message or the end: returns which part is to be
    /// loaded for that, if it is not.
    pub fn begin(&mut self, row: &Conversation, me: UserId, out: &mut Output) -> Option<Window> {
        out.timeline_changed(row.id);
        let (read, unread) = (row.read_seq, row.unread > 0);
        if let Some(timeline) = self.timelines.get_mut(&row.id) {
            let at_place = if unread {
                timeline.covers(read, read.next())
            } else {
                // Where the reader was when they left.
                !timeline.has_more_after() || timeline.top().is_some()
            };
            if at_place {
                timeline.divide(read, me);
                self.openings.remove(&row.id);
                return None;
            }
        }
        Some(if unread { Window::Around(read.next()) } else { Window::Latest })
    }

    /// What a conversation shows that has come to be by a message of ours at this position.
    pub fn begin_with(&mut self, id: ConversationId, seq: Seq) {
        self.timelines.entry(id).or_insert_with(|| {
            let page = MessagePage {
                items: Vec::new(),
                from_seq: seq,
                to_seq: seq.previous(),
                has_more_before: seq > Seq::ZERO.next(),
                has_more_after: false,
                rev: 0,
            };
            Timeline::new(id, page)
        });
    }

    /// The reader looks at this message and those below it; none: at the newest.
    pub fn look_at(&mut self, id: ConversationId, top: Option<Seq>) {
        if let Some(timeline) = self.get_mut(id) {
            timeline.top = top;
        }
    }

    /// It is not there any more.
    pub fn remove(&mut self, id: ConversationId) {
        self.timelines.remove(&id);
        self.openings.remove(&id);
    }
}
