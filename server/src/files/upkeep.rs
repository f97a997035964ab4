//! What table and store do not have in common, and copying all objects from one store to another.

use std::collections::HashSet;
use std::fmt;

use app::protocol::FileId;
use futures_util::TryStreamExt;

use super::blobs::{BlobError, Blobs, Key, Kind};
use crate::error::Error;
use crate::store::Store;

/// Rows and objects that are looked at at once.
const BATCH_SIZE: u32 = 500;

/// An object that only one of the two knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A row knows it, and it is not there.
    Missing(Key),
    /// It is there, and no row knows it.
    Stranger(Key),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(key) => write!(f, "missing: {key}"),
            Self::Stranger(key) => write!(f, "stranger: {key}"),
        }
    }
}

/// Compares table and store, beside a running server as well, and tells of each difference; nothing is changed.
/// Returns how many files and pictures of people and groups the table has.
///
/// # Errors
/// Where one of the two cannot be read.
pub async fn check(
    store: &Store,
    blobs: &Blobs,
    mut tell: impl FnMut(Difference),
) -> Result<u64, Error> {
    for kind in Kind::ALL {
        let mut listed = blobs.list_kind(kind).try_ready_chunks(BATCH_SIZE as usize);
        while let Some(objects) = listed.try_next().await.map_err(|error| error.1)? {
            let keys: Vec<_> = objects.into_iter().map(|(key, _)| key).collect();
            for key in strangers(store, kind, keys).await? {
                // It may have gone meanwhile, and its row after it.
                if blobs.size(&key).await?.is_some() {
                    tell(Difference::Stranger(key));
                }
            }
        }
    }
    let files = check_files(store, blobs, &mut tell).await?;
    Ok(files + check_avatars(store, blobs, &mut tell).await?)
}

/// Of these objects of one kind those that no row knows.
async fn strangers(store: &Store, kind: Kind, mut keys: Vec<Key>) -> Result<Vec<Key>, Error> {
    if kind == Kind::Avatars {
        let hashes: Vec<_> = keys.iter().filter_map(Key::name).map(str::to_owned).collect();
        let known: HashSet<_> = store.known_avatars(&hashes).await?.into_iter().collect();
        keys.retain(|key| key.name().is_none_or(|hash| !known.contains(hash)));
        return Ok(keys);
    }
    let ids: Vec<_> = keys.iter().filter_map(Key::file_id).collect();
    let states = store.file_states(&ids).await?;
    keys.retain(|key| {
        let state = key.file_id().and_then(|id| states.get(&id));
        !state.is_some_and(|state| kind != Kind::Thumbnails || state.may_have_thumbnail)
    });
    Ok(keys)
}

async fn check_files(
    store: &Store,
    blobs: &Blobs,
    tell: &mut impl FnMut(Difference),
) -> Result<u64, Error> {
    let (mut count, mut after) = (0, FileId::new(0));
    loop {
        let files = store.whole_files(after, BATCH_SIZE).await?;
        let Some((last, _)) = files.last() else { return Ok(count) };
        after = *last;
        for (id, has_thumbnail) in files {
            count += 1;
            let thumbnail = has_thumbnail.then(|| Key::thumbnail(id));
            for key in [Some(Key::file(id)), thumbnail].into_iter().flatten() {
                if blobs.size(&key).await?.is_some() {
                    continue;
                }
                // It may be gone by now.
                let states = store.file_states(&[id]).await?;
                if states.get(&id).is_some_and(|state| state.whole) {
                    tell(Difference::Missing(key));
                }
            }
        }
    }
}

async fn check_avatars(
    store: &Store,
    blobs: &Blobs,
    tell: &mut impl FnMut(Difference),
) -> Result<u64, Error> {
    let (mut count, mut after) = (0, String::new());
    loop {
        let hashes = store.taken_avatars(&after, BATCH_SIZE).await?;
        let Some(last) = hashes.last() else { return Ok(count) };
        after.clone_from(last);
        for hash in hashes {
            count += 1;
            let key = Key::avatar(&hash);
            if blobs.size(&key).await?.is_none() && store.has_avatar(&hash).await? {
                tell(Difference::Missing(key));
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
            match from.copy(&key, None, &mut spooled).await {
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
