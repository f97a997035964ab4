//! Tests through the public door: HTTP and WebSocket against the running binary, on both engines.

// Helpers are no `#[test]` functions, for which clippy makes its exceptions.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod harness;

mod accounts;
mod bots;
mod cli;
mod contract;
mod conversations;
mod cookies;
mod demo;
mod errors;
mod forms;
mod limits;
mod logins;
mod logs;
mod me;
mod messages;
mod metrics;
mod origins;
mod pages;
mod people;
mod proxies;
mod receipts;
mod refresh;
mod running;
mod settings;
mod sockets;
mod ws_frames;
mod ws_logins;
mod ws_messages;
mod ws_nodes;
mod ws_offline;
mod ws_presence;
mod ws_receipts;
mod ws_sign_in;
mod ws_typing;
