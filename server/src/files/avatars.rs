//! Avatars: made of a picture that someone sends, kept under the hash of their bytes, handed out, and deleted when
//! nobody has them any more.

use std::fmt::Write as _;
use std::pin::pin;
use std::time::Duration;

use app::protocol::{ApiError, ErrorKind};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};

use super::blobs::{BlobError, Key, Spooled};
use super::pictures::{self, ExamineError};
use super::{Files, Purpose, media_type};
use crate::error::Error;

/// The most bytes of a picture that an avatar is made of.
const MAX_PICTURE: u64 = 10 << 20;

/// How long making one waits for its turn.
const TURN_TIMEOUT: Duration = Duration::from_secs(20);

/// Avatars that are looked at by one statement.
const BATCH_SIZE: u32 = 500;

/// An avatar as it is handed out.
pub struct Avatar {
    /// Its media type.
    pub mime: &'static str,
    /// Its bytes.
    pub bytes: Bytes,
}

impl Files {
    /// Makes an avatar of a picture as it comes in, and keeps it; returns its hash, under which somebody is to take it
    /// within an hour.
    ///
    /// # Errors
    /// `too_large` beyond 10 MiB, `unsupported_type` for what is no picture or one beyond its budget, `unavailable`
    /// where it was cut off, or while the same is being deleted.
    pub async fn keep_avatar<S, E>(&self, picture: S) -> Result<String, Error>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
    {
        let spooled = self.spool_picture(picture).await?;
        let cut = move || pictures::avatar(spooled.path());
        let made = self.0.examiner.run(TURN_TIMEOUT, cut).await?;
        let made = made.map_err(|error| match error {
            ExamineError::Unsupported => {
                let message = "This is no JPEG, PNG, GIF or WebP picture, or too large a one";
                Error::from(ApiError::new(ErrorKind::UnsupportedType, message))
            }
            ExamineError::Io(error) => BlobError::from(error).into(),
        })?;
        let hash = hash(&made.bytes);
        if !self.0.store.reserve_avatar(&hash, self.0.clock.now()).await? {
            return Err(ApiError::unavailable().into());
        }
        self.0.blobs.put(&Key::avatar(&hash), made.bytes.into()).await?;
        Ok(hash)
    }

    async fn spool_picture<S, E>(&self, picture: S) -> Result<Spooled, Error>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
    {
        let mut spooled = self.0.blobs.spool().create().await.map_err(BlobError::from)?;
        let (mut picture, mut length) = (pin!(picture), 0);
        while let Some(bytes) = picture.next().await {
            let bytes = bytes.map_err(|_| ApiError::unavailable())?;
            length += bytes.len() as u64;
            if length > MAX_PICTURE {
                let message = "The picture is too large (10 MiB at most)";
                return Err(ApiError::new(ErrorKind::TooLarge, message).into());
            }
            spooled.write(&bytes).await.map_err(BlobError::from)?;
        }
        spooled.flush().await.map_err(BlobError::from)?;
        Ok(spooled)
    }

    /// The avatar with this hash.
    ///
    /// # Errors
    /// `not_found` where there is none, or nobody has it any more.
    pub async fn avatar(&self, hash: &str) -> Result<Avatar, Error> {
        let is_hash =
            hash.len() == 64 && hash.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        if !is_hash || !self.0.store.has_avatar(hash).await? {
            return Err(ApiError::not_found().into());
        }
        self.reach()?;
        let blob = self.0.blobs.get(&Key::avatar(hash), None).await?;
        let bytes = blob.stream.try_fold(Vec::new(), |mut all, bytes| async move {
            all.extend_from_slice(&bytes);
            Ok(all)
        });
        let bytes = Bytes::from(bytes.await.map_err(BlobError::from)?);
        let head = &bytes[..bytes.len().min(media_type::LOOKED_AT)];
        Ok(Avatar { mime: media_type::of(head, Purpose::Photo), bytes })
    }

    /// Deletes the avatars that nobody has.
    pub(super) async fn sweep_avatars(&self) -> Result<(), Error> {
        while self.0.store.expire_avatars(self.0.clock.now(), BATCH_SIZE).await? > 0 {}
        loop {
            let gone = self.0.store.gone_avatars(BATCH_SIZE).await?;
            if gone.is_empty() {
                return Ok(());
            }
            for hash in gone {
                self.0.blobs.delete(&Key::avatar(&hash)).await?;
                self.0.store.forget_avatar(&hash).await?;
            }
        }
    }
}

/// The SHA-256 of these bytes in hexadecimal.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
