//! Presence of one node, in its memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use app::protocol::{PresenceStatus, UserId};

use super::PresenceChange;
use crate::events::ConnectionId;

/// A user's sockets; a handful each, so that a list is the smallest.
type Sockets = Vec<(ConnectionId, PresenceStatus)>;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Memory {
    users: Mutex<HashMap<UserId, Sockets>>,
}

impl Memory {
    pub(super) fn set(
        &self,
        user: UserId,
        socket: ConnectionId,
        status: PresenceStatus,
    ) -> PresenceChange {
        let mut users = self.users();
        let sockets = users.entry(user).or_default();
        let before = together(sockets);
        match sockets.iter_mut().find(|(id, _)| *id == socket) {
            Some((_, known)) => *known = status,
            None => sockets.push((socket, status)),
        }
        PresenceChange { before, after: together(sockets) }
    }

    pub(super) fn remove(&self, user: UserId, socket: ConnectionId) -> PresenceChange {
        let mut users = self.users();
        let Some(sockets) = users.get_mut(&user) else {
            return PresenceChange {
                before: PresenceStatus::Offline,
                after: PresenceStatus::Offline,
            };
        };
        let before = together(sockets);
        sockets.retain(|(id, _)| *id != socket);
        let after = together(sockets);
        if sockets.is_empty() {
            users.remove(&user);
        }
        PresenceChange { before, after }
    }

    pub(super) fn of(&self, wanted: &[UserId]) -> Vec<(UserId, PresenceStatus)> {
        let users = self.users();
        let there = |user: &UserId| Some((*user, together(users.get(user)?)));
        wanted.iter().filter_map(there).collect()
    }

    fn users(&self) -> MutexGuard<'_, HashMap<UserId, Sockets>> {
        // Nothing under the lock panics half-way.
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Online if any socket is; away if all are.
fn together(sockets: &Sockets) -> PresenceStatus {
    match sockets.as_slice() {
        [] => PresenceStatus::Offline,
        sockets if sockets.iter().any(|(_, status)| *status == PresenceStatus::Online) => {
            PresenceStatus::Online
        }
        _ => PresenceStatus::Away,
    }
}

#[cfg(test)]
mod tests {
    use app::protocol::PresenceStatus::{Away, Offline, Online};
    use app::protocol::UserId;

    use super::{Memory, PresenceChange};
    use crate::events::ConnectionId;

    #[test]
    fn a_user_is_what_their_sockets_make_together() {
        let memory = Memory::default();
        let user = UserId::new(1);
        let [desk, phone] = [1, 2].map(ConnectionId);
        let change = |before, after| PresenceChange { before, after };
        assert_eq!(memory.set(user, desk, Online), change(Offline, Online));
        assert_eq!(memory.set(user, phone, Away), change(Online, Online));
        assert_eq!(memory.set(user, desk, Away), change(Online, Away));
        assert_eq!(memory.set(user, phone, Online), change(Away, Online));
        assert_eq!(memory.of(&[UserId::new(2), user]), [(user, Online)]);
        assert_eq!(memory.remove(user, phone), change(Online, Away));
        assert_eq!(memory.remove(user, phone), change(Away, Away), "it has gone already");
        assert_eq!(memory.remove(user, desk), change(Away, Offline));
        assert_eq!(memory.remove(user, desk), change(Offline, Offline));
        assert_eq!(memory.of(&[user]), []);
        assert!(memory.users().is_empty(), "nobody is remembered");
    }
}
