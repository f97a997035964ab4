//! The command line: what it says when something is wrong, and making accounts.

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use app::protocol::{AuthResponse, ErrorKind, ListPage, User, close};
use serde_json::json;

use crate::harness::{HttpResponse, Person, Socket, TestServer, command, on_both_engines};

on_both_engines!(
    an_account_is_made_beside_a_running_server,
    a_password_is_set_beside_a_running_server,
    a_person_is_kept_out_and_let_in_again,
);

/// What a command that must fail says: one line on standard error, exit code 1.
#[track_caller]
pub fn failure(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("kith runs");
    let said = String::from_utf8(stderr).expect("text");
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(stdout.is_empty(), "{}", String::from_utf8_lossy(&stdout));
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    assert!(said.starts_with("kith: ") && !said.contains("panicked"), "{said}");
    said
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// That all of these words are said.
#[track_caller]
pub fn assert_says(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "{word:?} is not in {said:?}");
    }
}

#[test]
fn wrong_values_name_themselves_and_what_is_allowed() {
    let folder = folder();
    for (variable, value, allowed) in [
        ("KITH_LISTEN", "somewhere", "IP:PORT"),
        ("KITH_ADMIN_LISTEN", "127.0.0.1", "IP:PORT"),
        ("KITH_PUBLIC_URL", "chat.example", "https://chat.example"),
        ("KITH_DATABASE_URL", "postgres://me:s3cret@host/db", "mysql://user:password@host/db"),
        ("KITH_JWT_SECRET", "short", "32 random bytes"),
        ("KITH_REGISTRATION", "maybe", "open or closed"),
        ("KITH_RATE_LOGIN", "10", "10/min"),
        ("KITH_RATE_REGISTER", "0/h", "20/h"),
        ("KITH_RATE_MESSAGES", "a lot", "20/s"),
        ("KITH_RATE_WRITES", "10 a second", "20/s"),
        ("KITH_MAX_REQUESTS_PER_USER", "many", "0 to 10000"),
        ("KITH_TRUSTED_PROXIES", "localhost", "10.0.0.0/8"),
        ("KITH_MAX_SOCKETS_PER_USER", "0", "1 to 10000"),
        ("KITH_SHARED_DATABASE", "yes", "true or false"),
        ("KITH_FILES_SHARED", "yes", "true or false"),
        ("KITH_FILES_URL", "s3://me:s3cret@host/files", "s3://bucket/prefix"),
        ("KITH_FILES_URL", "files", "file:///folder"),
        ("KITH_MAX_FILE", "100MB", "100MiB"),
        ("KITH_USER_QUOTA", "0", "5GiB"),
        ("KITH_LOG_FORMAT", "xml", "human or json"),
    ] {
        let said = failure(command(folder.path()).env(variable, value));
        assert_says(&said, &[variable, allowed]);
        assert!(!said.contains("s3cret"), "{said}");
        // The same as a flag, and as a line in the file.
        let flag = variable.trim_start_matches("KITH_").to_lowercase();
        let file = folder.path().join("wrong.toml");
        std::fs::write(&file, format!("{flag} = {value:?}\n")).expect("written");
        let mut by_file = command(folder.path());
        by_file.env_remove(variable).env("KITH_CONFIG", &file);
        assert_says(&failure(&mut by_file), &[&flag, allowed]);
        let flag = format!("--{}", flag.replace('_', "-"));
        assert_says(&failure(command(folder.path()).args([&flag, value])), &[&flag, allowed]);
    }
}

#[test]
fn a_flag_wins_over_a_variable_and_that_over_the_file() {
    let folder = folder();
    let wrong_of = |command: &mut Command| {
        let said = failure(command);
        ["flag", "variable", "file"].into_iter().find(|name| said.contains(&format!("{name:?}")))
    };
    std::fs::write(folder.path().join("kith.toml"), "registration = \"file\"\n").expect("written");
    assert_eq!(wrong_of(&mut command(folder.path())), Some("file"));
    let mut by_variable = command(folder.path());
    assert_eq!(wrong_of(by_variable.env("KITH_REGISTRATION", "variable")), Some("variable"));
    assert_eq!(wrong_of(by_variable.args(["--registration", "flag"])), Some("flag"));
}

