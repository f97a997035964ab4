//! Whether the store of files answers, and what room it has: looked at now and then, and told to whoever asks.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{Files, meters};

/// How often [`Files::check_health`] is to be called.
pub const HEALTH_INTERVAL: Duration = Duration::from_secs(5);
/// A disk is nearly full when less than this part of it is free, or this many bytes.
const MIN_FREE_PART: u64 = 20;
const MIN_FREE_BYTES: u64 = 1024 * 1024 * 1024;

/// What was seen last.
pub(super) struct Health {
    there: AtomicBool,
    nearly_full: AtomicBool,
    swept: Mutex<Option<Instant>>,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            there: AtomicBool::new(true),
            nearly_full: AtomicBool::new(false),
            swept: Mutex::new(None),
        }
    }
}

impl Health {
    /// A sweep was done, after which the files have so many bytes together.
    pub(super) fn swept(&self, bytes: i64) {
        *self.swept.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        meters::set_bytes(bytes);
    }
}

impl Files {
    /// Whether the store of files answered when it was last asked.
    pub fn is_there(&self) -> bool {
        self.0.health.there.load(Ordering::Relaxed)
    }

    /// Asks the store whether it is there, and the disk how much room it has; a change is told once, in the log.
    pub async fn check_health(&self) {
        let there = self.0.blobs.is_there().await;
        let was_there = self.0.health.there.swap(there, Ordering::Relaxed);
        match (was_there, there) {
            (true, false) => tracing::error!("the store of files does not answer"),
            (false, true) => tracing::info!("the store of files is back"),
            _ => {}
        }
        let Some((free, all)) = self.0.blobs.disk_space() else { return };
        let nearly_full = free < (all / MIN_FREE_PART).min(MIN_FREE_BYTES);
        let was_nearly_full = self.0.health.nearly_full.swap(nearly_full, Ordering::Relaxed);
        if nearly_full && !was_nearly_full {
            tracing::error!(free, "the disk of the files is nearly full; make room");
        }
    }

    /// Sets the gauges of files.
    pub fn measure(&self) {
        meters::set_there(self.is_there());
        if let Some((free, _)) = self.0.blobs.disk_space() {
            meters::set_free(free);
        }
        let swept = *self.0.health.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(swept) = swept {
            meters::set_sweep_age(swept.elapsed());
        }
    }
}
