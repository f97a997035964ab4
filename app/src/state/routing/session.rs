//! The life of the connection, as the state takes part in it: start, lost, time; and that the user is there.

use crate::protocol::{ApiError, Command, ErrorKind, Target, Timestamp, close};
use crate::state::connection::Step;
use crate::state::outbox::Entry;
use crate::state::{Effect, Request, State};

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

    /// Asks for all that may have been missed.
    pub(super) fn catch_up_all(&mut self) {
        self.connection.resynced();
        self.fetch(Request::Heads);
        for id in self.history.live() {
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
            self.history.load_again();
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
        for id in self.chats.due_holes(now) {
            self.catch_up(id);
        }
        for id in self.chats.due_gaps(now) {
            self.catch_up_changes(id);
        }
        for id in self.chats.end_mutes(self.clock.server_time(now), &mut self.out) {
            self.fetch(Request::Conversation(id));
        }
        if self.connection.is_ready() {
            for id in self.chats.take_due_counts(now) {
                self.fetch(Request::Conversation(id));
            }
        }
        self.people.tick(now, &self.connection, &mut self.out);
        self.chats.tell_marks(now, &self.connection, &mut self.out);
        if self.connection.resync_at().is_some_and(|at| at <= now) {
            self.catch_up_all();
        }
        self.finish(now)
    }

    /// When [`tick`](Self::tick) has something to do.
    #[must_use]
    pub fn next_tick(&self) -> Option<Timestamp> {
        let deadlines = [
            self.connection.deadline(),
            self.connection.resync_at(),
            self.chats.deadline(self.clock, &self.connection),
            self.outbox.deadline(&self.connection),
            self.requests.deadline(),
            self.people.deadline(),
        ];
        deadlines.into_iter().flatten().min()
    }

    /// Does what the connection needs next.
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
}
