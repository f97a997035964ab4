//! Carries what was committed to this node's sockets.
//!
//! * [`changes`] — conversations that changed by something else
//! * [`groups`] — groups: who came, who went, what is different
//! * [`messages`] — messages and acks, each conversation in the order of `seq`
//! * [`message_changes`] — messages that changed
//! * [`rosters`] — who is in a group, where a fact came from another node
//! * [`marks`] — receipts
//! * [`delivery`] — what has come to its turn, to those whom it is for

mod changes;
mod delivery;
mod groups;
mod marks;
mod message_changes;
mod messages;
mod rosters;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::protocol::{ConversationId, LoginId, ServerFrame, UserId, close};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tungstenite::Utf8Bytes;

use super::frames::encode;
use super::mailbox::Mailbox;
use super::meters;
use super::outbound::{MessageReply, Outbound};
use super::sequencer::Sequencer;
use super::sockets::Sockets;
use crate::chat::Reader;
use crate::clock;
use crate::events::{ConnectionId, Event, Fact, Local, Reply};
use delivery::Arrival;
use groups::GroupNews;
use rosters::Rosters;

/// This node's sockets, and the way of events to them. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    inner: Arc<Inner>,
}

struct Inner {
    /// One lock for all: it is held for microseconds, and never across an await.
    state: Mutex<State>,
    reader: Reader,
    max_sockets_per_user: usize,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

#[derive(Default)]
struct State {
    sockets: Sockets,
    sequencers: HashMap<ConversationId, Sequencer<Arrival>>,
    rosters: Rosters,
}

impl Hub {
    /// A hub without sockets, which tidies up on the current runtime until it is shut down. What it was not told it
    /// reads by `reader`.
    pub fn start(reader: Reader, max_sockets_per_user: usize) -> Self {
        let hub = Self {
            inner: Arc::new(Inner {
                state: Mutex::default(),
                reader,
                max_sockets_per_user,
                stopping: CancellationToken::new(),
                tasks: TaskTracker::new(),
            }),
        };
        let tidying = hub.clone();
        hub.inner.tasks.spawn(async move { tidying.forget_idle_sequencers().await });
        hub
    }

    /// Takes in what happened and the replies to sockets, in the order of the commits. Never blocks.
    pub fn accept(&self, events: Vec<Event>) {
        let mut changed = Vec::new();
        for event in events {
            match event {
                Event::Fact { fact, local } => self.tell_fact(fact, local, &mut changed),
                Event::Reply(reply) => self.reply(reply),
            }
        }
        if !changed.is_empty() {
            let hub = self.clone();
            self.inner.tasks.spawn(async move { hub.tell_changed(changed).await });
        }
    }

    /// Tells of a fact; what has to be read for that is added to `changed`.
    fn tell_fact(
        &self,
        fact: Fact,
        Local { origin, members }: Local,
        changed: &mut Vec<(ConversationId, UserId)>,
    ) {
        match fact {
            Fact::MessageStored { message, audience } => {
                let (id, at) = (message.conversation_id, message.seq);
                self.with_members(id, audience, at, members, |hub, members| {
                    hub.arrive(message, members, origin, None);
                });
            }
            Fact::MessageChanged(change) => {
                let (id, at) = (change.message.conversation_id, change.after);
                self.with_members(id, change.audience, at, members, |hub, members| {
                    hub.tell_message_change(change, members);
                });
            }
            Fact::GroupChanged(change) => {
                let group = &change.conversation;
                let at = change.messages.first().map_or(group.last_seq, |message| message.seq);
                self.with_members(group.id, change.audience, at, members, |hub, members| {
                    hub.tell_group(GroupNews { change, members: members.clone(), origin });
                });
            }
            Fact::ConversationChanged { conversation_id, to } => {
                if !self.state().sockets.of(to).is_empty() {
                    changed.push((conversation_id, to));
                }
            }
            Fact::MarksMoved { receipt, partner } => {
                self.tell_marks(receipt, partner, origin.map(|origin| origin.connection));
            }
            Fact::PresenceChanged { user_id, presence, to } => {
                self.tell(&to, || Outbound::Presence { user_id, presence });
            }
            Fact::PersonChanged { user, to } => self
                .tell(&to, || Outbound::Frame(encode(&ServerFrame::User { user: user.clone() }))),
            Fact::Notified { notification, to } => {
                let people = to.unwrap_or_else(|| self.state().sockets.people());
                let frame = ServerFrame::Notification(notification);
                self.tell(&people, || Outbound::Frame(encode(&frame)));
            }
            Fact::TypingChanged { conversation_id, user_id, active, to } => self.tell(&to, || {
                let frame = ServerFrame::Typing { conversation_id, user_id, active };
                Outbound::Frame(encode(&frame))
            }),
        }
    }

    fn reply(&self, reply: Reply) {
        match reply {
            Reply::Repeated { message, members, to } => self.repeat(message, members, to),
            Reply::Refused { error, conversation_id, client_id, to } => {
                let name = client_id.clone();
                let frame = encode(&ServerFrame::Error { id: to.frame_id, client_id, error });
                let outbound = match name {
                    Some(client_id) => {
                        let seq = None;
                        let reply = MessageReply { conversation_id, client_id, seq, frame };
                        Outbound::MessageReply(Box::new(reply))
                    }
                    None => Outbound::Frame(frame),
                };
                self.state().sockets.push(to.connection, outbound);
            }
        }
    }

    /// Something to all sockets of some people; made when there is one.
    fn tell(&self, people: &[UserId], frame: impl Fn() -> Outbound) {
        self.state().sockets.push_to_all(people.iter().copied(), None, frame);
    }

    /// Adds a socket that is known to be this user's.
    pub(in crate::ws) fn join(&self, user: UserId, login: LoginId) -> (ConnectionId, Mailbox) {
        let id = ConnectionId(clock::random());
        let mut state = self.state();
        let mailbox = state.sockets.add(id, user, login, self.inner.max_sockets_per_user);
        (id, mailbox)
    }

    /// Forgets a socket that has ended.
    pub(in crate::ws) fn part(&self, id: ConnectionId) {
        self.state().sockets.remove(id);
    }

    /// The logins of this node's sockets, each once.
    pub(in crate::ws) fn logins(&self) -> Vec<LoginId> {
        self.state().sockets.logins()
    }

    /// Closes a login's sockets: it ended.
    pub(in crate::ws) fn end_login(&self, login: LoginId) {
        self.state().sockets.close_login(login, close::UNAUTHENTICATED);
    }

    /// Ends when the server stops; sockets then take no more commands.
    pub(in crate::ws) fn stopping(&self) -> CancellationToken {
        self.inner.stopping.clone()
    }

    /// Tracks a socket's task, so that the server's end waits for it.
    pub(in crate::ws) fn tasks(&self) -> TaskTracker {
        self.inner.tasks.clone()
    }

    /// Has every socket answer what it took, close with 1012, and waits for that.
    pub async fn shut_down(&self) {
        self.inner.stopping.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    /// Sets the gauges of this node's sockets.
    pub fn measure(&self) {
        let state = self.state();
        meters::measure(state.sockets.len(), state.sockets.waiting());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic under the lock leaves at worst a message undelivered, which clients fetch.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn push_to_user(
    sockets: &mut Sockets,
    user: UserId,
    except: Option<ConnectionId>,
    frame: &Utf8Bytes,
) {
    sockets.push_to_all(std::iter::once(user), except, || Outbound::Frame(frame.clone()));
}
