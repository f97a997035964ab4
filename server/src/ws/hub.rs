//! Carries what was committed to this node's sockets, each conversation in the order of `seq`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use app::protocol::{
    ConversationId, LoginId, Message, MessageAck, Receipt, Seq, ServerFrame, UserId, close,
};
use axum::extract::ws::Utf8Bytes;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::frames::{encode, encode_new_message};
use super::meters;
use super::sequencer::{Late, Sequencer, Step, Then};
use super::sockets::{Inbox, Outbound, Sockets};
use crate::chat::Chat;
use crate::clock;
use crate::event::{Audience, ConnectionId, Event, Origin};

/// How long an early message waits for the one before it, until that is read from the database.
const GAP_PATIENCE: Duration = Duration::from_millis(250);

/// How long a conversation's sequencer is remembered after its last message.
const SEQUENCER_MEMORY: Duration = Duration::from_mins(1);

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

/// A message on its way through a sequencer.
#[derive(Debug)]
struct Arrival {
    message: Arc<Message>,
    audience: Audience,
    origin: Option<Origin>,
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
        for event in events {
            match event {
                Event::Message { message, audience, origin } => {
                    self.arrive(Arrival { message, audience, origin });
                }
                Event::Repeat { ack, origin } => {
                    let (conversation_id, seq) = (ack.conversation_id, ack.seq);
                    let frame = encode(&ServerFrame::MessageAck(ack));
                    let outbound = Outbound::Ack { conversation_id, seq, frame };
                    self.state().sockets.push(origin, outbound);
                }
                Event::Refused { error, client_id, origin } => {
                    let is_message = client_id.is_some();
                    let frame = ServerFrame::Error { id: origin.frame_id, client_id, error };
                    let frame = encode(&frame);
                    let outbound =
                        if is_message { Outbound::Refusal(frame) } else { Outbound::Frame(frame) };
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
                    self.tell_marks(receipt, audience, origin);
                }
            }
        }
    }

    /// Learns that a conversation stood at `last` when a socket of this node began to write to it,
    /// so that what another node writes is not overlooked.
    pub(super) fn expect_after(&self, conversation_id: ConversationId, last: Seq) {
        let mut state = self.state();
        let sequencer = state
            .sequencers
            .entry(conversation_id)
            .or_insert_with(|| Sequencer::new(Instant::now()));
        sequencer.expect_after(last);
    }

    /// Adds a socket that is known to be this user's.
    pub(super) fn join(&self, user: UserId, login: LoginId) -> (ConnectionId, Inbox) {
        let id = ConnectionId(clock::random());
        let mut state = self.state();
        let inbox = state.sockets.add(id, user, login, self.inner.max_sockets_per_user);
        (id, inbox)
    }

    /// Forgets a socket.
    pub(super) fn part(&self, id: ConnectionId) {
        self.state().sockets.remove(id);
    }

    /// Closes a login's sockets: it ended.
    pub fn end_login(&self, login: LoginId) {
        self.state().sockets.close_login(login, close::UNAUTHENTICATED);
    }

    /// Ends when the server stops; sockets then take no more commands.
    pub(super) fn stopping(&self) -> CancellationToken {
        self.inner.stopping.clone()
    }

    /// Tracks a socket's task, so that the server's end waits for it.
    pub(super) fn tasks(&self) -> TaskTracker {
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

    fn arrive(&self, arrival: Arrival) {
        let (id, audience) = (arrival.message.conversation_id, arrival.audience);
        let mut state = self.state();
        if audience.members().all(|member| state.sockets.of(member).is_empty()) {
            // Nobody here: whoever connects later reads it from the database.
            state.sequencers.remove(&id);
            return;
        }
        let now = Instant::now();
        let sequencer = state.sequencers.entry(id).or_insert_with(|| Sequencer::new(now));
        match sequencer.offer(arrival.message.seq, arrival, now) {
            Ok(step) => self.take(&mut state, id, audience, step),
            Err(Late(arrival)) => ack(&mut state.sockets, &arrival),
        }
    }

    fn take(&self, state: &mut State, id: ConversationId, audience: Audience, step: Step<Arrival>) {
        for arrival in step.deliver {
            deliver(&mut state.sockets, &arrival);
        }
        let hub = self.clone();
        match step.then {
            Then::Wait => {}
            Then::Introduce => {
                self.inner.tasks.spawn(async move { hub.introduce(id, audience).await });
            }
            Then::AwaitGap => {
                self.inner.tasks.spawn(async move { hub.close_gap(id, audience).await });
            }
        }
    }

    /// Tells both members of a conversation in which something is said for the first time.
    async fn introduce(&self, id: ConversationId, audience: Audience) {
        let mut frames = Vec::new();
        for member in audience.members() {
            let here = !self.state().sockets.of(member).is_empty();
            let Some(chat) = self.inner.chat.get().filter(|_| here) else { continue };
            match chat.conversation(member, id).await {
                Ok(conversation) => {
                    frames.push((member, encode(&ServerFrame::Conversation { conversation })));
                }
                // They still get the message, and fetch the conversation when it is unknown.
                Err(error) => tracing::warn!(%error, "a new conversation could not be read"),
            }
        }
        let mut state = self.state();
        for (member, frame) in frames {
            push_to_user(&mut state.sockets, member, None, &frame);
        }
        if let Some(sequencer) = state.sequencers.get_mut(&id) {
            let step = sequencer.introduced();
            self.take(&mut state, id, audience, step);
        }
    }

    /// Gives a missing message a moment to come, then reads it from the database.
    async fn close_gap(&self, id: ConversationId, audience: Audience) {
        tokio::time::sleep(GAP_PATIENCE).await;
        let gap = self.state().sequencers.get_mut(&id).and_then(Sequencer::gap);
        let missed = match (gap, self.inner.chat.get()) {
            (Some((from, to)), Some(chat)) => {
                meters::gap();
                chat.messages_between(id, from, to).await.unwrap_or_else(|error| {
                    // Clients see the hole and fetch it themselves.
                    tracing::warn!(%error, "missed messages could not be read");
                    Vec::new()
                })
            }
            _ => Vec::new(),
        };
        let mut state = self.state();
        let now = Instant::now();
        for message in missed {
            let seq = message.seq;
            let arrival = Arrival { message: Arc::new(message), audience, origin: None };
            let Some(sequencer) = state.sequencers.get_mut(&id) else { return };
            if let Ok(step) = sequencer.offer(seq, arrival, now) {
                self.take(&mut state, id, audience, step);
            }
        }
        if let Some(sequencer) = state.sequencers.get_mut(&id) {
            let step = sequencer.gap_closed(gap.map_or(Seq::ZERO, |(_, to)| to));
            self.take(&mut state, id, audience, step);
        }
    }

    fn tell_marks(&self, receipt: Receipt, audience: Audience, origin: Option<ConnectionId>) {
        let user = receipt.user_id;
        let mut state = self.state();
        if let Some(partner) = audience.partner_of(user)
            && !state.sockets.of(partner).is_empty()
        {
            push_to_user(
                &mut state.sockets,
                partner,
                None,
                &encode(&ServerFrame::Receipt(receipt)),
            );
        }
        if state.sockets.of(user).iter().any(|id| Some(*id) != origin) {
            let hub = self.clone();
            self.inner.tasks.spawn(async move { hub.tell_own_marks(receipt, origin).await });
        }
    }

    /// Tells a user's other sockets; the unread count is read only when there is one to tell.
    async fn tell_own_marks(&self, receipt: Receipt, origin: Option<ConnectionId>) {
        let Some(chat) = self.inner.chat.get() else { return };
        match chat.unread(receipt.user_id, receipt.conversation_id).await {
            Ok(unread) => {
                let frame =
                    encode(&ServerFrame::Receipt(Receipt { unread: Some(unread), ..receipt }));
                push_to_user(&mut self.state().sockets, receipt.user_id, origin, &frame);
            }
            Err(error) => tracing::warn!(%error, "an unread count could not be read"),
        }
    }

    async fn forget_idle_sequencers(&self) {
        while self
            .inner
            .stopping
            .run_until_cancelled(tokio::time::sleep(SEQUENCER_MEMORY))
            .await
            .is_some()
        {
            let Some(then) = Instant::now().checked_sub(SEQUENCER_MEMORY) else { continue };
            self.state().sequencers.retain(|_, sequencer| !sequencer.is_idle_since(then));
        }
    }
}

