//! Time, ids and randomness, handed in so that tests decide them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use app::protocol::Timestamp;

/// Where the time comes from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands until a test moves it.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// Milliseconds since the Unix epoch, UTC.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
            }
            Self::Fixed(now) => now.load(Ordering::Relaxed),
        }
    }
}

/// Milliseconds from the Unix epoch to 2025-01-01, from which ids count.
const ID_EPOCH: Timestamp = 1_735_689_600_000;

/// Makes ids that are unique with great likelihood across nodes, grow with time (so that new rows
/// go to the end of their index) and fit in 53 bits: 40 bits of milliseconds since 2025 (34 years)
/// and 13 random ones. Whoever inserts under such an id tries again on a collision.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    clock: Clock,
}

impl Ids {
    /// Ids by this clock.
    pub fn new(clock: Clock) -> Self {
        Self { clock }
    }

    /// A fresh id, in 1…2^53−1.
    pub fn next(&self) -> i64 {
        let millis = (self.clock.now() - ID_EPOCH).max(1) & ((1 << 40) - 1);
        let random: u16 = random();
        (millis << 13) | i64::from(random & 0x1fff)
    }
}

/// A random value from the operating system's seeded generator.
#[expect(clippy::disallowed_methods, reason = "the one place that asks for randomness")]
pub fn random<T>() -> T
where
    rand::distr::StandardUniform: rand::distr::Distribution<T>,
{
    rand::RngExt::random(&mut rand::rng())
}
