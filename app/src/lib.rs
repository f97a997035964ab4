//! Kith's shared half: the wire protocol, what a client knows, and the user interface.
//!
//! * [`protocol`] — the wire; serde only
//! * [`unicode`] — what Unicode says of characters, by the tables of the browser or of crates
//! * [`state`] — what a client knows, as plain structs; no IO
//! * [`forms`] — what a failed form post hands to the page that shows it again
//! * `client` — the handle that pages hold; in the browser (`hydrate`) the socket, HTTP calls and
//!   storage behind it
//! * `ui` — the pages

// A view is one type as deep as its elements are nested.
#![recursion_limit = "256"]

#[cfg(all(feature = "schema", target_arch = "wasm32"))]
compile_error!("schemas are for the server: a browser would carry them for nothing");

pub mod forms;
pub mod protocol;
pub mod state;
pub mod unicode;

#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod client;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod ui;
