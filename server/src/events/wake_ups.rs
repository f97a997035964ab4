//! What wakes those who follow conversations in their own time: which have changed since they last looked. It says
//! where to look, not what happened, and so may forget: whoever follows keeps a cursor.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::protocol::ConversationId;
use tokio::sync::Notify;

use super::{Fact, Subscriber};

/// The most conversations that are remembered by name, some 100 KB of them.
const MAX_REMEMBERED: usize = 4_096;

/// The conversations whose `seq` or `rev` has risen since they were last taken: a subscriber, and the handle of its
/// one follower. However much happens, it takes no more room than [`MAX_REMEMBERED`] names. Cheap to clone.
#[derive(Clone, Default)]
pub struct WakeUps(Arc<Inner>);

#[derive(Default)]
struct Inner {
    due: Mutex<WakeUp>,
    news: Notify,
}

/// The conversations to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WakeUp {
    /// These and no others, at least one.
    Conversations(HashSet<ConversationId>),
    /// Any may have changed: they are more than are remembered.
    Any,
}

impl Default for WakeUp {
    fn default() -> Self {
        Self::Conversations(HashSet::new())
    }
}

impl WakeUps {
    /// Waits until something has changed, and takes it. Nothing is lost when the wait is given up.
    pub async fn next(&self) -> WakeUp {
        loop {
            let due = std::mem::take(&mut *self.due());
            if due != WakeUp::default() {
                return due;
            }
            self.0.news.notified().await;
        }
    }

    fn due(&self) -> MutexGuard<'_, WakeUp> {
        // Nothing under the lock panics half-way.
        self.0.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber for WakeUps {
    fn hear(&self, fact: &Fact) {
        let Some(id) = fact.raised() else { return };
        let mut due = self.due();
        let WakeUp::Conversations(ids) = &mut *due else { return };
        let is_first = ids.is_empty();
        ids.insert(id);
        if ids.len() > MAX_REMEMBERED {
            *due = WakeUp::Any;
        }
        drop(due);
        if is_first {
            self.0.news.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;
    use std::time::Duration;

    use app::protocol::{ConversationId, UserId};
    use futures_util::FutureExt;
    use tokio::time::timeout;

    use super::{MAX_REMEMBERED, WakeUp, WakeUps};
    use crate::events::samples::message;
    use crate::events::{Audience, Fact, Subscriber};

    fn stored(id: i64) -> Fact {
        let message = Arc::new(message(ConversationId::new(id), 1, "words"));
        Fact::MessageStored { message, audience: Audience::Private(UserId::new(1), UserId::new(2)) }
    }

    fn these(ids: impl IntoIterator<Item = i64>) -> WakeUp {
        WakeUp::Conversations(ids.into_iter().map(ConversationId::new).collect::<HashSet<_>>())
    }

    #[tokio::test]
    async fn what_changed_often_is_taken_once() {
        let wake_ups = WakeUps::default();
        assert_eq!(wake_ups.next().now_or_never(), None);
        for id in [7, 8, 7, 7] {
            wake_ups.hear(&stored(id));
        }
        assert_eq!(wake_ups.next().await, these([7, 8]));
        assert_eq!(wake_ups.next().now_or_never(), None);
    }

    #[tokio::test]
    async fn whoever_waits_is_woken() {
        let wake_ups = WakeUps::default();
        let follower = tokio::spawn({
            let wake_ups = wake_ups.clone();
            async move { [wake_ups.next().await, wake_ups.next().await] }
        });
        tokio::task::yield_now().await;
        wake_ups.hear(&stored(7));
        tokio::task::yield_now().await;
        wake_ups.hear(&stored(8));
        let woken = timeout(Duration::from_secs(10), follower).await.expect("it is woken");
        assert_eq!(woken.expect("it ran"), [these([7]), these([8])]);
    }

    #[tokio::test]
    async fn what_moves_no_position_wakes_nobody() {
        let wake_ups = WakeUps::default();
        let (conversation_id, to) = (ConversationId::new(7), UserId::new(1));
        wake_ups.hear(&Fact::ConversationChanged { conversation_id, to });
        assert_eq!(wake_ups.next().now_or_never(), None);
    }

    #[tokio::test]
    async fn more_than_can_be_remembered_are_many() {
        let wake_ups = WakeUps::default();
        let most = i64::try_from(MAX_REMEMBERED).expect("few");
        (1..=most).for_each(|id| wake_ups.hear(&stored(id)));
        wake_ups.hear(&stored(1));
        assert_eq!(wake_ups.next().await, these(1..=most));
        (1..=most + 2).for_each(|id| wake_ups.hear(&stored(id)));
        assert_eq!(wake_ups.next().await, WakeUp::Any);
        wake_ups.hear(&stored(7));
        assert_eq!(wake_ups.next().await, these([7]));
    }
}
