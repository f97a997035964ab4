//! Why the database could not be opened, in sentences for a person.

use sqlx::migrate::MigrateError;
use sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError};

use super::StoreError;

/// Why the database could not be opened, in one sentence for a person, without the password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address cannot be read.
    #[error(
        "the database URL is not of the form mysql://user:password@host:port/database; \
         correct KITH_DATABASE_URL"
    )]
    BadUrl,
    /// No database answers at that address.
    #[error(
        "cannot reach the database at {place} ({source}); \
         is it running, and is KITH_DATABASE_URL right?"
    )]
    Unreachable {
        /// Host and port, or the socket's path.
        place: String,
        /// What the system says.
        source: sqlx::Error,
    },
    /// Someone answers, and does not let us in.
    #[error(
        "the database at {place} refuses the user name or password of KITH_DATABASE_URL; correct \
         them, or let that user in there with GRANT"
    )]
    AccessDenied {
        /// Host and port, or the socket's path.
        place: String,
    },
    /// The server has no such database.
    #[error(
        "the server at {place} has no database \"{name}\"; \
         make it with: CREATE DATABASE `{name}` CHARACTER SET utf8mb4"
    )]
    NoDatabase {
        /// Host and port, or the socket's path.
        place: String,
        /// The name of the database.
        name: String,
    },
    /// Another server serves it.
    #[error(
        "another kith serves the database \"{name}\" at {place}; stop that one, or give this one a \
         database of its own by KITH_DATABASE_URL (several with KITH_SHARED_DATABASE=true may share one, \
         but hear of each other's messages late)"
    )]
    InUse {
        /// Host and port, or the socket's path.
        place: String,
        /// The name of the database.
        name: String,
    },
    /// The folder cannot be made, read or written.
    #[error("cannot use the data folder {folder} ({reason}); give kith a folder it may write to")]
    Folder {
        /// The path of the folder.
        folder: String,
        /// What the system says.
        reason: String,
    },
    /// Someone else has been bringing the schema up to date for two minutes.
    #[error(
        "another kith is still bringing the database at {place} up to date; start this one again \
         when that is done"
    )]
    Busy {
        /// Host and port, or the socket's path.
        place: String,
    },
    /// What is stored could not be brought up to date.
    #[error(
        "cannot bring what the database holds up to date ({0}); nothing is lost: see that it \
         answers, and start again"
    )]
    Upgrade(#[source] StoreError),
    /// The schema could not be brought up to date.
    #[error("cannot bring the database at {place} up to date ({source}); {}", advice(source))]
    Migration {
        /// Host and port, or the socket's path.
        place: String,
        /// The step that failed, and why.
        source: MigrateError,
    },
}

fn advice(error: &MigrateError) -> &'static str {
    match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooOld(..) => {
            "a newer kith has used it: start that version, or give this one another database"
        }
        MigrateError::VersionMismatch(_) => {
            "another build of kith made it: start that build, or give this one another database"
        }
        MigrateError::Dirty(_) => {
            "an earlier start was cut off half-way: restore your last backup, and start again"
        }
        _ => {
            "see that its user may create and alter tables and that its disk has room, and start \
             again"
        }
    }
}

impl OpenError {
    /// Another server serves the database of these options.
    pub(super) fn in_use(options: &MySqlConnectOptions) -> Self {
        Self::InUse { place: place(options), name: database(options) }
    }
}

/// Why a server does not let us in, or does not answer.
pub(super) fn refusal(options: &MySqlConnectOptions, source: sqlx::Error) -> OpenError {
    let place = place(options);
    match number(&source) {
        Some(ACCESS_DENIED | DATABASE_ACCESS_DENIED) => OpenError::AccessDenied { place },
        Some(UNKNOWN_DATABASE) => OpenError::NoDatabase { place, name: database(options) },
        _ => OpenError::Unreachable { place, source },
    }
}

fn database(options: &MySqlConnectOptions) -> String {
    options.get_database().unwrap_or_default().to_owned()
}

/// Where the server is, as far as a person may read it: never the password.
pub(super) fn place(options: &MySqlConnectOptions) -> String {
    match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}

const DATABASE_ACCESS_DENIED: u16 = 1044;
const ACCESS_DENIED: u16 = 1045;
const UNKNOWN_DATABASE: u16 = 1049;
/// Not every MySQL knows the variables of MariaDB.
pub(super) const UNKNOWN_VARIABLE: u16 = 1193;

pub(super) fn number(error: &sqlx::Error) -> Option<u16> {
    let database = error.as_database_error()?;
    database.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number)
}
