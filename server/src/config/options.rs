//! Every option three times (a flag, an environment variable, a line in `kith.toml`), and how the
//! three become a [`Config`]: the flag wins, then the variable, then the file, then the default.

use std::path::{Path, PathBuf};

use clap::Args;
use config::{File, FileFormat};
use serde::Deserialize;

use super::files::{FilesUrl, bytes, files_url, s3_endpoint};
use super::{
    Config, ConfigError, ConnectionLimits, FileSettings, FilesLocation, LogFormat, Password,
    PublicUrl, Rate, Rates, S3Location, Secret, SecretSource, TrustedProxies,
};
use crate::store::Location;

/// Where the settings file is looked for unless it is named.
const DEFAULT_FILE: &str = "kith.toml";

/// What was said by flags and environment; the same struct reads the file.
#[expect(clippy::doc_markdown, reason = "these are the words of --help, not of rustdoc")]
#[derive(Args, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Settings file [default: ./kith.toml, if there is one]
    #[arg(long, global = true, env = "KITH_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,

    /// Where the site is served [default: 127.0.0.1:3000]
    #[arg(long, global = true, env = "KITH_LISTEN", value_name = "IP:PORT")]
    listen: Option<String>,

    /// Where /metrics is served; keep it private [default: 127.0.0.1:3001]
    #[arg(long, global = true, env = "KITH_ADMIN_LISTEN", value_name = "IP:PORT")]
    admin_listen: Option<String>,

    /// Where people reach the site, such as https://chat.example; decides which pages may act here
    /// and whether cookies are kept to TLS [default: IP addresses, localhost, names without a dot or in
    /// .local]
    #[arg(long, global = true, env = "KITH_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,

    /// Folder for what belongs to this server: its key, and the embedded database [default: ./data]
    #[arg(long, global = true, env = "KITH_DATA_DIR", value_name = "FOLDER")]
    data_dir: Option<String>,

    /// mysql://user:password@host/db for MySQL or MariaDB [default: embedded SQLite in the data
    /// folder]
    #[arg(
        long,
        global = true,
        env = "KITH_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    database_url: Option<String>,

    /// Whether several servers may serve one MySQL database, though they hear of each other's messages
    /// late: true or false [default: false]
    #[arg(long, global = true, env = "KITH_SHARED_DATABASE", value_name = "BOOL")]
    shared_database: Option<String>,

    /// Where files lie: file:///folder, or s3://bucket/prefix [default: in the data folder]
    #[arg(long, global = true, env = "KITH_FILES_URL", value_name = "URL")]
    files_url: Option<String>,

    /// Whether the folder of files is one that all servers of a shared database see: true or false
    /// [default: false]
    #[arg(long, global = true, env = "KITH_FILES_SHARED", value_name = "BOOL")]
    files_shared: Option<String>,

    /// The address of a service that speaks as S3 does, such as https://s3.example [default: Amazon's]
    #[arg(long, global = true, env = "KITH_S3_ENDPOINT", value_name = "URL")]
    s3_endpoint: Option<String>,

    /// The region of the bucket [default: us-east-1]
    #[arg(long, global = true, env = "KITH_S3_REGION", value_name = "REGION")]
    s3_region: Option<String>,

    /// The access key of the bucket
    #[arg(
        long,
        global = true,
        env = "KITH_S3_ACCESS_KEY",
        value_name = "KEY",
        hide_env_values = true
    )]
    s3_access_key: Option<String>,

    /// File that holds the access key of the bucket
    #[arg(long, global = true, env = "KITH_S3_ACCESS_KEY_FILE", value_name = "FILE")]
    s3_access_key_file: Option<String>,

    /// The secret key of the bucket; other users of this machine can see flags, so prefer the variable
    /// or a file
    #[arg(
        long,
        global = true,
        env = "KITH_S3_SECRET_KEY",
        value_name = "KEY",
        hide_env_values = true
    )]
    s3_secret_key: Option<String>,

    /// File that holds the secret key of the bucket
    #[arg(long, global = true, env = "KITH_S3_SECRET_KEY_FILE", value_name = "FILE")]
    s3_secret_key_file: Option<String>,

    /// The largest file that is taken [default: 100MiB]
    #[arg(long, global = true, env = "KITH_MAX_FILE", value_name = "SIZE")]
    max_file: Option<String>,

    /// What a person's files may take together [default: 5GiB]
    #[arg(long, global = true, env = "KITH_USER_QUOTA", value_name = "SIZE")]
    user_quota: Option<String>,

    /// The key that signs log-ins, 32 random bytes or more; other users of this machine can see
    /// flags, so prefer the variable or a file [default: made on the first start, in the data folder]
    #[arg(
        long,
        global = true,
        env = "KITH_JWT_SECRET",
        value_name = "KEY",
        hide_env_values = true
    )]
    jwt_secret: Option<String>,

    /// File that holds the key [default: jwt_secret in the data folder, made on the first start]
    #[arg(long, global = true, env = "KITH_JWT_SECRET_FILE", value_name = "FILE")]
    jwt_secret_file: Option<String>,

    /// Whether anyone may make an account: open or closed [default: open]
    #[arg(long, global = true, env = "KITH_REGISTRATION", value_name = "WHO")]
    registration: Option<String>,

    /// Failed log-ins of an address to a name, and ten times as many to all names; 0: no limit
    /// [default: 10/min]
    #[arg(long, global = true, env = "KITH_RATE_LOGIN", value_name = "RATE")]
    rate_login: Option<String>,

    /// Accounts made from an address; 0: no limit [default: 20/h]
    #[arg(long, global = true, env = "KITH_RATE_REGISTER", value_name = "RATE")]
    rate_register: Option<String>,

    /// Messages of a user, and five times as many at once; 0: no limit [default: 20/s]
    #[arg(long, global = true, env = "KITH_RATE_MESSAGES", value_name = "RATE")]
    rate_messages: Option<String>,

    /// Every other write of a user than messages, and ten times as many at once; 0: no limit
    /// [default: 10/s]
    #[arg(long, global = true, env = "KITH_RATE_WRITES", value_name = "RATE")]
    rate_writes: Option<String>,

    /// Proxies whose X-Forwarded-For is believed: addresses and blocks, separated by commas; limits
    /// by address count the client then, not the proxy [default: none]
    #[arg(long, global = true, env = "KITH_TRUSTED_PROXIES", value_name = "ADDRESSES")]
    trusted_proxies: Option<String>,

    /// Connections that may be open; one more is answered 503; 0: no limit but that of open files
    /// [default: 20000, or less where the process may open fewer files]
    #[arg(long, global = true, env = "KITH_MAX_CONNECTIONS", value_name = "NUMBER")]
    max_connections: Option<String>,

    /// Connections that may be open from one address, trusted proxies aside; 0: no limit
    /// [default: 5000]
    #[arg(long, global = true, env = "KITH_MAX_CONNECTIONS_PER_ADDRESS", value_name = "NUMBER")]
    max_connections_per_address: Option<String>,

    /// Requests of a user that are answered at once; more wait up to 5 s; 0: no limit [default: 32]
    #[arg(long, global = true, env = "KITH_MAX_REQUESTS_PER_USER", value_name = "NUMBER")]
    max_requests_per_user: Option<String>,

    /// Sockets a user may have; the oldest gives way [default: 10]
    #[arg(long, global = true, env = "KITH_MAX_SOCKETS_PER_USER", value_name = "NUMBER")]
    max_sockets_per_user: Option<String>,

    /// How the log looks: human or json [default: human on a terminal, json otherwise]
    #[arg(long, global = true, env = "KITH_LOG_FORMAT", value_name = "FORMAT")]
    log_format: Option<String>,

    /// What is logged: error, warn, info, debug, or a filter of tracing [default: info]
    #[arg(long, global = true, env = "KITH_LOG", value_name = "FILTER")]
    log: Option<String>,
}

