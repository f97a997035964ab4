//! What the server does by itself, while nobody waits for it.
//!
//! * [`supervisor`] — starts every task that runs in the background, starts it again when it breaks, and ends it
//! * [`jobs`] — work that is due at a time, and outlives the process that was asked for it
//! * [`followers`] — go behind the conversations, and keep something of what they find
//! * [`backoff`] — how long to wait before something that failed is tried again
//! * [`faults`] — where tests cut work off

mod backoff;
mod faults;
pub mod followers;
pub mod jobs;
mod meters;
mod supervisor;

pub use backoff::Backoff;
pub use faults::{Faults, Step};
pub use meters::describe_metrics;
pub use supervisor::{Run, Runs, Supervisor};
