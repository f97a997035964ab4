//! Who types where. Nothing of it is stored: it is over in seconds.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::protocol::{ApiError, ConversationId, Seq, UserId, limits};
use tokio::time::{Instant, sleep_until};

use super::Chat;
use crate::error::Error;
use crate::events::{ConnectionId, Fact};

/// How often at most it is told that someone types somewhere. Clients say it every three seconds;
/// the half second is for networks in which the second frame is faster than the first.
const TELL_INTERVAL: Duration = Duration::from_millis(2_500);

/// After which it is over, unless it is said again.
const TYPING_TIMEOUT: Duration = Duration::from_secs(6);

/// Who types where. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Typing(Arc<Mutex<HashMap<TypingKey, Typist>>>);

type TypingKey = (ConversationId, UserId);

/// Someone who types somewhere, or did a moment ago.
struct Typist {
    socket: ConnectionId,
    told_at: Instant,
    active: bool,
    to: Vec<UserId>,
}

impl Typing {
    fn typists(&self) -> MutexGuard<'_, HashMap<TypingKey, Typist>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chat {
    /// A user starts typing somewhere, goes on, or stops; the other members hear of it, unless they
    /// heard of it a moment ago or are too many.
    ///
    /// # Errors
    /// `not_found` unless a member.
    pub async fn type_in(
        &self,
        user: UserId,
        socket: ConnectionId,
        id: ConversationId,
        active: bool,
    ) -> Result<(), Error> {
        let key = (id, user);
        if let Some(typist) = self.typing.typists().get_mut(&key) {
            if !active {
                self.stop(key, typist);
                return Ok(());
            }
            if typist.told_at.elapsed() < TELL_INTERVAL {
                return Ok(());
            }
        }
        let audience = self.store.typing_audience(user, id, limits::TYPING_MEMBERS).await?;
        let audience = audience.ok_or_else(ApiError::not_found)?;
        if active {
            let told = audience.last_seq > Seq::ZERO
                && audience.others.len() < limits::TYPING_MEMBERS as usize;
            let to = if told { audience.others } else { Vec::new() };
            self.start(key, Typist { socket, told_at: Instant::now(), active, to });
        }
        Ok(())
    }

    /// Someone is no longer in a conversation: they hear nothing more of who types there.
    pub(super) fn forget_typing(&self, id: ConversationId, user: UserId) {
        for (key, typist) in self.typing.typists().iter_mut().filter(|(key, _)| key.0 == id) {
            typist.to.retain(|to| *to != user);
            if key.1 == user {
                self.stop(*key, typist);
                typist.to.clear();
            }
        }
    }

    /// Nobody types in a conversation any more: nothing of it may reach the other from now on.
    pub(super) fn end_typing_in(&self, id: ConversationId) {
        for (key, typist) in self.typing.typists().iter_mut().filter(|(key, _)| key.0 == id) {
            self.stop(*key, typist);
            typist.to.clear();
        }
    }

    /// A socket has gone, and with it whoever typed there.
    pub fn stop_typing(&self, socket: ConnectionId) {
        for (key, typist) in self.typing.typists().iter_mut() {
            if typist.socket == socket {
                self.stop(*key, typist);
            }
        }
    }

    fn start(&self, key: TypingKey, typist: Typist) {
        self.tell_typing(key, true, &typist.to);
        match self.typing.typists().entry(key) {
            // Whoever waits for its end looks again.
            Entry::Occupied(mut known) => {
                known.insert(typist);
            }
            Entry::Vacant(new) => {
                let over = typist.told_at + TYPING_TIMEOUT;
                new.insert(typist);
                tokio::spawn(self.clone().end_typing(key, over));
            }
        }
    }

    fn stop(&self, key: TypingKey, typist: &mut Typist) {
        if typist.active {
            typist.active = false;
            self.tell_typing(key, false, &typist.to);
        }
    }

    /// Waits until someone has not typed for a while, and forgets them.
    async fn end_typing(self, key: TypingKey, mut over: Instant) {
        loop {
            sleep_until(over).await;
            let mut typists = self.typing.typists();
            let Some(typist) = typists.get_mut(&key) else { return };
            over = typist.told_at + TYPING_TIMEOUT;
            if over <= Instant::now() {
                self.stop(key, typist);
                typists.remove(&key);
                return;
            }
        }
    }

    fn tell_typing(&self, (conversation_id, user_id): TypingKey, active: bool, to: &[UserId]) {
        if !to.is_empty() {
            let to = to.to_vec();
            let fact = Fact::TypingChanged { conversation_id, user_id, active, to };
            self.events.publish(vec![fact.into()]);
        }
    }
}
