//! Who is there: each socket is online or away, and its user is what their sockets make together.

mod memory;

use std::sync::Arc;

use app::protocol::{PresenceStatus, UserId};

use crate::events::ConnectionId;
use memory::Memory;

/// Who is there. Cheap to clone.
#[derive(Clone)]
pub struct Presence(Arc<Memory>);

/// How others saw a user before and after a socket came, changed or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresenceChange {
    /// How others saw them before.
    pub before: PresenceStatus,
    /// How others see them now.
    pub after: PresenceStatus,
}

impl Presence {
    /// Kept in this process: after a start nobody is there.
    pub fn in_memory() -> Self {
        Self(Arc::default())
    }

    /// A socket of this user is there, or looks different.
    #[expect(clippy::unused_async, reason = "on several nodes the answer comes over the network")]
    pub async fn set(
        &self,
        user: UserId,
        socket: ConnectionId,
        status: PresenceStatus,
    ) -> PresenceChange {
        self.0.set(user, socket, status)
    }

    /// A socket of this user counts no longer.
    #[expect(clippy::unused_async, reason = "on several nodes the answer comes over the network")]
    pub async fn remove(&self, user: UserId, socket: ConnectionId) -> PresenceChange {
        self.0.remove(user, socket)
    }

    /// How these users are seen, without those who are offline.
    #[expect(clippy::unused_async, reason = "on several nodes the answer comes over the network")]
    pub async fn of(&self, users: &[UserId]) -> Vec<(UserId, PresenceStatus)> {
        self.0.of(users)
    }
}
