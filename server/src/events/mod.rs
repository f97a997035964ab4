//! What happened, and who is told: what those who commit something say (the writer, the use cases), and how it comes
//! to those who listen.
//!
//! * [`facts`] — what was committed or has happened; a fact may travel to another node
//! * [`replies`] — the answer to one socket of this node, which travels nowhere
//! * [`audience`] — the people whom a fact is for
//! * [`stream`] — how both leave together, in order
//! * [`publisher`] — to whom they go, and what it takes to listen
//! * [`codec`] — a fact as bytes
//! * [`wake_ups`] — what wakes those who follow conversations in their own time

mod audience;
pub mod codec;
mod facts;
mod meters;
mod publisher;
mod replies;
#[cfg(test)]
pub(crate) mod samples;
mod stream;
mod wake_ups;

pub use audience::{Audience, GroupMembers, Members};
pub use codec::PassedOver;
pub use facts::{Fact, GroupChange, MessageChange, Newcomers};
pub use meters::describe_metrics;
pub use publisher::{Publisher, Subscriber};
pub use replies::{ConnectionId, Origin, Reply};
pub use stream::{Event, Local};
pub use wake_ups::{WakeUp, WakeUps};
