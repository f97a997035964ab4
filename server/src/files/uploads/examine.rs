//! Finds out what a file is, one file at a time, since a picture keeps a processor and memory busy; then what its bytes
//! are, as they are kept.

use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use app::protocol::{ApiError, ErrorKind};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::files::blobs::{BlobError, Spooled};
use crate::files::pictures::{self, ExamineError, Examined};
use crate::files::{Files, Purpose};

/// How long a file waits for its turn: a picture takes a second, and ten at most.
const TURN_TIMEOUT: Duration = Duration::from_mins(1);
/// Bytes that are added up at once.
const READ_SIZE: usize = 128 * 1024;

/// What was found out of a file.
pub(super) struct Found {
    pub(super) examined: Examined,
    /// Bytes, after it was cleaned.
    pub(super) size: i64,
    /// The SHA-256 of these bytes.
    pub(super) digest: Vec<u8>,
}

impl Files {
    /// Looks into a file, and cleans it where it is a photo.
    ///
    /// # Errors
    /// `unsupported_type` for a photo that cannot be cleaned, and for sound that is none: they are not kept as
    /// something else, which might tell where they were made.
    pub(super) async fn examine(
        &self,
        spooled: Spooled,
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
        // That needs next to nothing, and others need not wait for it.
        let add_up = move || (add_up(spooled.path()), spooled);
        let (added, spooled) =
            tokio::task::spawn_blocking(add_up).await.map_err(Error::internal)?;
        let (size, digest) = added.map_err(BlobError::from)?;
        Ok((spooled, Found { examined, size, digest }))
    }
}

fn add_up(path: &Path) -> io::Result<(i64, Vec<u8>)> {
    let mut file = std::fs::File::open(path)?;
    let (mut buffer, mut size, mut sum) = (vec![0; READ_SIZE], 0, Sha256::new());
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok((size, sum.finalize().to_vec()));
        }
        sum.update(&buffer[..count]);
        size += i64::try_from(count).unwrap_or(i64::MAX);
    }
}
