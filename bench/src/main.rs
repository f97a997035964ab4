//! Measures a running Kith over its own protocol.

mod account;
mod cpu;
mod pairs;
mod server;
mod socket;

use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

/// What may go wrong while measuring; printed, never handled.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures Kith: one of its own, started from `KITH_BIN` on the MariaDB of `KITH_TEST_MYSQL_URL`,
/// or one that runs already.
#[derive(Parser)]
struct Arguments {
    /// Where one runs already, its rate limits off (`KITH_RATE_REGISTER=0 KITH_RATE_MESSAGES=0`).
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
}

impl Default for Load {
    fn default() -> Self {
        Self::Pairs { pairs: 50, in_flight: 8, bytes: 64, seconds: 10 }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match measure(Arguments::parse()).await {
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

async fn measure(Arguments { url, load }: Arguments) -> Result<pairs::Report, Failure> {
    let Load::Pairs { pairs, in_flight, bytes, seconds } = load.unwrap_or_default();
    let plan = pairs::Plan { pairs, in_flight, bytes, measured: Duration::from_secs(seconds) };
    println!("{pairs} pairs, {in_flight} messages in flight a pair, {bytes} bytes each");
    if let Some(url) = url {
        return pairs::run(&url, &plan, &[]).await;
    }
    let server = server::start().await?;
    pairs::run(&server.url, &plan, &server.pids).await
}