impl Options {
    /// Adds what the file says, and checks all of it.
    ///
    /// # Errors
    /// One sentence that names the wrong setting and what is allowed.
    pub fn into_config(self) -> Result<Config, ConfigError> {
        let file = self.read_file()?;
        let merged = self.over(file);
        let data_dir = PathBuf::from(merged.data_dir.as_deref().unwrap_or("data"));
        let files = file_settings(&merged, &data_dir)?;
        Ok(Config {
            files,
            listen: parsed(
                "listen",
                merged.listen.as_deref().unwrap_or("127.0.0.1:3000"),
                address,
            )?,
            admin_listen: parsed(
                "admin_listen",
                merged.admin_listen.as_deref().unwrap_or("127.0.0.1:3001"),
                address,
            )?,
            public_url: merged
                .public_url
                .as_deref()
                .map(|text| parsed("public_url", text, PublicUrl::parse))
                .transpose()?,
            database: match merged.database_url.as_deref() {
                None => Location::Sqlite(data_dir.clone()),
                Some(text) => parsed("database_url", text, mysql)?,
            },
            shared_database: parsed(
                "shared_database",
                merged.shared_database.as_deref().unwrap_or("false"),
                yes_or_no,
            )?,
            jwt_secret: secret_source(&merged, &data_dir)?,
            registration_open: parsed(
                "registration",
                merged.registration.as_deref().unwrap_or("open"),
                registration,
            )?,
            rates: Rates {
                login: rate("rate_login", merged.rate_login.as_deref(), "10/min")?,
                register: rate("rate_register", merged.rate_register.as_deref(), "20/h")?,
                messages: rate("rate_messages", merged.rate_messages.as_deref(), "20/s")?,
                writes: rate("rate_writes", merged.rate_writes.as_deref(), "10/s")?,
            },
            trusted_proxies: parsed(
                "trusted_proxies",
                merged.trusted_proxies.as_deref().unwrap_or_default(),
                TrustedProxies::parse,
            )?,
            connection_limits: ConnectionLimits {
                all: parsed(
                    "max_connections",
                    merged.max_connections.as_deref().unwrap_or("20000"),
                    connections,
                )?,
                per_address: parsed(
                    "max_connections_per_address",
                    merged.max_connections_per_address.as_deref().unwrap_or("5000"),
                    connections,
                )?,
            },
            max_requests_per_user: parsed(
                "max_requests_per_user",
                merged.max_requests_per_user.as_deref().unwrap_or("32"),
                requests,
            )?,
            max_sockets_per_user: parsed(
                "max_sockets_per_user",
                merged.max_sockets_per_user.as_deref().unwrap_or("10"),
                sockets,
            )?,
            log_format: merged
                .log_format
                .as_deref()
                .map(|text| parsed("log_format", text, log_format))
                .transpose()?,
            log: parsed("log", merged.log.as_deref().unwrap_or("info"), log_filter)?,
            data_dir,
        })
    }

