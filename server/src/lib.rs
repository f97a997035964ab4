//! Kith's server: the rooms of the house, from the outside in.
//!
//! * [`config`] — how this server is set
//! * [`http`] — the API and the plain forms
//! * [`ws`] — the sockets
//! * [`pages`] — the server-rendered pages
//! * [`chat`] — the use cases and the rules
//! * [`auth`] — passwords, logins, tokens
//! * [`limits`] — how often someone may do something
//! * [`store`] — all SQL
//! * [`event`] — what was committed, and for whom
//! * [`clock`], [`error`] — used by every room

pub mod auth;
pub mod chat;
pub mod clock;
pub mod config;
pub mod error;
pub mod event;
pub mod http;
pub mod limits;
pub mod pages;
pub mod store;
pub mod ws;
