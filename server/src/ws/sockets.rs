//! This node's sockets, and the mailboxes that lead to them.

use std::collections::{HashMap, HashSet};

use app::protocol::{LoginId, UserId, close};

use super::mailbox::Mailbox;
use super::meters;
use super::outbound::Outbound;
use crate::events::ConnectionId;

#[derive(Debug)]
struct Socket {
    user: UserId,
    login: LoginId,
    mailbox: Mailbox,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Sockets {
    by_id: HashMap<ConnectionId, Socket>,
    /// In the order of their arrival.
    by_user: HashMap<UserId, Vec<ConnectionId>>,
}

impl Sockets {
    /// Adds a socket; a user's oldest ones beyond `limit` are closed.
    pub(super) fn add(
        &mut self,
        id: ConnectionId,
        user: UserId,
        login: LoginId,
        limit: usize,
    ) -> Mailbox {
        let mailbox = Mailbox::default();
        self.by_id.insert(id, Socket { user, login, mailbox: mailbox.clone() });
        self.by_user.entry(user).or_default().push(id);
        while self.by_user.get(&user).is_some_and(|ids| ids.len() > limit) {
            let Some(oldest) = self.by_user.get(&user).and_then(|ids| ids.first().copied()) else {
                break;
            };
            self.close(oldest, close::REPLACED);
        }
        mailbox
    }

    /// Forgets a socket.
    pub(super) fn remove(&mut self, id: ConnectionId) {
        let Some(socket) = self.by_id.remove(&id) else { return };
        if let Some(ids) = self.by_user.get_mut(&socket.user) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.by_user.remove(&socket.user);
            }
        }
    }

    /// Forgets a socket and asks it to close.
    pub(super) fn close(&mut self, id: ConnectionId, code: u16) {
        if let Some(socket) = self.by_id.get(&id) {
            socket.mailbox.close(code);
        }
        self.remove(id);
    }

    /// Closes every socket of a login.
    pub(super) fn close_login(&mut self, login: LoginId, code: u16) {
        let ids = self.by_id.iter().filter(|(_, socket)| socket.login == login);
        for id in ids.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.close(id, code);
        }
    }

    /// The logins of all sockets, each once.
    pub(super) fn logins(&self) -> Vec<LoginId> {
        let logins: HashSet<_> = self.by_id.values().map(|socket| socket.login).collect();
        logins.into_iter().collect()
    }

    /// The people who have sockets on this node, each once.
    pub(super) fn people(&self) -> Vec<UserId> {
        self.by_user.keys().copied().collect()
    }

    /// The sockets of a user on this node.
    pub(super) fn of(&self, user: UserId) -> &[ConnectionId] {
        self.by_user.get(&user).map_or(&[], Vec::as_slice)
    }

    /// Queues something for a socket. One that does not read is cut off.
    pub(super) fn push(&mut self, id: ConnectionId, outbound: Outbound) {
        let Some(socket) = self.by_id.get(&id) else { return };
        if socket.mailbox.push(outbound).is_err() {
            self.cut_off(id);
        }
    }

    fn cut_off(&mut self, id: ConnectionId) {
        meters::cut_off();
        self.close(id, close::TOO_SLOW);
    }

    /// Queues the same for all sockets of some people but one; it is made when there is one.
    pub(super) fn push_to_all(
        &mut self,
        people: impl Iterator<Item = UserId>,
        except: Option<ConnectionId>,
        outbound: impl Fn() -> Outbound,
    ) {
        let mut made: Option<Outbound> = None;
        let mut too_slow = Vec::new();
        for id in people.flat_map(|person| self.of(person)) {
            if let Some(socket) = self.by_id.get(id).filter(|_| Some(*id) != except) {
                let outbound = made.get_or_insert_with(&outbound).clone();
                if socket.mailbox.push(outbound).is_err() {
                    too_slow.push(*id);
                }
            }
        }
        for id in too_slow {
            self.cut_off(id);
        }
    }

    /// Whether a socket is one of these people's.
    pub(super) fn is_of(&self, id: ConnectionId, people: &[UserId]) -> bool {
        self.by_id.get(&id).is_some_and(|socket| people.contains(&socket.user))
    }

    /// How many frames wait to go out.
    pub(super) fn waiting(&self) -> usize {
        self.by_id.values().map(|socket| socket.mailbox.len()).sum()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }
}

#[cfg(test)]
mod tests {
    use app::protocol::{LoginId, UserId, close};

    use super::{Outbound, Sockets};
    use crate::events::ConnectionId;
    use crate::ws::mailbox::CAPACITY;

    #[tokio::test]
    async fn the_oldest_socket_makes_room() {
        let mut sockets = Sockets::default();
        let user = UserId::new(1);
        let login = LoginId::new(1);
        let oldest = sockets.add(ConnectionId(1), user, login, 2);
        let _second = sockets.add(ConnectionId(2), user, login, 2);
        let _third = sockets.add(ConnectionId(3), user, login, 2);
        assert_eq!(oldest.closing().await, close::REPLACED);
        assert_eq!(sockets.of(user), [ConnectionId(2), ConnectionId(3)]);
    }

    #[tokio::test]
    async fn what_goes_to_all_is_made_once() {
        let mut sockets = Sockets::default();
        let people: Vec<_> = (1..=500).map(UserId::new).collect();
        let login = LoginId::new(1);
        // Of every other person there are two sockets.
        let mut mailboxes = Vec::new();
        for (number, person) in (0..).zip(people.iter().step_by(2)) {
            for id in [2 * number, 2 * number + 1] {
                mailboxes.push((id, sockets.add(ConnectionId(id), *person, login, 10)));
            }
        }
        let made = std::cell::Cell::new(0);
        let frame = || {
            made.set(made.get() + 1);
            Outbound::Frame("x".into())
        };
        sockets.push_to_all(people.iter().copied(), Some(ConnectionId(7)), frame);
        assert_eq!(made.get(), 1);
        for (id, mailbox) in &mailboxes {
            assert_eq!(mailbox.len(), usize::from(*id != 7));
        }
        // For nobody nothing is made.
        sockets.push_to_all([UserId::new(2)].into_iter(), None, frame);
        assert_eq!(made.get(), 1);
    }

    #[tokio::test]
    async fn a_socket_that_does_not_read_is_cut_off() {
        let mut sockets = Sockets::default();
        let id = ConnectionId(1);
        let mailbox = sockets.add(id, UserId::new(1), LoginId::new(1), 10);
        for _ in 0..=CAPACITY {
            sockets.push(id, Outbound::Frame("x".into()));
        }
        assert_eq!(mailbox.closing().await, close::TOO_SLOW);
        assert_eq!(sockets.len(), 0);
    }
}
