//! Closes the sockets of logins that ended, wherever that was done: those that this node ends at once, those that
//! another node or the command line ends within a second or two.

use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

use super::Hub;
use crate::auth::Auth;
use crate::error::Error;

/// How often the database is to be asked about the logins of this node's sockets.
pub const LOGINS_INTERVAL: Duration = Duration::from_secs(1);

/// How long it is waited for a login to end before it is said that all is well.
const QUIET: Duration = Duration::from_secs(30);

/// Closes the sockets of logins that this node ends, and calls `well` now and then. Runs until it is dropped; apart
/// from [`close_ended_elsewhere`], so that a slow database does not hold up what is known already.
pub async fn close_ended_here(hub: Hub, auth: Auth, well: impl Fn()) {
    let mut ended = auth.ended();
    loop {
        match timeout(QUIET, ended.recv()).await {
            Ok(Ok(login)) => hub.end_login(login),
            // Too many at once to hear of each: the database knows the others.
            Ok(Err(RecvError::Lagged(_))) | Err(_) => {}
            Ok(Err(RecvError::Closed)) => return,
        }
        well();
    }
}

/// Closes the sockets of logins that have ended, as the database knows them.
///
/// # Errors
/// Those of the database.
pub async fn close_ended_elsewhere(hub: &Hub, auth: &Auth) -> Result<(), Error> {
    for login in auth.ended_among(&hub.logins()).await? {
        hub.end_login(login);
    }
    Ok(())
}
