//! One socket, from its sign-in to its end.

use std::collections::HashMap;
use std::time::Duration;

use app::protocol::{ConversationId, Ready, ServerFrame, UserId, close};
use axum::extract::ws::WebSocket;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until};

use super::drain::{self, Drain};
use super::frames::encode;
use super::sign_in::sign_in;
use super::sockets::{Closing, Outbound};
use super::wire::{End, Inbound, Wire};
use crate::auth::Identity;
use crate::chat::Window;
use crate::error::Error;
use crate::event::ConnectionId;
use crate::http::AppState;

/// How often the server asks for a sign of life; it gives up after two without an answer.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// How long a stopping server waits for the outcome of what a socket had sent.
const LAST_ANSWERS: Duration = Duration::from_secs(6);

/// Frames that go out before the socket is looked at again.
const BATCH: usize = 64;

/// One signed-in socket.
pub(super) struct Session {
    pub(super) wire: Wire,
    pub(super) state: AppState,
    pub(super) identity: Identity,
    pub(super) connection: ConnectionId,
    pub(super) drain: Drain,
    /// The private conversations that this socket writes to by `to_user_id`.
    pub(super) resolved: HashMap<UserId, ConversationId>,
    /// Messages of this socket that the writer has and has not answered.
    pub(super) unanswered: usize,
    /// Messages refused by the rate limit since the last that passed.
    pub(super) refused_in_a_row: u32,
    closing: Closing,
    silent_heartbeats: u8,
}

/// A socket's whole life.
pub(super) async fn run(socket: WebSocket, state: AppState, token: Option<String>) {
    let mut wire = Wire::new(socket);
    let stopping = state.hub.stopping();
    let signed_in = tokio::select! {
        result = sign_in(&mut wire, &state.auth, token) => result,
        () = stopping.cancelled() => Err(End::Close(close::RESTARTING)),
    };
    let (identity, frame_id) = match signed_in {
        Ok(signed_in) => signed_in,
        Err(end) => return wire.end(end).await,
    };
    // Joined first, read second: what is committed in between waits in the queue, and the drain
    // knows what of it was told.
    let (connection, inbox) = state.hub.join(identity.user_id, identity.login_id);
    let hub = state.hub.clone();
    let mut session = Session {
        wire,
        state,
        identity,
        connection,
        drain: Drain::default(),
        resolved: HashMap::new(),
        unanswered: 0,
        refused_in_a_row: 0,
        closing: inbox.closing.clone(),
        silent_heartbeats: 0,
    };
    let end = session.live(inbox.queue, frame_id).await;
    hub.part(connection);
    session.wire.end(end).await;
}

impl Session {
    async fn live(
        &mut self,
        queue: tokio::sync::mpsc::Receiver<Outbound>,
        frame_id: Option<String>,
    ) -> End {
        let closing = self.closing.clone();
        let stopping = self.state.hub.stopping();
        let stopped = async {
            stopping.cancelled().await;
            sleep(LAST_ANSWERS + Duration::from_secs(1)).await;
        };
        // A client that does not read keeps a write waiting: the end must not wait behind it.
        let end = tokio::select! {
            code = closing.asked() => End::Close(code),
            () = stopped => End::Close(close::RESTARTING),
            end = self.talk(queue, frame_id) => end,
        };
        match end {
            // Its queue ends just after it is asked to close, and that may be seen first.
            End::Gone if closing.is_asked() => End::Close(closing.asked().await),
            end => end,
        }
    }

