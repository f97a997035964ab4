//! Closes the sockets of logins that ended, wherever that was done.

use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::time::{MissedTickBehavior, interval};

use super::Hub;
use crate::auth::Auth;

/// How often the database is asked about the logins of this node's sockets.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Closes the sockets of logins that end: those that this node ends at once, those that another
/// node or the command line ends within a second or two. Runs until it is dropped.
pub async fn close_ended(hub: Hub, auth: Auth) {
    // Two loops, so that a slow database does not hold up what is known already.
    tokio::join!(hear(&hub, &auth), look(&hub, &auth));
}

async fn hear(hub: &Hub, auth: &Auth) {
    let mut ended = auth.ended();
    loop {
        match ended.recv().await {
            Ok(login) => hub.end_login(login),
            // Too many at once to hear of each. The next look finds the others.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

async fn look(hub: &Hub, auth: &Auth) {
    let mut look = interval(POLL_INTERVAL);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        look.tick().await;
        match auth.ended_among(&hub.logins()).await {
            Ok(ended) => {
                failing = false;
                for login in ended {
                    hub.end_login(login);
                }
            }
            // Once, not every second for as long as the database is away.
            Err(error) if !failing => {
                failing = true;
                tracing::warn!(%error, "the logins of the sockets could not be looked up");
            }
            Err(_) => {}
        }
    }
}
