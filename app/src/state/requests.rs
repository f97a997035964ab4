//! Questions over HTTP: each asked once at a time, and again when that failed for the moment.

use litemap::LiteMap;

use crate::protocol::{ApiError, Timestamp};

use super::connection::Connection;
use super::output::Output;
use super::{Effect, Request};

/// Waits after a failure grow up to this.
const MAX_FETCH_WAIT_MS: Timestamp = 30_000;

/// What is asked, and what is to be asked again.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Requests {
    /// Under way; and whether the answer will be too old.
    running: LiteMap<Request, bool>,
    /// Failed for the moment: how often, and when to try again.
    failed: LiteMap<Request, (u32, Timestamp)>,
}

impl Requests {
    /// Asks, unless that is asked already.
    pub fn fetch(&mut self, request: Request, out: &mut Output) {
        if let Some(again) = self.running.get_mut(&request) {
            // What is asked about messages stays true; the rest may have changed meanwhile.
            *again = matches!(
                request,
                Request::Heads | Request::Conversation(_) | Request::List(_, None)
            );
            return;
        }
        self.running.insert(request.clone(), false);
        out.push(Effect::Fetch(request));
    }

    /// Whether one of these is under way.
    pub fn any(&self, which: impl Fn(&Request) -> bool) -> bool {
        self.running.keys().any(which)
    }

    /// Whether this is under way.
    pub fn asks_for(&self, request: &Request) -> bool {
        self.running.contains_key(request)
    }

    /// What is under way is answered too late: asked again then.
    pub fn outdate(&mut self, request: &Request) {
        if let Some(again) = self.running.get_mut(request) {
            *again = true;
        }
    }

    /// The answer is here, or will not come. Returns whether it is too old, and to be asked again.
    pub fn ended(&mut self, request: &Request) -> bool {
        self.running.remove(request) == Some(true)
    }

    /// The answer is a good one.
    pub fn succeeded(&mut self, request: &Request) {
        self.failed.remove(request);
    }

    /// It has failed for the moment, and is asked again after a while.
    pub fn retry_later(
        &mut self,
        request: &Request,
        error: &ApiError,
        now: Timestamp,
        connection: &mut Connection,
    ) {
        let attempts = self.failed.get(request).map_or(0, |(n, _)| *n);
        let wait = connection.retry_wait(attempts, MAX_FETCH_WAIT_MS).max(asked_wait(error));
        self.failed.insert(request.clone(), (attempts + 1, now + wait));
    }

    /// Asks again what failed for the moment.
    pub fn tick(&mut self, now: Timestamp, out: &mut Output) {
        let mut due = Vec::new();
        for (request, (_, at)) in self.failed.iter_mut() {
            if *at <= now {
                *at = Timestamp::MAX;
                due.push(request.clone());
            }
        }
        for request in due {
            self.fetch(request, out);
        }
    }

    /// When [`tick`](Self::tick) has something to do.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.failed.values().map(|(_, at)| *at).filter(|at| *at < Timestamp::MAX).min()
    }
}

/// For how long the server asks to be left alone.
pub(super) fn asked_wait(error: &ApiError) -> Timestamp {
    error.retry_after_ms.and_then(|ms| Timestamp::try_from(ms).ok()).unwrap_or(0)
}
