//! Forgets logins that have ended by lying idle, of people who do not come back.

use std::time::Duration;

use app::protocol::LoginId;
use tokio::time::sleep;

use super::Auth;
use crate::background::jobs::Kinds;
use crate::error::Error;

/// How often it is looked for them.
const INTERVAL: Duration = Duration::from_hours(24);
/// Logins that are looked at by one statement.
const BATCH_SIZE: u32 = 500;
/// How long the database is left to others after each batch.
const PAUSE: Duration = Duration::from_millis(50);

impl Auth {
    /// Has logins that lay idle for too long forgotten, once a day.
    pub fn sweep_logins_daily(&self, kinds: &mut Kinds) {
        let auth = self.clone();
        kinds.every("sweep_logins", INTERVAL, move || {
            let auth = auth.clone();
            async move { auth.sweep_logins().await }
        });
    }

    /// Nobody notices: a login counts as ended from the moment on at which it has been idle for too long. What is
    /// swept stays swept, so that whoever begins anew has less to do.
    async fn sweep_logins(&self) -> Result<(), Error> {
        let mut after = LoginId::new(0);
        while let Some(last) = self.0.store.end_idle_logins(after, self.idle(), BATCH_SIZE).await? {
            after = last;
            sleep(PAUSE).await;
        }
        Ok(())
    }
}
