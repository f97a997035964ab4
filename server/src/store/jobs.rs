//! Work that is due at a time: a row a job, until it is done. Whoever works at one has it on lease.
//!
//! All times here are the database's: it is the one clock that several nodes share, so a node whose clock is wrong
//! neither takes what is another's nor begins before it is time.

use std::time::Duration;

use app::protocol::Timestamp;
use sqlx::QueryBuilder;

use super::dialect::Dialect;
use super::engine::on_engine;
use super::error::conflict;
use super::lease::{on_lease, on_pool};
use super::transaction::{Transaction, transact};
use super::{DATABASE_TIMEOUT, Result, Store, StoreError};

const WAITING: i64 = 1;
const RUNNING: i64 = 2;
const DEAD: i64 = 3;

/// Characters of an error that are kept with a job.
const MAX_ERROR_CHARS: usize = 500;
/// Dead jobs that are counted, at most.
const MAX_COUNTED: i64 = 10_000;

/// When a job is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// So long after it is stored.
    In(Duration),
    /// At this moment.
    At(Timestamp),
}

/// A job that is to be.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// A fresh id.
    pub id: i64,
    /// What is to be done: the name that a handler is registered under, of at most 64 bytes.
    pub kind: &'static str,
    /// Of what there is one job at a time, in at most 191 bytes; absent where there may be any number.
    pub key: Option<String>,
    /// When it is due.
    pub due: Due,
    /// What the handler needs to know.
    pub payload: String,
}

/// A job that is to be worked at, or will be soon.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DueJob {
    /// The id of the job.
    pub id: i64,
    /// What is to be done.
    pub kind: String,
    /// What the handler needs to know.
    pub payload: String,
    /// How often it was begun.
    pub attempts: i64,
    state: i64,
    owner: i64,
    /// Milliseconds until it is due, by the database's clock; negative once it is.
    pub due_in: i64,
}

impl DueJob {
    /// Whether it was begun by a process that did not come to its end.
    pub fn is_abandoned(&self) -> bool {
        self.state == RUNNING
    }
}

/// One attempt at a job, which is its owner's as long as the lease is renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The id of the job.
    pub job: i64,
    /// The process that works at it.
    pub owner: i64,
    /// Which attempt it is, from 1.
    pub number: i64,
}

