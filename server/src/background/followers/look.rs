//! Looking for what was missed: what happened while nobody followed, and what nobody was told of.

use std::time::Duration;

use app::protocol::Timestamp;

/// How long after its moment was taken a change may be committed: what a transaction is given at most.
pub(super) const MAX_DELAY: Duration = Duration::from_secs(20);
/// For nodes whose clocks agree: they may differ by ten seconds from the database's.
const SHORT_OVERLAP: Duration = MAX_DELAY.saturating_add(Duration::from_secs(10));
/// For nodes whose clocks are wrong by up to an hour.
const LONG_OVERLAP: Duration = MAX_DELAY.saturating_add(Duration::from_hours(1));

/// How far a look goes back behind where the last one began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Overlap {
    Short,
    Long,
}

impl Overlap {
    /// The moment from which on it is looked.
    pub(super) fn before(self, looked_to: Timestamp) -> Timestamp {
        let overlap = match self {
            Self::Short => SHORT_OVERLAP,
            Self::Long => LONG_OVERLAP,
        };
        looked_to - i64::try_from(overlap.as_millis()).unwrap_or(i64::MAX)
    }
}
