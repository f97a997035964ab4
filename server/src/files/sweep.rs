//! How files go: the row is gone first, then the bytes, then the row is forgotten. A process may die between any two
//! steps, and another one goes on. Once a day table and store are compared.

use std::time::Duration;

use app::protocol::FileId;
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::{Instant, sleep};

use super::blobs::{Key, Kind};
use super::upkeep::{self, Difference};
use super::{Files, meters};
use crate::background::jobs::Kinds;
use crate::error::Error;

/// The job that has files go.
pub(super) const JOB: &str = "sweep_files";
/// How often it is looked for files that are to go. What was recalled is to be away within a minute.
pub(super) const INTERVAL: Duration = Duration::from_secs(15);
/// How often pieces are looked for that nobody needs: all of them are listed, and nobody can have them anyway.
const PIECES_INTERVAL: Duration = Duration::from_hours(1);
/// How often table and store are compared: all objects are listed.
const COMPARED_INTERVAL: Duration = Duration::from_hours(24);
/// Differences that the log names.
const MAX_NAMED: usize = 20;
/// Files that are looked at by one statement.
const BATCH_SIZE: u32 = 500;
/// Files whose bytes are deleted at once.
const MAX_DELETED: usize = 8;
/// How long the database is left to others after each batch.
const PAUSE: Duration = Duration::from_millis(50);

impl Files {
    /// Has files deleted that are gone, and those made whole that a process left behind.
    pub fn sweep_regularly(&self, kinds: &mut Kinds) {
        let (swept, listed, compared) = (self.clone(), self.clone(), self.clone());
        kinds.every(JOB, INTERVAL, move || {
            let files = swept.clone();
            async move { files.sweep().await }
        });
        kinds.every("sweep_pieces", PIECES_INTERVAL, move || {
            let files = listed.clone();
            async move { files.delete_leftovers().await }
        });
        kinds.every("compare_files", COMPARED_INTERVAL, move || {
            let files = compared.clone();
            async move { files.compare().await }
        });
    }

    async fn sweep(&self) -> Result<(), Error> {
        let begun = Instant::now();
        while self.0.store.expire_files(self.0.clock.now(), BATCH_SIZE).await? > 0 {
            sleep(PAUSE).await;
        }
        self.delete_gone().await?;
        self.sweep_avatars().await?;
        self.finish_stalled().await?;
        meters::swept(begun.elapsed());
        Ok(())
    }

    async fn delete_gone(&self) -> Result<(), Error> {
        loop {
            let ids = self.0.store.gone_files(BATCH_SIZE).await?;
            if ids.is_empty() {
                return Ok(());
            }
            stream::iter(ids.clone())
                .map(|id| self.delete_bytes(id))
                .buffer_unordered(MAX_DELETED)
                .try_collect::<()>()
                .await?;
            self.0.store.forget_files(&ids).await?;
            meters::deleted(ids.len());
            sleep(PAUSE).await;
        }
    }

    async fn delete_bytes(&self, id: FileId) -> Result<(), Error> {
        let blobs = &self.0.blobs;
        blobs.delete(&Key::file(id)).await?;
        blobs.delete(&Key::thumbnail(id)).await?;
        Ok(blobs.delete_chunks(id).await?)
    }

    /// A process died, or the store was away, after the last byte had come.
    async fn finish_stalled(&self) -> Result<(), Error> {
        for (owner, id) in self.0.store.stalled_uploads(BATCH_SIZE).await? {
            if let Err(error) = self.finish_alone(owner, id).await {
                tracing::warn!(%error, file = id.get(), "an upload could not be made whole yet");
            }
        }
        Ok(())
    }

    /// Pieces of files that are whole: a process died just before it deleted them. Those of files that have no row are
    /// nobody's, and stay for a person to look at.
    async fn delete_leftovers(&self) -> Result<(), Error> {
        let mut pieces = self.0.blobs.list_kind(Kind::Uploads).ready_chunks(BATCH_SIZE as usize);
        while let Some(listed) = pieces.next().await {
            let listed: Vec<_> = listed.into_iter().collect::<Result<_, _>>()?;
            let ids: Vec<_> = listed.iter().filter_map(|(key, _)| key.file_id()).collect();
            let states = self.0.store.file_states(&ids).await?;
            let is_whole = |id: &FileId| states.get(id).is_some_and(|state| state.whole);
            for id in states.keys().filter(|id| is_whole(id)) {
                self.0.blobs.delete_chunks(*id).await?;
            }
        }
        Ok(())
    }

    /// Says what table and store do not have in common, and changes nothing.
    async fn compare(&self) -> Result<(), Error> {
        let (mut missing, mut strangers, mut named) = (0_u64, 0_u64, Vec::new());
        let compared = upkeep::check(&self.0.store, &self.0.blobs, |difference| {
            match difference {
                Difference::Missing(_) => missing += 1,
                Difference::Stranger(_) => strangers += 1,
            }
            if named.len() < MAX_NAMED {
                named.push(difference.to_string());
            }
        });
        let files = compared.await?;
        meters::compared(missing, strangers);
        if named.is_empty() {
            tracing::info!(files, "the store has all files, and nothing else");
        } else {
            let named = named.join(", ");
            tracing::warn!(files, missing, strangers, "table and store of files differ: {named}");
        }
        Ok(())
    }
}
