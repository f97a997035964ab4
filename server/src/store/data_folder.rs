//! The lock that keeps two servers out of one data folder.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// Held by a server for as long as it uses its data folder; freed by the system when the process
/// ends, however it ends.
#[derive(Debug)]
pub struct DataFolderLock {
    _file: File,
}

/// Why the lock was not had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another server is there.
    #[error("the data folder {0} is in use by another kith")]
    InUse(String),
    /// The folder cannot be used.
    #[error("cannot use the data folder {0}: {1}")]
    Io(String, #[source] io::Error),
}

impl DataFolderLock {
    /// Takes the lock of this folder, which is made if it is not there.
    ///
    /// # Errors
    /// `InUse` while another process holds it; `Io` when the folder cannot be written to.
    pub fn take(folder: &Path) -> Result<Self, LockError> {
        let shown = folder.display().to_string();
        let failed = |error| LockError::Io(shown.clone(), error);
        std::fs::create_dir_all(folder).map_err(failed)?;
        let file = open(&folder.join("kith.lock")).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::InUse(shown)),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// Opens a lock file, which stays when the lock is freed.
pub(super) fn open(path: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(path)
}