/// What becomes of a job after an attempt.
#[derive(Clone, Copy, Debug)]
pub enum Next<'a> {
    /// It is done, and forgotten.
    Done,
    /// It is done, and due again after a while.
    Again(Duration),
    /// It failed, and is tried again after a while.
    Retry(Duration, &'a str),
    /// It failed too often, and is kept for a person to look at.
    Dead(&'a str),
    /// It was not worked at in the end: as if it had not been begun.
    Untouched,
}

impl Store {
    /// Stores a job; false where there is one of its key.
    ///
    /// # Errors
    /// `Conflict("id")` where the id is taken.
    pub async fn insert_job(&self, job: &NewJob) -> Result<bool> {
        Ok(transact!(self, |transaction| insert(transaction, job).await))
    }

    /// The jobs of these kinds that are due or come next, the earliest first: those that wait, and those whose owner
    /// let its lease end. At most `limit` of either.
    pub async fn due_jobs(&self, kinds: &[&'static str], limit: u32) -> Result<Vec<DueJob>> {
        if kinds.is_empty() {
            return Ok(Vec::new());
        }
        on_lease!(&self.readers, DATABASE_TIMEOUT, |lease| {
            let abandoned = find(lease.connection()?, RUNNING, kinds, limit).await?;
            let mut jobs = find(lease.connection()?, WAITING, kinds, limit).await?;
            jobs.splice(0..0, abandoned);
            Ok(jobs)
        })
    }

    /// Begins an attempt at a job, for so long; absent where another was quicker.
    pub async fn claim_job(
        &self,
        job: &DueJob,
        owner: i64,
        lease: Duration,
    ) -> Result<Option<Attempt>> {
        let attempt = Attempt { job: job.id, owner, number: job.attempts + 1 };
        let claimed = on_pool!(&self.writers, |connection, Db| {
            let now = Dialect::of::<Db>().now();
            let mut query = QueryBuilder::<Db>::new("UPDATE job SET state = ");
            query.push_bind(RUNNING).push(", owner = ").push_bind(owner);
            query.push(", attempts = ").push_bind(attempt.number);
            query.push(", lease_until = ").push(now).push(" + ").push_bind(millis(lease));
            query.push(" WHERE id = ").push_bind(job.id).push(" AND state = ").push_bind(job.state);
            query.push(" AND owner = ").push_bind(job.owner);
            query.push(" AND attempts = ").push_bind(job.attempts);
            // Nothing but the owner's own renewal changes only this.
            query.push(" AND lease_until <= ").push(now);
            // One that comes again waits as it did before it came; only its moment tells that it has come.
            query.push(" AND run_at <= ").push(now);
            query.build().execute(connection).await?.rows_affected()
        });
        Ok((claimed == 1).then_some(attempt))
    }

    /// Keeps a job for so long from now on; false where it is no longer this attempt's.
    pub async fn renew_job(&self, attempt: Attempt, lease: Duration) -> Result<bool> {
        let renewed = on_pool!(&self.writers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("UPDATE job SET lease_until = ");
            query.push(Dialect::of::<Db>().now()).push(" + ").push_bind(millis(lease));
            push_attempt(&mut query, attempt);
            query.build().execute(connection).await?.rows_affected()
        });
        Ok(renewed == 1)
    }

    /// Ends an attempt; false where the job is no longer this attempt's.
    pub async fn settle_job(&self, attempt: Attempt, next: Next<'_>) -> Result<bool> {
        let settled = on_pool!(&self.writers, |connection, Db| {
            let now = Dialect::of::<Db>().now();
            let mut query = QueryBuilder::<Db>::new("");
            let mut wait = |head: &str, state: i64, after: Duration, error: Option<&str>| {
                query
                    .push("UPDATE job SET ")
                    .push(head)
                    .push(" owner = 0, lease_until = 0, state = ");
                query.push_bind(state).push(", run_at = ").push(now).push(" + ");
                query.push_bind(millis(after)).push(", last_error = ").push_bind(shortened(error));
            };
            match next {
                Next::Done => {
                    query.push("DELETE FROM job");
                }
                Next::Again(after) => wait("attempts = 0,", WAITING, after, None),
                Next::Retry(after, error) => wait("", WAITING, after, Some(error)),
                Next::Dead(error) => {
                    wait("unique_key = NULL,", DEAD, Duration::ZERO, Some(error));
                }
                Next::Untouched => {
                    wait("attempts = attempts - 1,", WAITING, Duration::ZERO, None);
                }
            }
            push_attempt(&mut query, attempt);
            query.build().execute(connection).await?.rows_affected()
        });
        Ok(settled == 1)
    }

    /// Milliseconds until this job is due that comes again and again, negative once it is; absent while it is worked
    /// at, and after an attempt that failed.
    pub async fn due_again_in(&self, kind: &str) -> Result<Option<i64>> {
        Ok(on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT run_at - ");
            query.push(Dialect::of::<Db>().now()).push(" FROM job WHERE unique_key = ");
            query.push_bind(kind).push(" AND attempts = 0 AND state = ").push_bind(WAITING);
            query.build_query_scalar().fetch_optional(connection).await?
        }))
    }

    /// How many jobs are dead, up to 10,000.
    pub async fn count_dead_jobs(&self) -> Result<i64> {
        Ok(on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT COUNT(*) FROM (SELECT id FROM job WHERE state = ? LIMIT ?) dead",
            )
            .bind(DEAD)
            .bind(MAX_COUNTED)
            .fetch_one(connection)
            .await?
        }))
    }

    /// Forgets jobs that died longer than `age` ago, and of the others all but the `kept` that died last; at most
    /// `limit` of them. Returns how many it was.
    pub async fn forget_dead_jobs(&self, age: Duration, kept: u32, limit: u32) -> Result<u64> {
        let surplus: Option<i64> = on_pool!(&self.readers, |connection| {
            sqlx::query_scalar(
                "SELECT run_at FROM job WHERE state = ? ORDER BY run_at DESC LIMIT 1 OFFSET ?",
            )
            .bind(DEAD)
            .bind(kept)
            .fetch_optional(connection)
            .await?
        });
        let ids: Vec<i64> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT id FROM job WHERE state = ");
            query.push_bind(DEAD).push(" AND (run_at <= ").push(Dialect::of::<Db>().now());
            query.push(" - ").push_bind(millis(age));
            query.push(" OR run_at <= ").push_bind(surplus.unwrap_or(-1));
            query.push(") ORDER BY run_at LIMIT ").push_bind(limit);
            query.build_query_scalar().fetch_all(connection).await?
        });
        let mut forgotten = 0;
        for chunk in super::lists::padded(&ids) {
            forgotten += on_pool!(&self.writers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new("DELETE FROM job WHERE state = ");
                let mut list = query.push_bind(DEAD).push(" AND id IN (").separated(", ");
                for id in &chunk {
                    list.push_bind(*id);
                }
                query.push(")").build().execute(connection).await?.rows_affected()
            });
        }
        Ok(forgotten)
    }
}

