//! One request at a time writes to an upload: it has the row on lease, and keeps it as long as it works.

use std::time::Duration;

use app::protocol::{ApiError, ErrorKind, FileId};
use tokio::time::{Instant, sleep};

use crate::clock::random;
use crate::error::Error;
use crate::files::Files;
use crate::store::uploads::UploadLease;

/// How long an upload is its holder's without a sign of life. It is given one three times in that time.
const LEASE: Duration = Duration::from_secs(15);

impl Files {
    /// Takes an upload on lease.
    ///
    /// # Errors
    /// `locked` while another has it.
    pub(super) async fn take_lease(&self, id: FileId) -> Result<UploadLease, Error> {
        let lease = self.0.store.lease_upload(id, i64::from(random::<u32>()), LEASE).await?;
        let message = "Another request writes to this upload at the moment";
        Ok(lease.ok_or_else(|| ApiError::new(ErrorKind::Locked, message))?)
    }

    /// Does this as long as the upload is ours. Where it fails the upload is given back; where it succeeds it has done so
    /// itself, by the statement that told what it did.
    ///
    /// # Errors
    /// `not_found` where it has ended meanwhile; else those of the work.
    pub(super) async fn on_lease<T>(
        &self,
        lease: UploadLease,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let outcome = tokio::select! {
            biased;
            outcome = work => outcome,
            () = self.keep_lease(lease) => Err(ApiError::not_found().into()),
        };
        // What cannot be given back now ends by itself.
        if outcome.is_err()
            && let Err(error) = self.0.store.release_upload(lease).await
        {
            tracing::warn!(%error, "an upload could not be given back");
        }
        outcome
    }

    /// Keeps an upload ours; ends when it may be so no longer.
    async fn keep_lease(&self, lease: UploadLease) {
        let mut until = Instant::now() + LEASE;
        loop {
            sleep(LEASE / 3).await;
            let begun = Instant::now();
            match self.0.store.renew_upload(lease, LEASE).await {
                Ok(true) => until = begun + LEASE,
                // While the database is away nobody else can have it, up to the end of the lease.
                Err(_) if Instant::now() < until => {}
                Ok(false) | Err(_) => return,
            }
        }
    }
}
