//! What every handler can reach.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::FromRef;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::auth::Auth;
use crate::chat::Chat;
use crate::config::PublicUrl;
use crate::limits::Limits;
use crate::ws::Hub;

/// What every handler can reach. Cheap to clone; each part can be extracted by itself.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// The use cases.
    pub chat: Chat,
    /// Who someone is.
    pub auth: Auth,
    /// This node's sockets.
    pub hub: Hub,
    /// How often someone may do something.
    pub limits: Limits,
    /// How this site is set.
    pub site: Arc<Site>,
    /// Whether what the server depends on answers.
    pub health: Probe,
    /// What outlives a request: sockets and their end.
    pub lifetime: Lifetime,
}

/// The settings that handlers look at.
#[derive(Clone, Debug)]
pub struct Site {
    /// Where people reach the site; absent: any address that leads here.
    pub public_url: Option<PublicUrl>,
    /// Whether anyone may make an account.
    pub registration_open: bool,
    /// Sockets a user may have; the oldest gives way to a newer one.
    pub max_sockets_per_user: usize,
}

impl Site {
    /// Whether people reach the site over TLS, so that cookies can be kept to it.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }
}

/// For tasks that outlive their request, such as sockets.
#[derive(Clone, Debug, Default)]
pub struct Lifetime {
    /// Cancelled when the server shuts down: say goodbye and end.
    pub shutdown: CancellationToken,
    /// Waited for (a few seconds at most) before the database is closed.
    pub tasks: TaskTracker,
}

/// Asks what the server depends on whether it answers; handed in by the composition root.
#[derive(Clone)]
pub struct Probe(Arc<dyn Fn() -> Answer + Send + Sync>);

type Answer = Pin<Box<dyn Future<Output = bool> + Send>>;

impl Probe {
    /// A probe that asks by this function.
    pub fn new<F, A>(ask: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = bool> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(ask())))
    }

    /// Whether everything answers.
    pub async fn ready(&self) -> bool {
        (self.0)().await
    }
}
