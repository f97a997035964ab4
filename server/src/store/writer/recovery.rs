//! What a shard does when a batch fails, or nobody answers: nobody fails for another's sake, nobody
//! waits longer than promised, and in a conversation nothing overtakes what waits to be tried again.

use std::collections::HashSet;
use std::time::Duration;

use app::protocol::{ApiError, ConversationId, ErrorKind};
use tokio::time::sleep;

use super::batch::Batch;
use super::outcome::{refuse, refuse_late};
use super::shard::Shard;
use super::statements::Locks;
use crate::clock::random;
use crate::store::StoreError;

/// How long a shard waits before it tries again what the database would not take.
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// What a round could not store, in the order in which the next one tries it: in a conversation
/// that of its arrival.
#[derive(Default)]
struct Again {
    /// Not tried, since the database went away before their turn: first now, so that whatever made
    /// it go away does not stand in their way for ever.
    untried: Vec<Batch>,
    /// Failed, or behind something of their conversation that failed.
    tried: Vec<Batch>,
    /// The conversations of `tried`.
    waiting: HashSet<ConversationId>,
}

impl Shard {
    /// Stores these in rounds, until each is stored or refused: a conversation at a time where
    /// several failed together, and where one is refused, a command at a time. Whatever else arrives
    /// meanwhile goes with them.
    ///
    /// While the database is away, one probe a round asks for it, nothing else is tried, and
    /// whoever has waited long enough is refused at once. Those in the queue behind came later, and
    /// have their turn when all of these are refused.
    pub(super) async fn recover(&mut self, mut parts: Vec<Batch>) {
        loop {
            if self.away {
                for part in &mut parts {
                    refuse_late(&self.events, part);
                }
            }
            parts.retain(|part| !part.is_empty());
            if parts.is_empty() {
                return;
            }
            if self.in_doubt.is_due() || parts.iter().any(Batch::is_waited_for) {
                self.in_doubt.looked_for();
                self.away = self.away && !self.attempts.is_back().await;
                if !self.away {
                    self.take_more(&mut parts);
                }
                parts = self.round(parts).await;
            }
            if !parts.iter().any(Batch::is_waited_for) {
                // What is left of them is looked for when there is time.
                return self.in_doubt.keep(parts.into_iter().flat_map(|part| part.appends));
            }
            sleep(RETRY_INTERVAL).await;
        }
    }

    /// Tries each part once, for as long as the database answers. Returns what is left.
    async fn round(&mut self, parts: Vec<Batch>) -> Vec<Batch> {
        let mut again = Again::default();
        for mut part in parts {
            let mut behind = part.take_of(&again.waiting);
            refuse_late(&self.events, &mut behind);
            again.tried.push(behind);
            if self.away || part.is_empty() {
                again.untried.push(part);
                continue;
            }
            // Without waiting for locks: others come after this one, and it is tried again.
            let error = match self.attempts.store(&mut part, Locks::Now).await {
                Ok(outcome) => {
                    self.publish(part, outcome);
                    continue;
                }
                Err(error) => error,
            };
            let may_pass = matches!(error, StoreError::Unavailable(_));
            if part.is_single() && !may_pass {
                // It would fail again, and so it is not looked for.
                refuse(&self.events, part, &internal(&error));
                continue;
            }
            self.away = error.is_away();
            let conversations = part.conversations();
            if conversations.len() > 1 {
                again.tried.extend(part.by_conversation());
            } else if may_pass {
                refuse_late(&self.events, &mut part);
                again.tried.push(part);
            } else {
                again.tried.extend(part.one_by_one());
            }
            again.waiting.extend(conversations);
        }
        again.untried.append(&mut again.tried);
        again.untried
    }
}

/// A failure of ours: opaque outside, logged once under the id that the sender is given.
fn internal(error: &StoreError) -> ApiError {
    let request_id = format!("{:016x}", random::<u64>());
    tracing::error!(request_id, %error, "a message or mark could not be stored");
    ApiError {
        request_id: Some(request_id),
        ..ApiError::new(ErrorKind::Internal, "Something went wrong on our side")
    }
}
