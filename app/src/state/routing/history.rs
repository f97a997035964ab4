//! What someone looks at, handed to history and chats: which part of a conversation to load, and what was seen.

use crate::protocol::{Conversation, ConversationId, MessagePage, Seq, Timestamp, Window};
use crate::state::actions::{Action, Setting};
use crate::state::chats::Version;
use crate::state::{Effect, Request, State};

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
        if self.history.adopts(id) {
            self.viewed(id, Window::Latest, page, now);
        }
        self.finish(now)
    }

    /// Someone looks at a conversation now: its first unread message, or its end, is loaded.
    pub fn open(&mut self, id: ConversationId, now: Timestamp) -> Vec<Effect> {
        self.history.open(id);
        if self.chats.get(id).is_some() {
            self.unmark(id);
            self.begin_at_place(id);
        } else {
            self.fetch(Request::Conversation(id));
        }
        self.finish(now)
    }

    /// The first unread message, or the end, is shown, or asked for.
    pub(super) fn begin_at_place(&mut self, id: ConversationId) {
        let Some(row) = self.chats.get(id) else { return };
        if let Some(window) = self.history.begin(row, self.me.id, &mut self.out) {
            self.fetch(Request::View(id, window));
        }
    }

    /// Loads older messages.
    pub fn load_older(&mut self, id: ConversationId, now: Timestamp) -> Vec<Effect> {
        let window = self.history.older(id);
        self.view(id, window, now)
    }

    /// Loads newer messages.
    pub fn load_newer(&mut self, id: ConversationId, now: Timestamp) -> Vec<Effect> {
        let window = self.history.newer(id);
        self.view(id, window, now)
    }

    /// Loads the newest messages.
    pub fn load_latest(&mut self, id: ConversationId, now: Timestamp) -> Vec<Effect> {
        let window = self.history.latest(id);
        self.view(id, window, now)
    }

    /// Loads the messages around a position.
    pub fn load_around(&mut self, id: ConversationId, at: Seq, now: Timestamp) -> Vec<Effect> {
        let window = self.history.around(id, at);
        self.view(id, window, now)
    }

    fn view(&mut self, id: ConversationId, window: Option<Window>, now: Timestamp) -> Vec<Effect> {
        if let Some(window) = window {
            self.history.page_requested(id, &mut self.out);
            self.fetch(Request::View(id, window));
        }
        self.finish(now)
    }

    /// Loads the messages around a moment; what stood then is told by [`Effect::Found`].
    pub fn load_at(&mut self, id: ConversationId, at: Timestamp, now: Timestamp) -> Vec<Effect> {
        self.fetch(Request::ViewAt(id, at));
        self.finish(now)
    }

    /// The reader looks at this message and those below it; none: at the newest.
    pub fn look_at(&mut self, id: ConversationId, top: Option<Seq>) {
        self.history.look_at(id, top);
    }

    /// Everything up to here was seen: inside the viewport of a visible, focused tab.
    pub fn seen(&mut self, id: ConversationId, seq: Seq, now: Timestamp) -> Vec<Effect> {
        if self.history.get(id).is_some()
            && let Some(mut thread) = self.thread(id, now)
        {
            if let Some(held) = thread.see(seq) {
                self.outbox.settle(id, held, &mut self.out);
            }
            self.unmark(id);
        }
        self.finish(now)
    }

    /// Everything in a conversation counts as seen, because the user says so.
    pub fn mark_read(&mut self, id: ConversationId, now: Timestamp) -> Vec<Effect> {
        if let Some(mut thread) = self.thread(id, now) {
            thread.mark_read();
        }
        self.unmark(id);
        self.finish(now)
    }

    /// What was marked unread by hand is so no more.
    fn unmark(&mut self, id: ConversationId) {
        if self.chats.get(id).is_some_and(|row| row.marked_unread) {
            self.begin(0, Action::Set(id, Setting::MarkedUnread(false)));
        }
    }
}
