//! Finds out what a file is, one file at a time, since a picture keeps a processor and memory busy; then what its bytes
//! are, as they are kept.

use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use app::protocol::{ApiError, ErrorKind};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::files::blobs::{BlobError, Fingerprint, Spooled};
use crate::files::pictures::{self, ExamineError, Examined};
use crate::files::{Files, Purpose};

/// How long a file waits for its turn: a picture takes a second, and ten at most.
const TURN_TIMEOUT: Duration = Duration::from_mins(1);
/// Bytes that are added up at once.
const READ_SIZE: usize = 128 * 1024;

/// What was found out of a file.
pub(super) struct Found {
    pub(super) examined: Examined,
    /// Of the bytes that are kept: after it was cleaned.
    pub(super) fingerprint: Fingerprint,
}

impl Files {
    /// Looks into a file, and cleans it where it is a photo; takes its fingerprint, unless it was taken before.
    ///
    /// # Errors
    /// `unsupported_type` for a photo that cannot be cleaned, and for sound that is none: they are not kept as
    /// something else, which might tell where they were made.
    pub(super) async fn examine(
        &self,
        spooled: Spooled,
        fingerprint: Option<Fingerprint>,
        purpose: Purpose,
    ) -> Result<(Spooled, Found), Error> {
        let look = move || (pictures::examine(spooled.path(), purpose), spooled);
        let (examined, spooled) = self.0.examiner.run(TURN_TIMEOUT, look).await?;
        let examined = examined.map_err(|error| match error {
            ExamineError::Io(error) => Error::from(BlobError::from(error)),
            ExamineError::Unsupported => {
                let message = "This cannot be taken as what it is sent as; send it as a file";
                ApiError::new(ErrorKind::UnsupportedType, message).into()
            }
        })?;
        if let Some(fingerprint) = fingerprint {
            return Ok((spooled, Found { examined, fingerprint }));
        }
        // That needs next to nothing, and others need not wait for it.
        let take = move || (fingerprint_of(spooled.path()), spooled);
        let (taken, spooled) = tokio::task::spawn_blocking(take).await.map_err(Error::internal)?;
        let fingerprint = taken.map_err(BlobError::from)?;
        Ok((spooled, Found { examined, fingerprint }))
    }
}

fn fingerprint_of(path: &Path) -> io::Result<Fingerprint> {
    let mut file = std::fs::File::open(path)?;
    let (mut buffer, mut size, mut sum) = (vec![0; READ_SIZE], 0, Sha256::new());
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(Fingerprint { size, sha256: sum.finalize().to_vec() });
        }
        sum.update(&buffer[..count]);
        size += i64::try_from(count).unwrap_or(i64::MAX);
    }
}
