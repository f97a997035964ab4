//! The store of bytes: a folder, or a bucket of S3. Objects are written whole or not at all, and once a write is
//! answered they survive a loss of power.
//!
//! * [`key`] — the names of objects
//! * [`spool`] — files on the disk, in which bytes come together before they are kept
//! * [`room`] — how full the disk is
//! * [`folder`] — writing to a folder
//! * [`s3`] — writing to a bucket
//! * [`error`] — what goes wrong

mod error;
mod folder;
mod key;
mod room;
mod s3;
mod spool;

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::protocol::FileId;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::{
    GetOptions, GetRange, GetResultPayload, ObjectMeta, ObjectStore, ObjectStoreExt,
};

use crate::config::{FileSettings, FilesLocation};

pub use error::BlobError;
use error::in_time;
use folder::Folder;
pub use key::{Key, Kind};
pub use room::{Room, Space};
use s3::Bucket;
pub use spool::{Fingerprint, Spool, Spooled};

/// Bytes of an object that are read from a folder at once.
const READ_SIZE: usize = 256 * 1024;
/// So many times that are in memory for each who reads.
const READ_AT_ONCE: usize = 2;
/// How long a stream may give nothing before it counts as cut off.
const STREAM_TIMEOUT: Duration = Duration::from_secs(30);
/// Pieces of an upload that are deleted at once.
const MAX_DELETED: usize = 8;
/// How long the store may take to show that it is there.
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

/// The store of bytes. Cheap to clone.
#[derive(Clone)]
pub struct Blobs(Arc<Inner>);

struct Inner {
    reader: Arc<dyn ObjectStore>,
    writer: Writer,
    spool: Spool,
}

enum Writer {
    Folder(Folder),
    Bucket(Bucket),
}

/// An object, or a part of it, on its way out.
pub struct Blob {
    /// Bytes of the whole object.
    pub size: u64,
    /// How many of them were asked for.
    pub length: u64,
    /// The bytes that were asked for.
    pub stream: BoxStream<'static, io::Result<Bytes>>,
}

impl Blobs {
    /// The store that is set; a folder is made if it is not there. `data_dir` has the spool of a bucket.
    ///
    /// # Errors
    /// `Away` with what the system says.
    pub fn open(settings: &FileSettings, data_dir: &Path) -> Result<Self, BlobError> {
        let (reader, writer, spool) = match &settings.location {
            FilesLocation::Folder(path) => {
                let folder = Folder::open(path)?;
                (folder.reader()?, Writer::Folder(folder), Spool::open(path)?)
            }
            FilesLocation::S3(location) => {
                let bucket = Bucket::open(location)?;
                (bucket.reader(), Writer::Bucket(bucket), Spool::open(data_dir)?)
            }
        };
        Ok(Self(Arc::new(Inner { reader, writer, spool })))
    }

    /// Where bytes come together before they are kept.
    pub fn spool(&self) -> &Spool {
        &self.0.spool
    }

    /// Keeps what was spooled under this name, in place of what stood there.
    pub async fn keep(&self, spooled: Spooled, key: &Key) -> Result<(), BlobError> {
        match &self.0.writer {
            Writer::Folder(folder) => folder.take_in(spooled, key).await,
            Writer::Bucket(bucket) => bucket.upload(spooled, key).await,
        }
    }

    /// Does what of keeping a file can be done while it is still looked into: its bytes go to the disk.
    pub fn prepare(
        &self,
        spooled: &Spooled,
    ) -> impl Future<Output = Result<(), BlobError>> + Send + use<> {
        let synced = match self.0.writer {
            Writer::Folder(_) => Some(spooled.synced()),
            Writer::Bucket(_) => None,
        };
        async move {
            match synced {
                Some(synced) => Ok(synced.await?),
                None => Ok(()),
            }
        }
    }

    /// Keeps a few bytes under this name, in place of what stood there.
    pub async fn put(&self, key: &Key, bytes: Bytes) -> Result<(), BlobError> {
        let mut spooled = self.spool().create().await?;
        spooled.write(&bytes).await?;
        self.keep(spooled, key).await
    }

