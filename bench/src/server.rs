//! A Kith of our own to measure, on a fresh database.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use sqlx::{Connection, Executor, MySqlConnection};
use tempfile::TempDir;

use crate::Failure;

const UNLIMITED: [(&str, &str); 2] = [("KITH_RATE_MESSAGES", "0"), ("KITH_RATE_WRITES", "0")];

/// A running Kith; ends when dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    /// The server and its database.
    pub(crate) pids: Vec<u32>,
    kith: Child,
    _data: TempDir,
}

/// Starts `KITH_BIN` on a fresh database of the MariaDB at `KITH_TEST_MYSQL_URL`, with the rate limits
/// of people or without.
pub(crate) async fn start(limits: bool) -> Result<Server, Failure> {
    let variable =
        |name| env::var(name).map_err(|_| format!("{name} is not set: use `make bench`, or --url"));
    let (binary, database) = (variable("KITH_BIN")?, variable("KITH_TEST_MYSQL_URL")?);
    let name = format!("kith_bench_{}", std::process::id());
    let mut connection = MySqlConnection::connect(&database).await?;
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
    let (pid_file,): (String,) =
        sqlx::query_as("SELECT @@pid_file").fetch_one(&mut connection).await?;
    let data = TempDir::new()?;
    let mut kith = Command::new(binary)
        .arg("serve")
        .env("KITH_LISTEN", "127.0.0.1:0")
        .env("KITH_ADMIN_LISTEN", "127.0.0.1:0")
        .env("KITH_DATA_DIR", data.path())
        .env("KITH_DATABASE_URL", format!("{database}{name}"))
        .env("KITH_RATE_REGISTER", "0")
        .envs(if limits { &[] } else { &UNLIMITED[..] }.iter().copied())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut pids = vec![kith.id()];
    pids.extend(
        std::fs::read_to_string(pid_file).ok().and_then(|pid| pid.trim().parse::<u32>().ok()),
    );
    let mut output = BufReader::new(kith.stdout.take().ok_or("no output")?).lines();
    let ready = output.find_map(|line| {
        Some(line.ok()?.strip_prefix("Kith is ready at ")?.trim_end_matches('/').to_owned())
    });
    // Read on, so that the server never waits for a full pipe.
    std::thread::spawn(move || output.for_each(drop));
    let Some(url) = ready else {
        let _ = kith.kill();
        return Err("kith ended before it was ready".into());
    };
    Ok(Server { url, pids, kith, _data: data })
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.kith.kill();
        let _ = self.kith.wait();
    }
}
