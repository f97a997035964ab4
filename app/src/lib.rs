//! Kith's shared half: the wire protocol, what a client knows, and the user interface.
//!
//! * [`protocol`] — the wire; serde only
//! * [`state`] — what a client knows, as plain structs; no IO
//! * [`forms`] — what a failed form post hands to the page that shows it again
//! * `client` — the browser's socket, HTTP calls and storage (`hydrate`)
//! * `backend` — how server-rendered pages ask for data (`ssr`)
//! * `ui` — the pages

pub mod forms;
pub mod protocol;
pub mod state;

#[cfg(feature = "ssr")]
pub mod backend;
