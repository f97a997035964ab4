//! Tests through the public door: HTTP and WebSocket against the running binary, on both engines.

// Helpers are no `#[test]` functions, for which clippy makes its exceptions.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod harness;

mod accounts;
mod allowances;
mod bad_frames;
mod bad_requests;
mod bad_tokens;
mod blocks;
mod bots;
mod bounds;
mod cli;
mod connections;
mod contact_pages;
mod contacts;
mod contract;
mod conversations;
mod cookies;
mod demo;
mod denials;
mod errors;
mod floods;
mod forms;
mod forward_pages;
mod fragments;
mod group_messages;
mod group_pages;
mod groups;
mod limits;
mod logins;
mod logs;
mod me;
mod members;
mod message_changes;
mod messages;
mod metrics;
mod neighbours;
mod origins;
mod pages;
mod people;
mod permissions;
mod plans;
mod proxies;
mod receipts;
mod refresh;
mod replies;
mod running;
mod settings;
mod slow_clients;
mod sockets;
mod texts;
mod wide_groups;
mod ws_frames;
mod ws_groups;
mod ws_logins;
mod ws_messages;
mod ws_nodes;
mod ws_offline;
mod ws_presence;
mod ws_receipts;
mod ws_sign_in;
mod ws_typing;
mod ws_waiting;
