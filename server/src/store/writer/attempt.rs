//! One transaction: all of a batch's messages, changes and marks, or nothing of it.

use std::time::Duration;

use tokio::time::Instant;

use super::batch::{Batch, QueuedAppend};
use super::change::{ChangeContext, ChangeOutcome};
use super::faults::{self, Boundary, Faults};
use super::known::Known;
use super::lookups::run_length;
use super::meters::{Meters, as_f64};
use super::plan::{Conversations, Decision, Moved, Planner, mark_positions, move_marks};
use super::sessions::{self, Groups};
use super::statements::{self, Locks};
use crate::clock::Clock;
use crate::events::Members;
use crate::store::lease::limited;
use crate::store::transaction::Transaction;
use crate::store::{Result, Store};
use crate::store::{mentions, message_files, schedules};

/// An attempt has at least this long, however old its batch is: a lock is waited for 2 s, which some
/// servers measure with a second's accuracy.
const MIN_TIMEOUT: Duration = Duration::from_millis(3_500);
/// How long the database may take to begin a transaction before it counts as still away.
const PROBE_TIMEOUT: Duration = Duration::from_secs(1);

/// What a transaction needs.
#[derive(Clone)]
pub(super) struct Attempts {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) faults: Option<Faults>,
    pub(super) meters: Meters,
    pub(super) groups: Groups,
}

/// What a committed transaction did: one a message, one a change, one a member's marks, in their
/// order.
pub(super) struct Outcome {
    pub(super) decisions: Vec<Decision>,
    pub(super) change_outcomes: Vec<ChangeOutcome>,
    pub(super) moved: Vec<Moved>,
}

impl Attempts {
    /// Tries to store it for as long as those wait who sent it. After an error, `may_be_stored`
    /// tells which messages a COMMIT was sent for whose outcome is unknown: an attempt that has their
    /// locks finds them or not.
    pub(super) async fn store(&self, batch: &mut Batch, locks: Locks) -> Result<Outcome> {
        let left = batch.deadline().saturating_duration_since(Instant::now());
        // Whoever has waited long enough already waits for nobody's lock.
        let locks = if left.is_zero() { Locks::Now } else { locks };
        // A transaction that is cut off closes its connection, which undoes it.
        limited(left.max(MIN_TIMEOUT), self.run(batch, locks)).await
    }

    /// Whether the database takes transactions.
    pub(super) async fn is_back(&self) -> bool {
        let probe = async {
            self.store.begin_in_shard().await?.rollback().await;
            Ok(())
        };
        limited(PROBE_TIMEOUT, probe).await.is_ok()
    }

    async fn run(&self, batch: &mut Batch, locks: Locks) -> Result<Outcome> {
        let started = Instant::now();
        let mut transaction = self.store.begin_in_shard().await?;
        let written = self.write(&mut transaction, batch, locks).await;
        let (outcome, inserted, regrouped) = match written {
            Ok(written) => written,
            Err(error) => {
                transaction.rollback().await;
                return Err(error);
            }
        };
        for (append, decision) in batch.appends.iter_mut().zip(&outcome.decisions) {
            append.may_be_stored |= matches!(decision, Decision::New(..));
        }
        for (change, outcome) in batch.changes.iter_mut().zip(&outcome.change_outcomes) {
            change.may_be_stored |= outcome.is_ok();
        }
        transaction.commit().await?;
        faults::pass(self.faults.as_ref(), Boundary::AfterCommit)?;
        self.groups.learn(&regrouped);
        self.meters.commit.record(started.elapsed());
        if inserted > 0 {
            self.meters.batch.record(as_f64(inserted));
            self.meters.messages.increment(inserted as u64);
        }
        Ok(outcome)
    }

    /// Locks, looks, decides, writes. The order is the contract's: repeats are found before
    /// membership is checked, and both under the lock. What one command asks for is read after what
    /// was queued before it is written, so that a batch does what its commands do one by one.
    async fn write(
        &self,
        transaction: &mut Transaction,
        batch: &Batch,
        locks: Locks,
    ) -> Result<(Outcome, usize, Conversations)> {
        let rows = statements::lock(transaction, &batch.locks(), locks).await?;
        let mut conversations = sessions::read(transaction, rows, batch, &self.groups).await?;
        let now = self.clock.now();
        let (mut planner, mut inserted) = (Planner::new(now), 0);
        let mut change_outcomes = Vec::with_capacity(batch.changes.len());
        let mut rest = &batch.appends[..];
        for change in &batch.changes {
            let earlier = rest.partition_point(|append| append.place < change.place);
            let (earlier, later) = rest.split_at(earlier);
            inserted += append(transaction, &mut planner, earlier, &mut conversations).await?;
            rest = later;
            let mut context = ChangeContext {
                transaction,
                locked: &mut conversations,
                planner: &mut planner,
                groups: &self.groups,
                now,
            };
            change_outcomes.push(context.carry_out(change).await?);
            inserted += write_down(transaction, &mut planner).await?;
        }
        inserted += append(transaction, &mut planner, rest, &mut conversations).await?;
        let mut decisions = planner.finish();
        let decided = batch.appends.iter().zip(&mut decisions);
        for (append, decision) in decided.filter(|(append, _)| append.may_be_stored) {
            if let Decision::New(message, everyone) = decision
                && let Some(group) = conversations.get(&append.conversation_id)
                && let Some(members) = &group.group
            {
                // It may have been stored a while ago: not for those who came in since.
                let (id, seq) = (append.conversation_id, message.seq.get());
                *everyone = Members::Group(members.as_of(transaction, id, seq).await?);
            }
        }
        let mark_positions = mark_positions(&batch.marks, &conversations);
        let steps = statements::find_steps(transaction, &mark_positions).await?;
        let moved =
            batch.marks.iter().map(|marks| move_marks(marks, &mut conversations, &steps)).collect();
        statements::update(transaction, &conversations, now).await?;
        faults::pass(self.faults.as_ref(), Boundary::BeforeCommit)?;
        Ok((Outcome { decisions, change_outcomes, moved }, inserted, conversations))
    }
}

/// Decides on these messages and writes down what is new, before anything asks for what comes of them.
/// Returns how many it wrote.
async fn append<'a>(
    transaction: &mut Transaction,
    planner: &mut Planner<'a>,
    mut appends: &'a [QueuedAppend],
    conversations: &mut Conversations,
) -> Result<usize> {
    let mut inserted = 0;
    while !appends.is_empty() {
        let (run, later) = appends.split_at(run_length(appends, conversations));
        let known = Known::of(transaction, run, planner.now()).await?;
        planner.append(run, &known, conversations);
        inserted += write_down(transaction, planner).await?;
        appends = later;
    }
    Ok(inserted)
}

async fn write_down(transaction: &mut Transaction, planner: &mut Planner<'_>) -> Result<usize> {
    let rows = planner.take_rows();
    statements::insert(transaction, &rows.messages).await?;
    message_files::insert(transaction, rows.messages.iter().map(|message| &**message)).await?;
    schedules::insert(transaction, rows.messages.iter().map(|message| &**message)).await?;
    mentions::insert(transaction, &rows.mentions).await?;
    Ok(rows.messages.len())
}
