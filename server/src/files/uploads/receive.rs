//! Takes a piece of an upload in. It comes to one file on the disk first, however long it is, and is kept as an object
//! of its own, after a small one that came before it; then the row says so; then it is answered.

use std::pin::pin;
use std::time::Duration;

use app::protocol::{ApiError, ErrorKind, FileId, UserId};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, timeout_at};

use super::{Checksum, Progress, UNFINISHED_KEPT, after};
use crate::error::Error;
use crate::files::blobs::{Fingerprint, Key, Spooled};
use crate::files::meters;
use crate::files::{Files, Purpose};
use crate::store::uploads::{Upload, UploadLease};

/// How long a sender may be silent in the middle of a piece, and how long a piece may take.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(30);
const PIECE_TIMEOUT: Duration = Duration::from_hours(6);

/// Bytes of a piece that is joined with the next one: so the objects of an upload are bounded by its bytes, however few
/// of them come at once. What a browser sends at once is far more.
const SMALL_PIECE: i64 = 64 * 1024;

/// A piece of an upload, on its way in.
pub struct Piece<S> {
    /// Where it belongs: how many bytes came before it.
    pub offset: i64,
    /// How many bytes it will have, where that is said.
    pub length: Option<i64>,
    /// What they have to add up to, where that is said.
    pub checksum: Option<Checksum>,
    /// The bytes.
    pub body: S,
}

/// How a stream of bytes ended.
enum End {
    /// As its sender meant it.
    Whole,
    /// In the middle: the line was cut, or the sender went silent.
    CutOff,
    /// With more than there was room for.
    TooLong,
}

impl Files {
    /// Takes in a piece of someone's upload; with the last one it is made whole. What came of a piece that was cut off
    /// is kept, unless it has a checksum.
    ///
    /// # Errors
    /// `not_found` for another's; `conflict` where the offset is not the upload's; `locked` while another request
    /// writes to it; `too_large` where the piece has more than was announced; `checksum`; `unavailable` where it was
    /// cut off, or the store of files is away.
    pub async fn receive<S, E>(
        &self,
        owner: UserId,
        id: FileId,
        piece: Piece<S>,
    ) -> Result<Progress, Error>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
    {
        let upload = self.upload(owner, id).await?;
        if upload.whole {
            let progress = Progress::of(&upload);
            return if piece.offset == progress.offset { Ok(progress) } else { Err(misfit()) };
        }
        let room = upload.size.saturating_sub(piece.offset);
        if piece.offset == upload.received && piece.length.is_some_and(|length| length > room) {
            return Err(beyond_length());
        }
        let lease = self.take_lease(id).await?;
        let work = async {
            // As it is now that nobody else writes to it.
            let upload = self.upload(owner, id).await?;
            if piece.offset != upload.received {
                return Err(misfit());
            }
            let (progress, fingerprint) = self.take_in(lease, &upload, piece).await?;
            if progress.offset == upload.size {
                return self.finish(lease, owner, fingerprint).await;
            }
            Ok(progress)
        };
        self.on_lease(lease, work).await
    }