    /// The same with files in another place.
    #[must_use]
    pub fn with_files_url(self, url: String) -> Self {
        Self { files_url: Some(url), ..self }
    }

    fn read_file(&self) -> Result<Self, ConfigError> {
        let path = self.config.as_deref().unwrap_or(Path::new(DEFAULT_FILE));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && self.config.is_none() => {
                return Ok(Self::default());
            }
            Err(error) => {
                let file = path.display();
                return Err(ConfigError::File(format!(
                    "the settings file {file} cannot be read: {error}"
                )));
            }
        };
        let wrong = |error: config::ConfigError| {
            let problem = error.to_string().replace('\n', " ");
            ConfigError::File(format!("the settings file {} is wrong: {problem}", path.display()))
        };
        let source = File::from_str(&text, FileFormat::Toml);
        let settings = config::Config::builder().add_source(source).build().map_err(wrong)?;
        settings.try_deserialize().map_err(wrong)
    }

    /// Each option from here, else from `under`. An empty text is as none, so that a variable can be
    /// left blank.
    fn over(self, under: Self) -> Self {
        let pick = |over: Option<String>, under: Option<String>| {
            let given = |text: &String| !text.trim().is_empty();
            over.filter(given).or(under.filter(given)).map(|text| text.trim().to_owned())
        };
        // A key that is given by either way on one level hides both ways of the level below.
        let level = |over: (Option<String>, Option<String>), under| match over {
            (None, None) => under,
            given => given,
        };
        let (jwt_secret, jwt_secret_file) = level(
            (self.jwt_secret, self.jwt_secret_file),
            (under.jwt_secret, under.jwt_secret_file),
        );
        let (s3_access_key, s3_access_key_file) = level(
            (self.s3_access_key, self.s3_access_key_file),
            (under.s3_access_key, under.s3_access_key_file),
        );
        let (s3_secret_key, s3_secret_key_file) = level(
            (self.s3_secret_key, self.s3_secret_key_file),
            (under.s3_secret_key, under.s3_secret_key_file),
        );
        Self {
            config: self.config,
            listen: pick(self.listen, under.listen),
            admin_listen: pick(self.admin_listen, under.admin_listen),
            public_url: pick(self.public_url, under.public_url),
            data_dir: pick(self.data_dir, under.data_dir),
            database_url: pick(self.database_url, under.database_url),
            shared_database: pick(self.shared_database, under.shared_database),
            jwt_secret: pick(jwt_secret, None),
            jwt_secret_file: pick(jwt_secret_file, None),
            files_url: pick(self.files_url, under.files_url),
            files_shared: pick(self.files_shared, under.files_shared),
            s3_endpoint: pick(self.s3_endpoint, under.s3_endpoint),
            s3_region: pick(self.s3_region, under.s3_region),
            s3_access_key: pick(s3_access_key, None),
            s3_access_key_file: pick(s3_access_key_file, None),
            s3_secret_key: pick(s3_secret_key, None),
            s3_secret_key_file: pick(s3_secret_key_file, None),
            max_file: pick(self.max_file, under.max_file),
            user_quota: pick(self.user_quota, under.user_quota),
            registration: pick(self.registration, under.registration),
            rate_login: pick(self.rate_login, under.rate_login),
            rate_register: pick(self.rate_register, under.rate_register),
            rate_messages: pick(self.rate_messages, under.rate_messages),
            rate_writes: pick(self.rate_writes, under.rate_writes),
            trusted_proxies: pick(self.trusted_proxies, under.trusted_proxies),
            max_connections: pick(self.max_connections, under.max_connections),
            max_connections_per_address: pick(
                self.max_connections_per_address,
                under.max_connections_per_address,
            ),
            max_requests_per_user: pick(self.max_requests_per_user, under.max_requests_per_user),
            max_sockets_per_user: pick(self.max_sockets_per_user, under.max_sockets_per_user),
            log_format: pick(self.log_format, under.log_format),
            log: pick(self.log, under.log),
        }
    }
}

