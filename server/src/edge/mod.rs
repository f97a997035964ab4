//! What the ways in share: who asks, from where, on which site, and how a failure leaves. No handler.

pub(crate) mod allowance;
pub(crate) mod answer;
pub(crate) mod boundary;
pub(crate) mod client_ip;
pub(crate) mod cookies;
pub(crate) mod credentials;
mod device;
pub(crate) mod extract;
pub(crate) mod host;
pub(crate) mod meters;
pub(crate) mod origin;
pub(crate) mod redirect;
pub(crate) mod session;
pub(crate) mod state;
pub(crate) mod viewer;

pub use answer::{Failure, api_error, retry_after};
pub use boundary::RequestId;
pub use extract::{Path, Query};
pub use meters::{describe_metrics, error_given};
pub use redirect::see_other;
pub use state::{AppState, Probe, Site};
pub use viewer::{Viewer, access_token};
