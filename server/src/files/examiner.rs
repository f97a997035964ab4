//! The one thread on which files are looked into, one after the other: each may take 50 MB of memory and a second of a
//! processor.
//!
//! It is always the same thread. The C library keeps what a thread has given back for that thread, tens of MB after a
//! large picture, and there may be hundreds of threads for what blocks.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use app::protocol::ApiError;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::error::Error;

type Work = Box<dyn FnOnce() + Send>;

/// Hands work to the thread, which ends with this value.
pub(super) struct Examiner {
    queue: mpsc::Sender<Work>,
}

impl Examiner {
    /// Starts the thread.
    pub(super) fn start() -> io::Result<Self> {
        // One is done, the next is at hand, all others wait outside.
        let (queue, mut works) = mpsc::channel::<Work>(1);
        let examine = move || {
            while let Some(work) = works.blocking_recv() {
                // What panics is one file less, and not the end of this.
                let _ = catch_unwind(AssertUnwindSafe(work));
            }
        };
        thread::Builder::new().name("examiner".to_owned()).spawn(examine)?;
        Ok(Self { queue })
    }

    /// Does this on the thread, once others are done.
    ///
    /// # Errors
    /// `unavailable` where that takes longer than `patience`.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        patience: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let turn = timeout(patience, self.queue.reserve()).await;
        let turn = turn.map_err(|_| ApiError::unavailable())?.map_err(Error::internal)?;
        let (tell, told) = oneshot::channel();
        turn.send(Box::new(move || {
            // Whoever asked may have gone meanwhile.
            let _ = tell.send(work());
        }));
        told.await.map_err(Error::internal)
    }
}
