//! Messages whose senders were told `unavailable` while it was not known whether they were stored: they
//! are looked for when the database is back, so that the others learn of those that were.

use std::collections::VecDeque;
use std::time::Duration;

use metrics::Counter;
use tokio::time::Instant;

use super::batch::QueuedAppend;

/// How often a shard without other work looks for them.
const LOOK_AGAIN_INTERVAL: Duration = Duration::from_millis(500);

/// The most that are kept. While every COMMIT fails, on a full disk for instance, there are more of
/// them every second. Forgetting one loses nothing: if it is stored it stands in the database with
/// its position; the others come upon that when a later message leaves a hole before it, or by
/// `heads` when they next compare, and a sender who tries again is answered with it.
const MAX_IN_DOUBT: usize = 1_024;

pub(super) struct InDoubt {
    /// In the order in which they were given up.
    messages: VecDeque<QueuedAppend>,
    due: Instant,
    forgotten: Counter,
    /// Since the database was last seen, it was said that some were forgotten.
    warned: bool,
}

impl InDoubt {
    pub(super) fn new(forgotten: Counter) -> Self {
        Self { messages: VecDeque::new(), due: Instant::now(), forgotten, warned: false }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// When to look for them; absent when there are none.
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.is_empty()).then_some(self.due)
    }

    /// Whether it is time to look for them, be they kept here or taken.
    pub(super) fn is_due(&self) -> bool {
        self.due <= Instant::now()
    }

    /// They are looked for now, and then not for a while.
    pub(super) fn looked_for(&mut self) {
        self.due = Instant::now() + LOOK_AGAIN_INTERVAL;
    }

    /// Keeps these, and forgets the oldest if they are too many.
    pub(super) fn keep(&mut self, messages: impl IntoIterator<Item = QueuedAppend>) {
        self.messages.extend(messages);
        let surplus = self.messages.len().saturating_sub(MAX_IN_DOUBT);
        if surplus > 0 {
            self.messages.drain(..surplus);
            self.forgotten.increment(surplus as u64);
            if !self.warned {
                tracing::warn!("too many messages in doubt: forgetting the oldest");
                self.warned = true;
            }
        }
    }

    /// Takes all, to look for them.
    pub(super) fn take(&mut self) -> Vec<QueuedAppend> {
        std::mem::take(&mut self.messages).into()
    }

    /// The database took a transaction: if some are forgotten after this, that is news again.
    pub(super) fn database_is_back(&mut self) {
        self.warned = false;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use app::protocol::{ClientId, ConversationId, MessageText, NewContent, User, UserId};
    use metrics::Counter;
    use tokio::time::Instant;

    use super::{InDoubt, MAX_IN_DOUBT};
    use crate::store::writer::batch::QueuedAppend;
    use crate::store::writer::{Append, ReplyTo};

    fn given_up(number: usize) -> QueuedAppend {
        let user = User {
            id: UserId::new(1),
            username: "mei".into(),
            nickname: "Mei".into(),
            avatar_url: None,
            created_at: 0,
            presence: None,
        };
        let command = Append {
            conversation_id: ConversationId::new(1),
            sender: Arc::new(user),
            client_id: ClientId::parse(&format!("m{number}")).unwrap(),
            content: NewContent::Text(MessageText::parse("words").unwrap()),
            extras: None,
            reply: ReplyTo::Nobody,
        };
        QueuedAppend { command, arrived_at: Instant::now(), place: 0, may_be_stored: true }
    }

    #[test]
    fn the_oldest_are_forgotten_and_counted() {
        let forgotten = Arc::new(AtomicU64::new(0));
        let mut in_doubt = InDoubt::new(Counter::from_arc(Arc::clone(&forgotten)));
        for number in 0..MAX_IN_DOUBT + 300 {
            in_doubt.keep(vec![given_up(number)]);
        }
        assert!(in_doubt.warned && in_doubt.due().is_some());
        assert_eq!(forgotten.load(Ordering::Relaxed), 300);
        let kept = in_doubt.take();
        assert_eq!((kept.len(), kept[0].client_id.as_str()), (MAX_IN_DOUBT, "m300"));
        assert!(in_doubt.is_empty() && in_doubt.due().is_none());
        // Those that come back are not news, but one more than fits is counted again.
        in_doubt.keep(kept);
        in_doubt.keep(vec![given_up(0)]);
        assert_eq!(forgotten.load(Ordering::Relaxed), 301);
    }
}
