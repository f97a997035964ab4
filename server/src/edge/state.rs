//! What every handler can reach.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::FromRef;
use tokio_util::task::TaskTracker;

use crate::auth::Auth;
use crate::chat::Chat;
use crate::config::{Config, PublicUrl, TrustedProxies};
use crate::files::Files;
use crate::rate_limits::RateLimits;

/// What every handler can reach. Cheap to clone; each part can be extracted by itself.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// The use cases of the chat.
    pub chat: Chat,
    /// Accounts, logins and tokens.
    pub auth: Auth,
    /// Files, in and out.
    pub files: Files,
    /// How often someone may do something.
    pub rate_limits: RateLimits,
    /// The requests that change something, until they are done.
    pub writes: TaskTracker,
    /// How this site is set.
    pub site: Arc<Site>,
    /// Whether what the server depends on answers.
    pub health: Probe,
}

/// The settings that handlers look at.
#[derive(Clone, Debug)]
pub struct Site {
    /// Where people reach the site; absent: by IP addresses and by names that nobody can buy.
    pub public_url: Option<PublicUrl>,
    /// Whether anyone may make an account.
    pub registration_open: bool,
    /// Who is believed about whom a request came from.
    pub trusted_proxies: TrustedProxies,
}

impl From<&Config> for Site {
    fn from(config: &Config) -> Self {
        Self {
            public_url: config.public_url.clone(),
            registration_open: config.registration_open,
            trusted_proxies: config.trusted_proxies.clone(),
        }
    }
}

impl Site {
    /// Whether people reach the site over TLS, so that cookies can be kept to it.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }
}

/// Asks what the server depends on whether it answers; handed in by the composition root.
#[derive(Clone)]
pub struct Probe(Arc<dyn Fn() -> ProbeFuture + Send + Sync>);

type ProbeFuture = Pin<Box<dyn Future<Output = bool> + Send>>;

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
