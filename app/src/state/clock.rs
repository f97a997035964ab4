//! Two clocks. Waits go by the device's, which is handed in as `now`; what the server has stamped, or is
//! to keep to, is compared with the server's, as it was told last.

use crate::protocol::Timestamp;

use super::State;

impl State {
    /// The server's clock shows this now.
    pub const fn tell_time(&mut self, server_time: Timestamp, now: Timestamp) {
        self.ahead = server_time - now;
    }

    /// What the server's clock shows.
    #[must_use]
    pub const fn server_time(&self, now: Timestamp) -> Timestamp {
        now + self.ahead
    }

    /// What the device's clock shows when the server's shows this.
    pub(super) const fn device_time(&self, server_time: Timestamp) -> Timestamp {
        server_time.saturating_sub(self.ahead)
    }
}
