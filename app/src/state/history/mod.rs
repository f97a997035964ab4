//! What someone looks at: which part of a conversation to load.

pub(super) mod timeline;

use crate::protocol::{
    ApiError, Conversation, ConversationId, Message, MessagePage, Seq, Timestamp, Window, rules,
};

use super::chats::Version;
use super::{Effect, Request, State};

pub use timeline::{Loading, Timeline};

impl State {
    /// Takes in what the server rendered of a conversation, and puts "New" where it belongs.
    pub fn adopt(
        &mut self,
        conversation: Conversation,
        page: MessagePage,
        now: Timestamp,
    ) -> Vec<Effect> {
        let id = conversation.id;
        self.merge_row(conversation, Version::Fresh, now);
        if !self.timelines.contains_key(&id) {
            self.openings.insert(id, ());
            self.viewed(id, Window::Latest, page, now);
        }
        self.finish(now)
    }

    /// Someone looks at a conversation now: its first unread message, or its end, is loaded.
    pub fn open(&mut self, id: ConversationId, now: Timestamp) -> Vec<Effect> {
        self.failures.remove(&id);
        self.openings.insert(id, ());
        for (other, timeline) in self.timelines.iter_mut() {
            if *other != id {
                timeline.rest();
            }
        }
        if self.chats.get(id).is_some() {
            self.unmark(id);
            self.open_now(id);
        } else {
            self.fetch(Request::Conversation(id));
        }
        self.finish(now)
    }

    pub(super) fn open_now(&mut self, id: ConversationId) {
        let Some(row) = self.chats.get(id) else { return };
        let (read, unread) = (row.read_seq, row.unread > 0);
        if let Some(timeline) = self.timelines.get_mut(&id) {
            let at_place = if unread {
                timeline.covers(read, read.next())
            } else {
                // Where the reader was when they left.
                !timeline.has_more_after() || timeline.top().is_some()
            };
            if at_place {
                timeline.divide(read, self.me.id);
                self.openings.remove(&id);
                self.out.timeline_changed(id);
                return;
            }
        }
        let window = if unread { Window::Around(read.next()) } else { Window::Latest };
        self.fetch(Request::View(id, window));
        self.out.timeline_changed(id);
    }

    /// The last own message that can be edited, of those that are loaded.
    #[must_use]
    pub fn last_own(&self, id: ConversationId) -> Option<Seq> {
        let mut messages = self.timelines.get(&id)?.messages().iter().rev();
        let own = messages
            .find(|message| message.sender.id == self.me.id && rules::is_editable(message))?;
        Some(own.seq)
    }

    /// Loads older messages.
    pub fn load_older(&mut self, id: ConversationId, now: Timestamp) -> Vec<Effect> {
        if let Some(timeline) = self.timelines.get_mut(&id)
            && timeline.has_more_before()
            && !timeline.loading.before
        {
            timeline.loading.before = true;
            timeline.loading.failed = false;
            let window = Window::Before(timeline.from());
            self.view(id, window);
        }
        self.finish(now)
    }

    /// Loads newer messages.
    pub fn load_newer(&mut self, id: ConversationId, now: Timestamp) -> Vec<Effect> {
        if let Some(timeline) = self.timelines.get_mut(&id)
            && timeline.has_more_after()
            && !timeline.loading.after
        {
            timeline.loading.after = true;
            timeline.loading.failed = false;
            let window = Window::After(timeline.to());
            self.view(id, window);
        }
        self.finish(now)
    }

    /// Loads the newest messages.
    pub fn load_latest(&mut self, id: ConversationId, now: Timestamp) -> Vec<Effect> {
        if self.timelines.get(&id).is_none_or(Timeline::has_more_after) {
            self.view(id, Window::Latest);
        }
        self.finish(now)
    }

    /// Loads the messages around a position.
    pub fn load_around(&mut self, id: ConversationId, at: Seq, now: Timestamp) -> Vec<Effect> {
        let covered =
            self.timelines.get(&id).is_some_and(|timeline| timeline.covers(at.previous(), at));
        if !covered {
            self.view(id, Window::Around(at));
        }
        self.finish(now)
    }

