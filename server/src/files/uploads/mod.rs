//! How files come in: announced, received in pieces, each of which is safe once it is answered, and made whole.
//!
//! * [`announced`] — what an uploader says before the first byte; [`words`] — how tus has it written
//! * [`checksum`] — what the bytes of a piece have to add up to
//! * [`receive`] — takes a piece in
//! * [`lease`] — sees to it that one request at a time writes to an upload
//! * [`finish`] — makes a file of an upload
//! * [`examine`] — finds out what a file is

mod announced;
mod checksum;
mod examine;
mod finish;
mod lease;
mod receive;
mod words;

use std::time::Duration;

use app::protocol::{ApiError, ErrorKind, File, FileId, Timestamp, UserId};

use super::Files;
use crate::error::Error;
use crate::store::StoreError;
use crate::store::uploads::{Begun, Ended, NewUpload, Upload};

pub use announced::Announced;
pub use checksum::Checksum;
pub use receive::Piece;

/// How long an unfinished upload is kept after its last byte.
const UNFINISHED_KEPT: Duration = Duration::from_hours(24);
/// How long a whole file is kept that no message holds.
const UNSENT_KEPT: Duration = Duration::from_hours(7 * 24);

/// How an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The id of the upload, which is that of its file.
    pub id: FileId,
    /// Bytes that came and are safe.
    pub offset: i64,
    /// Bytes that were announced.
    pub length: i64,
    /// When it goes unless more of it comes, or a message holds it.
    pub expires_at: Option<Timestamp>,
}

impl Progress {
    fn of(upload: &Upload) -> Self {
        let Upload { id, received, size, expires_at, .. } = *upload;
        // Of a whole one less may be kept than came; all of it did.
        let length = if upload.whole { received } else { size };
        Self { id, offset: received, length, expires_at }
    }
}

impl Files {
    /// Begins an upload. An empty file is whole at once.
    ///
    /// # Errors
    /// `too_large`; `quota` where the person has no room for it, or 100 unfinished ones.
    pub async fn begin_upload(
        &self,
        owner: UserId,
        announced: Announced,
    ) -> Result<Progress, Error> {
        let upload = self.announce(owner, announced).await?;
        let progress = Progress {
            id: upload.id,
            offset: 0,
            length: upload.size,
            expires_at: Some(upload.expires_at),
        };
        if upload.size == 0 { self.upload_progress(owner, upload.id).await } else { Ok(progress) }
    }

    async fn announce(&self, owner: UserId, announced: Announced) -> Result<NewUpload, Error> {
        if announced.size > self.0.max_file {
            return Err(self.too_large().into());
        }
        let now = self.0.clock.now();
        let mut upload = NewUpload {
            id: FileId::new(self.0.ids.next()),
            owner,
            purpose: announced.purpose,
            name: announced.name,
            size: announced.size,
            described: announced.described,
            created_at: now,
            expires_at: after(now, UNFINISHED_KEPT),
        };
        loop {
            match self.0.store.begin_upload(&upload, self.0.quota).await {
                Ok(Begun::Yes) => return Ok(upload),
                Ok(Begun::OverQuota) => {
                    let message = "Your files have no room for this one; delete some first";
                    return Err(ApiError::new(ErrorKind::Quota, message).into());
                }
                Ok(Begun::TooMany) => {
                    let message = "Too many unfinished uploads; end some first";
                    return Err(ApiError::new(ErrorKind::Quota, message).into());
                }
                Ok(Begun::NoAccount) => return Err(ApiError::closed().into()),
                Err(StoreError::Conflict("id")) => upload.id = FileId::new(self.0.ids.next()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The refusal of a file that is too large.
    pub fn too_large(&self) -> ApiError {
        let most = self.0.max_file;
        ApiError::new(ErrorKind::TooLarge, format!("A file has {most} bytes at most"))
    }

    /// How someone's upload stands. One all of whose bytes have come is made whole first, if that is still to be done.
    ///
    /// # Errors
    /// `not_found` for another's, and for one that ended.
    pub async fn upload_progress(&self, owner: UserId, id: FileId) -> Result<Progress, Error> {
        let upload = self.upload(owner, id).await?;
        if !upload.whole && upload.received == upload.size {
            return self.finish_alone(owner, id).await;
        }
        Ok(Progress::of(&upload))
    }

    /// The file of someone's upload.
    ///
    /// # Errors
    /// `not_found` until it is whole, too.
    pub async fn uploaded_file(&self, owner: UserId, id: FileId) -> Result<File, Error> {
        self.upload_progress(owner, id).await?;
        let found = self.0.store.file_for_reader(owner, id).await?;
        Ok(found.ok_or_else(ApiError::not_found)?.file)
    }

    /// Ends someone's upload, unfinished or whole.
    ///
    /// # Errors
    /// `not_found`; `conflict` where a message holds it.
    pub async fn end_upload(&self, owner: UserId, id: FileId) -> Result<(), Error> {
        match self.0.store.end_upload(owner, id).await? {
            Ended::Gone => Ok(()),
            Ended::Held => {
                Err(ApiError::new(ErrorKind::Conflict, "A message holds this file").into())
            }
            Ended::Absent => Err(ApiError::not_found().into()),
        }
    }

    async fn upload(&self, owner: UserId, id: FileId) -> Result<Upload, Error> {
        Ok(self.0.store.upload(owner, id).await?.ok_or_else(ApiError::not_found)?)
    }
}

fn after(now: Timestamp, time: Duration) -> Timestamp {
    now.saturating_add(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}
