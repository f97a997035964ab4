//! Who is there: sockets come, look away and go, and those who may know hear of it.
//!
//! A socket that goes counts for some seconds more, so that a reload does not flicker. What is told
//! of a person is how they are seen at that moment, one announcement after the other: whatever was told
//! last is true.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::protocol::{Presence, PresenceStatus, Timestamp, UserId};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::Chat;
use crate::error::Error;
use crate::events::{ConnectionId, Fact};
use crate::presence::{Presence as Sockets, PresenceChange};

/// How long a socket that went counts as if it were there.
const DEPARTURE_GRACE: Duration = Duration::from_secs(5);

/// The least time between two announcements about one person: whoever changes faster is told as they are
/// seen after it.
const ANNOUNCEMENT_INTERVAL: Duration = Duration::from_millis(500);

/// So many announcements may be under way at once.
const MAX_ANNOUNCEMENTS: usize = 64;

/// How long it is waited for a departure before it is said that all is well.
const QUIET: Duration = Duration::from_secs(30);

/// How long to wait before an announcement that failed is tried again.
const RETRY_DELAY: Duration = Duration::from_secs(5);

/// What the use cases know of presence. Cheap to clone.
#[derive(Clone)]
pub(super) struct Room(Arc<Inner>);

struct Inner {
    sockets: Sockets,
    /// Sockets that went, in the order in which they did.
    departures: Mutex<VecDeque<Departure>>,
    departed: Notify,
    /// Of whom others are being told, and whether they changed since.
    announcing: Mutex<HashMap<UserId, bool>>,
    /// Held from reading who may know until they are told, so that whoever no longer may know hears
    /// nothing after they were told so; shared by some users each.
    turns: [tokio::sync::Mutex<()>; MAX_ANNOUNCEMENTS],
}

#[derive(Clone, Copy)]
struct Departure {
    user: UserId,
    socket: ConnectionId,
    /// When it counts no longer.
    ends: Instant,
    /// The moment at which the socket went.
    seen_at: Timestamp,
}

impl Room {
    pub(super) fn new(sockets: Sockets) -> Self {
        Self(Arc::new(Inner {
            sockets,
            departures: Mutex::default(),
            departed: Notify::new(),
            announcing: Mutex::default(),
            turns: std::array::from_fn(|_| tokio::sync::Mutex::default()),
        }))
    }

    fn departures(&self) -> MutexGuard<'_, VecDeque<Departure>> {
        self.0.departures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn announcing(&self) -> MutexGuard<'_, HashMap<UserId, bool>> {
        self.0.announcing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self, user: UserId) -> &tokio::sync::Mutex<()> {
        let index = usize::try_from(user.get()).unwrap_or_default() % MAX_ANNOUNCEMENTS;
        &self.0.turns[index]
    }

    /// Takes the departures whose time has come; with `all` the others, too.
    fn due(&self, all: bool) -> Vec<Departure> {
        let now = Instant::now();
        let mut departures = self.departures();
        let due = if all {
            departures.len()
        } else {
            departures.partition_point(|departure| departure.ends <= now)
        };
        departures.drain(..due).collect()
    }

    /// Waits until a departure's time has come.
    async fn next_due(&self) {
        loop {
            let next = self.departures().front().map(|departure| departure.ends);
            match next {
                Some(ends) => return sleep_until(ends).await,
                None => self.0.departed.notified().await,
            }
        }
    }
}

impl Chat {
    /// A socket of this user is there, or looks different.
    pub async fn set_presence(&self, user: UserId, socket: ConnectionId, status: PresenceStatus) {
        let change = self.presence.0.sockets.set(user, socket, status).await;
        self.presence_changed(user, change);
    }

    /// A socket of this user has gone.
    pub fn leave(&self, user: UserId, socket: ConnectionId) {
        let departure =
            Departure { user, socket, ends: Instant::now() + DEPARTURE_GRACE, seen_at: self.now() };
        self.presence.departures().push_back(departure);
        self.presence.0.departed.notify_one();
    }

    /// Whose presence a user may know.
    pub async fn watched_by(&self, user: UserId) -> Result<Vec<UserId>, Error> {
        Ok(self.store.watched_by(user).await?)
    }

    /// Someone may or may not know whether a user is there, as the store has it now: if that was
    /// different before, they are told how the user is seen, or as if the user were gone.
    pub(super) async fn sight_changed(
        &self,
        user: UserId,
        watcher: UserId,
        before: bool,
    ) -> Result<(), Error> {
        let _turn = self.presence.turn(user).lock().await;
        let presence = match self.store.may_watch(watcher, user).await? {
            may if may == before => return Ok(()),
            true => self.presence_of(user).await?,
            false => Presence { status: PresenceStatus::Offline, last_seen_at: None },
        };
        let to = vec![watcher];
        self.events.publish(vec![Fact::PresenceChanged { user_id: user, presence, to }.into()]);
        Ok(())
    }

