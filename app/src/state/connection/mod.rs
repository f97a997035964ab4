//! The connection's own machine: when to connect, to ask for a sign of life, to wait, to sign in.

mod phase;
mod random;
#[cfg(test)]
mod tests;

use crate::protocol::{ApiError, ClientFrame, Command, Timestamp, close};

use super::Effect;
use super::output::Output;
use phase::{Login, Phase};
use random::Random;

pub use phase::ConnectionStatus;
pub(in crate::state) use phase::Step;

/// Without an answer for this long the connection counts as lost.
pub(in crate::state) const ANSWER_TIMEOUT_MS: Timestamp = 10_000;
/// Waits between tries grow up to this.
const MAX_RECONNECT_WAIT_MS: Timestamp = 30_000;
/// A connection that lasted this long was a good one: the next wait is short again.
const STABLE_AFTER_MS: Timestamp = 5_000;
/// A restarting server is back within about this time; clients return spread over it.
const RESTART_SPREAD_MS: Timestamp = 2_000;
/// Until `ready` tells another.
const DEFAULT_HEARTBEAT_MS: Timestamp = 30_000;

/// The machine of the connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::state) struct Connection {
    phase: Phase,
    /// `ready` came at least once.
    known: bool,
    /// The device says that it has no network, and nothing was heard since.
    offline: bool,
    login: Login,
    attempts: u32,
    heartbeat: Timestamp,
    heard: Timestamp,
    pinged: Option<Timestamp>,
    /// When to catch up because the server lost something.
    resync_at: Option<Timestamp>,
    random: Random,
}

impl Connection {
    /// How the connection stands, as a person is told.
    pub const fn status(&self) -> ConnectionStatus {
        match self.phase {
            Phase::Elsewhere => ConnectionStatus::Elsewhere,
            _ if self.offline => ConnectionStatus::Offline,
            Phase::Ready(_) => ConnectionStatus::Connected,
            _ if self.known => ConnectionStatus::Reconnecting,
            _ => ConnectionStatus::Connecting,
        }
    }

    /// Whether the server knows us, so that frames can be sent.
    pub const fn is_ready(&self) -> bool {
        matches!(self.phase, Phase::Ready(_))
    }

    /// Sends a frame if the server knows us. All else is told anew after `ready`, or asked again.
    pub fn send(&self, id: Option<String>, command: Command, out: &mut Output) {
        if self.is_ready() {
            out.push(Effect::Send(Box::new(ClientFrame { id, command })));
        }
    }

    /// How long to wait after so many attempts that have failed; see [`Random::back_off`].
    pub fn retry_wait(&mut self, attempts: u32, longest: Timestamp) -> Timestamp {
        self.random.back_off(attempts, longest)
    }

    /// The page has come to life.
    pub fn start(&mut self, seed: u64, now: Timestamp) -> Step {
        self.random = Random::new(seed);
        self.connect(now)
    }

    /// Something came from the server.
    pub fn heard(&mut self, now: Timestamp) {
        self.heard = now;
        self.pinged = None;
        self.offline = false;
    }

    /// The server knows us.
    pub fn ready(&mut self, heartbeat_ms: u64, now: Timestamp) {
        self.phase = Phase::Ready(now);
        self.known = true;
        self.login = Login::Good;
        let heartbeat = Timestamp::try_from(heartbeat_ms).unwrap_or(DEFAULT_HEARTBEAT_MS);
        self.heartbeat = heartbeat.max(1_000);
        self.heard(now);
    }

    /// The socket was closed, or could not be opened.
    pub fn closed(&mut self, code: Option<u16>, now: Timestamp) -> Step {
        if let Phase::Ready(since) = self.phase
            && now - since >= STABLE_AFTER_MS
        {
            self.attempts = 0;
        }
        self.pinged = None;
        match code {
            Some(close::UNAUTHENTICATED) if self.login == Login::Refreshed => {
                self.phase = Phase::Ended;
                return Step::SignIn;
            }
            Some(close::UNAUTHENTICATED) => {
                self.phase = Phase::Refreshing;
                return Step::Refresh;
            }
            Some(close::REPLACED) => self.phase = Phase::Elsewhere,
            Some(close::RATE_LIMITED) => {
                let wait = MAX_RECONNECT_WAIT_MS / 2 + self.random.below(MAX_RECONNECT_WAIT_MS / 2);
                self.phase = Phase::Waiting { until: now + wait, early: false };
            }
            Some(close::RESTARTING) => {
                let wait = self.random.below(RESTART_SPREAD_MS);
                self.attempts = 0;
                self.phase = Phase::Waiting { until: now + wait, early: true };
            }
            _ => self.back_off(now),
        }
        Step::Nothing
    }

