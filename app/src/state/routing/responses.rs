//! What came of questions over HTTP, handed to the parts that it concerns.

use crate::protocol::{
    ApiError, Conversation, ConversationId, ErrorKind, Head, ListPage, MessageChanges, MessagePage,
    Timestamp, Window,
};
use crate::state::inbox::Span;
use crate::state::{Effect, Request, Response, State};

/// When more rows than this differ, the list is fetched instead of each.
const MAX_ROWS_FETCHED_SINGLY: usize = 20;

impl State {
    /// What came of a question.
    pub fn answered(
        &mut self,
        request: Request,
        result: Result<Response, ApiError>,
        now: Timestamp,
    ) -> Vec<Effect> {
        let again = self.requests.ended(&request);
        match result {
            Ok(answer) => {
                self.requests.succeeded(&request);
                self.take_answer(&request, answer, now);
            }
            Err(error) => self.take_failure(&request, error, now),
        }
        if again {
            self.fetch(request);
        }
        self.finish(now)
    }

    fn take_answer(&mut self, request: &Request, answer: Response, now: Timestamp) {
        match (request, answer) {
            (Request::Heads, Response::Heads(heads)) => self.compare(&heads, now),
            (Request::List(archived, _), Response::List(page)) => {
                self.take_list(*archived, page, now);
            }
            (Request::Conversation(_), Response::Conversation(row)) => {
                self.take_fetched(*row, now);
            }
            (Request::View(id, window), Response::Messages(page)) => {
                self.viewed(*id, *window, page, now);
            }
            (Request::CatchUp(id, _), Response::Messages(page)) => self.caught_up(*id, page, now),
            (Request::Changes(id, after), Response::Changes(page)) => {
                self.changes_fetched(*id, *after, page, now);
            }
            (Request::ViewAt(id, at), Response::Messages(page)) => self.found(*id, *at, page, now),
            _ => {}
        }
    }

    fn take_failure(&mut self, request: &Request, error: ApiError, now: Timestamp) {
        match request {
            Request::View(id, window) => {
                self.history.page_failed(*id, *window, error, &mut self.out);
            }
            // What is shown stays; that it leads nowhere is to be told.
            Request::ViewAt(..) => self.out.push(Effect::Refused(error)),
            Request::Conversation(id) if error.kind == ErrorKind::NotFound => {
                if self.history.is_opening(*id) {
                    self.history.fail(*id, error);
                }
                self.remove_row(*id);
            }
            _ if error.kind.is_transient() => {
                self.requests.retry_later(request, &error, now, &mut self.connection);
            }
            _ => {}
        }
    }

    /// Finds the rows of which the server knows something that we do not.
    fn compare(&mut self, heads: &[Head], now: Timestamp) {
        let mut stale = self.chats.compare(heads, &self.requests, now);
        for head in heads {
            let is_loaded = self.history.get(head.id).is_some();
            if is_loaded && self.chats.lacks_changes(head) {
                self.catch_up_changes(head.id);
            }
        }
        if stale.len() > MAX_ROWS_FETCHED_SINGLY {
            self.fetch(Request::List(false, None));
            self.fetch(Request::List(true, None));
            // Those that are in our list only are not in the server's: asked one by one.
            stale.retain(|id, ()| !self.chats.is_told(*id));
        }
        for (id, ()) in stale {
            self.fetch(Request::Conversation(id));
        }
    }

    fn take_list(&mut self, archived: bool, page: ListPage<Conversation>, now: Timestamp) {
        for row in page.items {
            self.take_fetched(row, now);
        }
        if page.next_cursor.is_some() {
            self.fetch(Request::List(archived, page.next_cursor));
        }
    }

    fn take_fetched(&mut self, row: Conversation, now: Timestamp) {
        let version = self.chats.version_of(row.id);
        self.merge_row(row, version, now);
    }

    /// A page has come that someone wants to look at.
    pub(super) fn viewed(
        &mut self,
        id: ConversationId,
        window: Window,
        page: MessagePage,
        now: Timestamp,
    ) {
        if self.chats.get(id).is_none() && !self.history.is_opening(id) {
            // We have been removed from it since this was asked.
            return;
        }
        self.recognise(&page.items);
        if let Some(mut thread) = self.thread(id, now) {
            thread.note_page(&page);
        }
        let row = self.chats.get(id);
        let jumped = self.history.take_page(id, window, page, row, self.me.id);
        if jumped && let Some(mut thread) = self.thread(id, now) {
            thread.jumped();
        }
        self.out.timeline_changed(id);
        self.admit(id, now);
    }

    /// The page around a moment has come.
    fn found(&mut self, id: ConversationId, at: Timestamp, page: MessagePage, now: Timestamp) {
        let then = page.items.iter().find(|message| message.created_at >= at);
        let found = then.or(page.items.last()).map(|message| message.seq);
        self.viewed(id, Window::Around(page.from_seq), page, now);
        if let Some(seq) = found {
            self.out.push(Effect::Found(id, seq));
        }
    }

    /// A page has come of what was missing.
    fn caught_up(&mut self, id: ConversationId, page: MessagePage, now: Timestamp) {
        let before = self.held(id);
        let more = page.has_more_after;
        self.chats.note_page_rev(id, page.rev, now);
        self.arrive(id, Span::of_page(page), now);
        let progress = self.held(id) > before;
        if more && progress {
            self.catch_up(id);
        } else {
            self.chats.hole_fetched(id, progress, now);
        }
    }

    /// Changes have come that were missing.
    fn changes_fetched(
        &mut self,
        id: ConversationId,
        after: i64,
        page: MessageChanges,
        now: Timestamp,
    ) {
        let more = self.thread(id, now).map(|mut thread| thread.take_changes(after, page));
        if more == Some(true) {
            self.catch_up_changes(id);
        }
    }
}
