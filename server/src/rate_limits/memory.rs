//! Allowances counted in this process, one a key.
//!
//! Our own and not `governor`, because a log-in takes before it knows whether it fails and may have
//! to give back, which governor cannot.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::gcra::{Gcra, in_milliseconds};
use crate::config::Rate;

/// Below so many keys nothing is swept.
const MIN_SWEEP: usize = 1024;

/// An allowance a key.
pub(super) struct Buckets<K> {
    limit: Option<Limit>,
    keys: Mutex<Keys<K>>,
}

#[derive(Clone, Copy)]
struct Limit {
    /// After this long one more may pass.
    interval: Duration,
    /// So much may be used up at once.
    whole: Duration,
}

struct Keys<K> {
    allowances: HashMap<K, Gcra>,
    sweep_at: usize,
}

impl<K: Hash + Eq> Buckets<K> {
    /// Allowances of this rate, of which `burst` times the count may be used at once; without a
    /// rate everything passes.
    pub(super) fn new(rate: Option<Rate>, burst: u32) -> Self {
        let limit = rate.map(|rate| {
            let interval = rate.per / rate.count;
            Limit { interval, whole: interval * rate.count.saturating_mul(burst) }
        });
        Self { limit, keys: Mutex::new(Keys { allowances: HashMap::new(), sweep_at: MIN_SWEEP }) }
    }

    /// Takes one, or tells after how many milliseconds there is one.
    pub(super) fn take(&self, key: K, now: Instant) -> Result<(), u64> {
        let Some(Limit { interval, whole }) = self.limit else { return Ok(()) };
        let mut keys = self.keys();
        let allowance = keys.allowances.entry(key).or_insert_with(|| Gcra::new(now));
        allowance.take(interval, whole, now).map_err(in_milliseconds)?;
        keys.sweep(now);
        Ok(())
    }

    /// An allowance of time: a second for each second that goes by, and so much at once; without a limit
    /// everything passes.
    pub(super) fn of_time(whole: Option<Duration>) -> Self {
        let limit = whole.map(|whole| Limit { interval: Duration::ZERO, whole });
        Self { limit, keys: Mutex::new(Keys { allowances: HashMap::new(), sweep_at: MIN_SWEEP }) }
    }

    /// Takes one even where there is none, and tells after how long there is: `longest` at most.
    pub(super) fn owe(&self, key: K, now: Instant, longest: Duration) -> Duration {
        let one = self.limit.map_or(Duration::ZERO, |limit| limit.interval);
        self.owe_time(key, one, now, longest)
    }

    /// The same, of so much time.
    pub(super) fn owe_time(
        &self,
        key: K,
        time: Duration,
        now: Instant,
        longest: Duration,
    ) -> Duration {
        let Some(Limit { whole, .. }) = self.limit else { return Duration::ZERO };
        let mut keys = self.keys();
        let allowance = keys.allowances.entry(key).or_insert_with(|| Gcra::new(now));
        let wait = allowance.owe(time, whole, now, longest);
        keys.sweep(now);
        wait
    }

    /// Gives one back.
    pub(super) fn give_back(&self, key: &K) {
        if let Some(Limit { interval, .. }) = self.limit {
            self.give_back_time(key, interval);
        }
    }

    /// Gives so much time back.
    pub(super) fn give_back_time(&self, key: &K, time: Duration) {
        if let Some(allowance) = self.keys().allowances.get_mut(key) {
            allowance.give_back(time);
        }
    }

    fn keys(&self) -> MutexGuard<'_, Keys<K>> {
        // Every state in between is a good one, so a panic elsewhere spoils nothing.
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq> Keys<K> {
    /// Forgets whose allowance is whole, each time the number of keys has doubled.
    fn sweep(&mut self, now: Instant) {
        if self.allowances.len() < self.sweep_at {
            return;
        }
        self.allowances.retain(|_, allowance| !allowance.is_whole(now));
        self.sweep_at = MIN_SWEEP.max(self.allowances.len() * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::{Buckets, Duration, Instant, MIN_SWEEP, Rate};

    fn buckets(burst: u32) -> Buckets<usize> {
        Buckets::new(Rate::parse("20/s").expect("a rate"), burst)
    }

    #[test]
    fn a_burst_passes_and_then_the_rate() {
        let (buckets, start) = (buckets(5), Instant::now());
        for _ in 0..100 {
            assert_eq!(buckets.take(1, start), Ok(()));
        }
        assert_eq!(buckets.take(1, start), Err(50));
        assert_eq!(buckets.take(2, start), Ok(()));
        let later = start + Duration::from_millis(50);
        assert_eq!(buckets.take(1, later), Ok(()));
        assert_eq!(buckets.take(1, later), Err(50));
        let much_later = start + Duration::from_mins(1);
        assert_eq!((0..200).filter(|_| buckets.take(1, much_later).is_ok()).count(), 100);
    }

    #[test]
    fn who_owes_waits_a_little_longer_each_time() {
        let (buckets, now) = (buckets(5), Instant::now());
        let longest = Duration::from_millis(120);
        for _ in 0..100 {
            assert_eq!(buckets.owe(1, now, longest), Duration::ZERO);
        }
        let waits: Vec<_> = (0..4).map(|_| buckets.owe(1, now, longest).as_millis()).collect();
        assert_eq!(waits, [50, 100, 120, 120]);
    }

    #[test]
    fn one_given_back_may_be_taken_again() {
        let (buckets, now) = (buckets(1), Instant::now());
        assert_eq!((0..20).filter(|_| buckets.take(1, now).is_ok()).count(), 20);
        buckets.give_back(&1);
        assert_eq!(buckets.take(1, now), Ok(()));
        assert!(buckets.take(1, now).is_err());
    }

    #[test]
    fn who_has_been_quiet_is_forgotten() {
        let (buckets, start) = (buckets(1), Instant::now());
        for key in 0..MIN_SWEEP * 4 {
            let now = start + Duration::from_secs(key as u64);
            assert_eq!(buckets.take(key, now), Ok(()));
        }
        assert!(buckets.keys().allowances.len() <= MIN_SWEEP);
    }
}
