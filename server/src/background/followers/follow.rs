//! A follower's loop: it waits for news and looks for what it missed, follows that of its shares, and stores how far it
//! has come with what it keeps.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use app::protocol::{ConversationId, Timestamp};
use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep_until, timeout};

use super::look::Overlap;
use super::shares::to_want;
use crate::background::Run;
use crate::background::faults::{self, Faults, Step};
use crate::background::meters::FollowerMeters;
use crate::clock;
use crate::error::Error;
use crate::events::{WakeUp, WakeUps};
use crate::store::Store;
use crate::store::followers::{ChangedBy, FollowerId, Kept, Place, Stretch, shard_of};

/// Conversations that are followed in one transaction.
const BATCH_SIZE: usize = 256;
/// Conversations that one statement looks through.
const PAGE_SIZE: u32 = 512;

/// Something that follows the conversations.
pub trait Follower: Send + Sync + 'static {
    /// The name of the follower, of at most 32 bytes, which never changes.
    fn name(&self) -> &'static str;

    /// Makes of these stretches what is to be kept of them. Nothing that it does otherwise may be wrong a second time:
    /// where it is not stored, the same stretches come again, perhaps in another process.
    fn gather<'a>(&'a self, stretches: &'a [Stretch]) -> BoxFuture<'a, Result<Kept, Error>>;

    /// Called at the start, when something was stored, and now and then.
    fn refresh(&self) -> BoxFuture<'_, Result<(), Error>>;
}

/// How followers work.
#[derive(Clone)]
pub struct FollowOptions {
    /// Several processes use the database: the shares are on lease. Else this one has all of them.
    pub shared: bool,
    /// How long a share is its owner's without a sign of life.
    pub lease: Duration,
    /// The least time from one batch of news to the next, in which more comes together.
    pub pause: Duration,
    /// How often it is looked for what was missed.
    pub look: Duration,
    /// How often it is looked for what nodes with wrong clocks did.
    pub long_look: Duration,
    /// Where tests cut it off.
    pub faults: Option<Faults>,
}

impl FollowOptions {
    /// The usual ones.
    pub const fn new(shared: bool) -> Self {
        Self {
            shared,
            lease: Duration::from_secs(6),
            pause: Duration::from_secs(1),
            look: Duration::from_secs(10),
            long_look: Duration::from_mins(10),
            faults: None,
        }
    }
}

/// Has one follower follow.
pub struct Follow {
    store: Store,
    follower: Arc<dyn Follower>,
    wake_ups: WakeUps,
    options: FollowOptions,
    id: FollowerId,
    meters: FollowerMeters,
}

/// What the loop knows.
struct Progress {
    /// The shards that are ours, each with the moment up to which all has been followed.
    looked_to: BTreeMap<i64, Timestamp>,
    /// Something was kept since it was last stored how far it was looked.
    kept: bool,
    next_shares: Instant,
    next_look: Instant,
    next_long_look: Instant,
}

/// What has become of news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Followed,
    /// A share is another's by now.
    Lost,
}

impl Follow {
    /// A follower with wake-ups of its own.
    pub fn new(
        store: Store,
        follower: Arc<dyn Follower>,
        wake_ups: WakeUps,
        options: FollowOptions,
    ) -> Arc<Self> {
        let owner = i64::from(clock::random::<u32>()) + 1;
        let id = FollowerId { name: follower.name(), owner };
        let meters = FollowerMeters::of(id.name);
        Arc::new(Self { store, follower, wake_ups, options, id, meters })
    }

    /// Follows until it is stopped; then the shares are given back.
    ///
    /// # Errors
    /// Those of the database and of the follower. Begun anew, it looks for what it had not stored.
    pub async fn run(self: Arc<Self>, run: Run) -> Result<(), Error> {
        let now = Instant::now();
        let mut progress = Progress {
            looked_to: BTreeMap::new(),
            kept: false,
            next_shares: now,
            next_look: now,
            next_long_look: now,
        };
        let mut not_before = now;
        self.store.add_shares(self.id.name).await?;
        loop {
            let news = async {
                sleep_until(not_before).await;
                self.wake_ups.next().await
            };
            let wake_up = tokio::select! {
                () = run.stopped().cancelled() => break,
                news = news => Some(news),
                () = sleep_until(progress.next_shares.min(progress.next_look)) => None,
            };
            // At the end it is cut off wherever it is.
            match run.unless_stopped(self.go_on(&mut progress, wake_up)).await {
                Some(outcome) => outcome?,
                None => break,
            }
            run.succeeded();
            not_before = Instant::now() + self.options.pause;
        }
        if self.options.shared {
            self.store.give_back_shares(self.id).await?;
        }
        Ok(())
    }

