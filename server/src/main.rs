//! The `kith` command.

use std::io::{self, BufRead, IsTerminal};
use std::process::ExitCode;

use app::protocol::ErrorKind;
use clap::{Parser, Subcommand};
use server::auth::Auth;
use server::chat::give_notice;
use server::clock::Clock;
use server::config::{Config, Options, moment};
use server::demo;
use server::error::Error;
use server::files::blobs::Blobs;
use server::files::upkeep::{self, Difference};
use server::start::{self, StartError};
use server::store::Store;
use server::telemetry;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Kith: self-hosted chat in one binary.
///
/// Started without anything it serves the site on http://127.0.0.1:3000 and keeps everything in
/// ./data. Every option can also be given as an environment variable or as a line in kith.toml
/// (`listen = "0.0.0.0:3000"`); a flag wins over the variable, and the variable over the file.
#[expect(clippy::doc_markdown, reason = "these are the words of --help, not of rustdoc")]
#[derive(Parser)]
#[command(version, about, long_about, arg_required_else_help = false)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    options: Options,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site (the default)
    Serve,
    /// Bring the database up to date, and end; `serve` does so, too
    Migrate,
    /// Make a demo in ./data-demo, a dozen people and some thousand messages, and serve it
    Demo,
    /// Tell people something, on every page that is open or opened, until each has dismissed it
    ///
    /// A running server tells it within two seconds; without one it is told at the next start.
    Notice {
        /// What to say: 1 to 1,000 characters
        text: String,
        /// To this person alone, by username
        #[arg(long, value_name = "NAME")]
        to: Option<String>,
        /// Until when it counts: `2026-12-24 18:00`, `2026-12-24T18:00Z`, or so long from now: `2h`, `3d`; without it
        /// for 30 days
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
    },
    /// Look after files: compare table and store, copy all of them to another store
    #[command(subcommand)]
    Files(FilesCommand),
    /// Manage people: make an account, set its password, keep someone out
    ///
    /// All of it works beside a running server, which takes heed within a second.
    #[command(subcommand)]
    User(UserCommand),
}

#[derive(Subcommand)]
enum FilesCommand {
    /// Tell what the database and the store of files do not have in common; nothing is changed
    ///
    /// Ends with exit code 1 where something is missing in the store. It can be asked beside a running server.
    Check,
    /// Copy all files that are not there yet to another store, which `files_url` may name from then on
    Copy {
        /// Where to: `file:///folder`, or `s3://bucket/prefix` with the keys of the settings
        #[arg(long, value_name = "URL")]
        to: String,
    },
}

#[derive(Subcommand)]
enum UserCommand {
    /// Make an account; its password is asked for, or read from standard input
    Add {
        /// Username: 3 to 32 of a-z 0-9 . _ -
        name: String,
    },
    /// Set a person's password, asked for or read from standard input; ends all their logins
    Password {
        /// The person's username
        name: String,
    },
    /// Keep a person out: ends all their logins, and lets no new one begin; what they wrote stays
    Disable {
        /// The person's username
        name: String,
    },
    /// Let a person in again who was kept out
    Enable {
        /// The person's username
        name: String,
    },
}

#[tokio::main]
#[expect(clippy::print_stderr, reason = "the person at the terminal reads it")]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kith: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<(), StartError> {
    let options = cli.options.clone();
    let config = cli.options.into_config()?;
    telemetry::start_log(&config);
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(config).await,
        Command::Migrate => migrate(&config).await,
        Command::Demo => {
            demo::prepare(&Clock::System).await?;
            serve(demo::settings(config)).await
        }
        Command::Files(FilesCommand::Check) => check_files(&config).await,
        Command::Files(FilesCommand::Copy { to }) => {
            copy_files(&config, &options.with_files_url(to).into_config()?).await
        }
        Command::Notice { text, to, until } => {
            notice(&config, &text, to.as_deref(), until.as_deref()).await
        }
        Command::User(command) => user(&config, command).await,
    }
}