    /// What came of refreshing the login.
    pub fn refreshed(&mut self, result: Result<(), &ApiError>, now: Timestamp) -> Step {
        if self.phase != Phase::Refreshing {
            return Step::Nothing;
        }
        match result {
            Ok(()) => {
                self.login = Login::Refreshed;
                self.connect(now)
            }
            Err(error) if error.kind.is_transient() => {
                self.login = Login::Expired;
                self.back_off(now);
                Step::Nothing
            }
            Err(_) => {
                self.phase = Phase::Ended;
                Step::SignIn
            }
        }
    }

    /// The user came back to the tab, the device to life or to a network.
    pub fn woken(&mut self, now: Timestamp) -> Step {
        match self.phase {
            Phase::Waiting { early: true, .. } => self.try_again(now),
            Phase::Ready(_) if self.pinged.is_none() => self.ping(now),
            _ => Step::Nothing,
        }
    }

    /// The device has found, or lost, a network.
    pub fn network(&mut self, is_there: bool, now: Timestamp) -> Step {
        self.offline = !is_there;
        self.woken(now)
    }

    /// The user wants this tab to be the one.
    pub fn use_here(&mut self, now: Timestamp) -> Step {
        if self.phase == Phase::Elsewhere { self.connect(now) } else { Step::Nothing }
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Timestamp) -> Step {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return Step::Nothing;
        }
        match self.phase {
            Phase::Opening(_) => {
                self.back_off(now);
                Step::Nothing
            }
            Phase::Waiting { .. } => self.try_again(now),
            Phase::Ready(_) if self.pinged.is_none() => self.ping(now),
            Phase::Ready(_) => self.connect(now),
            _ => Step::Nothing,
        }
    }

    /// When [`tick`](Self::tick) has something to do.
    pub fn deadline(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Opening(until) | Phase::Waiting { until, .. } => Some(until),
            Phase::Ready(_) => Some(match self.pinged {
                Some(at) => at + ANSWER_TIMEOUT_MS,
                None => self.heard + self.heartbeat,
            }),
            _ => None,
        }
    }

    /// The server has lost something: clients catch up within this time, spread over it.
    pub fn resync(&mut self, spread_ms: u64, now: Timestamp) {
        let spread = Timestamp::try_from(spread_ms).unwrap_or(0);
        let at = now + self.random.below(spread + 1);
        self.resync_at.get_or_insert(at);
    }

    /// All that may have been missed is asked for.
    pub const fn resynced(&mut self) {
        self.resync_at = None;
    }

    /// When to catch up because the server lost something.
    pub const fn resync_at(&self) -> Option<Timestamp> {
        self.resync_at
    }

    /// Gives the present connection up for a new one.
    pub fn connect(&mut self, now: Timestamp) -> Step {
        self.pinged = None;
        self.phase = Phase::Opening(now + ANSWER_TIMEOUT_MS);
        Step::Connect
    }

    fn try_again(&mut self, now: Timestamp) -> Step {
        if self.login == Login::Expired {
            self.login = Login::Good;
            self.phase = Phase::Refreshing;
            return Step::Refresh;
        }
        self.connect(now)
    }

    fn ping(&mut self, now: Timestamp) -> Step {
        self.pinged = Some(now);
        Step::Ping
    }

    fn back_off(&mut self, now: Timestamp) {
        let until = now + self.random.back_off(self.attempts, MAX_RECONNECT_WAIT_MS);
        self.attempts += 1;
        self.phase = Phase::Waiting { until, early: true };
    }
}
