//! Whether the store of files answers, and what room it has: looked at now and then, and told to whoever asks.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::protocol::ApiError;
use tokio::time::Instant;

use super::blobs::{BlobError, Room};
use super::{Files, meters, sweep};
use crate::error::Error;

/// How often [`Files::check_health`] is to be called.
pub const HEALTH_INTERVAL: Duration = Duration::from_secs(5);
/// How often each node measures all files, whose rows it reads for that, and tidies its spool.
const TIDY_INTERVAL: Duration = Duration::from_mins(10);

/// What was seen last.
pub(super) struct Health {
    there: AtomicBool,
    room: Mutex<Room>,
    /// When files were last swept; before that is known, when the process began.
    swept: Mutex<Instant>,
    tidied: Mutex<Option<Instant>>,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            there: AtomicBool::new(true),
            room: Mutex::new(Room::default()),
            swept: Mutex::new(Instant::now()),
            tidied: Mutex::new(None),
        }
    }
}

impl Health {
    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn swept(&self) -> MutexGuard<'_, Instant> {
        self.swept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tidied(&self) -> MutexGuard<'_, Option<Instant>> {
        self.tidied.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files {
    /// Whether files can be uploaded and downloaded, as far as was seen when it was last looked.
    pub fn is_well(&self) -> bool {
        self.is_there() && *self.0.health.room() != Room::Full
    }

    fn is_there(&self) -> bool {
        self.0.health.there.load(Ordering::Relaxed)
    }

    /// That a store behind a network answered when it was last asked: one that says nothing has nobody wait for it who
    /// wants to have a file.
    ///
    /// # Errors
    /// `unavailable`
    pub(super) fn reach(&self) -> Result<(), Error> {
        if self.0.blobs.is_remote() && !self.is_there() {
            return Err(ApiError::unavailable().into());
        }
        Ok(())
    }

    /// Asks the store whether it is there, the disk how much room it has, and the database when files were last swept,
    /// by whichever node; a change is told once, in the log.
    ///
    /// Now and then it measures all files.
    ///
    /// # Errors
    /// Where the database does not answer, or the spool cannot be read.
    pub async fn check_health(&self) -> Result<(), Error> {
        let health = &self.0.health;
        let there = self.0.blobs.is_there().await;
        match (health.there.swap(there, Ordering::Relaxed), there) {
            (true, false) => tracing::error!("the store of files does not answer"),
            (false, true) => tracing::info!("the store of files is back"),
            _ => {}
        }
        self.look_for_room();
        if let Some(due_in) = self.0.store.due_again_in(sweep::JOB).await? {
            // It is due again so long after its last end.
            let age = i64::try_from(sweep::INTERVAL.as_millis()).unwrap_or(0) - due_in;
            let age = Duration::from_millis(u64::try_from(age).unwrap_or(0));
            if let Some(swept) = Instant::now().checked_sub(age) {
                *health.swept() = swept;
            }
        }
        let tidied = *health.tidied();
        if tidied.is_none_or(|tidied| tidied.elapsed() > TIDY_INTERVAL) {
            self.tidy().await?;
            *health.tidied() = Some(Instant::now());
        }
        Ok(())
    }

    fn look_for_room(&self) {
        let Some(space) = self.0.blobs.disk_space() else { return };
        let mut room = self.0.health.room();
        let before = *room;
        *room = space.room(before);
        let free = space.free;
        match (before, *room) {
            (before, now) if before == now => {}
            (_, Room::Full) => {
                tracing::error!(free, "the disk of the files is full; uploads are refused");
            }
            (Room::Full, _) => {
                tracing::warn!(free, "the disk of the files has some room; uploads are taken");
            }
            (_, Room::Low) => {
                tracing::error!(free, "the disk of the files is nearly full; make room");
            }
            (_, Room::Enough) => tracing::info!(free, "the disk of the files has room again"),
        }
    }

    /// Deletes what processes that died have left in this node's spool, and measures the files of all.
    async fn tidy(&self) -> Result<(), Error> {
        self.0.blobs.spool().sweep().await.map_err(BlobError::from)?;
        meters::set_bytes(self.0.store.bytes_of_files().await?);
        Ok(())
    }

    /// Sets the gauges of files.
    pub fn measure(&self) {
        meters::set_there(self.is_there());
        if let Some(space) = self.0.blobs.disk_space() {
            meters::set_free(space.free);
        }
        meters::set_sweep_age(self.0.health.swept().elapsed());
    }
}
