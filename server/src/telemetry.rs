//! What the server tells of itself: its log, on standard error, and its metrics.

mod log;
mod scrape;

pub use log::start_log;
pub use scrape::{UPKEEP_INTERVAL, metrics, routes, tidy_metrics};
