//! What people are told by itself, once its time has come.

use std::time::Duration;

use super::Chat;
use crate::background::Run;
use crate::error::Error;

/// How often it is looked for what is due, in an index that has none of it most of the time.
const INTERVAL: Duration = Duration::from_secs(1);

impl Chat {
    /// Tells reminders whose time has come, again and again until it is stopped; a batch that was begun is told to its
    /// end.
    ///
    /// # Errors
    /// None: a time that fails is followed by the next one.
    pub async fn remind(self, run: Run) -> Result<(), Error> {
        while !run.stopped().is_cancelled() {
            run.note(self.tell_due_reminders(run.stopped()).await);
            run.unless_stopped(tokio::time::sleep(INTERVAL)).await;
        }
        Ok(())
    }

    /// Tells notices of the operator, in the same manner.
    ///
    /// # Errors
    /// As of [`Self::remind`].
    pub async fn tell_notices_given(self, run: Run) -> Result<(), Error> {
        while !run.stopped().is_cancelled() {
            run.note(self.tell_notices().await);
            run.unless_stopped(tokio::time::sleep(INTERVAL)).await;
        }
        Ok(())
    }
}