async fn serve(config: Config) -> Result<(), StartError> {
    let listener = start::listen(config.listen)?;
    let admin_listener = start::listen_for_admin(config.admin_listen)?;
    let terminate = signal(SignalKind::terminate()).map_err(StartError::Serve)?;
    let interrupt = signal(SignalKind::interrupt()).map_err(StartError::Serve)?;
    server::run(config, listener, admin_listener, either(terminate, interrupt)).await
}

async fn either(mut one: Signal, mut other: Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}

#[expect(clippy::print_stdout, reason = "the person at the terminal reads it")]
async fn migrate(config: &Config) -> Result<(), StartError> {
    Store::open(&config.database).await?.close().await;
    println!("The database is up to date.");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the person at the terminal reads it")]
async fn check_files(config: &Config) -> Result<(), StartError> {
    let store = Store::open(&config.database).await?;
    let blobs = Blobs::open(&config.files, &config.data_dir)?;
    let (mut missing, mut strangers) = (0_u64, 0_u64);
    let checked = upkeep::check(&store, &blobs, |difference| {
        println!("{difference}");
        match difference {
            Difference::Missing(_) => missing += 1,
            Difference::Stranger(_) => strangers += 1,
        }
    });
    let files = checked.await;
    store.close().await;
    println!("{} files, {missing} missing objects, {strangers} strangers", files?);
    if missing > 0 { Err(StartError::FilesMissing(missing)) } else { Ok(()) }
}

#[expect(clippy::print_stdout, reason = "the person at the terminal reads it")]
async fn copy_files(from: &Config, to: &Config) -> Result<(), StartError> {
    let source = Blobs::open(&from.files, &from.data_dir)?;
    let target = Blobs::open(&to.files, &to.data_dir)?;
    let copied = upkeep::copy(&source, &target).await?;
    println!("{copied} objects copied.");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the person at the terminal reads it")]
async fn notice(
    config: &Config,
    text: &str,
    to: Option<&str>,
    until: Option<&str>,
) -> Result<(), StartError> {
    let clock = Clock::System;
    let until = until.map(|until| moment(until, clock.now())).transpose()?;
    let store = Store::open(&config.database).await?;
    let given = give_notice(&store, &clock, text, to, until).await;
    store.close().await;
    match (given, to) {
        (Ok(_), Some(name)) => println!("{name} will be told."),
        (Ok(_), None) => println!("Everyone will be told."),
        (Err(Error::Api(error)), Some(name)) if error.kind == ErrorKind::NotFound => {
            return Err(StartError::NoSuchPerson(name.to_owned()));
        }
        (Err(error), _) => return Err(error.into()),
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the person at the terminal reads it")]
async fn user(config: &Config, command: UserCommand) -> Result<(), StartError> {
    // Before the database is looked for, since a person may be typing.
    let password = match &command {
        UserCommand::Add { .. } | UserCommand::Password { .. } => read_password()?,
        UserCommand::Disable { .. } | UserCommand::Enable { .. } => String::new(),
    };
    let store = Store::open(&config.database).await?;
    // No token is signed here, so that no key is needed, nor made where there is none.
    let auth = Auth::new(store.clone(), Clock::System, &[]);
    let done = match command {
        UserCommand::Add { name } => {
            let user = auth.add_user(&name, None, password).await?;
            format!("{} can log in.", user.username)
        }
        UserCommand::Password { name } => {
            auth.set_password(&name, password).await?;
            format!("{name} has a new password, and is logged out everywhere.")
        }
        UserCommand::Disable { name } => {
            auth.disable(&name).await?;
            format!("{name} is logged out everywhere, and cannot log in.")
        }
        UserCommand::Enable { name } => {
            auth.enable(&name).await?;
            format!("{name} can log in again.")
        }
    };
    store.close().await;
    println!("{done}");
    Ok(())
}

/// Asks for it twice on a terminal, where typing cannot be seen; else takes the first line.
fn read_password() -> Result<String, StartError> {
    if io::stdin().is_terminal() {
        let ask = |prompt| rpassword::prompt_password(prompt).map_err(StartError::Password);
        let password = ask("Password: ")?;
        if ask("Once more: ")? != password {
            return Err(StartError::PasswordsDiffer);
        }
        return Ok(password);
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(StartError::Password)?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}
