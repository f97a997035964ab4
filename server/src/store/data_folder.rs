//! The folder for what belongs to a server: ours alone to read, and one server's at a time.

use std::fs::{DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Of the folder: nobody but its owner can look into it.
const PRIVATE_FOLDER: u32 = 0o700;
/// Of a file in it. `SQLite` gives the files beside a database the mode that the database has.
const PRIVATE_FILE: u32 = 0o600;
/// What others than the owner may do.
const OTHERS: u32 = 0o077;

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
        make_data_folder(folder).map_err(failed)?;
        let file = open(&folder.join("kith.lock")).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::InUse(shown)),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// Makes the folder, readable for its owner alone, if it is not there.
///
/// # Errors
/// When it cannot be made.
pub fn make_data_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent)?;
    }
    match DirBuilder::new().mode(PRIVATE_FOLDER).create(folder) {
        // Another start was quicker.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        made => made,
    }
}

/// Opens a file of the data folder for writing; makes it, readable for its owner alone, if it is not there.
pub(super) fn open(path: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).write(true).mode(PRIVATE_FILE).open(path)
}

/// The command that closes what others than its owner can read or write of the folder and the files in
/// it; absent when there is nothing. What cannot be looked at is passed over.
pub fn command_to_close(folder: &Path) -> Option<String> {
    let is_open = |path: &PathBuf| {
        path.symlink_metadata()
            .is_ok_and(|found| !found.is_symlink() && found.permissions().mode() & OTHERS != 0)
    };
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let entries = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = entries.filter(|path| path.is_file() && is_open(path)).collect();
    files.sort();
    let folders = Some(folder).into_iter().filter(is_open).collect::<Vec<_>>();
    let commands = [(PRIVATE_FOLDER, folders), (PRIVATE_FILE, files)];
    let commands = commands.into_iter().filter(|(_, paths)| !paths.is_empty());
    let commands: Vec<_> = commands.map(|(mode, paths)| chmod(mode, &paths)).collect();
    (!commands.is_empty()).then(|| commands.join(" && "))
}

fn chmod(mode: u32, paths: &[PathBuf]) -> String {
    let paths: Vec<_> = paths.iter().map(|path| quoted(&path.display().to_string())).collect();
    format!("chmod {mode:o} {}", paths.join(" "))
}

/// As a shell takes it for one word.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{Permissions, set_permissions, write};
    use std::os::unix::fs::PermissionsExt;

    use super::{command_to_close, make_data_folder, open};

    #[test]
    fn what_we_make_is_for_us_alone() {
        let outside = tempfile::tempdir().expect("a folder");
        let folder = outside.path().join("of/mine");
        for _ in 0..2 {
            make_data_folder(&folder).expect("made");
            open(&folder.join("file")).expect("made");
        }
        assert_eq!(folder.metadata().expect("there").permissions().mode() & 0o777, 0o700);
        let file = folder.join("file").metadata().expect("there");
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
        assert_eq!(command_to_close(&folder), None);
        assert_eq!(command_to_close(&outside.path().join("absent")), None);
    }

    #[test]
    fn the_command_names_what_others_can_read() {
        let outside = tempfile::tempdir().expect("a folder");
        let folder = outside.path().join("it's mine");
        make_data_folder(&folder).expect("made");
        for (name, mode) in [("kith.db", 0o644), ("kith.db-wal", 0o620), ("jwt_secret", 0o600)] {
            write(folder.join(name), "").expect("written");
            set_permissions(folder.join(name), Permissions::from_mode(mode)).expect("set");
        }
        let shown = folder.display().to_string().replace('\'', r"'\''");
        let files = format!("chmod 600 '{shown}/kith.db' '{shown}/kith.db-wal'");
        assert_eq!(command_to_close(&folder), Some(files.clone()));
        set_permissions(&folder, Permissions::from_mode(0o755)).expect("set");
        assert_eq!(command_to_close(&folder), Some(format!("chmod 700 '{shown}' && {files}")));
        let command = command_to_close(&folder).expect("a command");
        let status = std::process::Command::new("sh").args(["-c", &command]).status();
        assert!(status.expect("a shell").success());
        assert_eq!(command_to_close(&folder), None);
    }
}
