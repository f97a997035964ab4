//! What table and store do not have in common, and moving all objects from one store to another.

use app::protocol::FileId;
use futures_util::TryStreamExt;

use super::blobs::{BlobError, Blobs, Key, Kind};
use crate::error::Error;
use crate::store::Store;

/// Rows and objects that are looked at at once.
const BATCH_SIZE: u32 = 500;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Files that were looked at.
    pub files: u64,
    /// Objects that no row knows.
    pub strangers: Vec<String>,
    /// Objects that a row knows and that are not there.
    pub missing: Vec<String>,
}

/// Compares table and store. Nothing is changed.
///
/// # Errors
/// Where one of the two cannot be read.
pub async fn check(store: &Store, blobs: &Blobs) -> Result<Differences, Error> {
    let mut found = Differences::default();
    // The store first: what goes meanwhile has a row until its bytes are deleted.
    for kind in [Kind::Files, Kind::Thumbnails, Kind::Uploads] {
        let mut listed = blobs.list_kind(kind).try_ready_chunks(BATCH_SIZE as usize);
        while let Some(objects) = listed.try_next().await.map_err(|error| error.1)? {
            let ids: Vec<_> = objects.iter().filter_map(|(key, _)| key.file_id()).collect();
            let states = store.file_states(&ids).await?;
            for (key, _) in objects {
                let state = key.file_id().and_then(|id| states.get(&id));
                let known =
                    state.is_some_and(|state| kind != Kind::Thumbnails || state.has_thumbnail);
                if !known {
                    found.strangers.push(key.to_string());
                }
            }
        }
    }
    let mut after = FileId::new(0);
    loop {
        let files = store.whole_files(after, BATCH_SIZE).await?;
        let Some((last, _)) = files.last() else { return Ok(found) };
        after = *last;
        for (id, has_thumbnail) in files {
            found.files += 1;
            let thumbnail = has_thumbnail.then(|| Key::thumbnail(id));
            for key in [Some(Key::file(id)), thumbnail].into_iter().flatten() {
                if blobs.size(&key).await?.is_none() {
                    found.missing.push(key.to_string());
                }
            }
        }
    }
}

/// Copies all objects that are not there yet, in the same size; returns how many it was.
///
/// # Errors
/// Where one of the two stores fails; what was copied stays.
pub async fn copy(from: &Blobs, to: &Blobs) -> Result<u64, BlobError> {
    let mut copied = 0;
    for kind in Kind::ALL {
        let mut listed = from.list_kind(kind);
        while let Some((key, size)) = listed.try_next().await? {
            if to.size(&key).await? == Some(size) {
                continue;
            }
            let mut spooled = to.spool().create().await?;
            match from.copy(&key, &mut spooled).await {
                Ok(_) => to.keep(spooled, &key).await?,
                // It went meanwhile.
                Err(BlobError::Absent) => continue,
                Err(error) => return Err(error),
            }
            copied += 1;
        }
    }
    Ok(copied)
}
