//! The life of the connection, as the state takes part in it: start, ready, lost, time.

use crate::protocol::{
    ApiError, Command, ErrorKind, Presence, Ready, ServerFrame, Target, Timestamp, close,
};

use super::chats::Version;
use super::connection::Step;
use super::inbox::Span;
use super::outbox::Entry;
use super::{Effect, Request, State};

impl State {
    /// The page has come to life: what was kept in storage is taken in, and the socket opened.
    pub fn start(
        &mut self,
        seed: u64,
        entries: Vec<Entry>,
        drafts: Vec<(Target, String)>,
        now: Timestamp,
    ) -> Vec<Effect> {
        for entry in entries {
            self.restore(entry);
        }
        self.recognise_loaded();
        self.drafts.restore(drafts, &mut self.out);
        self.people.start(self.chats.iter(), now, &mut self.out);
        let step = self.connection.start(seed, now);
        self.follow(step, now);
        self.finish(now)
    }

    /// A frame has come from the server.
    pub fn apply(&mut self, frame: ServerFrame, now: Timestamp) -> Vec<Effect> {
        self.connection.heard(now);
        match frame {
            ServerFrame::Ready(ready) => self.take_ready(&ready, now),
            ServerFrame::MessageAck(ack) => self.take_ack(ack, now),
            ServerFrame::NewMessage { message } => {
                let (id, sender) = (message.conversation_id, message.sender.id);
                self.people.take_typing(id, sender, false, now, &mut self.out);
                self.arrive(id, Span::of_message(message, true), now);
            }
            ServerFrame::OfflineMessages(frame) => self.take_offline(frame, now),
            ServerFrame::MessageUpdated { message, by, reaction } => {
                self.take_update(message, by, reaction.as_ref(), now);
            }
            ServerFrame::Receipt(receipt) => self.take_receipt(receipt, now),
            ServerFrame::Conversation { conversation, .. } => {
                self.requests.outdate(&Request::Conversation(conversation.id));
                self.merge_row(conversation, Version::Touched, now);
            }
            ServerFrame::ConversationRemoved { conversation_id, .. } => {
                self.close_conversation(conversation_id);
            }
            ServerFrame::Resync { spread_ms } => {
                self.connection.resync(spread_ms, now);
            }
            ServerFrame::Error { id, client_id, error } => {
                if let Some(client_id) = client_id.or(id) {
                    self.refused(&client_id, error, now);
                }
            }
            ServerFrame::Presence { user_id, status, last_seen_at } => {
                let presence = Presence { status, last_seen_at };
                self.people.take_presence(user_id, presence, &mut self.out);
            }
            ServerFrame::Typing { conversation_id, user_id, active } => {
                let active = active && user_id != self.me.id;
                self.people.take_typing(conversation_id, user_id, active, now, &mut self.out);
            }
            ServerFrame::Notification { .. } | ServerFrame::Pong { .. } => {}
        }
        self.finish(now)
    }

    fn take_ready(&mut self, ready: &Ready, now: Timestamp) {
        if ready.user.id != self.me.id {
            self.out.push(Effect::Reload);
            return;
        }
        self.clock.set(ready.server_time, now);
        self.outbox.unsend();
        self.connection.ready(ready.heartbeat_ms, now);
        self.people.reconnected(now, &self.connection, &mut self.out);
        self.load_again();
        self.catch_up_all();
    }

    /// What could not be loaded while the network was away is not left to the reader.
    fn load_again(&mut self) {
        for (_, timeline) in self.timelines.iter_mut() {
            timeline.loading.failed = false;
        }
    }

    /// Asks for all that may have been missed.
    fn catch_up_all(&mut self) {
        self.connection.resynced();
        self.fetch(Request::Heads);
        let live = self.timelines.values().filter(|timeline| !timeline.has_more_after());
        let live: Vec<_> = live.map(super::Timeline::conversation_id).collect();
        for id in live {
            self.catch_up(id);
        }
    }

    /// The socket was closed, with this code, or could not be opened.
    pub fn socket_closed(&mut self, code: Option<u16>, now: Timestamp) -> Vec<Effect> {
        match code {
            Some(close::BAD_FRAME) => {
                let error = ApiError::new(ErrorKind::BadJson, "The server could not read it");
                self.refuse_last_sent(error, now);
            }
            Some(close::TOO_LARGE) => {
                let error = ApiError::new(ErrorKind::TooLarge, "The message is too large");
                self.refuse_last_sent(error, now);
            }
            _ => {}
        }
        self.outbox.unsend();
        let step = self.connection.closed(code, now);
        self.follow(step, now);
        self.finish(now)
    }

    /// What came of [`Effect::RefreshLogin`].
    pub fn refreshed(&mut self, result: Result<(), &ApiError>, now: Timestamp) -> Vec<Effect> {
        let step = self.connection.refreshed(result, now);
        self.follow(step, now);
        self.finish(now)
    }

