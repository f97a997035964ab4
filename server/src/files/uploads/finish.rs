//! Makes a file of an upload: its pieces come together in one file on the disk, which is looked into, kept, and only
//! then told of in the row. A process may die between any two steps, and another one begins anew: up to the last
//! step the pieces are there, and after it the sweep deletes them.

use app::protocol::{ApiError, ErrorKind, File, FileId, UserId};
use bytes::Bytes;
use futures_util::Stream;

use super::{Announced, Progress, UNSENT_KEPT, after, examine};
use crate::error::Error;
use crate::files::blobs::{BlobError, Fingerprint, Key, Spooled};
use crate::files::{Files, Purpose};
use crate::store::uploads::{Upload, UploadLease, WholeFile};

impl Files {
    /// Makes a file of an upload all of whose bytes have come, unless another does.
    pub(crate) async fn finish_alone(&self, owner: UserId, id: FileId) -> Result<Progress, Error> {
        let lease = match self.take_lease(id).await {
            Ok(lease) => lease,
            Err(error) => {
                // Another was quicker, and may be done.
                let upload = self.upload(owner, id).await?;
                return if upload.whole { Ok(Progress::of(&upload)) } else { Err(error) };
            }
        };
        self.on_lease(lease, self.finish(lease, owner, None)).await
    }

    /// The same by who has it on lease, and may have taken the fingerprint of all its bytes as they came.
    pub(super) async fn finish(
        &self,
        lease: UploadLease,
        owner: UserId,
        fingerprint: Option<Fingerprint>,
    ) -> Result<Progress, Error> {
        let upload = self.upload(owner, lease.id).await?;
        if upload.whole {
            return Ok(Progress::of(&upload));
        }
        let spooled = self.put_together(&upload).await?;
        let fingerprint = fingerprint.or_else(|| spooled.fingerprint());
        if let Err(error) = self.complete(lease, spooled, fingerprint, upload.purpose).await {
            if is_final(&error) {
                self.end_upload(owner, lease.id).await?;
            }
            return Err(error);
        }
        // What is left is deleted by the sweep.
        if let Err(error) = self.0.blobs.delete_chunks(lease.id).await {
            tracing::warn!(%error, "the pieces of an upload are left for the sweep");
        }
        Ok(Progress::of(&self.upload(owner, lease.id).await?))
    }

    /// The bytes of an upload, out of its pieces.
    async fn put_together(&self, upload: &Upload) -> Result<Spooled, Error> {
        let pieces = self.0.blobs.chunks(upload.id).await?;
        // What came in one piece need not be written a second time, unless it is to be changed.
        let all = 0..upload.size;
        if upload.purpose.keeps_bytes()
            && pieces.contains(&all)
            && let Some(spooled) = self.0.blobs.link(&Key::chunk(upload.id, &all)).await?
        {
            return Ok(spooled);
        }
        let mut spooled = self.0.blobs.spool().create().await.map_err(BlobError::from)?;
        if upload.purpose.keeps_bytes() {
            spooled = spooled.with_fingerprint();
        }
        let (mut pieces, mut offset) = (pieces.into_iter().peekable(), 0);
        while offset < upload.size {
            // That of those which go on from here that has most. There is more than one where pieces were joined, and
            // where one was kept without having been answered: what they have in common is the same.
            let mut longest = offset..offset;
            while let Some(piece) = pieces.next_if(|piece| piece.start <= offset) {
                if piece.end > longest.end {
                    longest = piece;
                }
            }
            if longest.end <= offset {
                return Err(BlobError::Absent.into());
            }
            let key = Key::chunk(upload.id, &longest);
            let range = bytes(offset - longest.start)..bytes(longest.end - longest.start);
            let expected = range.end - range.start;
            if self.0.blobs.copy(&key, Some(range), &mut spooled).await? != expected {
                return Err(BlobError::Absent.into());
            }
            offset = longest.end;
        }
        spooled.flush().await.map_err(BlobError::from)?;
        Ok(spooled)
    }

    /// Takes in a whole file at once. Of how many bytes it has is only known that there are `announced.size` at most.
    ///
    /// # Errors
    /// `too_large`, `quota`; `unavailable` where it was cut off, or the store of files is away.
    pub async fn receive_whole<S, E>(
        &self,
        owner: UserId,
        mut announced: Announced,
        body: S,
    ) -> Result<File, Error>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
    {
        announced.size = announced.size.min(self.0.max_file);
        let purpose = announced.purpose;
        let id = self.announce(owner, announced).await?.id;
        let lease = self.take_lease(id).await?;
        let work = async {
            let spooled = self.spool_all(body, purpose).await?;
            let fingerprint = spooled.fingerprint();
            self.complete(lease, spooled, fingerprint, purpose).await
        };
        if let Err(error) = self.on_lease(lease, work).await {
            // Nobody could go on with it.
            if let Err(error) = self.end_upload(owner, id).await {
                tracing::warn!(%error, "an upload that was broken off is left for the sweep");
            }
            return Err(error);
        }
        self.uploaded_file(owner, id).await
    }

    /// Keeps a file, and says in the row that it is whole. The fingerprint is that of bytes which stay as they are.
    async fn complete(
        &self,
        lease: UploadLease,
        spooled: Spooled,
        fingerprint: Option<Fingerprint>,
        purpose: Purpose,
    ) -> Result<(), Error> {
        let (spooled, found) = if purpose.keeps_bytes() {
            let prepared = self.0.blobs.prepare(&spooled);
            let examined = self.examine(spooled, fingerprint, purpose);
            let (examined, prepared) = tokio::join!(examined, prepared);
            prepared?;
            examined?
        } else {
            self.examine(spooled, None, purpose).await?
        };
        let examine::Found { examined, fingerprint } = found;
        let thumbnail_mime = examined.thumbnail.as_ref().map(|thumbnail| thumbnail.mime);
        if let Some(thumbnail) = examined.thumbnail {
            let key = Key::thumbnail(lease.id);
            self.0.blobs.put(&key, Bytes::from(thumbnail.bytes)).await?;
        }
        self.0.blobs.keep(spooled, &Key::file(lease.id)).await?;
        let file = WholeFile {
            size: fingerprint.size,
            mime: examined.mime,
            width: examined.width,
            height: examined.height,
            animated: examined.animated,
            color: examined.color,
            thumbnail_mime,
            digest: fingerprint.sha256,
            expires_at: after(self.0.clock.now(), UNSENT_KEPT),
        };
        if self.0.store.complete_upload(lease, &file).await? {
            Ok(())
        } else {
            Err(ApiError::not_found().into())
        }
    }
}

fn bytes(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// Whether another try would end as this one did.
fn is_final(error: &Error) -> bool {
    matches!(error, Error::Api(error) if error.kind == ErrorKind::UnsupportedType)
}
