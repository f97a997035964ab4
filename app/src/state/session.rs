//! The life of the connection, as the state takes part in it: start, ready, lost, time.

use crate::protocol::{
    ApiError, Command, ErrorKind, Presence, Ready, ServerFrame, Target, Timestamp, close,
};

use super::connection::Step;
use super::inbox::Span;
use super::outbox::Entry;
use super::version::Version;
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
        for (target, text) in drafts {
            self.drafts.insert(target, text);
        }
        self.changes.drafts = true;
        self.begin_use(now);
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
                self.take_typing(message.conversation_id, message.sender.id, false, now);
                self.arrive(message.conversation_id, Span::of_message(message, true), now);
            }
            ServerFrame::OfflineMessages(frame) => self.take_offline(frame, now),
            ServerFrame::MessageUpdated { message, by, reaction } => {
                self.take_update(message, by, reaction.as_ref(), now);
            }
            ServerFrame::Receipt(receipt) => self.take_receipt(receipt, now),
            ServerFrame::Conversation { conversation, .. } => {
                self.fetches.outdate(&Request::Conversation(conversation.id));
                self.merge_row(conversation, Version::Touched, now);
            }
            ServerFrame::ConversationRemoved { conversation_id, .. } => {
                self.close_conversation(conversation_id);
            }
            ServerFrame::Resync { spread_ms } => {
                let spread = Timestamp::try_from(spread_ms).unwrap_or(0);
                let at = now + self.connection.random.below(spread + 1);
                self.resync_at.get_or_insert(at);
            }
            ServerFrame::Error { id, client_id, error } => {
                if let Some(client_id) = client_id.or(id) {
                    self.take_refusal(&client_id, error, now);
                }
            }
            ServerFrame::Presence { user_id, status, last_seen_at } => {
                self.take_presence(user_id, Presence { status, last_seen_at });
            }
            ServerFrame::Typing { conversation_id, user_id, active } => {
                self.take_typing(conversation_id, user_id, active, now);
            }
            ServerFrame::Notification { .. } | ServerFrame::Pong { .. } => {}
        }
        self.finish(now)
    }

    fn take_ready(&mut self, ready: &Ready, now: Timestamp) {
        if ready.user.id != self.me.id {
            self.effects.push(Effect::Reload);
            return;
        }
        self.tell_time(ready.server_time, now);
        self.unsend();
        self.connection.ready(ready.heartbeat_ms, now);
        self.begin_presence(now);
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
        self.resync_at = None;
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
                self.blame_last_sent(error, now);
            }
            Some(close::TOO_LARGE) => {
                let error = ApiError::new(ErrorKind::TooLarge, "The message is too large");
                self.blame_last_sent(error, now);
            }
            _ => {}
        }
        self.unsend();
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

    /// Time has passed; to be called at [`next_tick`](Self::next_tick), or any time.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut step = self.connection.tick(now);
        if self.is_unanswered(now) {
            step = self.connection.connect(now);
        }
        self.follow(step, now);
        self.fetch_again(now);
        self.close_holes(now);
        self.close_rev_gaps(now);
        self.end_mutes(now);
        self.fetch_counts(now);
        self.pass_presence(now);
        if self.marks_at.is_some_and(|at| at <= now) {
            self.tell_marks();
        }
        if self.resync_at.is_some_and(|at| at <= now) {
            self.catch_up_all();
        }
        self.finish(now)
    }

    /// When [`tick`](Self::tick) has something to do.
    #[must_use]
    pub fn next_tick(&self) -> Option<Timestamp> {
        let rows = self.chats.rows().flat_map(|(_, row)| {
            let recount = row.inbox.recount_at.filter(|_| self.connection.is_ready());
            let unmuted = row.conversation.muted_until.map(|until| self.device_time(until));
            [row.inbox.hole_at, row.inbox.rev_gap_at, recount, unmuted]
        });
        let others = [
            self.connection.deadline(),
            self.outbox_deadline(),
            self.fetches.deadline(),
            self.people.deadline(),
            self.marks_at,
            self.resync_at,
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

    pub(super) fn follow(&mut self, step: Step, now: Timestamp) {
        match step {
            Step::Nothing => {}
            Step::Connect => {
                self.unsend();
                self.effects.push(Effect::Connect);
            }
            Step::Ping => {
                let id = Some(format!("ping-{now}"));
                self.send_frame(id, Command::Ping {});
            }
            Step::Refresh => self.effects.push(Effect::RefreshLogin),
            Step::SignIn => self.effects.push(Effect::SignIn),
        }
    }

    /// What every input ends with.
    pub(super) fn finish(&mut self, now: Timestamp) -> Vec<Effect> {
        self.pump(now);
        self.pump_actions();
        std::mem::take(&mut self.effects)
    }
}