    /// How these people are seen, without those who are offline.
    pub async fn present(&self, people: &[UserId]) -> Vec<(UserId, Presence)> {
        self.reader.present(people).await
    }

    /// How a person is seen by someone who may know.
    pub(super) async fn presence_of(&self, user: UserId) -> Result<Presence, Error> {
        if let Some((_, presence)) = self.present(&[user]).await.pop() {
            return Ok(presence);
        }
        let seen = self.presences_of(&[user]).await?;
        let offline = Presence { status: PresenceStatus::Offline, last_seen_at: None };
        Ok(seen.get(&user).copied().unwrap_or(offline))
    }

    /// How people are seen by someone who may know.
    pub(super) async fn presences_of(
        &self,
        people: &[UserId],
    ) -> Result<HashMap<UserId, Presence>, Error> {
        let seen = self.store.last_seen(people).await?.into_iter().map(|(user, last_seen_at)| {
            (user, Presence { status: PresenceStatus::Offline, last_seen_at })
        });
        let mut presences: HashMap<_, _> = seen.collect();
        // Last, since they may have come while we asked.
        presences.extend(self.present(people).await);
        Ok(presences)
    }

    /// Has sockets that went count no longer when their time has come, until `stop`; then at once,
    /// and without a word: everyone's sockets have gone. Calls `settled` with how each time went, and now and then
    /// where nobody goes.
    pub async fn settle_departures(
        self,
        stop: CancellationToken,
        settled: impl Fn(Result<(), Error>),
    ) {
        let due = || timeout(QUIET, self.presence.next_due());
        while stop.run_until_cancelled(due()).await.is_some() {
            let (changed, stored) = self.settle(false).await;
            for user in changed {
                self.tell_soon(user);
            }
            settled(stored);
        }
        settled(self.settle(true).await.1);
    }

    /// Settles the departures whose time has come, or all; returns who is seen differently now, and whether it was
    /// stored when they were last seen.
    async fn settle(&self, all: bool) -> (Vec<UserId>, Result<(), Error>) {
        let (mut changed, mut gone) = (Vec::new(), Vec::new());
        for Departure { user, socket, seen_at, .. } in self.presence.due(all) {
            let PresenceChange { before, after } =
                self.presence.0.sockets.remove(user, socket).await;
            if before != after {
                changed.push(user);
                if after == PresenceStatus::Offline {
                    gone.push((user, seen_at));
                }
            }
        }
        // Before it is told: whoever hears that someone is offline may ask since when.
        let stored = self.store.set_last_seen(&gone).await.map_err(Error::from);
        (changed, stored)
    }

    fn presence_changed(&self, user: UserId, change: PresenceChange) {
        if change.before != change.after {
            self.tell_soon(user);
        }
    }

    fn tell_soon(&self, user: UserId) {
        match self.presence.announcing().entry(user) {
            Entry::Occupied(mut again) => *again.get_mut() = true,
            Entry::Vacant(first) => {
                first.insert(false);
                tokio::spawn(self.clone().tell_until_settled(user));
            }
        }
    }

    /// Tells how someone is seen, and again while they change.
    async fn tell_until_settled(self, user: UserId) {
        let mut told = None;
        loop {
            let pause = match self.tell_presence(user, told).await {
                Ok(presence) => {
                    told = Some(presence);
                    ANNOUNCEMENT_INTERVAL
                }
                Err(error) => {
                    tracing::warn!(%error, "presence could not be told");
                    self.presence.announcing().insert(user, true);
                    RETRY_DELAY
                }
            };
            sleep(pause).await;
            let mut announcing = self.presence.announcing();
            match announcing.get_mut(&user) {
                Some(again) if *again => *again = false,
                _ => {
                    announcing.remove(&user);
                    return;
                }
            }
        }
    }

    async fn tell_presence(&self, user: UserId, told: Option<Presence>) -> Result<Presence, Error> {
        let _turn = self.presence.turn(user).lock().await;
        let to = self.store.watchers_of(user).await?;
        let presence = self.presence_of(user).await?;
        if told != Some(presence) && !to.is_empty() {
            let fact = Fact::PresenceChanged { user_id: user, presence, to };
            self.events.publish(vec![fact.into()]);
        }
        Ok(presence)
    }
}