/// An ack to the socket that sent the message, a `new_message` to every other of its members.
fn deliver(sockets: &mut Sockets, arrival: &Arrival) {
    let Arrival { message, audience, origin } = arrival;
    let (conversation_id, seq) = (message.conversation_id, message.seq);
    let mut frame: Option<Utf8Bytes> = None;
    for member in audience.members() {
        for id in sockets.of(member).to_vec() {
            if origin.as_ref().is_some_and(|origin| origin.connection == id) {
                continue;
            }
            let frame = frame.get_or_insert_with(|| encode_new_message(message)).clone();
            sockets.push(id, Outbound::Message { conversation_id, seq, frame });
        }
    }
    ack(sockets, arrival);
}

fn ack(sockets: &mut Sockets, arrival: &Arrival) {
    let Arrival { message, origin: Some(origin), .. } = arrival else { return };
    let (conversation_id, seq) = (message.conversation_id, message.seq);
    let frame = encode(&ServerFrame::MessageAck(MessageAck {
        id: origin.frame_id.clone(),
        client_id: message.client_id.clone(),
        conversation_id,
        seq,
        created_at: message.created_at,
        duplicate: false,
    }));
    sockets.push(origin.connection, Outbound::Ack { conversation_id, seq, frame });
}

fn push_to_user(
    sockets: &mut Sockets,
    user: UserId,
    except: Option<ConnectionId>,
    frame: &Utf8Bytes,
) {
    for id in sockets.of(user).to_vec() {
        if Some(id) != except {
            sockets.push(id, Outbound::Frame(frame.clone()));
        }
    }
}
