//! Carries what was committed to this node's sockets.
//!
//! * [`changes`] — conversations that changed by something else
//! * [`groups`] — groups: who came, who went, what is different
//! * [`messages`] — messages and acks, each conversation in the order of `seq`
//! * [`updates`] — messages that changed
//! * [`marks`] — receipts
//! * [`delivery`] — what has come to its turn, to those whom it is for

mod changes;
mod delivery;
mod groups;
mod marks;
mod messages;
#[cfg(test)]
mod tests;
mod updates;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use app::protocol::{ConversationId, LoginId, Receipt, ServerFrame, UserId, close};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tungstenite::Utf8Bytes;

use super::frames::encode;
use super::mailbox::Mailbox;
use super::meters;
use super::outbound::{MessageReply, Outbound};
use super::sequencer::Sequencer;
use super::sockets::Sockets;
use crate::chat::Chat;
use crate::clock;
use crate::events::{ConnectionId, Event};
use delivery::Arrival;

/// This node's sockets, and the way of events to them. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    inner: Arc<Inner>,
}

struct Inner {
    /// One lock for all: it is held for microseconds, and never across an await.
    state: Mutex<State>,
    /// Set once at start: the use cases need the writer, and the writer needs the hub's sink.
    chat: OnceLock<Chat>,
    max_sockets_per_user: usize,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

#[derive(Default)]
struct State {
    sockets: Sockets,
    sequencers: HashMap<ConversationId, Sequencer<Arrival>>,
}

impl Hub {
    /// A hub without sockets. [`Hub::attach`] the use cases before it is used.
    pub fn new(max_sockets_per_user: usize) -> Self {
        Self {
            inner: Arc::new(Inner {
                state: Mutex::default(),
                chat: OnceLock::new(),
                max_sockets_per_user,
                stopping: CancellationToken::new(),
                tasks: TaskTracker::new(),
            }),
        }
    }

    /// Gives the hub the use cases through which it reads what it missed.
    pub fn attach(&self, chat: Chat) {
        let _ = self.inner.chat.set(chat);
        let hub = self.clone();
        self.inner.tasks.spawn(async move { hub.forget_idle_sequencers().await });
    }

    /// Takes the writer's outcomes, in the order of their commits. Never blocks.
    pub fn accept(&self, events: Vec<Event>) {
        let mut changed = Vec::new();
        for event in events {
            match event {
                Event::Changed { conversation_id, to } => {
                    if !self.state().sockets.of(to).is_empty() {
                        changed.push((conversation_id, to));
                    }
                }
                Event::Message { message, audience, origin } => {
                    self.arrive(message, &audience, origin, None);
                }
                Event::Group(change) => self.tell_group(&change),
                Event::Updated(update) => self.tell_updated(update),
                Event::Repeat { ack, audience, origin } => self.repeat(ack, audience, origin),
                Event::Refused { error, conversation_id, client_id, origin } => {
                    let name = client_id.clone();
                    let frame = ServerFrame::Error { id: origin.frame_id, client_id, error };
                    let frame = encode(&frame);
                    let outbound = match name {
                        Some(client_id) => {
                            let seq = None;
                            let reply = MessageReply { conversation_id, client_id, seq, frame };
                            Outbound::MessageReply(Box::new(reply))
                        }
                        None => Outbound::Frame(frame),
                    };
                    self.state().sockets.push(origin.connection, outbound);
                }
                Event::Marks {
                    conversation_id,
                    audience,
                    user_id,
                    delivered_seq,
                    read_seq,
                    origin,
                } => {
                    let receipt =
                        Receipt { conversation_id, user_id, delivered_seq, read_seq, unread: None };
                    self.tell_marks(receipt, &audience, origin);
                }
                Event::Presence { user_id, presence, to } => {
                    self.tell(&to, || Outbound::Presence { user_id, presence });
                }
                Event::Typing { conversation_id, user_id, active, to } => self.tell(&to, || {
                    let frame = ServerFrame::Typing { conversation_id, user_id, active };
                    Outbound::Frame(encode(&frame))
                }),
            }
        }
        if !changed.is_empty() {
            let hub = self.clone();
            self.inner.tasks.spawn(async move { hub.tell_changed(changed).await });
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
