//! Reminders whose time has come: claimed by one batch of one process, told by it, and then settled.
//!
//! A claim is an UPDATE whose WHERE names the state that was seen, so that of several who want the same reminder one has
//! it. It ends by itself: what a process that died has claimed is anyone's after that, under the same id, so that
//! whoever was told already knows it again. ([why](../../../../docs/decisions/0044-reminders-are-claimed.md))

use std::time::Duration;

use app::protocol::{NotificationId, Reminder, UserId};
use sqlx::QueryBuilder;

use super::list::select;
use super::{CLAIMED, DEAD, TOLD, WAITING};
use crate::store::dialect::Dialect;
use crate::store::lease::on_pool;
use crate::store::lists::{MAX_LIST, padded};
use crate::store::{Result, Store};

/// How often a reminder is begun to be told before it is given up.
const MAX_TRIES: i64 = 5;

/// A batch of reminders that are one teller's for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    owner: i64,
    ids: Vec<i64>,
}

impl Claim {
    /// How many there are.
    pub const fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The same, each by itself: for where one of them cannot be read.
    pub fn singly(&self) -> impl Iterator<Item = Self> {
        self.ids.iter().map(|id| Self { owner: self.owner, ids: vec![*id] })
    }
}

impl Store {
    /// Claims reminders whose time has come, the earliest first, for so long; those first whose teller let its claim end.
    /// `owner` names this batch and no other. At most 256; none where there is none.
    pub async fn claim_due_reminders(&self, owner: i64, lease: Duration) -> Result<Claim> {
        let mut ids = self.due_reminders(CLAIMED, MAX_LIST).await?;
        ids.extend(self.due_reminders(WAITING, MAX_LIST - ids.len()).await?);
        let Some(wanted) = padded(&ids).next() else { return Ok(Claim { owner, ids }) };
        on_pool!(&self.writers, |connection, Db| {
            let now = Dialect::of::<Db>().now();
            let lease = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX / 4);
            let mut query = QueryBuilder::<Db>::new("UPDATE reminder SET state = ");
            query.push_bind(CLAIMED).push(", tries = tries + 1, owner = ").push_bind(owner);
            query.push(", lease_until = ").push(now).push(" + ").push_bind(lease);
            query.push(" WHERE ((state = ").push_bind(WAITING).push(" AND remind_at <= ").push(now);
            query.push(") OR (state = ").push_bind(CLAIMED).push(" AND lease_until <= ").push(now);
            query.push(")) AND id IN (");
            push_ids(&mut query, &wanted);
            query.build().execute(connection).await?;
        });
        let ids = on_pool!(&self.writers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT id FROM reminder WHERE owner = ");
            query.push_bind(owner).push(" AND state = ").push_bind(CLAIMED).push(" AND id IN (");
            push_ids(&mut query, &wanted);
            query.build_query_scalar().fetch_all(connection).await?
        });
        Ok(Claim { owner, ids })
    }

    async fn due_reminders(&self, state: i64, limit: usize) -> Result<Vec<i64>> {
        Ok(on_pool!(&self.readers, |connection, Db| {
            let now = Dialect::of::<Db>().now();
            let mut query = QueryBuilder::<Db>::new("SELECT id FROM reminder WHERE state = ");
            query.push_bind(state);
            let moment =
                if state == WAITING { " AND remind_at <= " } else { " AND lease_until <= " };
            query.push(moment).push(now).push(" ORDER BY remind_at LIMIT ");
            query.push_bind(i64::try_from(limit).unwrap_or(0));
            query.build_query_scalar().fetch_all(connection).await?
        }))
    }

    /// Of these the reminders whose messages can still be seen, and whose they are.
    pub async fn claimed_reminders(&self, claim: &Claim) -> Result<Vec<(UserId, Reminder)>> {
        let Some(ids) = padded(&claim.ids).next() else { return Ok(Vec::new()) };
        let rows = on_pool!(&self.readers, |connection, Db| {
            let mut query = select::<Db>();
            query.push(" AND r.owner = ").push_bind(claim.owner).push(" AND r.id IN (");
            push_ids(&mut query, &ids);
            query.push(" ORDER BY r.remind_at, r.id").build_query_as().fetch_all(connection).await?
        });
        self.whole(None, rows).await
    }

    /// Ends a claim: these were told, and the others are forgotten, since nobody can see their messages. Returns how many
    /// were still the claim's.
    pub async fn settle_reminders(&self, claim: &Claim, told: &[NotificationId]) -> Result<u64> {
        let told: Vec<i64> = told.iter().map(|id| id.get()).collect();
        let dropped: Vec<i64> = claim.ids.iter().filter(|id| !told.contains(id)).copied().collect();
        let mut settled = 0;
        for (end, ids) in [(Some(TOLD), told), (None, dropped)] {
            let Some(ids) = padded(&ids).next() else { continue };
            settled += on_pool!(&self.writers, |connection, Db| {
                let mut query = match end {
                    Some(state) => {
                        let mut query =
                            QueryBuilder::<Db>::new("UPDATE reminder SET owner = 0, state = ");
                        query.push_bind(state);
                        query
                    }
                    None => QueryBuilder::<Db>::new("DELETE FROM reminder"),
                };
                query.push(" WHERE owner = ").push_bind(claim.owner);
                query.push(" AND state = ").push_bind(CLAIMED).push(" AND id IN (");
                push_ids(&mut query, &ids);
                query.build().execute(connection).await?.rows_affected()
            });
        }
        Ok(settled)
    }

    /// Gives up those that were begun to be told five times and never settled: they stay due in their lists. Returns how
    /// many.
    pub async fn give_up_reminders(&self) -> Result<u64> {
        let dying: Vec<i64> = on_pool!(&self.readers, |connection, Db| {
            let mut query = QueryBuilder::<Db>::new("SELECT id FROM reminder WHERE state = ");
            query.push_bind(CLAIMED).push(" AND tries >= ").push_bind(MAX_TRIES);
            query.push(" AND lease_until <= ").push(Dialect::of::<Db>().now());
            query.push(" LIMIT 256");
            query.build_query_scalar().fetch_all(connection).await?
        });
        let mut dead = 0;
        for ids in padded(&dying) {
            dead += on_pool!(&self.writers, |connection, Db| {
                let mut query = QueryBuilder::<Db>::new("UPDATE reminder SET owner = 0, state = ");
                query.push_bind(DEAD).push(" WHERE state = ").push_bind(CLAIMED);
                query.push(" AND lease_until <= ").push(Dialect::of::<Db>().now());
                query.push(" AND id IN (");
                push_ids(&mut query, &ids);
                query.build().execute(connection).await?.rows_affected()
            });
        }
        Ok(dead)
    }
}

/// A list of ids, and the bracket that ends it.
fn push_ids<Db: sqlx::Database>(query: &mut QueryBuilder<Db>, ids: &[i64])
where
    i64: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db>,
{
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    query.push(")");
}
