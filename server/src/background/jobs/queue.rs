//! Where jobs are handed in.

use std::sync::Arc;

use tokio::sync::Notify;

use super::kinds::Job;
use crate::clock::{Clock, Ids};
use crate::error::Error;
use crate::store::jobs::{Due, NewJob};
use crate::store::{Store, StoreError};

/// Where jobs are handed in. Cheap to clone.
#[derive(Clone)]
pub struct JobQueue(Arc<Inner>);

struct Inner {
    store: Store,
    ids: Ids,
    handed_in: Notify,
}

impl JobQueue {
    /// The jobs of this store.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self(Arc::new(Inner { store, ids: Ids::new(clock), handed_in: Notify::new() }))
    }

    /// A job, for whoever stores it in a transaction with something else. Once that is committed,
    /// [`wake`](Self::wake) spares it the wait for the next look.
    ///
    /// # Errors
    /// Where the job cannot be written as JSON.
    pub fn prepare<J: Job>(&self, job: &J, due: Due, key: Option<String>) -> Result<NewJob, Error> {
        let payload = serde_json::to_string(job).map_err(Error::internal)?;
        Ok(NewJob { id: self.0.ids.next(), kind: J::KIND, key, due, payload })
    }

    /// Stores a job; false where there is one of its key.
    pub async fn enqueue<J: Job>(
        &self,
        job: &J,
        due: Due,
        key: Option<String>,
    ) -> Result<bool, Error> {
        self.insert(self.prepare(job, due, key)?).await
    }

    /// Has this node look at once for what is due.
    pub fn wake(&self) {
        self.0.handed_in.notify_one();
    }

    pub(super) async fn insert(&self, mut job: NewJob) -> Result<bool, Error> {
        loop {
            match self.0.store.insert_job(&job).await {
                Err(StoreError::Conflict("id")) => job.id = self.0.ids.next(),
                Ok(inserted) => {
                    self.wake();
                    return Ok(inserted);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    pub(super) fn fresh_id(&self) -> i64 {
        self.0.ids.next()
    }

    pub(super) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(super) async fn handed_in(&self) {
        self.0.handed_in.notified().await;
    }
}