fn secret_source(options: &Options, data_dir: &Path) -> Result<SecretSource, ConfigError> {
    match (&options.jwt_secret, &options.jwt_secret_file) {
        (Some(_), Some(_)) => {
            let problem = "given together with jwt_secret_file; give one of the two".to_owned();
            Err(wrong("jwt_secret", problem))
        }
        (Some(text), None) => Ok(SecretSource::Given(parsed("jwt_secret", text, Secret::parse)?)),
        (None, Some(path)) => Ok(SecretSource::File(path.into())),
        (None, None) => Ok(SecretSource::Made(data_dir.join("jwt_secret"))),
    }
}

fn file_settings(options: &Options, data_dir: &Path) -> Result<FileSettings, ConfigError> {
    let url = options.files_url.as_deref().map(|text| parsed("files_url", text, files_url));
    let location = match url.transpose()? {
        None => FilesLocation::Folder(data_dir.to_owned()),
        Some(FilesUrl::Folder(folder)) => FilesLocation::Folder(folder),
        Some(FilesUrl::S3 { bucket, prefix }) => {
            let endpoint = options.s3_endpoint.as_deref();
            let endpoint = endpoint.map(|text| parsed("s3_endpoint", text, s3_endpoint));
            FilesLocation::S3(S3Location {
                bucket,
                prefix,
                endpoint: endpoint.transpose()?,
                region: options.s3_region.as_deref().unwrap_or("us-east-1").to_owned(),
                access_key: password(
                    "s3_access_key",
                    options.s3_access_key.as_deref(),
                    options.s3_access_key_file.as_deref(),
                )?,
                secret_key: password(
                    "s3_secret_key",
                    options.s3_secret_key.as_deref(),
                    options.s3_secret_key_file.as_deref(),
                )?,
            })
        }
    };
    let shared = options.files_shared.as_deref().unwrap_or("false");
    let shared = parsed("files_shared", shared, yes_or_no)?;
    let many_servers =
        options.shared_database.as_deref() == Some("true") && options.database_url.is_some();
    if many_servers && !shared && matches!(location, FilesLocation::Folder(_)) {
        let problem = "false, though shared_database is true: give files_url an s3:// address, or, \
                       where the folder of files is one that all of the servers see, give true";
        return Err(wrong("files_shared", problem.to_owned()));
    }
    Ok(FileSettings {
        location,
        max_file: parsed("max_file", options.max_file.as_deref().unwrap_or("100MiB"), bytes)?,
        user_quota: parsed("user_quota", options.user_quota.as_deref().unwrap_or("5GiB"), bytes)?,
    })
}

