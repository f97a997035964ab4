//! The generic cell rate algorithm (ITU-T I.371, as a virtual scheduler): of an allowance only the moment is kept
//! at which it is whole again.

use std::time::{Duration, Instant};

/// An allowance, in time: what is taken from it comes back as time passes.
#[derive(Clone, Copy, Debug)]
pub struct Gcra {
    whole_at: Instant,
}

impl Gcra {
    /// An allowance that is whole.
    pub fn new(now: Instant) -> Self {
        Self { whole_at: now }
    }

    /// Takes so much of an allowance that has `whole` at most, or nothing where there is less.
    ///
    /// # Errors
    /// The time after which there is so much.
    pub fn take(&mut self, cost: Duration, whole: Duration, now: Instant) -> Result<(), Duration> {
        let next = self.whole_at.max(now) + cost;
        let missing = next.duration_since(now).saturating_sub(whole);
        if !missing.is_zero() {
            return Err(missing);
        }
        self.whole_at = next;
        Ok(())
    }

    /// Takes so much also where there is less, and tells the time after which there is: `longest` at most, which
    /// is the most that is owed.
    pub fn owe(
        &mut self,
        cost: Duration,
        whole: Duration,
        now: Instant,
        longest: Duration,
    ) -> Duration {
        self.whole_at = (self.whole_at.max(now) + cost).min(now + whole + longest);
        self.whole_at.duration_since(now).saturating_sub(whole)
    }

    /// Gives so much back.
    pub fn give_back(&mut self, cost: Duration) {
        self.whole_at = self.whole_at.checked_sub(cost).unwrap_or(self.whole_at);
    }

    /// Whether nothing is missing.
    pub fn is_whole(&self, now: Instant) -> bool {
        self.whole_at <= now
    }
}

/// A wait, as answers tell it: in milliseconds, at least one.
pub fn in_milliseconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1)
}
