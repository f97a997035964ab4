//! What there is to do, and who does it: each kind of job with its handler.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;

/// Attempts at a job before it is dead.
const MAX_ATTEMPTS: i64 = 5;

/// What a job of some kind needs to know; stored as JSON, so its fields are only ever added to.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// The name of the kind, of at most 64 bytes, which never changes.
    const KIND: &'static str;
}

type Handler = Box<dyn Fn(&str) -> BoxFuture<'static, Result<(), Error>> + Send + Sync>;

pub(super) struct Kind {
    handler: Handler,
    /// How long after its end it is due again; absent for what is done once.
    pub(super) every: Option<Duration>,
}

impl Kind {
    /// How often a job is tried before it is dead; what is due again and again never is.
    pub(super) fn max_attempts(&self) -> i64 {
        if self.every.is_some() { i64::MAX } else { MAX_ATTEMPTS }
    }

    pub(super) fn work(&self, payload: &str) -> BoxFuture<'static, Result<(), Error>> {
        (self.handler)(payload)
    }
}

/// The kinds of jobs that this process does.
#[derive(Default)]
pub struct Kinds(BTreeMap<&'static str, Kind>);

impl Kinds {
    /// Does jobs of this kind by this handler, which may be cut off anywhere, and be called again for the same job.
    pub fn on<J, F>(&mut self, handler: impl Fn(J) -> F + Send + Sync + 'static)
    where
        J: Job,
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let handler: Handler = Box::new(move |payload| match serde_json::from_str(payload) {
            Ok(job) => handler(job).boxed(),
            Err(error) => std::future::ready(Err(Error::internal(error))).boxed(),
        });
        self.0.insert(J::KIND, Kind { handler, every: None });
    }

    /// Does this again and again on one node at a time, first at once and then so long after its last end. It may be
    /// cut off anywhere, and is then begun anew.
    pub fn every<F>(
        &mut self,
        kind: &'static str,
        pause: Duration,
        work: impl Fn() -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let handler: Handler = Box::new(move |_| work().boxed());
        self.0.insert(kind, Kind { handler, every: Some(pause) });
    }

    pub(super) fn get(&self, kind: &str) -> Option<&Kind> {
        self.0.get(kind)
    }

    pub(super) fn names(&self) -> Vec<&'static str> {
        self.0.keys().copied().collect()
    }

    /// The names of those that are due again and again.
    pub(super) fn periodic(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().filter(|(_, kind)| kind.every.is_some()).map(|(name, _)| *name)
    }
}
