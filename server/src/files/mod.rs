//! Files: their bytes in a store beside the database, how they come in, and how they are handed out.
//!
//! * [`blobs`] — the store of bytes
//! * [`uploads`] — how files come in
//! * [`pictures`], [`media_type`], [`names`] — what a file is
//! * [`examiner`] — where they are looked into
//! * [`avatars`] — pictures of people and groups
//! * [`serving`] — how they are handed out
//! * [`sweep`] — how they go
//! * [`upkeep`] — what table and store do not have in common, and moving from one store to another
//! * [`health`] — whether the store answers, and what room it has

mod avatars;
pub mod blobs;
mod examiner;
mod health;
pub mod media_type;
mod meters;
pub mod names;
pub mod pictures;
mod serving;
mod sweep;
pub mod upkeep;
pub mod uploads;

use std::path::Path;
use std::sync::Arc;

use crate::clock::{Clock, Ids};
use crate::config::FileSettings;
use crate::store::Store;
use crate::store::uploads::Quota;

pub use crate::store::uploads::Purpose;
pub use avatars::Avatar;
use blobs::{BlobError, Blobs};
use examiner::Examiner;
pub use health::HEALTH_INTERVAL;
use health::Health;
pub use meters::describe_metrics;
pub use serving::Served;

/// Unfinished uploads that a person may have.
const MAX_UNFINISHED: i64 = 100;

/// Files, in and out. Cheap to clone.
#[derive(Clone)]
pub struct Files(Arc<Inner>);

struct Inner {
    store: Store,
    blobs: Blobs,
    clock: Clock,
    ids: Ids,
    max_file: i64,
    quota: Quota,
    examiner: Examiner,
    health: Health,
}

impl Files {
    /// Files with the store of bytes that is set.
    ///
    /// # Errors
    /// `Away`, when a folder cannot be used, or the system has no thread for us.
    pub fn new(
        store: Store,
        clock: Clock,
        settings: &FileSettings,
        data_dir: &Path,
    ) -> Result<Self, BlobError> {
        let integer = |bytes| i64::try_from(bytes).unwrap_or(i64::MAX);
        let blobs = Blobs::open(settings, data_dir)?;
        Ok(Self(Arc::new(Inner {
            store,
            blobs,
            ids: Ids::new(clock.clone()),
            clock,
            max_file: integer(settings.max_file),
            quota: Quota { bytes: integer(settings.user_quota), unfinished: MAX_UNFINISHED },
            examiner: Examiner::start()?,
            health: Health::default(),
        })))
    }

    /// The store of bytes.
    pub fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }

    /// The most bytes of a file.
    pub fn max_file(&self) -> i64 {
        self.0.max_file
    }

    /// The bytes that a person's files may have together.
    pub fn quota(&self) -> i64 {
        self.0.quota.bytes
    }
}
