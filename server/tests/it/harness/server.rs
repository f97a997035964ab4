//! A `kith` process that lives as long as its test.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, MySqlConnection, SqliteConnection};
use tempfile::TempDir;

use super::{Client, Database, Engine, Person, S3, contract, secrets};

/// The binary under test, without a trace of our own environment, in this folder.
pub fn command(folder: &Path) -> Command {
    prepared(Command::new(binary()), folder)
}

/// The same within a limit of the system, as `ulimit` takes it.
fn command_within(folder: &Path, limit: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    // A write beyond the limit of a file is to fail, and not to end the process.
    shell.args(["-c", r#"trap '' XFSZ; ulimit $0; exec "$1""#, limit, &binary()]);
    prepared(shell, folder)
}

fn binary() -> String {
    std::env::var("KITH_BIN").unwrap_or(env!("CARGO_BIN_EXE_kith").to_owned())
}

fn prepared(mut command: Command, folder: &Path) -> Command {
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command.env("KITH_LISTEN", "127.0.0.1:0").env("KITH_ADMIN_LISTEN", "127.0.0.1:0");
    command
}

/// A running server. It is killed when the test lets go of it, and its data goes with it.
pub struct TestServer {
    /// Such as `http://127.0.0.1:40123`.
    pub url: String,
    child: Child,
    // Dropped after the process has ended, in this order.
    database: Option<Database>,
    s3: Option<S3>,
    folder: TempDir,
}

impl TestServer {
    /// A server with fresh data. All tests come from one address, so sign-ins are not limited.
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, &[]).await
    }

    /// A server with fresh data and these variables.
    pub async fn start_with(engine: Engine, variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let command = command(folder.path());
        Self::start_by(command, folder, engine, None, variables).await
    }

    /// A server with fresh data and these variables, whose files are in S3.
    pub async fn start_on_s3(engine: Engine, variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let s3 = S3::start(folder.path());
        Self::start_by(command(folder.path()), folder, engine, Some(s3), variables).await
    }

    /// The same on an S3 server that can be told to fail.
    pub async fn start_on_faulty_s3(engine: Engine, variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let s3 = Some(S3::in_process());
        Self::start_by(command(folder.path()), folder, engine, s3, variables).await
    }

    /// A server with fresh data, within a limit of the system: `-n 64` for 64 open files, `-f 2048` for files of
    /// 1 MiB at most.
    pub async fn start_within(engine: Engine, limit: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let command = command_within(folder.path(), limit);
        Self::start_by(command, folder, engine, None, &[]).await
    }

    async fn start_by(
        command: Command,
        folder: TempDir,
        engine: Engine,
        s3: Option<S3>,
        variables: &[(&str, &str)],
    ) -> Self {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::MariaDb => Some(Database::make(folder.path()).await),
        };
        let (child, url) = start(command, folder.path(), database.as_ref(), s3.as_ref(), variables);
        contract::learn(&url).await;
        Self { url, child, database, s3, folder }
    }

    /// Another node on the same database.
    pub fn start_beside(&self, variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (command, database) = (command(folder.path()), self.database.as_ref());
        let (child, url) = start(command, folder.path(), database, self.s3.as_ref(), variables);
        Self { url, child, database: None, s3: None, folder }
    }

    /// Ends the process as the system does, without warning, and starts one on the same data. It
    /// listens elsewhere then.
    pub fn kill_and_restart(&mut self, variables: &[(&str, &str)]) {
        self.kill();
        let (folder, database) = (self.folder.path(), self.database.as_ref());
        (self.child, self.url) =
            start(command(folder), folder, database, self.s3.as_ref(), variables);
    }

    /// Forgets how much memory the process has had so far.
    pub fn forget_peak(&self) {
        let path = format!("/proc/{}/clear_refs", self.child.id());
        std::fs::write(path, "5").expect("Linux has it");
    }

    /// The most bytes of memory that the process has had since then.
    pub fn peak_memory(&self) -> f64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("it runs");
        let peak =
            status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux has it");
        peak.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") * 1024.0
    }

    /// Asks the process to end.
    pub fn ask_to_end(&self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        assert!(asked.success(), "it is there");
    }

    /// Asks the process to end, and waits until it has; tells whether it ended well.
    pub fn terminate(&mut self) -> bool {
        self.ask_to_end();
        self.child.wait().expect("it ends").success()
    }

    /// Ends the process as the system does, without warning.
    pub fn kill(&mut self) {
        // It fails only when the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !std::thread::panicking() {
            let log = self.log();
            secrets::assert_absent(&self.url, &log);
            let panicked = log.lines().find(|line| line.contains("panicked"));
            assert!(panicked.is_none(), "{panicked:?}");
        }
    }

    /// A client that is not signed in.
    pub fn client(&self) -> Client {
        Client::new(self.url.clone())
    }

    /// Registers a person with this name, and the password `correct horse`.
    pub async fn person(&self, username: &str) -> Person {
        Person::register(self.client(), username).await
    }

    /// The same person, who acts through a browser that holds the cookies of a log-in.
    pub async fn browser(&self, username: &str) -> Person {
        let person = self.person(username).await;
        let fields = [("username", username), ("password", "correct horse")];
        let answer = self.client().post_form("/login", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        Person { client: self.client().with_cookies_of(&answer), ..person }
    }

    /// What the server wrote to its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).expect("a log")
    }

    /// The server's data folder.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// The S3 server that has this server's files, if one has.
    pub fn s3(&self) -> Option<&S3> {
        self.s3.as_ref()
    }

    /// Where this server's database is, on MariaDB.
    pub fn database_url(&self) -> Option<String> {
        self.database.as_ref().map(Database::url)
    }

    /// Lets time pass for logins, which then are and were used so many milliseconds earlier.
    pub async fn set_back_logins(&self, milliseconds: i64) {
        let back = |column| format!("{column} = {column} - {milliseconds}");
        let columns = ["created_at", "last_used_at", "prior_used_at"].map(back).join(", ");
        self.execute(format!("UPDATE login SET {columns}")).await;
    }

    /// Runs a statement on the server's database, as no server does.
    pub async fn execute(&self, statement: String) {
        let statement = sqlx::AssertSqlSafe(statement);
        if let Some(url) = self.database_url() {
            let mut connection = MySqlConnection::connect(&url).await.expect("answers");
            sqlx::query(statement).execute(&mut connection).await.expect("allowed");
        } else {
            let options = SqliteConnectOptions::new().filename(self.data().join("kith.db"));
            let mut connection = options.connect().await.expect("opens");
            sqlx::query(statement).execute(&mut connection).await.expect("allowed");
        }
    }

    /// The number that a statement asks of the server's database.
    pub async fn number(&self, sql: &'static str) -> i64 {
        let number = if let Some(url) = self.database_url() {
            let mut connection = MySqlConnection::connect(&url).await.expect("answers");
            sqlx::query_scalar(sql).fetch_one(&mut connection).await
        } else {
            let options = SqliteConnectOptions::new().filename(self.data().join("kith.db"));
            let mut connection = options.connect().await.expect("opens");
            sqlx::query_scalar(sql).fetch_one(&mut connection).await
        };
        number.expect("a number")
    }

    /// Has a job that comes again and again be due at once.
    pub async fn hurry(&self, job: &str) {
        let sql = format!("UPDATE job SET run_at = 0 WHERE kind = '{job}' AND state = 1");
        self.execute(sql).await;
    }

    /// Keeps everyone else from writing to the database, on MariaDB from changing these rows of a table,
    /// until it is let go of.
    pub async fn hold(&self, rows: &str) -> Held {
        if let Some(url) = self.database_url() {
            let mut connection = MySqlConnection::connect(&url).await.expect("answers");
            connection.execute("BEGIN").await.expect("allowed");
            let statement = sqlx::AssertSqlSafe(format!("SELECT * FROM {rows} FOR UPDATE"));
            let locked = sqlx::query(statement).fetch_all(&mut connection).await.expect("allowed");
            assert!(!locked.is_empty(), "there is something to hold");
            Held::MariaDb(connection)
        } else {
            let options = SqliteConnectOptions::new().filename(self.data().join("kith.db"));
            let mut connection = options.connect().await.expect("opens");
            connection.execute("BEGIN IMMEDIATE").await.expect("allowed");
            Held::Sqlite(connection)
        }
    }

    /// Waits until the log has this many lines that contain this text.
    pub async fn logged(&self, text: &str, count: usize) {
        let begun = Instant::now();
        while self.log().lines().filter(|line| line.contains(text)).count() < count {
            assert!(begun.elapsed() < Duration::from_secs(10), "{text:?} is not logged");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// All metrics, as they are read by Prometheus.
    pub async fn metrics(&self) -> String {
        let log = self.log();
        let line = log.lines().rev().find(|line| line.contains("admin_address"));
        let line: serde_json::Value = serde_json::from_str(line.expect("said")).expect("JSON");
        let url = format!("http://{}/metrics", line["admin_address"].as_str().expect("said"));
        reqwest::get(url).await.expect("answers").text().await.expect("text")
    }

    /// The sum of a metric over all its labels; 0 while it was never counted.
    pub async fn metric(&self, name: &str) -> f64 {
        let text = self.metrics().await;
        let of_it =
            |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{']));
        let value =
            |line: &str| line.rsplit(' ').next().and_then(|value| value.parse::<f64>().ok());
        text.lines().filter(of_it).filter_map(value).sum()
    }
}

/// A database, or rows of it, that nobody else may change meanwhile.
pub enum Held {
    /// All of it.
    Sqlite(SqliteConnection),
    /// Some rows.
    MariaDb(MySqlConnection),
}

impl Held {
    /// Lets everyone write again.
    pub async fn release(self) {
        let released = match self {
            Self::Sqlite(mut connection) => connection.execute("ROLLBACK").await.map(drop),
            Self::MariaDb(mut connection) => connection.execute("ROLLBACK").await.map(drop),
        };
        released.expect("allowed");
    }
}

fn start(
    mut command: Command,
    folder: &Path,
    database: Option<&Database>,
    s3: Option<&S3>,
    variables: &[(&str, &str)],
) -> (Child, String) {
    let log = folder.join("log");
    command.env("KITH_RATE_LOGIN", "0").env("KITH_RATE_REGISTER", "0");
    command
        .env("KITH_LOG", "info,server=trace,app=trace,kith=trace")
        .env("KITH_LOG_FORMAT", "json");
    command.envs(database.map(|database| ("KITH_DATABASE_URL", database.url())));
    command.envs(s3.map(S3::variables).unwrap_or_default());
    command.envs(variables.iter().copied());
    command.stdout(Stdio::piped()).stderr(File::create(&log).expect("a file"));
    let mut child = command.spawn().expect("kith starts");
    let stdout = BufReader::new(child.stdout.take().expect("piped"));
    let ready = stdout
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("Kith is ready at ").map(str::to_owned));
    let Some(url) = ready else {
        let log = std::fs::read_to_string(&log).unwrap_or_default();
        panic!("kith ended before it was ready: {log}");
    };
    for (name, value) in s3.map(S3::keys).unwrap_or_default() {
        if name == "KITH_S3_SECRET_KEY" {
            secrets::note(&url, "password", &value);
        }
    }
    (child, url)
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.kill();
    }
}
