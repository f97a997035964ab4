//! What people are told by itself, once its time has come.

use std::time::Duration;

use app::protocol::{Notification, Reminder, Timestamp};
use metrics::{counter, describe_counter};
use tokio_util::sync::CancellationToken;

use super::Chat;
use crate::background::Run;
use crate::clock::random;
use crate::error::Error;
use crate::store::StoreError;
use crate::store::reminders::due::Claim;

/// How often it is looked for what is due, in an index that has none of it most of the time.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long a batch of reminders is one process's: longer than telling them takes.
const LEASE: Duration = Duration::from_secs(10);
/// A reminder that is told later than this after its time, in milliseconds, is counted as late.
const PUNCTUAL_MS: Timestamp = 5_000;

const REMINDERS: &str = "kith_reminders_total";

/// Says what the metrics mean, to the recorder that is installed.
pub(super) fn describe_metrics() {
    describe_counter!(
        REMINDERS,
        "Reminders whose time came, by outcome: told, late (told more than 5 s after their time), dropped (their message \
         cannot be seen any more), dead (given up after five tries)"
    );
}

impl Chat {
    /// Tells reminders whose time has come, again and again until it is stopped; a batch that was begun is told to its
    /// end.
    ///
    /// # Errors
    /// None: a time that fails is followed by the next one.
    pub async fn remind(self, run: Run) -> Result<(), Error> {
        while !run.stopped().is_cancelled() {
            run.note(self.tell_due_reminders(run.stopped()).await);
            run.unless_stopped(tokio::time::sleep(INTERVAL)).await;
        }
        Ok(())
    }

    /// Tells notices of the operator, in the same manner.
    ///
    /// # Errors
    /// As of [`Self::remind`].
    pub async fn tell_notices_given(self, run: Run) -> Result<(), Error> {
        while !run.stopped().is_cancelled() {
            run.note(self.tell_notices().await);
            run.unless_stopped(tokio::time::sleep(INTERVAL)).await;
        }
        Ok(())
    }

    /// Tells all reminders whose time has come, batch by batch until it is stopped; whoever else does so at the same time
    /// tells others.
    ///
    /// # Errors
    /// Where the database fails. What was claimed by then is told later, by whoever comes first.
    pub async fn tell_due_reminders(&self, stopped: &CancellationToken) -> Result<(), Error> {
        let dead = self.store.give_up_reminders().await?;
        if dead > 0 {
            counter!(REMINDERS, "outcome" => "dead").increment(dead);
            tracing::error!(dead, "reminders were given up; they stand in their lists as due");
        }
        while !stopped.is_cancelled() {
            let claim = self.store.claim_due_reminders(claim_id(), LEASE).await?;
            if claim.is_empty() {
                break;
            }
            match self.tell_claimed(&claim).await {
                Ok(()) => {}
                Err(error @ Error::Store(StoreError::Unavailable(_))) => return Err(error),
                // One of them, perhaps, cannot be read: it is not to keep the others back.
                Err(error) => {
                    tracing::warn!(%error, "reminders could not be told at once; each is told by itself");
                    self.tell_singly(&claim).await?;
                }
            }
        }
        Ok(())
    }

    async fn tell_singly(&self, claim: &Claim) -> Result<(), Error> {
        let mut outcome = Ok(());
        for one in claim.singly() {
            outcome = outcome.and(self.tell_claimed(&one).await);
        }
        outcome
    }

    async fn tell_claimed(&self, claim: &Claim) -> Result<(), Error> {
        let reminders = self.store.claimed_reminders(claim).await?;
        let told: Vec<_> = reminders.iter().map(|(_, reminder)| reminder.id).collect();
        let now = self.now();
        let late = reminders.iter().filter(|(_, it)| now - it.at > PUNCTUAL_MS).count();
        for (user, reminder) in reminders {
            self.notify(vec![user], notification(&reminder));
        }
        self.store.settle_reminders(claim, &told).await?;
        for (outcome, count) in
            [("told", told.len() - late), ("late", late), ("dropped", claim.len() - told.len())]
        {
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            counter!(REMINDERS, "outcome" => outcome).increment(count);
        }
        Ok(())
    }
}

/// Names a claim; 0 is nobody's.
pub(super) fn claim_id() -> i64 {
    i64::from(random::<u32>()) + 1
}

/// What a person is told of a reminder.
fn notification(reminder: &Reminder) -> Notification {
    let Reminder { id, message, conversation, at, .. } = reminder;
    // Only one's own Notes have no name.
    let title = if conversation.name.is_empty() { "Notes" } else { &conversation.name };
    Notification {
        id: *id,
        kind: Notification::REMINDER.to_owned(),
        title: title.to_owned(),
        body: message.content.excerpt(),
        conversation_id: Some(conversation.id),
        seq: Some(message.seq),
        at: *at,
    }
}
