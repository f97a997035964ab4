//! The server's key: given, or made on the first start and kept in a file that only we can read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD as BASE64;

use crate::clock::random;
use crate::config::{Secret, SecretSource};
use crate::store::make_data_folder;

/// Why there is no key, in one sentence with what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be made.
    #[error(
        "cannot make the key file {file} ({source}); give kith a folder it may write to by \
         KITH_DATA_DIR, or a key by KITH_JWT_SECRET"
    )]
    Make {
        /// The key file that was to be made.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file cannot be read.
    #[error(
        "cannot use the key file {file} ({source}); make it readable for this user, or name \
         another by KITH_JWT_SECRET_FILE"
    )]
    File {
        /// The key file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file's content is no key.
    #[error("the key in {file} is {problem}")]
    Content {
        /// The key file.
        file: PathBuf,
        /// What it is, and should be.
        problem: String,
    },
}

/// The server's key.
///
/// # Errors
/// One sentence that says what to do.
pub fn load(source: &SecretSource) -> Result<Secret, KeyError> {
    match source {
        SecretSource::Given(secret) => Ok(secret.clone()),
        SecretSource::File(file) => read(file),
        SecretSource::Made(file) => {
            if !file.exists() {
                make(file).map_err(|source| KeyError::Make { file: file.clone(), source })?;
            }
            read(file)
        }
    }
}

fn read(file: &Path) -> Result<Secret, KeyError> {
    let text = fs::read_to_string(file)
        .map_err(|source| KeyError::File { file: file.to_owned(), source })?;
    Secret::parse(&text).map_err(|problem| KeyError::Content { file: file.to_owned(), problem })
}

/// Makes the file whole or not at all: it is written beside, then linked to its name, which fails
/// if another start was quicker; then that one's key counts.
fn make(file: &Path) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        make_data_folder(folder)?;
    }
    let beside = file.with_extension(format!("{:016x}", random::<u64>()));
    let mut open = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    writeln!(open, "{}", BASE64.encode(random::<[u8; 32]>()))?;
    open.sync_all()?;
    let linked = fs::hard_link(&beside, file);
    fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{SecretSource, load};

    #[test]
    fn the_key_is_made_once_and_only_we_can_read_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("jwt_secret");
        let source = SecretSource::Made(file.clone());
        let made = load(&source).expect("a key");
        assert!(made.expose().len() >= 32);
        assert_eq!(load(&source).expect("the same").expose(), made.expose());
        let permissions = file.metadata().expect("a file").permissions();
        assert_eq!(permissions.mode() & 0o777, 0o600);
        assert_eq!(folder.path().read_dir().expect("a folder").count(), 1);
    }

    #[test]
    fn a_file_that_was_named_must_be_there_and_hold_a_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("key");
        let source = SecretSource::File(file.clone());
        assert!(load(&source).is_err());
        std::fs::write(&file, "short").expect("written");
        let error = load(&source).expect_err("too short").to_string();
        assert!(error.contains("32 random bytes"), "{error}");
    }
}