    /// The user came back to the tab, or the device to life.
    pub fn woken(&mut self, now: Timestamp) -> Vec<Effect> {
        let step = self.connection.woken(now);
        self.follow(step, now);
        self.finish(now)
    }

    /// The device has found, or lost, a network.
    pub fn network(&mut self, is_there: bool, now: Timestamp) -> Vec<Effect> {
        if is_there {
            self.load_again();
        }
        let step = self.connection.network(is_there, now);
        self.follow(step, now);
        self.finish(now)
    }

    /// Connects although a newer connection took this one's place.
    pub fn use_here(&mut self, now: Timestamp) -> Vec<Effect> {
        let step = self.connection.use_here(now);
        self.follow(step, now);
        self.finish(now)
    }

    /// The user did something: moved, pressed, came back.
    pub fn used(&mut self, now: Timestamp) -> Vec<Effect> {
        self.people.used(now, &self.connection, &mut self.out);
        self.finish(now)
    }

    /// The user writes, or has removed what was written.
    pub fn typing(&mut self, target: Target, active: bool, now: Timestamp) -> Vec<Effect> {
        let Target::Conversation(id) = target else { return Vec::new() };
        self.people.write(id, active, now, &self.connection, &mut self.out);
        self.finish(now)
    }

    /// Time has passed; to be called at [`next_tick`](Self::next_tick), or any time.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut step = self.connection.tick(now);
        if self.outbox.is_unanswered(now) {
            step = self.connection.connect(now);
        }
        self.follow(step, now);
        self.requests.tick(now, &mut self.out);
        self.close_holes(now);
        self.close_rev_gaps(now);
        self.end_mutes(now);
        self.fetch_counts(now);
        self.people.tick(now, &self.connection, &mut self.out);
        if self.marks_at.is_some_and(|at| at <= now) {
            self.tell_marks();
        }
        if self.connection.resync_at().is_some_and(|at| at <= now) {
            self.catch_up_all();
        }
        self.finish(now)
    }

    /// When [`tick`](Self::tick) has something to do.
    #[must_use]
    pub fn next_tick(&self) -> Option<Timestamp> {
        let rows = self.chats.rows().flat_map(|(_, row)| {
            let recount = row.inbox.recount_at.filter(|_| self.connection.is_ready());
            let unmuted = row.conversation.muted_until.map(|until| self.clock.device_time(until));
            [row.inbox.hole_at, row.inbox.rev_gap_at, recount, unmuted]
        });
        let others = [
            self.connection.deadline(),
            self.outbox.deadline(&self.connection),
            self.requests.deadline(),
            self.people.deadline(),
            self.marks_at,
            self.connection.resync_at(),
        ];
        rows.chain(others).flatten().min()
    }

    /// Fetches rows whose count could not be kept.
    fn fetch_counts(&mut self, now: Timestamp) {
        if !self.connection.is_ready() {
            return;
        }
        let mut due = Vec::new();
        for row in self.chats.rows_mut() {
            if row.inbox.recount_at.is_some_and(|at| at <= now) {
                row.inbox.recount_at = None;
                due.push(row.conversation.id);
            }
        }
        for id in due {
            self.fetch(Request::Conversation(id));
        }
    }

    /// The server has refused a message of ours, for good or for the moment.
    fn refused(&mut self, client_id: &str, error: ApiError, now: Timestamp) {
        self.outbox.refused(client_id, error, now, &mut self.connection, &mut self.out);
    }

    /// The socket was closed because of a frame of ours: the last message sent over it.
    fn refuse_last_sent(&mut self, error: ApiError, now: Timestamp) {
        if let Some(client_id) = self.outbox.last_sent() {
            self.refused(client_id.as_str(), error, now);
        }
    }

    /// Asks over HTTP, unless that is asked already.
    pub(super) fn fetch(&mut self, request: Request) {
        self.requests.fetch(request, &mut self.out);
    }

    pub(super) fn follow(&mut self, step: Step, now: Timestamp) {
        match step {
            Step::Nothing => {}
            Step::Connect => {
                self.outbox.unsend();
                self.out.push(Effect::Connect);
            }
            Step::Ping => {
                let id = Some(format!("ping-{now}"));
                self.connection.send(id, Command::Ping {}, &mut self.out);
            }
            Step::Refresh => self.out.push(Effect::RefreshLogin),
            Step::SignIn => self.out.push(Effect::SignIn),
        }
    }

    /// What every input ends with.
    pub(super) fn finish(&mut self, now: Timestamp) -> Vec<Effect> {
        self.outbox.pump(now, &self.connection, &mut self.out);
        self.actions.pump(&self.chats, &mut self.out);
        self.out.take_effects()
    }
}
