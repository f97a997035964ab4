//! How this server is set: parsed once from flags, environment and file into types that cannot be
//! wrong.

mod connection_limits;
mod files;
mod moments;
mod options;
mod proxies;
mod values;

use std::net::SocketAddr;
use std::path::PathBuf;

pub use connection_limits::ConnectionLimits;
pub use files::{FileSettings, FilesLocation, Password, S3Location};
pub use moments::{NoMoment, moment};
pub use options::Options;
pub use proxies::TrustedProxies;
pub use values::{LogFormat, PublicUrl, Rate, Secret};

use crate::store::Location;

/// All settings, checked.
#[derive(Clone)]
pub struct Config {
    /// Where the site is served.
    pub listen: SocketAddr,
    /// Where `/metrics` is served.
    pub admin_listen: SocketAddr,
    /// Where people reach the site; absent: by IP addresses and by names that nobody can buy.
    pub public_url: Option<PublicUrl>,
    /// Where files lie that belong to this server.
    pub data_dir: PathBuf,
    /// Where the database is.
    pub database: Location,
    /// Whether several servers may serve one MySQL database, though they hear of each other late.
    pub shared_database: bool,
    /// How files are kept.
    pub files: FileSettings,
    /// The server's key.
    pub jwt_secret: SecretSource,
    /// Whether anyone may make an account.
    pub registration_open: bool,
    /// How often someone may do something.
    pub rates: Rates,
    /// Who is believed about whom a request came from.
    pub trusted_proxies: TrustedProxies,
    /// How many connections there may be.
    pub connection_limits: ConnectionLimits,
    /// Requests of a user that are answered at once; absent: any number.
    pub max_requests_per_user: Option<usize>,
    /// Sockets a user may have; at least 1.
    pub max_sockets_per_user: usize,
    /// How the log looks; absent: for a person on a terminal, JSON otherwise.
    pub log_format: Option<LogFormat>,
    /// What is logged, as `tracing` filters put it.
    pub log: String,
}

/// Where the server's key comes from.
#[derive(Clone, Debug)]
pub enum SecretSource {
    /// The key itself was given.
    Given(Secret),
    /// This file holds it.
    File(PathBuf),
    /// This file holds it, and is made on the first start.
    Made(PathBuf),
}

/// How often someone may do something; absent: as often as they like.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Failed log-ins of an address to a name; ten times as many of an address to all names.
    pub login: Option<Rate>,
    /// Accounts made from an address.
    pub register: Option<Rate>,
    /// Messages of a user; five times as many at once.
    pub messages: Option<Rate>,
    /// Every other write of a user; ten times as many at once.
    pub writes: Option<Rate>,
}

/// Why the settings were refused, in one sentence that says what is allowed.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value is wrong.
    #[error("{name} (or {variable}, or {key} in kith.toml) is {problem}")]
    Value {
        /// The name of the flag.
        name: String,
        /// The name of the environment variable.
        variable: String,
        /// The line in the file.
        key: &'static str,
        /// What is wrong, and what is allowed.
        problem: String,
    },
    /// The file cannot be used.
    #[error("{0}")]
    File(String),
}
