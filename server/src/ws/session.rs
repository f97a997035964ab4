//! One socket, from its sign-in to its end.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use app::protocol::{
    ConversationId, MessagePage, Presence, PresenceStatus, Ready, ServerFrame, UserId, close,
};
use hyper::upgrade::Upgraded;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Instant, MissedTickBehavior, Sleep, interval, sleep};

use super::Reach;
use super::catch_up::{self, CatchUp};
use super::end::End;
use super::frames::encode;
use super::mailbox::Mailbox;
use super::outbound::Outbound;
use super::pending_acks::PendingAcks;
use super::sign_in::sign_in;
use super::stream::{Inbound, SocketStream};
use super::throttle::Throttle;
use crate::auth::Identity;
use crate::chat::Window;
use crate::error::Error;
use crate::events::ConnectionId;

/// How often the server asks for a sign of life; it gives up after two without an answer.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(30);

/// How long a stopping server waits for the outcome of what a socket had sent.
const LAST_ACKS_TIMEOUT: Duration = Duration::from_secs(6);

/// Frames that go out before the socket is looked at again.
const MAX_BATCH: usize = 64;

/// A page of what was missed, being read. It is a task of its own so that no read is broken off
/// when something else happens first.
type Reading = JoinHandle<(ConversationId, Result<MessagePage, Error>)>;

/// One signed-in socket.
pub(super) struct Session {
    pub(super) stream: SocketStream,
    pub(super) reach: Arc<Reach>,
    pub(super) identity: Identity,
    pub(super) connection: ConnectionId,
    pub(super) catch_up: CatchUp,
    /// The private conversations that this socket writes to by `to_user_id`.
    pub(super) resolved: HashMap<UserId, ConversationId>,
    pub(super) pending_acks: PendingAcks,
    /// Whom this socket knows to be there, and how.
    present: HashMap<UserId, Presence>,
    pub(super) throttle: Throttle,
    /// Messages refused by the rate limit since the last that passed.
    pub(super) refused_in_a_row: u32,
    mailbox: Mailbox,
    silent_heartbeats: u8,
}

/// A socket's whole life.
pub(super) async fn run(connection: Upgraded, reach: Arc<Reach>, token: Option<String>) {
    // Boxes, since a task has room for its largest future for as long as it lives, and nearly all
    // sockets are idle.
    let Some((mut session, frame_id)) = Box::pin(open(connection, reach, token)).await else {
        return;
    };
    let end = session.live(frame_id).await;
    session.reach.hub.part(session.connection);
    session.reach.chat.stop_typing(session.connection);
    session.reach.chat.leave(session.identity.user_id, session.connection);
    Box::pin(session.stream.end(end)).await;
}

/// A socket's beginning: it is signed in, and joined to the others; with the `id` of the `auth` frame that
/// told whose it is. None when it has ended before that.
async fn open(
    connection: Upgraded,
    reach: Arc<Reach>,
    token: Option<String>,
) -> Option<(Box<Session>, Option<String>)> {
    let mut stream = SocketStream::new(connection);
    let stopping = reach.hub.stopping();
    let signed_in = tokio::select! {
        result = sign_in(&mut stream, &reach.auth, token) => result,
        () = stopping.cancelled() => Err(End::Close(close::RESTARTING)),
    };
    let (identity, frame_id) = match signed_in {
        Ok(signed_in) => signed_in,
        Err(end) => {
            stream.end(end).await;
            return None;
        }
    };
    // Joined first, read second: what is committed in between waits in the queue, and `catch_up` knows
    // what of it was told.
    let (connection, mailbox) = reach.hub.join(identity.user_id, identity.login_id);
    let session = Session {
        stream,
        reach,
        identity,
        connection,
        catch_up: CatchUp::default(),
        resolved: HashMap::new(),
        pending_acks: PendingAcks::default(),
        present: HashMap::new(),
        throttle: Throttle::new(Instant::now()),
        refused_in_a_row: 0,
        mailbox,
        silent_heartbeats: 0,
    };
    Some((Box::new(session), frame_id))
}

