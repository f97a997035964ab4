//! Two clocks. Waits go by the device's, which is handed in as `now`; what the server has stamped, or is
//! to keep to, is compared with the server's, as it was told last.

use crate::protocol::Timestamp;

/// The server's clock, as far as the device knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Clock {
    /// How far the server's clock is ahead of the device's, in milliseconds.
    ahead: Timestamp,
}

impl Clock {
    /// The server's clock shows this now.
    pub const fn set(&mut self, server_time: Timestamp, now: Timestamp) {
        self.ahead = server_time - now;
    }

    /// What the server's clock shows.
    pub const fn server_time(self, now: Timestamp) -> Timestamp {
        now + self.ahead
    }

    /// What the device's clock shows when the server's shows this.
    pub const fn device_time(self, server_time: Timestamp) -> Timestamp {
        server_time.saturating_sub(self.ahead)
    }
}
