//! `kith demo`: a dozen people, some thousand messages, pictures and sound to look at, in a folder of its own.

mod attachments;
mod canvas;
mod cast;
mod faces;
mod groups;
mod play;
mod script;
mod seed;
mod sound;
mod views;

use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use cast::PEOPLE;

use crate::clock::{Clock, random};
use crate::config::{Config, FileSettings, FilesLocation, SecretSource};
use crate::files::Files;
use crate::start::StartError;
use crate::store::{Location, OpenError, Store, make_data_folder};

/// Where the demo lies, whatever the settings say: it is never mixed with people's own data.
const FOLDER: &str = "data-demo";
/// What tells that the demo is whole: who can log in, as it was printed.
const LOGINS: &str = "logins.txt";
/// Bytes that a person's files may have while the demo is made, whatever the settings say.
const ROOM: u64 = 1 << 30;
/// Letters and digits that cannot be taken for one another.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The settings with which the demo is served: those of the server, except where they are about its
/// data or its address.
pub fn settings(config: Config) -> Config {
    let folder = PathBuf::from(FOLDER);
    Config {
        public_url: None,
        database: Location::Sqlite(folder.clone()),
        files: FileSettings { location: FilesLocation::Folder(folder.clone()), ..config.files },
        jwt_secret: SecretSource::Made(folder.join("jwt_secret")),
        data_dir: folder,
        ..config
    }
}

/// Makes the demo unless it is there, and says who can log in.
///
/// # Errors
/// One sentence, when the folder cannot be written.
#[expect(clippy::print_stdout, reason = "the person at the terminal reads it")]
pub async fn prepare(clock: &Clock) -> Result<(), StartError> {
    let folder = Path::new(FOLDER);
    let logins = match std::fs::read_to_string(folder.join(LOGINS)) {
        Ok(logins) => logins,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("Making a demo in ./{FOLDER} (once; a few seconds)");
            make(folder, clock).await?
        }
        Err(error) => return Err(unusable(folder, &error).into()),
    };
    println!("{logins}Delete ./{FOLDER} to start afresh.");
    Ok(())
}

/// Makes it aside and moves it into place when it is whole, so that one that was broken off is made
/// anew.
async fn make(folder: &Path, clock: &Clock) -> Result<String, StartError> {
    let aside = folder.join("new");
    make_data_folder(folder).map_err(|error| unusable(folder, &error))?;
    match std::fs::remove_dir_all(&aside) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(unusable(folder, &error).into());
        }
        _ => {}
    }
    let passwords: [String; 2] = std::array::from_fn(|_| password());
    let known = |name: &str| PEOPLE.iter().position(|person| person.0 == name);
    let password_of = |name: &str| known(name).and_then(|index| passwords.get(index)).cloned();
    let store = Store::open(&Location::Sqlite(aside.clone())).await?;
    let location = FilesLocation::Folder(aside.clone());
    let settings = FileSettings { location, max_file: ROOM, user_quota: ROOM };
    let files = |clock| Files::new(store.clone(), clock, &settings, &aside);
    let password_of = |name: &str| password_of(name).unwrap_or_else(password);
    let seeded = seed::seed(&store, files, clock.now(), password_of).await;
    store.close().await;
    seeded?;
    let mut logins = "Log in as one of these, or as each in a browser of its own:\n".to_owned();
    for (person, password) in PEOPLE.iter().zip(&passwords) {
        // Writing to a String cannot fail.
        let _ = writeln!(logins, "    username {:<5} password {password}", person.0);
    }
    write_private(&aside.join(LOGINS), &logins).map_err(|error| unusable(folder, &error))?;
    move_into(folder, &aside).map_err(|error| unusable(folder, &error))?;
    Ok(logins)
}

/// Moves all of it into the folder, where it replaces what one that was broken off has left; what tells that it is
/// whole comes last.
fn move_into(folder: &Path, aside: &Path) -> std::io::Result<()> {
    for entry in aside.read_dir()? {
        let name = entry?.file_name();
        let place = folder.join(&name);
        if place.is_dir() {
            std::fs::remove_dir_all(&place)?;
        }
        if name != LOGINS {
            std::fs::rename(aside.join(&name), place)?;
        }
    }
    std::fs::rename(aside.join(LOGINS), folder.join(LOGINS))?;
    std::fs::remove_dir_all(aside)
}

fn unusable(folder: &Path, error: &std::io::Error) -> OpenError {
    OpenError::Folder { folder: folder.display().to_string(), reason: error.to_string() }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}

/// Nobody knows it beforehand: the demo may be served to more than this machine.
fn password() -> String {
    let letters: [u8; 12] = random();
    letters
        .map(|letter| char::from(ALPHABET[usize::from(letter) % ALPHABET.len()]))
        .iter()
        .collect()
}
