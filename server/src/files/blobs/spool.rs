//! Files on the disk, in which bytes come together before they are kept.

use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::room::Space;
use crate::clock::random;

/// The folder's name.
const NAME: &str = "spool";
/// Of the folder, and of a file in it: nobody but its owner can look into it.
const PRIVATE_FOLDER: u32 = 0o700;
const PRIVATE_FILE: u32 = 0o600;
/// Bytes of a write that a file keeps to itself on the way to the disk.
const BUFFER_SIZE: usize = 64 * 1024;
/// How old a file is that nobody can be writing to any more: a process died.
const MAX_AGE: Duration = Duration::from_hours(24);

/// The folder of such files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Spool(Arc<PathBuf>);

impl Spool {
    /// The spool in this folder; both are made if they are not there.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let path = folder.join(NAME);
        std::fs::DirBuilder::new().recursive(true).mode(PRIVATE_FOLDER).create(&path)?;
        Ok(Self(Arc::new(path)))
    }

    /// A new, empty file.
    ///
    /// # Errors
    /// `StorageFull` where the disk is full, or nearly so.
    pub async fn create(&self) -> io::Result<Spooled> {
        if self.disk_space().is_some_and(Space::is_full) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let path = self.fresh();
        let mut options = File::options();
        options.create_new(true).read(true).write(true).mode(PRIVATE_FILE);
        let mut file = options.open(&path).await?;
        file.set_max_buf_size(BUFFER_SIZE);
        Ok(Spooled { path, file })
    }

    /// A second name of a file on the same disk; absent where the disk has no second names.
    pub(super) async fn link(&self, file: &Path) -> io::Result<Option<Spooled>> {
        let path = self.fresh();
        match tokio::fs::hard_link(file, &path).await {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(error),
            Err(_) => return Ok(None),
        }
        let file = File::options().read(true).write(true).open(&path).await?;
        Ok(Some(Spooled { path, file }))
    }

    fn fresh(&self) -> PathBuf {
        self.0.join(format!("{:032x}", random::<u128>()))
    }

    /// Deletes what processes that died have left behind.
    pub async fn sweep(&self) -> io::Result<()> {
        let mut entries = tokio::fs::read_dir(&*self.0).await?;
        while let Some(entry) = entries.next_entry().await? {
            let age = entry.metadata().await.and_then(|found| found.modified());
            let is_old = age.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > MAX_AGE));
            if is_old {
                tokio::fs::remove_file(entry.path()).await?;
            }
        }
        Ok(())
    }

    /// How much room its disk has.
    pub(super) fn disk_space(&self) -> Option<Space> {
        let found = rustix::fs::statvfs(&**self.0).ok()?;
        let (free, all) = (found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize);
        Some(Space { free, all })
    }
}

/// A file of the spool, which goes with this value unless it was kept.
#[derive(Debug)]
pub struct Spooled {
    path: PathBuf,
    file: File,
}

impl Spooled {
    /// For what is written to it.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Hands on to the system what was written.
    pub async fn flush(&mut self) -> io::Result<()> {
        self.file.flush().await
    }

    /// The same file, for who waits until it is on the disk while others read it.
    pub(super) async fn handle(&self) -> io::Result<File> {
        self.file.try_clone().await
    }

    /// Waits until what was written is on the disk, whoever wrote it.
    pub(super) async fn sync(&mut self) -> io::Result<()> {
        self.file.flush().await?;
        self.file.sync_all().await
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        // One that was moved away is not there any more.
        let _ = std::fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use app::protocol::FileId;
    use bytes::Bytes;

    use crate::config::{FileSettings, FilesLocation};
    use crate::files::blobs::{Blobs, Key};

    #[tokio::test]
    async fn what_has_a_second_name_is_not_written_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let location = FilesLocation::Folder(folder.path().to_owned());
        let settings = FileSettings { location, max_file: 10, user_quota: 10 };
        let blobs = Blobs::open(&settings, folder.path()).expect("it opens");
        let id = FileId::new(7);
        let (piece, file) = (Key::chunk(id, &(0..5)), Key::file(id));
        blobs.put(&piece, Bytes::from_static(b"hello")).await.expect("it is kept");
        let written = |key: &Key| {
            let place = folder.path().join(key.path().as_ref());
            place.metadata().map(|found| (found.ino(), found.mode() & 0o777)).ok()
        };
        let first = written(&piece).expect("it is there");
        let spooled = blobs.link(&piece).await.expect("it can be").expect("a second name");
        blobs.prepare(&spooled).await.expect("a handle").await.expect("it is on the disk");
        blobs.keep(spooled, &file).await.expect("it is kept");
        assert_eq!(written(&file), Some(first), "the same bytes, for nobody else");
        blobs.delete(&piece).await.expect("it goes");
        assert_eq!((written(&piece), written(&file)), (None, Some(first)));
        let spool = folder.path().join("spool").read_dir().expect("a folder");
        assert_eq!(spool.count(), 0);
        assert!(blobs.link(&piece).await.is_err(), "there is none");
    }
}
