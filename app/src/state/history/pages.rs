//! Pages of a history: which to ask for, and what is loaded once they have come.

use super::History;
use super::timeline::{Loading, Timeline};
use crate::protocol::{ApiError, Conversation, ConversationId, MessagePage, Seq, UserId, Window};
use crate::state::output::Output;

impl History {
    /// The page of older messages, unless there is none or it is on its way.
    pub(in crate::state) fn older(&mut self, id: ConversationId) -> Option<Window> {
        let timeline = self.get_mut(id)?;
        if !timeline.has_more_before() || timeline.loading.before {
            return None;
        }
        timeline.loading.before = true;
        timeline.loading.failed = false;
        Some(Window::Before(timeline.from()))
    }

    /// The page of newer messages, unless there is none or it is on its way.
    pub(in crate::state) fn newer(&mut self, id: ConversationId) -> Option<Window> {
        let timeline = self.get_mut(id)?;
        if !timeline.has_more_after() || timeline.loading.after {
            return None;
        }
        timeline.loading.after = true;
        timeline.loading.failed = false;
        Some(Window::After(timeline.to()))
    }

    /// The page of the newest messages, unless they are loaded.
    pub(in crate::state) fn latest(&self, id: ConversationId) -> Option<Window> {
        self.get(id).is_none_or(Timeline::has_more_after).then_some(Window::Latest)
    }

    /// The page around a position, unless that is loaded.
    pub(in crate::state) fn around(&self, id: ConversationId, at: Seq) -> Option<Window> {
        let covered = self.get(id).is_some_and(|timeline| timeline.covers(at.previous(), at));
        (!covered).then_some(Window::Around(at))
    }

    /// A page was asked for: what has failed before is no more to be told.
    pub(in crate::state) fn page_requested(&mut self, id: ConversationId, out: &mut Output) {
        self.failures.remove(&id);
        out.timeline_changed(id);
    }

    /// What could not be loaded while the network was away is not left to the reader.
    pub(in crate::state) fn load_again(&mut self) {
        for (_, timeline) in self.timelines.iter_mut() {
            timeline.loading.failed = false;
        }
    }

    /// The page that came with the document is taken for what someone looks at, unless something is loaded.
    pub(in crate::state) fn adopts(&mut self, id: ConversationId) -> bool {
        let is_new = !self.timelines.contains_key(&id);
        if is_new {
            self.openings.insert(id, ());
        }
        is_new
    }

    /// A page has come that someone wants to look at. Returns whether it has put another part of the
    /// conversation in the place of what was loaded.
    pub(in crate::state) fn take_page(
        &mut self,
        id: ConversationId,
        window: Window,
        page: MessagePage,
        row: Option<&Conversation>,
        me: UserId,
    ) -> bool {
        let mut jumped = false;
        let timeline = match self.timelines.get_mut(&id) {
            Some(timeline) => {
                let touches = timeline.touches(&page);
                if touches || !matches!(window, Window::Before(_) | Window::After(_)) {
                    jumped = !touches && timeline.has_more_after() != page.has_more_after;
                    timeline.merge(page);
                }
                // Without a hole below, no more than what is let go of here goes unnoticed.
                let last = row.map(|row| row.last_seq);
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
        if let Some(row) = row {
            // It may have been asked before this was hidden.
            if timeline.from() <= row.first_seq {
                timeline.forget_below(row.first_seq);
            }
            if opens {
                timeline.divide(row.read_seq, me);
            }
        }
        jumped
    }

    /// A page that someone wants to look at could not be had.
    pub(in crate::state) fn page_failed(
        &mut self,
        id: ConversationId,
        window: Window,
        error: ApiError,
        out: &mut Output,
    ) {
        if let Some(timeline) = self.timelines.get_mut(&id) {
            match window {
                Window::Before(_) => timeline.loading.before = false,
                Window::After(_) => timeline.loading.after = false,
                Window::Latest | Window::Around(_) => {}
            }
            timeline.loading.failed = true;
        }
        self.fail(id, error);
        out.timeline_changed(id);
    }
}
