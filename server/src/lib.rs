//! Kith's server: the rooms of the house, from the outside in.
//!
//! * [`chat`] — the use cases and the rules
//! * [`store`] — all SQL
//! * [`event`] — what was committed, and for whom
//! * [`clock`], [`error`] — used by every room

pub mod chat;
pub mod clock;
pub mod error;
pub mod event;
pub mod store;
