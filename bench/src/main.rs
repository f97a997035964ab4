//! Measures a running Kith over its own protocol.

mod account;
mod cpu;
mod pairs;
mod socket;

use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

/// What may go wrong while measuring; printed, never handled.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures a running Kith. Start it with the rate limits off (`KITH_RATE_REGISTER=0
/// KITH_RATE_MESSAGES=0`).
#[derive(Parser)]
struct Arguments {
    /// Where it runs.
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    url: String,
    #[command(subcommand)]
    load: Load,
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
        /// Processes whose CPU time is counted: the server and its database.
        #[arg(long)]
        pid: Vec<u32>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { url, load: Load::Pairs { pairs, in_flight, bytes, seconds, pid } } =
        Arguments::parse();
    let measured = Duration::from_secs(seconds);
    let plan = pairs::Plan { pairs, in_flight, bytes, measured };
    match pairs::run(&url, &plan, &pid).await {
        Ok(report) => {
            println!("{report}");
            if report.is_valid() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