    /// Keeps the bytes of a piece, the next of an upload, which is given back unless they were the last. Of what comes
    /// whole in one piece, and stays as it is, the fingerprint is taken on the way.
    async fn take_in<S, E>(
        &self,
        lease: UploadLease,
        upload: &Upload,
        piece: Piece<S>,
    ) -> Result<(Progress, Option<Fingerprint>), Error>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
    {
        let Piece { offset, length, mut checksum, body } = piece;
        let last = upload.piece_at..offset;
        let joined = (1..SMALL_PIECE).contains(&(last.end - last.start));
        let begin = if joined { last.start } else { offset };
        let mut spooled = self.0.blobs.spool().create().await.map_err(unavailable)?;
        if offset == 0 && length == Some(upload.size) && upload.purpose.keeps_bytes() {
            spooled = spooled.with_fingerprint();
        }
        if joined {
            self.0.blobs.copy(&Key::chunk(lease.id, &last), None, &mut spooled).await?;
        }
        let room = upload.size - offset;
        let (count, end) = fill(&mut spooled, body, room, checksum.as_mut()).await?;
        match end {
            End::TooLong => return Err(beyond_length()),
            End::CutOff if checksum.is_some() => return Err(cut_off()),
            End::Whole if checksum.is_some_and(|checksum| !checksum.fits()) => {
                let message = "The bytes do not have their checksum; send them again";
                return Err(ApiError::new(ErrorKind::Checksum, message).into());
            }
            End::Whole | End::CutOff => {}
        }
        let (mut progress, fingerprint) = (Progress::of(upload), spooled.fingerprint());
        if count > 0 {
            let whole = begin..offset + count;
            self.0.blobs.keep(spooled, &Key::chunk(lease.id, &whole)).await?;
            let expires_at = after(self.0.clock.now(), UNFINISHED_KEPT);
            if !self.0.store.advance_upload(lease, whole, expires_at).await? {
                return Err(ApiError::not_found().into());
            }
            meters::received(count);
            (progress.offset, progress.expires_at) = (offset + count, Some(expires_at));
            // It lies in the one that was kept; else it goes with all of them.
            if joined && let Err(error) = self.0.blobs.delete(&Key::chunk(lease.id, &last)).await {
                tracing::warn!(%error, "a small piece of an upload is left beside a larger one");
            }
        } else if room > 0 {
            self.0.store.release_upload(lease).await?;
        }
        match end {
            End::CutOff => Err(cut_off()),
            End::Whole | End::TooLong => Ok((progress, fingerprint)),
        }
    }

    /// Puts a whole file of which the length is not known into the spool.
    pub(super) async fn spool_all<S, E>(&self, body: S, purpose: Purpose) -> Result<Spooled, Error>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
    {
        let mut spooled = self.0.blobs.spool().create().await.map_err(unavailable)?;
        if purpose.keeps_bytes() {
            spooled = spooled.with_fingerprint();
        }
        match fill(&mut spooled, body, self.0.max_file, None).await? {
            (count, End::Whole) => {
                meters::received(count);
                Ok(spooled)
            }
            (_, End::TooLong) => Err(self.too_large().into()),
            (_, End::CutOff) => Err(cut_off()),
        }
    }
}

/// Writes what comes to a file, up to so many bytes.
async fn fill<S, E>(
    spooled: &mut Spooled,
    body: S,
    room: i64,
    mut checksum: Option<&mut Checksum>,
) -> Result<(i64, End), Error>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
{
    let mut body = pin!(body);
    let latest = Instant::now() + PIECE_TIMEOUT;
    let mut count = 0;
    let end = loop {
        let until = latest.min(Instant::now() + SILENCE_TIMEOUT);
        let bytes = match timeout_at(until, body.next()).await {
            Ok(Some(Ok(bytes))) => bytes,
            Ok(None) => break End::Whole,
            Ok(Some(Err(_))) | Err(_) => break End::CutOff,
        };
        let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        if length > room - count {
            break End::TooLong;
        }
        spooled.write(&bytes).await.map_err(unavailable)?;
        if let Some(checksum) = &mut checksum {
            checksum.add(&bytes);
        }
        count += length;
    };
    spooled.flush().await.map_err(unavailable)?;
    Ok((count, end))
}

fn misfit() -> Error {
    ApiError::new(ErrorKind::Conflict, "The offset is not that of the upload; ask for it by HEAD")
        .into()
}

fn beyond_length() -> Error {
    ApiError::new(ErrorKind::TooLarge, "These are more bytes than were announced").into()
}

/// Nobody is there to read it, mostly.
fn cut_off() -> Error {
    ApiError::new(ErrorKind::Unavailable, "The bytes ended early; go on from the upload's offset")
        .into()
}

/// The disk is full, or gone.
fn unavailable(error: std::io::Error) -> Error {
    crate::files::blobs::BlobError::from(error).into()
}
