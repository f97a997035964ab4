//! Questions over HTTP: each asked once at a time, and again when that failed for the moment.

use litemap::LiteMap;

use crate::protocol::{ApiError, Conversation, ErrorKind, Head, ListPage, Timestamp};

use super::version::Version;
use super::{Effect, Ids, Request, Response, State};

/// Waits after a failure grow up to this.
const MAX_FETCH_WAIT_MS: Timestamp = 30_000;
/// When more rows than this differ, the list is fetched instead of each.
const MAX_ROWS_FETCHED_SINGLY: usize = 20;

/// What is asked, and what is to be asked again.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fetches {
    /// Under way; and whether the answer will be too old.
    running: LiteMap<Request, bool>,
    /// Failed for the moment: how often, and when to try again.
    failed: LiteMap<Request, (u32, Timestamp)>,
}

impl Fetches {
    pub fn any(&self, which: impl Fn(&Request) -> bool) -> bool {
        self.running.keys().any(which)
    }

    /// What is under way is answered too late: asked again then.
    pub fn outdate(&mut self, request: &Request) {
        if let Some(again) = self.running.get_mut(request) {
            *again = true;
        }
    }

    pub fn deadline(&self) -> Option<Timestamp> {
        self.failed.values().map(|(_, at)| *at).filter(|at| *at < Timestamp::MAX).min()
    }
}

/// For how long the server asks to be left alone.
pub(super) fn asked_wait(error: &ApiError) -> Timestamp {
    error.retry_after_ms.and_then(|ms| Timestamp::try_from(ms).ok()).unwrap_or(0)
}

impl State {
    pub(super) fn fetch(&mut self, request: Request) {
        if let Some(again) = self.fetches.running.get_mut(&request) {
            // What is asked about messages stays true; the rest may have changed meanwhile.
            *again = matches!(
                request,
                Request::Heads | Request::Conversation(_) | Request::List(_, None)
            );
            return;
        }
        self.fetches.running.insert(request.clone(), false);
        self.effects.push(Effect::Fetch(request));
    }

    /// What came of a question.
    pub fn answered(
        &mut self,
        request: Request,
        result: Result<Response, ApiError>,
        now: Timestamp,
    ) -> Vec<Effect> {
        let again = self.fetches.running.remove(&request) == Some(true);
        match result {
            Ok(answer) => {
                self.fetches.failed.remove(&request);
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
            Request::ViewAt(..) => self.effects.push(Effect::Refused(error)),
            Request::Conversation(id) if error.kind == ErrorKind::NotFound => {
                if self.openings.contains_key(id) {
                    self.failures.insert(*id, error);
                }
                self.remove_row(*id);
            }
            _ if error.kind.is_transient() => {
                let attempts = self.fetches.failed.get(request).map_or(0, |(n, _)| *n);
                let wait = self.connection.random.back_off(attempts, MAX_FETCH_WAIT_MS);
                let wait = wait.max(asked_wait(&error));
                self.fetches.failed.insert(request.clone(), (attempts + 1, now + wait));
            }
            _ => {}
        }
    }

    /// Asks again what failed for the moment.
    pub(super) fn fetch_again(&mut self, now: Timestamp) {
        let mut due = Vec::new();
        for (request, (_, at)) in self.fetches.failed.iter_mut() {
            if *at <= now {
                *at = Timestamp::MAX;
                due.push(request.clone());
            }
        }
        for request in due {
            self.fetch(request);
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
            let asked = self.fetches.any(|request| *request == Request::Conversation(head.id));
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