    /// An object, or a part of it. A part that is not there is a fault of the store.
    ///
    /// # Errors
    /// `Absent` where there is none.
    pub async fn get(&self, key: &Key, range: Option<Range<u64>>) -> Result<Blob, BlobError> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = in_time(self.0.reader.get_opts(key.path(), options)).await?;
        let (size, length) = (found.meta.size, found.range.end - found.range.start);
        let stream = match found.payload {
            GetResultPayload::File(file, _) => read_ahead(file, found.range),
            GetResultPayload::Stream(stream) => in_time_each(stream),
        };
        Ok(Blob { size, length, stream })
    }

    /// An object as a file of the spool, by a second name for the same bytes, which nobody may change; absent where the
    /// store has no such thing.
    pub async fn link(&self, key: &Key) -> Result<Option<Spooled>, BlobError> {
        match &self.0.writer {
            Writer::Folder(folder) => Ok(self.spool().link(&folder.place(key)).await?),
            Writer::Bucket(_) => Ok(None),
        }
    }

    /// Adds an object's bytes, or some of them, to a file that is being spooled; returns how many it was.
    pub async fn copy(
        &self,
        key: &Key,
        range: Option<Range<u64>>,
        into: &mut Spooled,
    ) -> Result<u64, BlobError> {
        let Blob { length, mut stream, .. } = self.get(key, range).await?;
        let mut copied = 0;
        while let Some(bytes) = stream.try_next().await? {
            copied += bytes.len() as u64;
            into.write(&bytes).await?;
        }
        if copied == length { Ok(copied) } else { Err(BlobError::cut_off()) }
    }

    /// Deletes an object; one that is not there is deleted already.
    pub async fn delete(&self, key: &Key) -> Result<(), BlobError> {
        self.remove(key).await?;
        match &self.0.writer {
            Writer::Folder(folder) => folder.sync_parent(key).await,
            Writer::Bucket(_) => Ok(()),
        }
    }

    /// The same, while a loss of power may bring it back.
    async fn remove(&self, key: &Key) -> Result<(), BlobError> {
        match in_time(self.0.reader.delete(key.path())).await {
            Ok(()) | Err(BlobError::Absent) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Which bytes of an upload its pieces have, in the order in which they begin.
    pub async fn chunks(&self, id: FileId) -> Result<Vec<Range<i64>>, BlobError> {
        let listed = self.list(&Key::chunks(id));
        let mut chunks: Vec<_> = listed
            .try_filter_map(|(key, _)| std::future::ready(Ok(key.chunk_bytes())))
            .try_collect()
            .await?;
        chunks.sort_by_key(|bytes| bytes.start);
        Ok(chunks)
    }

    /// Deletes the pieces of an upload.
    pub async fn delete_chunks(&self, id: FileId) -> Result<(), BlobError> {
        let listed: Vec<_> = self.list(&Key::chunks(id)).try_collect().await?;
        let removed = stream::iter(listed).map(|(key, _)| async move { self.remove(&key).await });
        removed.buffer_unordered(MAX_DELETED).try_collect::<()>().await?;
        match &self.0.writer {
            Writer::Folder(folder) => folder.clear(&Key::chunks(id)).await,
            Writer::Bucket(_) => Ok(()),
        }
    }

    /// All objects of a kind, with their sizes.
    pub fn list_kind(&self, kind: Kind) -> BoxStream<'static, Result<(Key, u64), BlobError>> {
        self.list(&Key::all(kind))
    }

    fn list(&self, prefix: &Key) -> BoxStream<'static, Result<(Key, u64), BlobError>> {
        let listed = self.0.reader.list(Some(prefix.path()));
        let listed = listed.map_ok(|ObjectMeta { location, size, .. }| (Key::of(location), size));
        with_timeout(listed.map_err(BlobError::from).boxed())
    }

    /// Bytes of an object; absent where there is none.
    pub async fn size(&self, key: &Key) -> Result<Option<u64>, BlobError> {
        match in_time(self.0.reader.head(key.path())).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(BlobError::Absent) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether the store answers.
    pub async fn is_there(&self) -> bool {
        let probe = async {
            match &self.0.writer {
                Writer::Folder(folder) => folder.is_there().await,
                Writer::Bucket(_) => self.size(&Key::probe()).await.is_ok(),
            }
        };
        tokio::time::timeout(PROBE_TIMEOUT, probe).await.unwrap_or(false)
    }

    /// How much room the disk has that uploads pass; absent where that cannot be told.
    pub fn disk_space(&self) -> Option<Space> {
        self.0.spool.disk_space()
    }

    /// Whether it is reached over a network.
    pub fn is_remote(&self) -> bool {
        matches!(self.0.writer, Writer::Bucket(_))
    }
}

/// These bytes of a file: the next ones are read while those before them are on their way.
fn read_ahead(file: File, range: Range<u64>) -> BoxStream<'static, io::Result<Bytes>> {
    let (file, end) = (Arc::new(file), range.end);
    let block = move |start: u64| {
        let file = Arc::clone(&file);
        let read = move || {
            let length = usize::try_from(end - start).unwrap_or(READ_SIZE).min(READ_SIZE);
            let mut bytes = vec![0; length];
            file.read_exact_at(&mut bytes, start)?;
            Ok(Bytes::from(bytes))
        };
        async move { tokio::task::spawn_blocking(read).await.map_err(io::Error::other)? }
    };
    stream::iter(range.step_by(READ_SIZE)).map(block).buffered(READ_AT_ONCE).boxed()
}

/// The bytes of an object from afar.
fn in_time_each(
    stream: BoxStream<'static, object_store::Result<Bytes>>,
) -> BoxStream<'static, io::Result<Bytes>> {
    with_timeout(stream.map_err(BlobError::from).boxed()).map_err(io::Error::other).boxed()
}

/// A stream that ends with a fault where nothing comes for a while.
fn with_timeout<T: Send + 'static>(
    items: BoxStream<'static, Result<T, BlobError>>,
) -> BoxStream<'static, Result<T, BlobError>> {
    let step = |mut items: BoxStream<'static, Result<T, BlobError>>| async move {
        match tokio::time::timeout(STREAM_TIMEOUT, items.next()).await {
            Ok(item) => item.map(|item| (item, items)),
            Err(_) => Some((Err(BlobError::cut_off()), stream::empty().boxed())),
        }
    };
    stream::unfold(items, step).boxed()
}