    /// Loads the messages around a moment; what stood then is told by [`Effect::Found`].
    pub fn load_at(&mut self, id: ConversationId, at: Timestamp, now: Timestamp) -> Vec<Effect> {
        self.fetch(Request::ViewAt(id, at));
        self.finish(now)
    }

    /// Whether someone looks at it whose first messages to see are still on their way.
    #[must_use]
    pub fn is_opening(&self, id: ConversationId) -> bool {
        self.openings.contains_key(&id)
    }

    /// The reader looks at this message and those below it; none: at the newest.
    pub fn look_at(&mut self, id: ConversationId, top: Option<Seq>) {
        if let Some(timeline) = self.timelines.get_mut(&id) {
            timeline.top = top;
        }
    }

    /// The page around a moment has come.
    pub(super) fn found(
        &mut self,
        id: ConversationId,
        at: Timestamp,
        page: MessagePage,
        now: Timestamp,
    ) {
        let then = page.items.iter().find(|message| message.created_at >= at);
        let sought: Option<&Message> = then.or(page.items.last());
        let found = sought.map(|message| Effect::Found(id, message.seq));
        self.viewed(id, Window::Around(page.from_seq), page, now);
        if let Some(found) = found {
            self.out.push(found);
        }
    }

    fn view(&mut self, id: ConversationId, window: Window) {
        self.failures.remove(&id);
        self.fetch(Request::View(id, window));
        self.out.timeline_changed(id);
    }

    /// A page has come that someone wants to look at.
    pub(super) fn viewed(
        &mut self,
        id: ConversationId,
        window: Window,
        page: MessagePage,
        now: Timestamp,
    ) {
        if self.chats.get(id).is_none() && !self.openings.contains_key(&id) {
            // We have been removed from it since this was asked.
            return;
        }
        self.recognise(&page.items);
        self.note_in_row(id, &page.items, page.from_seq, page.to_seq, now);
        self.note_page_rev(id, page.rev, now);
        let me = self.me.id;
        let timeline = match self.timelines.get_mut(&id) {
            Some(timeline) => {
                let extends = matches!(window, Window::Before(_) | Window::After(_));
                if !extends || timeline.touches(&page) {
                    if timeline.has_more_after() != page.has_more_after
                        && !timeline.touches(&page)
                        && let Some(row) = self.chats.row_mut(id)
                    {
                        row.inbox.received_above = row.conversation.last_seq;
                    }
                    timeline.merge(page);
                }
                // Without a hole below, no more than what is let go of here goes unnoticed.
                let last = self.chats.get(id).map(|row| row.last_seq);
                match window {
                    Window::After(_) => timeline.trim_oldest(),
                    Window::Before(_)
                        if timeline.has_more_after() || last == Some(timeline.to()) =>
                    {
                        timeline.trim_newest();
                    }
                    _ => {}
                }
                timeline
            }
            None => self.timelines.entry(id).or_insert(Timeline::new(id, page)),
        };
        match window {
            Window::Before(_) => timeline.loading.before = false,
            Window::After(_) => timeline.loading.after = false,
            Window::Latest | Window::Around(_) => timeline.loading = Loading::default(),
        }
        let opens = self.openings.remove(&id).is_some();
        if let Some(row) = self.chats.get(id) {
            // It may have been asked before this was hidden.
            if timeline.from() <= row.first_seq {
                timeline.forget_below(row.first_seq);
            }
            if opens {
                timeline.divide(row.read_seq, me);
            }
        }
        self.out.timeline_changed(id);
        self.admit(id, now);
    }

    /// A page that someone wants to look at could not be had.
    pub(super) fn not_viewed(&mut self, id: ConversationId, window: Window, error: ApiError) {
        if let Some(timeline) = self.timelines.get_mut(&id) {
            match window {
                Window::Before(_) => timeline.loading.before = false,
                Window::After(_) => timeline.loading.after = false,
                Window::Latest | Window::Around(_) => {}
            }
            timeline.loading.failed = true;
        }
        self.failures.insert(id, error);
        self.out.timeline_changed(id);
    }
}
