//! How many requests of a person are answered at the same time; the others wait for their turn.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::protocol::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// A number of turns a person.
pub(super) struct AtOnce {
    /// Absent: as many as they like.
    limit: Option<usize>,
    /// How long a request waits for its turn.
    patience: Duration,
    people: Arc<People>,
}

/// The turns of those who ask something at this moment.
#[derive(Default)]
struct People(Mutex<HashMap<UserId, Arc<Semaphore>>>);

/// A request's turn, until it is dropped.
pub struct Turn {
    _place: Option<Place>,
}

/// Someone who has a turn, or waits for one. The last of a person's takes the person along, so that
/// only those are known who ask.
struct Place {
    user: UserId,
    people: Arc<People>,
    /// Absent only while it waits, and once it ends.
    permit: Option<OwnedSemaphorePermit>,
}

impl AtOnce {
    /// So many turns a person, which are waited for for so long; without a limit nobody waits.
    pub(super) fn new(limit: Option<usize>, patience: Duration) -> Self {
        Self { limit, patience, people: Arc::default() }
    }

    /// Waits for a turn of this person; absent when there was none in time.
    pub(super) async fn turn(&self, user: UserId) -> Option<Turn> {
        let Some(limit) = self.limit else { return Some(Turn { _place: None }) };
        let turns = {
            let mut people = self.people.lock();
            Arc::clone(people.entry(user).or_insert_with(|| Arc::new(Semaphore::new(limit))))
        };
        let mut place = Place { user, people: Arc::clone(&self.people), permit: None };
        let permit = timeout(self.patience, turns.acquire_owned()).await;
        // Nobody closes them.
        place.permit = Some(permit.ok()?.ok()?);
        Some(Turn { _place: Some(place) })
    }
}

impl People {
    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Arc<Semaphore>>> {
        // Every state in between is a good one, so a panic elsewhere spoils nothing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut people = self.people.lock();
        self.permit = None;
        // Whoever has a turn or waits for one holds it, too.
        if people.get(&self.user).is_some_and(|turns| Arc::strong_count(turns) == 1) {
            people.remove(&self.user);
        }
    }
}

#[cfg(test)]
mod tests {
    use app::protocol::UserId;
    use tokio::time::{Duration, Instant};

    use super::AtOnce;

    const MEI: UserId = UserId::new(1);
    const OMAR: UserId = UserId::new(2);
    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_mins(1);

    #[tokio::test]
    async fn one_too_many_waits_for_its_turn_but_not_for_ever() {
        let turns = AtOnce::new(Some(2), SHORT);
        let first = turns.turn(MEI).await.expect("a turn");
        let _second = turns.turn(MEI).await.expect("a turn");
        assert!(turns.turn(OMAR).await.is_some(), "others have their own");
        let began = Instant::now();
        assert!(turns.turn(MEI).await.is_none());
        assert!(began.elapsed() >= SHORT);
        drop(first);
        assert!(turns.turn(MEI).await.is_some(), "there is one again");
    }

    #[tokio::test]
    async fn who_waits_has_the_turn_of_the_next_that_ends() {
        let turns = AtOnce::new(Some(1), LONG);
        let first = turns.turn(MEI).await.expect("a turn");
        let leaving = async {
            tokio::task::yield_now().await;
            drop(first);
        };
        let (second, ()) = tokio::join!(turns.turn(MEI), leaving);
        assert!(second.is_some());
    }

    #[tokio::test]
    async fn who_asks_nothing_is_forgotten() {
        let turns = AtOnce::new(Some(1), LONG);
        let first = turns.turn(MEI).await.expect("a turn");
        // Of one that gives up while it waits nothing stays either.
        let gone = tokio::time::timeout(SHORT, turns.turn(MEI)).await;
        assert!(gone.is_err());
        assert_eq!(turns.people.lock().len(), 1);
        drop(first);
        assert!(turns.people.lock().is_empty());
    }
}
