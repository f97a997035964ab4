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
    command: Command,
    _data: TempDir,
}

/// The database of one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// A fresh one on the MariaDB at `KITH_TEST_MYSQL_URL`.
    MariaDb,
    /// In its data folder.
    Sqlite,
}

fn variable(name: &str) -> Result<String, Failure> {
    Ok(env::var(name).map_err(|_| format!("{name} is not set: use `make bench`, or --url"))?)
}

/// Starts `KITH_BIN` on a database of its own, with the rate limits of people or without.
pub(crate) async fn start(limits: bool, engine: Engine) -> Result<Server, Failure> {
    let data = TempDir::new()?;
    let mut command = Command::new(variable("KITH_BIN")?);
    command
        .arg("serve")
        .env("KITH_LISTEN", "127.0.0.1:0")
        .env("KITH_ADMIN_LISTEN", "127.0.0.1:0")
        .env("KITH_DATA_DIR", data.path())
        .env("KITH_RATE_REGISTER", "0")
        .envs(if limits { &[] } else { &UNLIMITED[..] }.iter().copied())
        .stdout(Stdio::piped());
    let mut database_pid = None;
    if engine == Engine::MariaDb {
        let (url, pid) = make_database().await?;
        command.env("KITH_DATABASE_URL", url);
        database_pid = pid;
    }
    let (kith, url) = serve(&mut command)?;
    let pids = [Some(kith.id()), database_pid].into_iter().flatten().collect();
    Ok(Server { url, pids, kith, command, _data: data })
}

/// The address of a fresh database, and the process of its server.
async fn make_database() -> Result<(String, Option<u32>), Failure> {
    let database = variable("KITH_TEST_MYSQL_URL")?;
    let name = format!("kith_bench_{}", std::process::id());
    let mut connection = MySqlConnection::connect(&database).await?;
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
    let (pid_file,): (String,) =
        sqlx::query_as("SELECT @@pid_file").fetch_one(&mut connection).await?;
    let pid = std::fs::read_to_string(pid_file).ok().and_then(|pid| pid.trim().parse().ok());
    Ok((format!("{database}{name}"), pid))
}

/// Starts it, and waits until it is ready; returns its address, too.
fn serve(command: &mut Command) -> Result<(Child, String), Failure> {
    let mut kith = command.spawn()?;
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
    Ok((kith, url))
}

impl Server {
    /// The process of Kith itself.
    pub(crate) fn kith_pid(&self) -> u32 {
        self.kith.id()
    }

    /// Ends it and starts it anew on the same data, at another address.
    pub(crate) fn restart(&mut self) -> Result<(), Failure> {
        self.end();
        let (kith, url) = serve(&mut self.command)?;
        if let Some(pid) = self.pids.first_mut() {
            *pid = kith.id();
        }
        (self.kith, self.url) = (kith, url);
        Ok(())
    }

    fn end(&mut self) {
        let _ = self.kith.kill();
        let _ = self.kith.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
