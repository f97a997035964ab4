//! What the server tells of itself: its log, on standard error, and its metrics.

mod log;
mod scrape;

pub use log::start_log;
pub use scrape::{keep_metrics_small, metrics, routes};