    /// Follows the news, and does what is due.
    async fn go_on(&self, progress: &mut Progress, news: Option<WakeUp>) -> Result<(), Error> {
        if progress.next_shares <= Instant::now() {
            self.see_to_shares(progress).await?;
        }
        let mut outcome = Outcome::Followed;
        match news {
            Some(WakeUp::Conversations(ids)) => {
                let ours = |id: &ConversationId| progress.looked_to.contains_key(&shard_of(*id));
                let ids: Vec<_> = ids.into_iter().filter(ours).collect();
                outcome = self.follow(progress, &ids).await?;
            }
            Some(WakeUp::Any) => progress.next_look = Instant::now(),
            None => {}
        }
        if outcome == Outcome::Followed && progress.next_look <= Instant::now() {
            outcome = self.look(progress).await?;
            self.follower.refresh().await?;
        }
        if outcome == Outcome::Lost {
            progress.looked_to.clear();
            progress.next_shares = Instant::now();
        }
        Ok(())
    }

    /// Sees which shares are ours. Of a new one it is not known what was missed.
    async fn see_to_shares(&self, progress: &mut Progress) -> Result<(), Error> {
        let lease = self.options.lease;
        let shares = if self.options.shared {
            let shares = self.store.take_shares(self.id, lease).await?;
            let wanted = to_want(&shares, self.id.owner);
            self.store.want_shares(self.id, &wanted).await?;
            progress.next_shares = Instant::now() + lease / 3;
            shares
        } else {
            progress.next_shares = Instant::now() + Duration::from_hours(24 * 365);
            self.store.take_all_shares(self.id, lease).await?
        };
        let ours = shares.iter().filter(|share| share.owner == self.id.owner);
        let known = std::mem::take(&mut progress.looked_to);
        for share in ours {
            let looked_to = known.get(&share.shard).copied().unwrap_or_else(|| {
                (progress.next_look, progress.next_long_look) = (Instant::now(), Instant::now());
                share.looked_to
            });
            progress.looked_to.insert(share.shard, looked_to);
        }
        self.meters.set_shards(progress.looked_to.len());
        Ok(())
    }

    /// Follows these conversations, as far as there is something to follow.
    async fn follow(
        &self,
        progress: &mut Progress,
        ids: &[ConversationId],
    ) -> Result<Outcome, Error> {
        for ids in ids.chunks(BATCH_SIZE) {
            let stretches = self.store.stretches(self.id, ids).await?;
            if self.keep(progress, &stretches).await? == Outcome::Lost {
                return Ok(Outcome::Lost);
            }
        }
        Ok(Outcome::Followed)
    }

    /// Looks for what was missed in our shares, and follows it.
    async fn look(&self, progress: &mut Progress) -> Result<Outcome, Error> {
        let long = progress.next_long_look <= Instant::now();
        let overlap = if long { Overlap::Long } else { Overlap::Short };
        progress.next_look = Instant::now() + self.options.look;
        let Some(looked_to) = progress.looked_to.values().min() else {
            return Ok(Outcome::Followed);
        };
        let since = overlap.before(*looked_to);
        // Before anything is read: what is committed from now on is for the next look.
        let moment = self.store.database_time().await?;
        for by in [ChangedBy::Message, ChangedBy::Revision] {
            let mut place = Place::before(since);
            loop {
                let mut page = self.store.changed(self.id, by, place, PAGE_SIZE).await?;
                let Some(last) = page.last() else { break };
                place = last.place();
                page.retain(|stretch| {
                    let shard = shard_of(stretch.conversation());
                    stretch.is_news() && progress.looked_to.contains_key(&shard)
                });
                for stretches in page.chunks(BATCH_SIZE) {
                    if self.keep(progress, stretches).await? == Outcome::Lost {
                        return Ok(Outcome::Lost);
                    }
                }
            }
        }
        if long {
            progress.next_long_look = Instant::now() + self.options.long_look;
        }
        progress.looked_to.values_mut().for_each(|looked_to| *looked_to = moment);
        // Where nothing was kept, a look from where it was stored last finds nothing either.
        if std::mem::take(&mut progress.kept) {
            faults::pass(self.options.faults.as_ref(), Step::Looked).await;
            let shards: Vec<_> = progress.looked_to.keys().copied().collect();
            self.store.set_looked_to(self.id, &shards, moment).await?;
        }
        Ok(Outcome::Followed)
    }

    async fn keep(&self, progress: &mut Progress, stretches: &[Stretch]) -> Result<Outcome, Error> {
        if stretches.is_empty() {
            return Ok(Outcome::Followed);
        }
        let faults = self.options.faults.as_ref();
        faults::pass(faults, Step::Found).await;
        let kept = self.while_ours(self.follower.gather(stretches)).await?;
        faults::pass(faults, Step::Gathered).await;
        if !self.store.keep(self.id, stretches, &kept, self.options.lease).await? {
            return Ok(Outcome::Lost);
        }
        faults::pass(faults, Step::Kept).await;
        progress.kept = true;
        self.meters.followed(stretches.len());
        self.follower.refresh().await?;
        Ok(Outcome::Followed)
    }

    /// Keeps the shares while the follower works, however long that takes.
    async fn while_ours<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            match timeout(self.options.lease / 3, work.as_mut()).await {
                Ok(done) => return done,
                // One that fails is followed by the next; what was lost is not stored in the end.
                Err(_) if self.options.shared => {
                    let _ = self.store.renew_shares(self.id, self.options.lease).await;
                }
                Err(_) => {}
            }
        }
    }
}
