//! Counts what is stored, for the metrics: a follower, so that its counts survive every restart.

use std::collections::BTreeMap;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use metrics::{counter, describe_counter};

use crate::background::followers::Follower;
use crate::error::Error;
use crate::store::Store;
use crate::store::followers::{Count, Kept, Stretch, shard_of};

const STORED: &str = "kith_stored_total";

const MESSAGES: &str = "messages";
const CHANGES: &str = "changes";
const RECALLS: &str = "recalls";

/// Says what the metrics mean, to the recorder that is installed.
pub(super) fn describe_metrics() {
    describe_counter!(
        STORED,
        "What is stored in the whole database: messages, changes of messages, and of these recalls"
    );
}

/// Counts messages, changes of messages (edits, recalls, reactions), and recalls.
pub struct StoredCounts {
    store: Store,
}

impl StoredCounts {
    /// The counts of this store.
    pub const fn new(store: Store) -> Self {
        Self { store }
    }

    async fn count(&self, stretches: &[Stretch]) -> Result<Kept, Error> {
        let mut counts = BTreeMap::<(&'static str, i64), i64>::new();
        let mut add = |name, id, more| *counts.entry((name, shard_of(id))).or_default() += more;
        for stretch in stretches {
            // Neither has holes.
            add(MESSAGES, stretch.conversation(), stretch.last_seq - stretch.done_seq);
            add(CHANGES, stretch.conversation(), stretch.rev - stretch.done_rev);
        }
        let changed: Vec<_> =
            stretches.iter().filter(|stretch| stretch.rev > stretch.done_rev).copied().collect();
        // A recall is a message's last change, so that its `rev` stays that of the recall.
        for (id, recalls) in self.store.recalled(&changed).await? {
            add(RECALLS, id, recalls);
        }
        counts.retain(|_, more| *more != 0);
        let counts = counts.into_iter().map(|((name, shard), more)| Count { name, shard, more });
        Ok(Kept { counts: counts.collect() })
    }
}

impl Follower for StoredCounts {
    fn name(&self) -> &'static str {
        "counts"
    }

    fn gather<'a>(&'a self, stretches: &'a [Stretch]) -> BoxFuture<'a, Result<Kept, Error>> {
        self.count(stretches).boxed()
    }

    fn refresh(&self) -> BoxFuture<'_, Result<(), Error>> {
        async {
            for (name, count) in self.store.stored_counts().await? {
                let count = u64::try_from(count).unwrap_or_default();
                counter!(STORED, "what" => name).absolute(count);
            }
            Ok(())
        }
        .boxed()
    }
}