#[test]
fn unknown_keys_in_the_file_are_named() {
    let folder = folder();
    let file = folder.path().join("kith.toml");
    std::fs::write(&file, "listne = \"127.0.0.1:0\"\n").expect("written");
    assert_says(&failure(&mut command(folder.path())), &["kith.toml", "listne", "`listen`"]);
    std::fs::write(&file, "listen = \n").expect("written");
    assert_says(&failure(&mut command(folder.path())), &["kith.toml"]);
    let mut named = command(folder.path());
    assert_says(&failure(named.args(["--config", "absent.toml"])), &["absent.toml"]);
}

#[test]
fn a_taken_port_is_named() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    for variable in ["KITH_LISTEN", "KITH_ADMIN_LISTEN"] {
        let said = failure(command(folder.path()).env(variable, &address));
        assert_says(&said, &[&address, variable]);
    }
}

#[test]
fn an_unreachable_database_is_named_without_its_password() {
    let folder = folder();
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = closed.local_addr().expect("an address").to_string();
    drop(closed);
    let url = format!("mysql://kith:s3cret@{address}/kith");
    let said = failure(command(folder.path()).env("KITH_DATABASE_URL", url));
    assert_says(&said, &[&address, "KITH_DATABASE_URL"]);
    assert!(!said.contains("s3cret"), "{said}");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = folder();
    // Not even root can make a folder below a file.
    std::fs::write(folder.path().join("file"), "").expect("written");
    let below = folder.path().join("file/data");
    for arguments in [&["serve"][..], &["migrate"]] {
        let mut kith = command(folder.path());
        let said = failure(kith.env("KITH_DATA_DIR", &below).args(arguments));
        assert_says(&said, &["file/data", "folder"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_do_not_share_a_data_folder() {
    let server = TestServer::start(crate::harness::Engine::Sqlite).await;
    let mut second = command(Path::new("/"));
    let said = failure(second.env("KITH_DATA_DIR", server.data()));
    assert_says(&said, &["in use by another kith", "KITH_DATA_DIR"]);
}

#[test]
fn help_and_migrate_do_what_they_say() {
    let folder = folder();
    let help = command(folder.path()).arg("--help").output().expect("kith runs");
    let text = String::from_utf8(help.stdout).expect("text");
    assert_says(&text, &["serve", "migrate", "user", "--listen", "KITH_DATABASE_URL", "kith.toml"]);
    let help = command(folder.path()).args(["user", "--help"]).output().expect("kith runs");
    let text = String::from_utf8(help.stdout).expect("text");
    assert_says(&text, &["add", "password", "disable", "enable", "standard input"]);
    for _ in 0..2 {
        let done = command(folder.path()).arg("migrate").output().expect("kith runs");
        assert!(done.status.success());
    }
    assert!(folder.path().join("data/kith.db").exists());
}

/// The file that people copy from knows every option, with the defaults that it says.
#[test]
fn the_example_of_a_settings_file_is_whole() {
    let folder = folder();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../kith.example.toml");
    let text = std::fs::read_to_string(example).expect("it is there");
    let help = command(folder.path()).arg("--help").output().expect("kith runs");
    let help = String::from_utf8(help.stdout).expect("text");
    let flags = help.lines().filter_map(|line| line.trim().strip_prefix("--"));
    let keys: Vec<_> = flags
        .filter_map(|flag| flag.split_once(" <"))
        .map(|(flag, _)| flag.replace('-', "_"))
        .filter(|key| key != "config")
        .collect();
    assert!(keys.len() > 10, "{keys:?}");
    for key in keys {
        assert!(text.contains(&format!("{key} = ")), "{key} is not in kith.example.toml");
    }
    let said: String = text
        .lines()
        .map(|line| line.strip_prefix('#').filter(|line| !line.starts_with(' ')).unwrap_or(line))
        .flat_map(|line| [line, "\n"])
        .collect();
    std::fs::write(folder.path().join("kith.toml"), said).expect("written");
    let done = command(folder.path()).arg("migrate").output().expect("kith runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// `kith user …`, with a password on standard input.
fn user(command: &mut Command, what: &str, name: &str, password: &str) -> Output {
    command.args(["user", what, name]).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs");
    let mut stdin = child.stdin.take().expect("piped");
    // Who does not ask for it does not wait for it.
    let _ = writeln!(stdin, "{password}");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

/// `kith` beside a running server, on the same data.
pub fn beside(server: &TestServer) -> Command {
    let mut command = command(Path::new("/"));
    command.env("KITH_DATA_DIR", server.data());
    command.envs(server.database_url().map(|url| ("KITH_DATABASE_URL", url)));
    command
}

async fn log_in(server: &TestServer, password: &str) -> HttpResponse {
    let body = json!({"username": "mei", "password": password});
    server.client().post("/api/v1/auth/login", body).await
}

/// The running server takes heed within a second.
async fn refused_soon(person: &Person) {
    let started = std::time::Instant::now();
    while person.client.get("/api/v1/users/me").await.status == 200 {
        assert!(started.elapsed() < std::time::Duration::from_secs(3), "still let in");
    }
    person.client.get("/api/v1/users/me").await.assert_error(ErrorKind::Unauthenticated);
}

async fn a_password_is_set_beside_a_running_server(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let set = user(&mut beside(&server), "password", "Mei", "battery staple");
    assert!(set.status.success(), "{}", String::from_utf8_lossy(&set.stderr));
    refused_soon(&mei).await;
    ana.client.get("/api/v1/users/me").await.json::<User>(200);
    log_in(&server, "correct horse").await.assert_error(ErrorKind::BadCredentials);
    log_in(&server, "battery staple").await.json::<AuthResponse>(200);
    for (name, password, words) in
        [("mei", "short", "too short"), ("nobody", "correct horse", "no account named nobody")]
    {
        let refused = user(&mut beside(&server), "password", name, password);
        assert_eq!(refused.status.code(), Some(1));
        assert_says(&String::from_utf8_lossy(&refused.stderr), &[words]);
    }
}

async fn a_person_is_kept_out_and_let_in_again(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let message = mei.write_to(&ana, "1", "hi").await;
    let (mut hers, mut stays) =
        (Socket::sign_in(&server, &mei).await, Socket::sign_in(&server, &ana).await);
    for _ in 0..2 {
        let done = user(&mut beside(&server), "disable", "mei", "");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    assert_eq!(hers.drain().await.1, close::UNAUTHENTICATED);
    stays.say(message.conversation_id, "2", "where are you?").await;
    refused_soon(&mei).await;
    let body = json!({"refresh_token": mei.refresh_token});
    let refresh = server.client().post("/api/v1/auth/refresh", body).await;
    refresh.assert_error(ErrorKind::Unauthenticated);
    // Only who knows the password learns why.
    log_in(&server, "wrong horse").await.assert_error(ErrorKind::BadCredentials);
    let refused = log_in(&server, "correct horse").await;
    refused.assert_error(ErrorKind::Forbidden);
    assert_eq!(refused.error().field.as_deref(), Some("account"));
    // What was said stays, and may be answered; they are found no more.
    ana.write(message.conversation_id, "1", "until later").await;
    let found: ListPage<User> = ana.client.get("/api/v1/users?query=mei").await.json(200);
    assert!(found.items.is_empty());

    let done = user(&mut beside(&server), "enable", "mei", "");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let back: AuthResponse = log_in(&server, "correct horse").await.json(200);
    assert_eq!(back.user, mei.user);
    for what in ["disable", "enable"] {
        let refused = user(&mut beside(&server), what, "nobody", "");
        assert_eq!(refused.status.code(), Some(1));
        assert_says(&String::from_utf8_lossy(&refused.stderr), &["no account named nobody"]);
    }
}

async fn an_account_is_made_beside_a_running_server(server: TestServer) {
    let kith = || beside(&server);
    let made = user(&mut kith(), "add", "mei", "correct horse");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let body = json!({"username": "mei", "password": "correct horse"});
    server.client().post("/api/v1/auth/login", body).await.json::<AuthResponse>(200);
    for (name, password, words) in [
        ("mei", "correct horse", "taken"),
        ("m", "correct horse", "too short"),
        ("ana", "short", "too short"),
    ] {
        let refused = user(&mut kith(), "add", name, password);
        assert_eq!(refused.status.code(), Some(1));
        assert_says(&String::from_utf8_lossy(&refused.stderr), &[words]);
    }
}
