//! Jitter: a small generator, seeded from outside so that tests can repeat a run.

use crate::protocol::Timestamp;

/// The shortest wait, before the first repetition.
const MIN_WAIT_MS: Timestamp = 1_000;

/// xorshift64*: good enough to spread clients in time, and nothing else.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::state) struct Random(u64);

impl Default for Random {
    fn default() -> Self {
        Self::new(0)
    }
}

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// From 0 up to, and without, `end`.
    pub fn below(&mut self, end: Timestamp) -> Timestamp {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let value = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16;
        Timestamp::try_from(value).unwrap_or(0) % end.max(1)
    }

    /// A wait that doubles with each attempt, from 0.5–1 s up to `longest`/2–`longest`.
    pub fn back_off(&mut self, attempts: u32, longest: Timestamp) -> Timestamp {
        let full = (MIN_WAIT_MS << attempts.min(10)).min(longest);
        full / 2 + self.below(full / 2 + 1)
    }
}
