//! HTTP: the API and the forms, a file a noun.

mod answer;
mod cookies;
pub mod origin;
mod state;
mod viewer;

pub use answer::{Failure, api_error};
pub use state::{AppState, Lifetime, Probe, Site};
pub use viewer::{Viewer, access_token};
