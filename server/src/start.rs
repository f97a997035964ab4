//! What comes before serving, and how it fails: each failure is one sentence that says what to do.

use std::io;
use std::net::SocketAddr;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpSocket};

use crate::auth::KeyError;
use crate::config::{ConfigError, NoMoment};
use crate::error::Error;
use crate::files::blobs::BlobError;
use crate::store::{LockError, OpenError};

/// Bytes that the system keeps for a connection until its other side takes them (Linux takes twice as many, for
/// what belongs to them). Left to itself it goes on to 4 MB for a client that reads a byte now and then, which
/// so seems to make progress for minutes. At 100 ms to the other side this still carries 2.5 MB a second.
const SEND_BUFFER: u32 = 256 * 1024;
/// Connections that wait to be accepted, as many as `TcpListener::bind` has wait.
const BACKLOG: u32 = 1024;

/// Why the program ends before its work is done.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The server's key cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The data folder cannot be used.
    #[error("{source}; {}", advice(source))]
    Folder {
        /// What is wrong with the folder.
        #[from]
        source: LockError,
    },
    /// The store of files cannot be used.
    #[error("{0}; name another place by KITH_FILES_URL, or make this one usable for kith")]
    Files(#[from] BlobError),
    /// Objects are missing in the store of files.
    #[error("{0} objects are missing in the store of files; copy them back from a backup")]
    FilesMissing(u64),
    /// The address cannot be listened on.
    #[error("cannot listen on {address} ({source}); free it, or choose another by {variable}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The variable that sets the address.
        variable: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// Serving failed.
    #[error("cannot serve any longer: {0}")]
    Serve(#[source] io::Error),
    /// A command of the command line failed.
    #[error(transparent)]
    Command(#[from] Error),
    /// Nobody has the username that a command names.
    #[error("nobody is called {0}")]
    NoSuchPerson(String),
    /// A command names a time that is none.
    #[error("--until: {0}")]
    NoMoment(#[from] NoMoment),
    /// The password cannot be read.
    #[error("cannot read the password: {0}")]
    Password(#[source] io::Error),
    /// Two different passwords were typed.
    #[error("the two passwords differ; start again")]
    PasswordsDiffer,
}

fn advice(error: &LockError) -> &'static str {
    match error {
        LockError::InUse(_) => "stop that one, or give this one its own by KITH_DATA_DIR",
        LockError::Io(..) => "give kith a folder that it may write to by KITH_DATA_DIR",
    }
}

/// How many files the process may have open, connections among them; takes as many as the system allows,
/// since what a process begins with (often 1,024) is meant for programs of another age.
pub fn open_files() -> usize {
    let allowed = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: allowed.maximum, ..allowed };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => allowed.maximum,
        Err(_) => allowed.current,
    };
    current.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX))
}

/// Opens the door for the site.
///
/// # Errors
/// `Listen`, when the address is taken or not ours.
pub fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    bind(address, "KITH_LISTEN")
}

/// Opens the door for `/metrics`.
///
/// # Errors
/// `Listen`, when the address is taken or not ours.
pub fn listen_for_admin(address: SocketAddr) -> Result<TcpListener, StartError> {
    bind(address, "KITH_ADMIN_LISTEN")
}

fn bind(address: SocketAddr, variable: &'static str) -> Result<TcpListener, StartError> {
    let bind = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // As `TcpListener::bind` has it.
        socket.set_reuseaddr(true)?;
        socket.set_send_buffer_size(SEND_BUFFER)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    bind().map_err(|source| StartError::Listen { address, variable, source })
}
