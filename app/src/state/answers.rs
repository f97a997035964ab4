//! What came of questions over HTTP, handed to the part that it concerns.

use crate::protocol::{ApiError, Conversation, ErrorKind, Head, ListPage, Timestamp};

use super::chats::Version;
use super::{Effect, Ids, Request, Response, State};

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
            Request::View(id, window) => self.not_viewed(*id, *window, error),
            // What is shown stays; that it leads nowhere is to be told.
            Request::ViewAt(..) => self.out.push(Effect::Refused(error)),
            Request::Conversation(id) if error.kind == ErrorKind::NotFound => {
                if self.openings.contains_key(id) {
                    self.failures.insert(*id, error);
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
        self.versions = heads.iter().map(|head| (head.id, head.version)).collect();
        let mut stale: Ids = self.chats.iter().map(|row| (row.id, ())).collect();
        for head in heads {
            let Some(row) = self.chats.row_mut(head.id) else {
                stale.insert(head.id, ());
                continue;
            };
            row.inbox.told_read = head.read_seq;
            row.inbox.told_delivered = head.delivered_seq.max(head.read_seq);
            let asked = self.requests.any(|request| *request == Request::Conversation(head.id));
            if !row.differs(head) && !asked {
                row.version = Version::Known(head.version);
                stale.remove(&head.id);
            }
        }
        let changed = heads.iter().filter(|head| {
            let row = self.chats.row(head.id);
            self.timelines.contains_key(&head.id) && row.is_some_and(|row| row.inbox.rev < head.rev)
        });
        for id in changed.map(|head| head.id).collect::<Vec<_>>() {
            self.catch_up_changes(id);
        }
        self.note_marks(now);
        if stale.len() > MAX_ROWS_FETCHED_SINGLY {
            self.fetch(Request::List(false, None));
            self.fetch(Request::List(true, None));
            // Those that are in our list only are not in the server's: asked one by one.
            stale.retain(|id, ()| !self.versions.contains_key(id));
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
        let version = self.versions.get(&row.id).map_or(Version::Touched, |v| Version::Known(*v));
        self.merge_row(row, version, now);
    }
}