/// A password, given by itself or in a file.
fn password(
    key: &'static str,
    given: Option<&str>,
    file: Option<&str>,
) -> Result<Password, ConfigError> {
    match (given, file) {
        (Some(_), Some(_)) => {
            Err(wrong(key, format!("given together with {key}_file; give one of the two")))
        }
        (Some(text), None) => Ok(Password::new(text)),
        (None, Some(file)) => match std::fs::read_to_string(file) {
            Ok(text) => Ok(Password::new(&text)),
            Err(error) => Err(wrong(key, format!("in {file}, which cannot be read: {error}"))),
        },
        (None, None) => {
            Err(wrong(key, format!("missing; files_url is s3://, which takes it or {key}_file")))
        }
    }
}

fn parsed<T>(
    key: &'static str,
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<T, ConfigError> {
    parse(text).map_err(|problem| wrong(key, problem))
}

fn wrong(key: &'static str, problem: String) -> ConfigError {
    let name = format!("--{}", key.replace('_', "-"));
    let variable = format!("KITH_{}", key.to_ascii_uppercase());
    ConfigError::Value { name, variable, key, problem }
}

fn rate(key: &'static str, text: Option<&str>, default: &str) -> Result<Option<Rate>, ConfigError> {
    parsed(key, text.unwrap_or(default), Rate::parse)
}

fn address(text: &str) -> Result<std::net::SocketAddr, String> {
    text.parse()
        .map_err(|_| format!("not an address: {text:?}; give IP:PORT, such as 127.0.0.1:3000"))
}

fn mysql(text: &str) -> Result<Location, String> {
    // The text may hold a password: it is not repeated.
    if ["mysql://", "mariadb://"].iter().any(|scheme| text.starts_with(scheme)) {
        return Ok(Location::MySql(text.to_owned()));
    }
    Err("not the address of a database; give mysql://user:password@host/db, or nothing for the \
         embedded SQLite"
        .to_owned())
}

fn registration(text: &str) -> Result<bool, String> {
    match text {
        "open" => Ok(true),
        "closed" => Ok(false),
        _ => Err(format!("not known: {text:?}; give open or closed")),
    }
}

fn connections(text: &str) -> Result<Option<usize>, String> {
    let number = text.parse().ok().filter(|number| *number <= 1_000_000);
    let number: usize = number.ok_or_else(|| {
        format!("not a number of connections: {text:?}; give 1 to 1000000, or 0 for no limit")
    })?;
    Ok((number > 0).then_some(number))
}

/// Any number for 0.
fn requests(text: &str) -> Result<Option<usize>, String> {
    let number = text.parse::<usize>().ok().filter(|number| *number <= 10_000);
    let number =
        number.ok_or_else(|| format!("not a number of requests: {text:?}; give 0 to 10000"))?;
    Ok(Some(number).filter(|number| *number > 0))
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| format!("not known: {text:?}; give true or false"))
}

fn sockets(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=10_000).contains(number));
    number.ok_or_else(|| format!("not a number of sockets: {text:?}; give 1 to 10000"))
}

fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "human" => Ok(LogFormat::Human),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("not known: {text:?}; give human or json")),
    }
}

fn log_filter(text: &str) -> Result<String, String> {
    let wrong = |_| format!("not a filter: {text:?}; give error, warn, info, debug or trace");
    tracing_subscriber::EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(wrong)
}