/// Stores a job with what else a transaction does; false where there is one of its key.
pub(super) async fn insert(transaction: &mut Transaction, job: &NewJob) -> Result<bool> {
    let inserted = on_engine!(transaction.connection()?, |connection, Db| {
        let dialect = Dialect::of::<Db>();
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO job (id, kind, unique_key, payload, run_at) VALUES (",
        );
        let mut row = query.separated(", ");
        row.push_bind(job.id).push_bind(job.kind).push_bind(job.key.as_deref());
        row.push_bind(&job.payload);
        match job.due {
            Due::At(moment) => row.push_bind(moment),
            Due::In(after) => {
                row.push(dialect.now()).push_unseparated(" + ").push_bind_unseparated(millis(after))
            }
        };
        let inserted = query.push(")").build().execute(connection).await;
        inserted.map(drop).map_err(|error| conflict(error, dialect, "key"))
    });
    match inserted {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict("key")) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn find(
    connection: super::lease::Connection<'_>,
    state: i64,
    kinds: &[&'static str],
    limit: u32,
) -> Result<Vec<DueJob>> {
    Ok(on_engine!(connection, |connection, Db| {
        let now = Dialect::of::<Db>().now();
        let mut query =
            QueryBuilder::<Db>::new("SELECT id, kind, payload, attempts, state, owner, run_at - ");
        query.push(now).push(" AS due_in FROM job WHERE state = ").push_bind(state);
        if state == RUNNING {
            query.push(" AND lease_until <= ").push(now);
        }
        let mut list = query.push(" AND kind IN (").separated(", ");
        for kind in kinds {
            list.push_bind(*kind);
        }
        query.push(") ORDER BY run_at LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(connection).await?
    }))
}

/// The row of a job, as long as this attempt has it.
fn push_attempt<Db: sqlx::Database>(query: &mut QueryBuilder<Db>, attempt: Attempt)
where
    i64: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    query.push(" WHERE id = ").push_bind(attempt.job).push(" AND state = ").push_bind(RUNNING);
    query.push(" AND owner = ").push_bind(attempt.owner);
    query.push(" AND attempts = ").push_bind(attempt.number);
}

fn shortened(error: Option<&str>) -> Option<String> {
    error.map(|error| error.chars().take(MAX_ERROR_CHARS).collect())
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}
