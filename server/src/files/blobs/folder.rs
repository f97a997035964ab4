//! Writing to a folder. Not by `object_store`, which would copy what is spooled, and let others read it: here a file
//! of the spool is moved into its place, mode and all. Reading, listing and deleting are `object_store`'s.

use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;

use super::error::BlobError;
use super::key::{Key, Kind};
use super::spool::Spooled;

/// Nobody but its owner can look into it.
const PRIVATE_FOLDER: u32 = 0o700;

/// A folder of objects.
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Opens the folder, which is made if it is not there.
    pub(super) fn open(path: &Path) -> Result<Self, BlobError> {
        let path = std::path::absolute(path)?;
        for kind in Kind::ALL {
            make(&path.join(kind.prefix()))?;
        }
        Ok(Self { path })
    }

    /// What reads from the folder, and deletes in it.
    pub(super) fn reader(&self) -> Result<Arc<dyn ObjectStore>, BlobError> {
        Ok(Arc::new(LocalFileSystem::new_with_prefix(&self.path)?))
    }

    /// Moves a file of the spool into its place, once it is on the disk.
    pub(super) async fn take_in(&self, mut spooled: Spooled, key: &Key) -> Result<(), BlobError> {
        spooled.sync().await?;
        let place = self.place(key);
        let moved = tokio::task::spawn_blocking(move || -> io::Result<()> {
            let folder = place.parent().ok_or(io::ErrorKind::InvalidInput)?;
            if make(folder)? {
                sync(folder.parent().ok_or(io::ErrorKind::InvalidInput)?)?;
            }
            std::fs::rename(spooled.path(), &place)?;
            sync(folder)
        });
        Ok(moved.await.map_err(io::Error::other)??)
    }

    /// Takes away the folder of what was deleted, where nothing else is in it.
    pub(super) async fn clear(&self, prefix: &Key) -> Result<(), BlobError> {
        match tokio::fs::remove_dir(self.place(prefix)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => self.sync_parent(prefix).await,
        }
    }

    /// Waits until the disk knows what was deleted.
    pub(super) async fn sync_parent(&self, key: &Key) -> Result<(), BlobError> {
        let place = self.place(key);
        let synced = tokio::task::spawn_blocking(move || {
            // The nearest folder that is still there.
            match place.ancestors().skip(1).find(|folder| folder.is_dir()) {
                Some(folder) => sync(folder),
                None => Ok(()),
            }
        });
        Ok(synced.await.map_err(io::Error::other)??)
    }

    /// Whether the folder can be written to.
    pub(super) async fn is_there(&self) -> bool {
        let folder = self.path.join(Kind::Files.prefix());
        let access = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
        let asked = tokio::task::spawn_blocking(move || rustix::fs::access(&folder, access));
        asked.await.is_ok_and(|answer| answer.is_ok())
    }

    /// Where an object lies.
    pub(super) fn place(&self, key: &Key) -> PathBuf {
        self.path.join(key.path().as_ref())
    }
}

/// Makes a folder; false where it is there already.
fn make(folder: &Path) -> io::Result<bool> {
    if folder.is_dir() {
        return Ok(false);
    }
    std::fs::DirBuilder::new().recursive(true).mode(PRIVATE_FOLDER).create(folder)?;
    Ok(true)
}

fn sync(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}
