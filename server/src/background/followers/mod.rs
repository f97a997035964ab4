//! Followers: they go behind the conversations, at their own pace, and keep something of what they find.
//!
//! Each knows of every conversation how far it has come (`seq`, `rev`), and stores that in one transaction with what it
//! keeps: so nothing is kept twice, wherever it is killed. It is woken by what is committed, and looks by itself for
//! what it was not told of.
//!
//! **Why nothing is missed.** The writer writes `last_activity` with `last_seq`, and `rev_at` with `rev`, by its node's
//! clock, before it commits. A look reads the database's clock, `t`, then all conversations whose moment is at least
//! `looked_to − overlap`, and follows what their cursors lack; then `looked_to` is `t`. So a change that no look has seen
//! was not committed at `t`; its moment was taken at most [`MAX_DELAY`](look::MAX_DELAY) before its commit, and is wrong
//! by at most what the node's clock is. With both below the overlap the next look finds it. The short overlap of every
//! ten seconds is for clocks that agree; the long one, at the start, when a share is taken over, and every ten minutes,
//! for nodes whose clocks are off by up to an hour. What is found twice costs a look at its cursor. What is told of
//! only hastens what a look would find.
//!
//! * [`follow`] — a follower's loop
//! * [`shares`] — which share of the work is whose
//! * [`look`] — looking for what was missed

mod follow;
mod look;
mod shares;

pub use follow::{Follow, FollowOptions, Follower};