impl Session {
    async fn live(&mut self, frame_id: Option<String>) -> End {
        let mailbox = self.mailbox.clone();
        let stopping = self.reach.hub.stopping();
        let stopped = async {
            stopping.cancelled().await;
            Box::pin(sleep(LAST_ACKS_TIMEOUT + Duration::from_secs(1))).await;
        };
        // A client that does not read keeps a write waiting: the end must not wait behind it.
        tokio::select! {
            code = mailbox.closing() => End::Close(code),
            () = stopped => End::Close(close::RESTARTING),
            end = self.talk(frame_id) => end,
        }
    }

    async fn talk(&mut self, frame_id: Option<String>) -> End {
        if let Err(end) = Box::pin(self.greet(frame_id)).await {
            return end;
        }
        let stopping = self.reach.hub.stopping();
        let mut deadline: Option<Pin<Box<Sleep>>> = None;
        let mailbox = self.mailbox.clone();
        let mut batch = Vec::new();
        let mut heartbeat = interval(HEARTBEAT_INTERVAL);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        heartbeat.reset();
        let mut reading = None;
        loop {
            if deadline.is_some() && self.pending_acks.is_empty() {
                return End::Close(close::RESTARTING);
            }
            if reading.is_none() && deadline.is_none() {
                reading = self.read_on();
            }
            let result = tokio::select! {
                () = mailbox.take(&mut batch, MAX_BATCH) => self.send_all(std::mem::take(&mut batch)).await,
                inbound = self.stream.receive(), if deadline.is_none() => match inbound {
                    Ok(inbound) => self.receive(inbound).await,
                    Err(end) => Err(end),
                },
                read = finished(&mut reading) => {
                    reading = None;
                    Box::pin(self.tell_missed(read)).await
                }
                _ = heartbeat.tick() => self.beat().await,
                () = stopping.cancelled(), if deadline.is_none() => {
                    deadline = Some(Box::pin(sleep(LAST_ACKS_TIMEOUT)));
                    Ok(())
                }
                () = passed(&mut deadline) => Err(End::Close(close::RESTARTING)),
            };
            if let Err(end) = result {
                return end;
            }
        }
    }

    async fn greet(&mut self, frame_id: Option<String>) -> Result<(), End> {
        let user = self.identity.user_id;
        // It reads as much as a page does.
        let turn = self.reach.rate_limits.request(user).await;
        let _turn = turn.map_err(|_| End::Close(close::RATE_LIMITED))?;
        let (chat, auth) = (&self.reach.chat, &self.reach.auth);
        // It may have ended between the sign-in and the moment the hub learnt of this socket.
        let alive = auth.is_alive(self.identity).await.map_err(|error| self.failed(error))?;
        if !alive {
            return Err(End::Close(close::UNAUTHENTICATED));
        }
        let ready = Ready {
            id: frame_id,
            user: chat.user(user).await.map_err(|error| self.failed(error))?.as_ref().clone(),
            connection_id: format!("{:016x}", self.connection.0),
            server_time: chat.now(),
            heartbeat_ms: u64::try_from(HEARTBEAT_INTERVAL.as_millis()).unwrap_or(u64::MAX),
        };
        let heads = chat.heads(user).await.map_err(|error| self.failed(error))?;
        self.catch_up = CatchUp::new(heads);
        chat.set_presence(user, self.connection, PresenceStatus::Online).await;
        let frame = encode(&ServerFrame::Ready(ready));
        self.stream.send(frame).await?;
        Box::pin(self.tell_present()).await
    }

    /// Tells of everyone who may be watched, and is there.
    async fn tell_present(&mut self) -> Result<(), End> {
        let chat = &self.reach.chat;
        let watched =
            chat.watched_by(self.identity.user_id).await.map_err(|error| self.failed(error))?;
        // As they are seen now: what changes from now on comes through the queue, later.
        for (user_id, presence) in chat.present(&watched).await {
            self.feed_presence(user_id, presence).await?;
        }
        self.stream.flush().await
    }

