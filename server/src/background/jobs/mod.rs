//! Jobs: work that is due at a time and outlives the process that was asked for it.
//!
//! A job is done at least once: its handler may be cut off anywhere, and begins anew after that. So a handler does
//! what it does in such a way that a second time changes nothing.
//!
//! * [`queue`] — where jobs are handed in
//! * [`kinds`] — what there is to do, and who does it
//! * [`worker`] — looks for what is due, and has so many at a time done
//! * [`context`] — how that is done
//! * [`attempt`] — one attempt at one job

mod attempt;
mod context;
mod kinds;
mod queue;
mod worker;

pub use context::JobOptions;
pub use kinds::{Job, Kinds};
pub use queue::JobQueue;
pub use worker::Worker;
