//! What time it is here.

use crate::protocol::Timestamp;

/// The browser's clock.
#[cfg(feature = "hydrate")]
#[expect(clippy::cast_possible_truncation, reason = "milliseconds fit an i64 for ages")]
pub(super) fn now() -> Timestamp {
    js_sys::Date::now() as Timestamp
}

/// The server renders; nothing that it does here depends on time.
#[cfg(not(feature = "hydrate"))]
pub(super) const fn now() -> Timestamp {
    0
}
