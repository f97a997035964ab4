//! Files on the disk, in which bytes come together before they are kept.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::task::{JoinHandle, spawn_blocking};

use super::room::Space;
use crate::clock::random;

/// The folder's name.
const NAME: &str = "spool";
/// Of the folder, and of a file in it: nobody but its owner can look into it.
const PRIVATE_FOLDER: u32 = 0o700;
const PRIVATE_FILE: u32 = 0o600;
/// Bytes that are written at once. So many times two are in memory for each file on its way in.
const BLOCK_SIZE: usize = 64 * 1024;
/// Bytes that the system holds back at most before the disk is told to begin with them, so that less is left to wait
/// for in the end.
const HELD_BACK: u64 = 8 * 1024 * 1024;
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
        let mut options = File::options();
        options.create_new(true).read(true).write(true).mode(PRIVATE_FILE);
        Spooled::open(options, self.fresh()).await
    }

    /// A second name of a file on the same disk; absent where the disk has no second names.
    pub(super) async fn link(&self, file: &Path) -> io::Result<Option<Spooled>> {
        let path = self.fresh();
        match tokio::fs::hard_link(file, &path).await {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(error),
            Err(_) => return Ok(None),
        }
        let mut options = File::options();
        options.read(true).write(true);
        Spooled::open(options, path).await.map(Some)
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

/// How many bytes a file has, and what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// How many.
    pub size: i64,
    /// Their SHA-256.
    pub sha256: Vec<u8>,
}

/// A file of the spool, which goes with this value unless it was kept. What is written to it goes on in blocks, each
/// off the event loop while the next one comes together.
#[derive(Debug)]
pub struct Spooled {
    path: PathBuf,
    file: Arc<File>,
    written: Written,
    /// What comes together.
    block: Vec<u8>,
    /// The block before it, on its way.
    on_its_way: Option<JoinHandle<io::Result<Sent>>>,
    /// The disk, at work on what was written some time ago.
    syncing: Option<JoinHandle<io::Result<()>>>,
    /// How many bytes it was told of.
    synced: u64,
}

/// A block that was written, to be filled again, and what was written with it.
type Sent = (Vec<u8>, Written);

/// What was written so far.
#[derive(Clone, Debug, Default)]
struct Written {
    size: u64,
    sum: Option<Sha256>,
}

impl Written {
    fn add(&mut self, mut file: &File, block: &[u8]) -> io::Result<()> {
        file.write_all(block)?;
        if let Some(sum) = &mut self.sum {
            sum.update(block);
        }
        self.size += block.len() as u64;
        Ok(())
    }
}

impl Spooled {
    async fn open(options: OpenOptions, path: PathBuf) -> io::Result<Self> {
        let opened = spawn_blocking(move || options.open(&path).map(|file| (file, path)));
        let (file, path) = opened.await.map_err(io::Error::other)??;
        Ok(Self {
            path,
            file: Arc::new(file),
            written: Written::default(),
            block: Vec::new(),
            on_its_way: None,
            syncing: None,
            synced: 0,
        })
    }

    /// The same empty file, of which a fingerprint is taken while it is written.
    #[must_use]
    pub fn with_fingerprint(mut self) -> Self {
        self.written.sum = Some(Sha256::new());
        self
    }

    /// Of all that was written and flushed, if it was asked for.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        let sum = self.written.sum.clone()?;
        let size = i64::try_from(self.written.size).ok()?;
        Some(Fingerprint { size, sha256: sum.finalize().to_vec() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds bytes at the end.
    ///
    /// # Errors
    /// What the system says of these, or of earlier ones.
    pub async fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let fits = bytes.len().min(BLOCK_SIZE - self.block.len());
            let (now, later) = bytes.split_at(fits);
            self.block.extend_from_slice(now);
            bytes = later;
            if self.block.len() == BLOCK_SIZE {
                self.send_block().await?;
            }
        }
        Ok(())
    }

    /// Hands on to the system what was written.
    pub async fn flush(&mut self) -> io::Result<()> {
        if !self.block.is_empty() {
            self.send_block().await?;
        }
        self.await_block().await?;
        Ok(())
    }

    /// So many bytes from here on, or those up to the end.
    pub(super) async fn read(&self, from: u64, most: usize) -> io::Result<Bytes> {
        let file = Arc::clone(&self.file);
        let read = move || {
            let (mut bytes, mut count) = (vec![0; most], 0);
            while count < most {
                match file.read_at(&mut bytes[count..], from + count as u64)? {
                    0 => break,
                    more => count += more,
                }
            }
            bytes.truncate(count);
            Ok(Bytes::from(bytes))
        };
        spawn_blocking(read).await.map_err(io::Error::other)?
    }

    /// Waits until what was flushed is on the disk, whoever wrote it, while others read it.
    pub(super) fn synced(&self) -> impl Future<Output = io::Result<()>> + Send + use<> {
        let file = Arc::clone(&self.file);
        async move { spawn_blocking(move || file.sync_all()).await.map_err(io::Error::other)? }
    }

    /// Waits until what was written is on the disk, whoever wrote it.
    pub(super) async fn sync(&mut self) -> io::Result<()> {
        self.flush().await?;
        // The system tells a fault once.
        if let Some(syncing) = self.syncing.take() {
            syncing.await.map_err(io::Error::other)??;
        }
        self.synced().await
    }

    async fn send_block(&mut self) -> io::Result<()> {
        let free = self.await_block().await?;
        self.hold_back_less().await?;
        let block = std::mem::replace(&mut self.block, free);
        let (file, mut written) = (Arc::clone(&self.file), self.written.clone());
        self.on_its_way = Some(spawn_blocking(move || {
            written.add(&file, &block)?;
            Ok((block, written))
        }));
        Ok(())
    }

    /// Waits for the block that is on its way, and gives its memory back.
    async fn await_block(&mut self) -> io::Result<Vec<u8>> {
        let Some(block) = self.on_its_way.take() else { return Ok(Vec::new()) };
        let (mut block, written) = block.await.map_err(io::Error::other)??;
        self.written = written;
        block.clear();
        Ok(block)
    }

    async fn hold_back_less(&mut self) -> io::Result<()> {
        if self.written.size - self.synced < HELD_BACK
            || self.syncing.as_ref().is_some_and(|syncing| !syncing.is_finished())
        {
            return Ok(());
        }
        if let Some(syncing) = self.syncing.take() {
            syncing.await.map_err(io::Error::other)??;
        }
        let file = Arc::clone(&self.file);
        self.syncing = Some(spawn_blocking(move || file.sync_data()));
        self.synced = self.written.size;
        Ok(())
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
        blobs.prepare(&spooled).await.expect("it is on the disk");
        blobs.keep(spooled, &file).await.expect("it is kept");
        assert_eq!(written(&file), Some(first), "the same bytes, for nobody else");
        blobs.delete(&piece).await.expect("it goes");
        assert_eq!((written(&piece), written(&file)), (None, Some(first)));
        let spool = folder.path().join("spool").read_dir().expect("a folder");
        assert_eq!(spool.count(), 0);
        assert!(blobs.link(&piece).await.is_err(), "there is none");
    }
}
