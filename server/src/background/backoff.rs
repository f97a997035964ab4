//! How long to wait before something that failed is tried again.

use std::time::Duration;

/// Waits that double from one failure to the next, up to the longest; each is shortened at random by up to a half,
/// so that what failed together is not tried again together.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// The longest wait after the first failure.
    pub first: Duration,
    /// The longest wait after any number of failures.
    pub longest: Duration,
    /// Where the randomness comes from: any value is as likely as any other.
    pub random: fn() -> u16,
}

impl Backoff {
    /// The wait after so many failures in a row, at least one.
    pub fn after(&self, failures: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        let whole = self.first.saturating_mul(doubled).min(self.longest);
        let shortened = whole / 2 * u32::from((self.random)()) / u32::from(u16::MAX);
        whole.saturating_sub(shortened)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Backoff;

    #[test]
    fn waits_double_up_to_the_longest_and_are_spread() {
        let backoff = |random| Backoff {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(30),
            random,
        };
        let waits = |backoff: Backoff| {
            [1, 2, 3, 5, 6, 40, u32::MAX].map(|failures| backoff.after(failures).as_millis())
        };
        let whole = [1_000, 2_000, 4_000, 16_000, 30_000, 30_000, 30_000];
        assert_eq!(waits(backoff(|| 0)), whole);
        assert_eq!(waits(backoff(|| u16::MAX)), whole.map(|wait| wait / 2));
    }
}
