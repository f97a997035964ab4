//! Forgets who left a group, once they may be brought back.

use std::time::Duration;

use tokio::time::sleep;

use super::Chat;
use crate::background::jobs::Kinds;
use crate::error::Error;

/// How often it is looked for them.
const INTERVAL: Duration = Duration::from_hours(24);
/// Departures that are looked at by one statement.
const BATCH_SIZE: u32 = 500;
/// How long the database is left to others after each batch.
const PAUSE: Duration = Duration::from_millis(50);

impl Chat {
    /// Has departures that count no longer forgotten, once a day. Those of a group go as well when another leaves
    /// it; but from many nobody does any more.
    pub fn sweep_departures_daily(&self, kinds: &mut Kinds) {
        let chat = self.clone();
        kinds.every("sweep_departures", INTERVAL, move || {
            let chat = chat.clone();
            async move { chat.sweep_departures().await }
        });
    }

    async fn sweep_departures(&self) -> Result<(), Error> {
        let mut after = (0, 0, 0);
        while let Some(last) = self.store.forget_departures(after, self.now(), BATCH_SIZE).await? {
            after = last;
            sleep(PAUSE).await;
        }
        Ok(())
    }
}
