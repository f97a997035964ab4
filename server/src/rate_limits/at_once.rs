//! How many requests of one kind, such as a person's, are answered at the same time; the others wait for their
//! turn.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// A number of turns a key.
pub(super) struct AtOnce<K: Hash + Eq> {
    /// Absent: as many as they like.
    limit: Option<usize>,
    /// How long a request waits for its turn.
    timeout: Duration,
    keys: Arc<Keys<K>>,
}

/// The turns of the keys that something is asked for at this moment.
struct Keys<K>(Mutex<HashMap<K, Arc<Semaphore>>>);

/// A request's turn, until it is dropped.
pub struct Turn<K: Hash + Eq> {
    slot: Option<Slot<K>>,
}

/// A request that has a turn, or waits for one. The last of a key's takes the key along, so that only those
/// are known that are asked for.
struct Slot<K: Hash + Eq> {
    key: K,
    keys: Arc<Keys<K>>,
    /// Absent only while it waits, and once it ends.
    permit: Option<OwnedSemaphorePermit>,
}

impl<K: Hash + Eq> Turn<K> {
    /// Whether nothing else of its key has a turn, or waits for one.
    pub fn is_alone(&self) -> bool {
        let permit = self.slot.as_ref().and_then(|slot| slot.permit.as_ref());
        // Beside it they are in the table.
        permit.is_none_or(|permit| Arc::strong_count(permit.semaphore()) == 2)
    }
}

impl<K: Hash + Eq + Clone> AtOnce<K> {
    /// So many turns a key, which are waited for for so long; without a limit nobody waits.
    pub(super) fn new(limit: Option<usize>, timeout: Duration) -> Self {
        Self { limit, timeout, keys: Arc::new(Keys(Mutex::default())) }
    }

    /// Waits for a turn of this key; absent when there was none in time.
    pub(super) async fn turn(&self, key: K) -> Option<Turn<K>> {
        let Some(limit) = self.limit else { return Some(Turn { slot: None }) };
        let turns = {
            let mut keys = self.keys.lock();
            Arc::clone(keys.entry(key.clone()).or_insert_with(|| Arc::new(Semaphore::new(limit))))
        };
        let mut slot = Slot { key, keys: Arc::clone(&self.keys), permit: None };
        let permit = timeout(self.timeout, turns.acquire_owned()).await;
        // Nobody closes them.
        slot.permit = Some(permit.ok()?.ok()?);
        Some(Turn { slot: Some(slot) })
    }
}

impl<K> Keys<K> {
    fn lock(&self) -> MutexGuard<'_, HashMap<K, Arc<Semaphore>>> {
        // Every state in between is a good one, so a panic elsewhere spoils nothing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq> Drop for Slot<K> {
    fn drop(&mut self) {
        let mut keys = self.keys.lock();
        self.permit = None;
        // Whoever has a turn or waits for one holds it, too.
        if keys.get(&self.key).is_some_and(|turns| Arc::strong_count(turns) == 1) {
            keys.remove(&self.key);
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
        assert!(!first.is_alone());
        let other = turns.turn(OMAR).await.expect("others have their own");
        assert!(other.is_alone());
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
        assert_eq!(turns.keys.lock().len(), 1);
        drop(first);
        assert!(turns.keys.lock().is_empty());
    }
}