    async fn feed_presence(&mut self, user_id: UserId, presence: Presence) -> Result<(), End> {
        let Presence { status, last_seen_at } = presence;
        let known = match status {
            PresenceStatus::Offline => self.present.remove(&user_id),
            _ => self.present.insert(user_id, presence),
        };
        // What changed just before this socket came is told to it twice.
        if known == Some(presence) {
            return Ok(());
        }
        let frame = encode(&ServerFrame::Presence { user_id, status, last_seen_at });
        self.stream.feed(frame).await
    }

    async fn send_all(&mut self, batch: Vec<Outbound>) -> Result<(), End> {
        for outbound in batch {
            match outbound {
                Outbound::Message { conversation_id, seq, frame } => {
                    if !self.catch_up.holds_back(conversation_id, seq) {
                        self.stream.feed(frame).await?;
                    }
                }
                Outbound::MessageReply(answer) => {
                    let (id, client_id) = (answer.conversation_id, &answer.client_id);
                    self.pending_acks.remove(id, client_id);
                    self.catch_up.answered(id, client_id, answer.seq);
                    self.stream.feed(answer.frame).await?;
                }
                Outbound::Removed { conversation_id, frame } => {
                    self.catch_up.forget(conversation_id);
                    self.stream.feed(frame).await?;
                }
                Outbound::Presence { user_id, presence } => {
                    self.feed_presence(user_id, presence).await?;
                }
                Outbound::Frame(frame) => self.stream.feed(frame).await?,
            }
        }
        self.stream.flush().await
    }

    async fn receive(&mut self, inbound: Inbound) -> Result<(), End> {
        self.silent_heartbeats = 0;
        match inbound {
            Inbound::Text(text) => Box::pin(self.frame(&text)).await,
            Inbound::SignOfLife => self.throttle.take(Instant::now()).map(drop),
        }
    }

    async fn beat(&mut self) -> Result<(), End> {
        if self.silent_heartbeats == 2 {
            return Err(End::Close(close::TIMED_OUT));
        }
        self.silent_heartbeats += 1;
        self.stream.ping().await
    }

    /// Begins to read the next page of what was missed, as far as the client keeps up.
    fn read_on(&mut self) -> Option<Reading> {
        let (id, after) = self.catch_up.next()?;
        let (chat, user) = (self.reach.chat.clone(), self.identity.user_id);
        Some(self.reach.hub.tasks().spawn(async move {
            (id, chat.messages(user, id, Window::After(after), catch_up::PAGE_SIZE).await)
        }))
    }

    async fn tell_missed(
        &mut self,
        read: Result<(ConversationId, Result<MessagePage, Error>), JoinError>,
    ) -> Result<(), End> {
        let (id, page) = match read {
            Ok((id, Ok(page))) => (id, Some(page)),
            Ok((id, Err(Error::Api(_)))) => (id, None),
            Ok((_, Err(error))) => return Err(self.failed(error)),
            Err(_) => return Err(End::Close(close::RESTARTING)),
        };
        let user = self.identity.user_id;
        let frame = self.catch_up.take(id, page, |message| self.pending_acks.holds(user, message));
        match frame {
            Some(frame) => self.stream.send(frame).await,
            None => Ok(()),
        }
    }

    /// What a socket cannot be greeted without failed: the client returns in a moment.
    fn failed(&self, error: Error) -> End {
        let _ = error.into_api(&format!("ws-{:016x}", self.connection.0));
        End::Close(close::RESTARTING)
    }
}

/// The page that is being read, once it is; waits for ever while none is.
async fn finished(reading: &mut Option<Reading>) -> <Reading as Future>::Output {
    match reading {
        Some(reading) => reading.await,
        None => std::future::pending().await,
    }
}

/// Waits until a deadline has passed; for ever while there is none.
async fn passed(deadline: &mut Option<Pin<Box<Sleep>>>) {
    match deadline {
        Some(deadline) => deadline.await,
        None => std::future::pending().await,
    }
}
