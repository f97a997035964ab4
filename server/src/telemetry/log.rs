//! The log: lines on standard error, for a person or as JSON.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::Directive;

use crate::config::{Config, LogFormat};

/// What no setting can turn on: these libraries write down the texts that pass through them.
const NEVER: [&str; 2] = ["tungstenite=warn", "tokio_tungstenite=warn"];

/// Starts the log. A second call does nothing.
pub fn start_log(config: &Config) {
    let on_terminal = io::stderr().is_terminal();
    let format =
        config.log_format.unwrap_or(if on_terminal { LogFormat::Human } else { LogFormat::Json });
    let log =
        tracing_subscriber::fmt().with_env_filter(filter(&config.log)).with_writer(io::stderr);
    // It fails only where a log was started before.
    let _ = match format {
        LogFormat::Human => log.with_ansi(on_terminal).try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).try_init(),
    };
}

fn filter(text: &str) -> EnvFilter {
    let asked = EnvFilter::try_new(text).unwrap_or_else(|_| EnvFilter::new("info"));
    let never = NEVER.iter().filter_map(|text| text.parse::<Directive>().ok());
    never.fold(asked, EnvFilter::add_directive)
}
