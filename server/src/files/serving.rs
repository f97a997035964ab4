//! How files are handed out: to who may have them now, whole or in part.

use std::fmt::Write;
use std::ops::Range;

use app::protocol::{ApiError, FileId, UserId};

use super::blobs::{Blob, BlobError, Key};
use super::{Files, meters};
use crate::error::Error;
use crate::store::ReadableFile;

/// A file, or its thumbnail, that someone may have.
#[derive(Clone, Debug)]
pub struct Served {
    /// The file's name.
    pub name: String,
    /// The media type of what is handed out.
    pub mime: String,
    /// What tells these bytes from all others: letters and digits.
    pub tag: String,
    key: Key,
    /// Bytes; absent while nobody has looked.
    size: Option<u64>,
}

impl Files {
    /// A file, for its uploader and for who can read now a message that holds it.
    ///
    /// # Errors
    /// `not_found` for anyone else.
    pub async fn file(&self, reader: UserId, id: FileId) -> Result<Served, Error> {
        let ReadableFile { file, digest, .. } = self.readable(reader, id).await?;
        let size = u64::try_from(file.size).ok();
        let (name, mime) = (file.name, file.mime);
        Ok(Served { name, mime, tag: tag(&digest), key: Key::file(id), size })
    }

    /// The small picture of a file, for the same people.
    ///
    /// # Errors
    /// `not_found` for anyone else, and where there is none.
    pub async fn thumbnail(&self, reader: UserId, id: FileId) -> Result<Served, Error> {
        let ReadableFile { file, digest, thumbnail_mime } = self.readable(reader, id).await?;
        let mime = thumbnail_mime.ok_or_else(ApiError::not_found)?;
        let (tag, key) = (format!("{}t", tag(&digest)), Key::thumbnail(id));
        Ok(Served { name: file.name, mime, tag, key, size: None })
    }

    async fn readable(&self, reader: UserId, id: FileId) -> Result<ReadableFile, Error> {
        Ok(self.0.store.file_for_reader(reader, id).await?.ok_or_else(ApiError::not_found)?)
    }

    /// How many bytes it has.
    pub async fn size_of(&self, served: &Served) -> Result<u64, Error> {
        if let Some(size) = served.size {
            return Ok(size);
        }
        self.reach()?;
        Ok(self.0.blobs.size(&served.key).await?.ok_or(BlobError::Absent)?)
    }

    /// Its bytes, or some of them, which have to be there.
    pub async fn open(&self, served: &Served, range: Option<Range<u64>>) -> Result<Blob, Error> {
        self.reach()?;
        // No store knows an empty range.
        let blob = self.0.blobs.get(&served.key, range.filter(|range| !range.is_empty())).await?;
        meters::served(blob.length);
        Ok(blob)
    }
}

/// Half of the digest: nobody has an interest in two files with the same.
fn tag(digest: &[u8]) -> String {
    digest.iter().take(16).fold(String::new(), |mut tag, byte| {
        // Writing to a String cannot fail.
        let _ = write!(tag, "{byte:02x}");
        tag
    })
}