    async fn talk(
        &mut self,
        mut queue: tokio::sync::mpsc::Receiver<Outbound>,
        frame_id: Option<String>,
    ) -> End {
        if let Err(end) = self.greet(frame_id).await {
            return end;
        }
        let stopping = self.state.hub.stopping();
        let mut deadline = None;
        let mut batch = Vec::new();
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        heartbeat.reset();
        loop {
            if deadline.is_some() && self.unanswered == 0 {
                return End::Close(close::RESTARTING);
            }
            let result = tokio::select! {
                count = queue.recv_many(&mut batch, BATCH) => match count {
                    // The hub has let go of this socket; `live` knows why.
                    0 => Err(End::Gone),
                    _ => self.send_all(&mut batch).await,
                },
                inbound = self.wire.receive(), if deadline.is_none() => match inbound {
                    Ok(inbound) => self.receive(inbound).await,
                    Err(end) => Err(end),
                },
                _ = heartbeat.tick() => self.beat().await,
                () = stopping.cancelled(), if deadline.is_none() => {
                    deadline = Some(Instant::now() + LAST_ANSWERS);
                    Ok(())
                }
                () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                    Err(End::Close(close::RESTARTING))
                }
            };
            if let Err(end) = result {
                return end;
            }
        }
    }

    async fn greet(&mut self, frame_id: Option<String>) -> Result<(), End> {
        let user = self.identity.user_id;
        let (chat, auth) = (&self.state.chat, &self.state.auth);
        // It may have ended between the sign-in and the moment the hub learnt of this socket.
        let alive =
            auth.is_alive(self.identity.login_id).await.map_err(|error| self.failed(error))?;
        if !alive {
            return Err(End::Close(close::UNAUTHENTICATED));
        }
        let ready = Ready {
            id: frame_id,
            user: chat.user(user).await.map_err(|error| self.failed(error))?.as_ref().clone(),
            connection_id: format!("{:016x}", self.connection.0),
            server_time: chat.now(),
            heartbeat_ms: u64::try_from(HEARTBEAT.as_millis()).unwrap_or(u64::MAX),
        };
        let heads = chat.heads(user).await.map_err(|error| self.failed(error))?;
        self.drain = Drain::new(heads);
        self.wire.send(encode(&ServerFrame::Ready(ready))).await?;
        self.drain_on().await
    }

    async fn send_all(&mut self, batch: &mut Vec<Outbound>) -> Result<(), End> {
        for outbound in batch.drain(..) {
            match outbound {
                Outbound::Message { conversation_id, seq, frame } => {
                    if !self.drain.holds_back(conversation_id, seq) {
                        self.wire.feed(frame).await?;
                    }
                }
                Outbound::Ack { conversation_id, seq, frame } => {
                    self.unanswered = self.unanswered.saturating_sub(1);
                    self.drain.acked(conversation_id, seq);
                    self.wire.feed(frame).await?;
                }
                Outbound::Refusal(frame) => {
                    self.unanswered = self.unanswered.saturating_sub(1);
                    self.wire.feed(frame).await?;
                }
                Outbound::Frame(frame) => self.wire.feed(frame).await?,
            }
        }
        self.wire.flush().await
    }

    async fn receive(&mut self, inbound: Inbound) -> Result<(), End> {
        self.silent_heartbeats = 0;
        match inbound {
            Inbound::Text(text) => self.frame(&text).await,
            Inbound::SignOfLife => Ok(()),
        }
    }

    async fn beat(&mut self) -> Result<(), End> {
        if self.silent_heartbeats == 2 {
            return Err(End::Close(close::TIMED_OUT));
        }
        self.silent_heartbeats += 1;
        self.wire.ping().await
    }

    /// Tells what was missed, as far as the client keeps up.
    pub(super) async fn drain_on(&mut self) -> Result<(), End> {
        while let Some((id, after)) = self.drain.next() {
            let window = Window::After(after);
            let user = self.identity.user_id;
            let page = match self.state.chat.messages(user, id, window, drain::PAGE).await {
                Ok(page) => Some(page),
                Err(Error::Api(_)) => None,
                Err(error) => return Err(self.failed(error)),
            };
            if let Some(frame) = self.drain.take(id, page) {
                self.wire.send(frame).await?;
            }
        }
        Ok(())
    }

    /// What a socket cannot be greeted without failed: the client returns in a moment.
    fn failed(&self, error: Error) -> End {
        let _ = error.into_api(&format!("ws-{:016x}", self.connection.0));
        End::Close(close::RESTARTING)
    }
}
