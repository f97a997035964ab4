//! Pictures as people and attackers send them: what comes out of them, and that nothing breaks.

mod hostile;
mod photos;
mod samples;

use std::fs;
use std::path::PathBuf;

use super::{ExamineError, Examined, Thumbnail, avatar, examine};
use crate::files::Purpose;

/// A file to look at, in a folder of its own.
struct Spool {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Spool {
    fn of(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spool");
        fs::write(&path, bytes).unwrap();
        Self { _folder: folder, path }
    }

    fn examine(&self, purpose: Purpose) -> Result<Examined, ExamineError> {
        examine(&self.path, purpose)
    }

    fn avatar(&self) -> Result<Thumbnail, ExamineError> {
        avatar(&self.path)
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(&self.path).unwrap()
    }
}

/// What was found of a photo, and what is kept of it.
fn photo(bytes: &[u8]) -> (Examined, Vec<u8>) {
    let spool = Spool::of(bytes);
    let examined = spool.examine(Purpose::Photo).unwrap();
    (examined, spool.bytes())
}

/// Whether a file has these bytes anywhere.
fn has(file: &[u8], part: &[u8]) -> bool {
    file.windows(part.len()).any(|window| window == part)
}
