//! News of people, who have another name or picture: told to those who know them, once in a while at most.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::protocol::UserId;
use tokio::time::{Instant, sleep_until};

use super::Chat;
use crate::error::Error;
use crate::events::Fact;

/// How often at most it is told of one person.
const TELL_INTERVAL: Duration = Duration::from_secs(10);

/// The most people who are told; the others see it when they next ask.
const MAX_TOLD: u32 = 20_000;

/// Of whom it was told just now, and whether there is more to tell. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct News(Arc<Mutex<HashMap<UserId, bool>>>);

impl News {
    fn told(&self) -> MutexGuard<'_, HashMap<UserId, bool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has it told how a person is called and looks: at once, or as soon as it may be told again.
    pub(super) fn tell(&self, chat: &Chat, person: UserId) {
        if let Some(more) = self.told().get_mut(&person) {
            *more = true;
            return;
        }
        self.told().insert(person, false);
        let (news, chat) = (self.clone(), chat.clone());
        tokio::spawn(async move {
            loop {
                if let Err(error) = chat.tell_of(person).await {
                    tracing::warn!(%error, "news of a person could not be told");
                }
                sleep_until(Instant::now() + TELL_INTERVAL).await;
                let mut told = news.told();
                match told.get_mut(&person) {
                    Some(more) if *more => *more = false,
                    _ => {
                        told.remove(&person);
                        return;
                    }
                }
            }
        });
    }
}

impl Chat {
    async fn tell_of(&self, person: UserId) -> Result<(), Error> {
        let Some(user) = self.store.user(person).await? else { return Ok(()) };
        let mut to = self.store.acquaintances_of(person, MAX_TOLD).await?;
        // And the person's own devices.
        to.push(person);
        self.events.publish(vec![Fact::PersonChanged { user, to }.into()]);
        Ok(())
    }
}
