//! Measures a running Kith over its own protocol.

mod account;
mod announcement;
mod attack;
mod broadcast;
mod cpu;
mod device;
mod files;
mod neighbour;
mod offline;
mod pairs;
mod room;
mod server;
mod socket;

use std::fmt::Display;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use server::Engine;

/// What may go wrong while measuring; printed, never handled.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures Kith: one of its own, started from `KITH_BIN` on the MariaDB of `KITH_TEST_MYSQL_URL`,
/// or one that runs already.
#[derive(Parser)]
struct Arguments {
    /// Where one runs already, its rate limits off (`KITH_RATE_REGISTER=0 KITH_RATE_MESSAGES=0
    /// KITH_RATE_WRITES=0`; for `neighbour` the first alone).
    #[arg(long)]
    url: Option<String>,
    #[command(subcommand)]
    load: Option<Load>,
}

#[derive(Subcommand)]
enum Load {
    /// Pairs of people, one writing to the other; each message counts when its receiver has it.
    Pairs {
        /// How many pairs.
        #[arg(long, default_value_t = 50)]
        pairs: usize,
        /// Unacknowledged messages that each writer keeps on the way.
        #[arg(long, default_value_t = 8)]
        in_flight: usize,
        /// Bytes in a message's text.
        #[arg(long, default_value_t = 64)]
        bytes: usize,
        /// Seconds that are measured, after two to warm up.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// Someone comes back to messages that waited; midway a second device of theirs does.
    Offline {
        /// How many messages waited.
        #[arg(long, default_value_t = 10_000)]
        messages: usize,
        /// In how many conversations.
        #[arg(long, default_value_t = 50)]
        conversations: usize,
    },
    /// A group whose members are all there; one of them writes, beside a bare broadcast of the same.
    Room {
        /// How many members.
        #[arg(long, default_value_t = 500)]
        members: usize,
        /// Messages, each way they are sent: one after the other, and some at once.
        #[arg(long, default_value_t = 300)]
        messages: usize,
        /// How many some are.
        #[arg(long, default_value_t = 8)]
        in_flight: usize,
        /// Bytes in a message's text.
        #[arg(long, default_value_t = 64)]
        bytes: usize,
    },
    /// Someone who writes alone, and beside a person who asks in a loop: how much later the acks come.
    Neighbour {
        /// What is asked.
        #[arg(value_enum)]
        attack: attack::Attack,
        /// On how many connections.
        #[arg(long, default_value_t = 300)]
        connections: usize,
        /// How often by turns.
        #[arg(long, default_value_t = 3)]
        rounds: usize,
        /// Seconds that are measured, each way and round.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
    /// Files: how fast they come and go beside nginx, the memory that 100 at once take, and how soon a photo shows.
    Files {
        /// How often each way, by turns.
        #[arg(long, default_value_t = 5)]
        rounds: usize,
        /// How many photos.
        #[arg(long, default_value_t = 20)]
        photos: usize,
        /// On `SQLite` instead of MariaDB.
        #[arg(long)]
        sqlite: bool,
    },
    /// The bare broadcast: what one socket says goes to all.
    #[command(hide = true)]
    Broadcast,
}

/// What came out of a measurement.
trait Report: Display {
    /// Nothing lost, doubled or out of order.
    fn is_valid(&self) -> bool;

    /// The same in a word.
    fn verdict(&self) -> &'static str {
        if self.is_valid() { "valid" } else { "INVALID" }
    }
}

impl Default for Load {
    fn default() -> Self {
        Self::Pairs { pairs: 50, in_flight: 8, bytes: 64, seconds: 10 }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { url, load } = Arguments::parse();
    let load = load.unwrap_or_default();
    let outcome = match load {
        Load::Broadcast => broadcast::serve().await.map(|()| true),
        load => measure(url, load).await.map(|report| {
            println!("{report}");
            report.is_valid()
        }),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(url: Option<String>, load: Load) -> Result<Box<dyn Report>, Failure> {
    if let Load::Files { rounds, photos, sqlite } = load {
        let engine = if sqlite { Engine::Sqlite } else { Engine::MariaDb };
        let mut own = server::start(false, engine).await?;
        return Ok(Box::new(files::run(&mut own, &files::Plan { rounds, photos }).await?));
    }
    let limits = matches!(load, Load::Neighbour { .. });
    let own =
        if url.is_none() { Some(server::start(limits, Engine::MariaDb).await?) } else { None };
    let pids = own.as_ref().map(|own| own.pids.clone()).unwrap_or_default();
    let url = own.as_ref().map_or(url.unwrap_or_default(), |own| own.url.clone());
    Ok(match load {
        Load::Pairs { pairs, in_flight, bytes, seconds } => {
            println!("{pairs} pairs, {in_flight} messages in flight a pair, {bytes} bytes each");
            let measured = Duration::from_secs(seconds);
            let plan = pairs::Plan { pairs, in_flight, bytes, measured };
            Box::new(pairs::run(&url, &plan, &pids).await?)
        }
        Load::Offline { messages, conversations } => {
            println!("{messages} messages wait in {conversations} conversations");
            Box::new(offline::run(&url, conversations, messages).await?)
        }
        Load::Room { members, messages, in_flight, bytes } => {
            println!("{members} members, {messages} messages to all, {bytes} bytes each");
            let plan = room::Plan { members, messages, in_flight, bytes };
            Box::new(room::run(&url, &plan, &pids).await?)
        }
        Load::Neighbour { attack, connections, rounds, seconds } => {
            println!("{connections} connections of one person, {attack:?}");
            let measured = Duration::from_secs(seconds);
            let plan = neighbour::Plan { attack, connections, rounds, measured };
            Box::new(neighbour::run(&url, &plan).await?)
        }
        Load::Files { .. } | Load::Broadcast => return Err("it measures nothing here".into()),
    })
}
