//! Which share of a follower's work is whose: several processes on one database end with as many each.

use std::collections::BTreeMap;

use crate::store::followers::Share;

/// The shards that this process is to ask for: from those who have more than all would have if each had as many, as
/// many as it has less.
pub(super) fn to_want(shares: &[Share], me: i64) -> Vec<i64> {
    // As it will be when all are handed over that are wanted.
    let next = |share: &Share| if share.wanted_by == 0 { share.owner } else { share.wanted_by };
    let mut counts: BTreeMap<i64, usize> = BTreeMap::from([(me, 0)]);
    for share in shares {
        *counts.entry(next(share)).or_default() += 1;
    }
    let fair = shares.len() / counts.len();
    let mut missing = fair.saturating_sub(counts[&me]);
    let mut wanted = Vec::new();
    for share in shares.iter().filter(|share| share.wanted_by == 0 && share.owner != me) {
        let Some(count) = counts.get_mut(&share.owner).filter(|count| **count > fair) else {
            continue;
        };
        if missing == 0 {
            break;
        }
        *count -= 1;
        missing -= 1;
        wanted.push(share.shard);
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::to_want;
    use crate::store::followers::Share;

    fn shares(owners: &[(i64, i64)]) -> Vec<Share> {
        let share = |(shard, (owner, wanted_by)): (i64, &(i64, i64))| Share {
            shard,
            owner: *owner,
            wanted_by: *wanted_by,
            looked_to: 0,
        };
        (0..).zip(owners).map(share).collect()
    }

    #[test]
    fn who_comes_later_asks_for_as_many_as_the_others_are_left_with() {
        assert!(to_want(&shares(&[(1, 0); 64]), 1).is_empty());
        assert_eq!(to_want(&shares(&[(1, 0); 64]), 2).len(), 32);
        let mut two = vec![(1, 0); 32];
        two.extend([(2, 0); 32]);
        assert!(to_want(&shares(&two), 1).is_empty());
        let third = to_want(&shares(&two), 3);
        assert_eq!(third.len(), 21);
        assert_eq!(third.iter().filter(|shard| **shard < 32).count(), 11, "from both: {third:?}");
        // What is asked for already is not asked for twice.
        assert!(to_want(&shares(&[(1, 0), (1, 2), (1, 2), (1, 0)]), 2).is_empty());
        assert_eq!(to_want(&shares(&[(1, 0), (1, 2), (1, 0), (1, 0)]), 2), [0]);
    }

    /// Whatever the beginning, all have the same in the end, give or take one.
    #[test]
    fn any_beginning_comes_to_rest() {
        for nodes in 1..=7 {
            let mut all = shares(&[(1, 0); 64]);
            for _ in 0..20 {
                for me in 1..=nodes {
                    for shard in to_want(&all, me) {
                        all[usize::try_from(shard).expect("small")].owner = me;
                    }
                }
            }
            let count = |me| all.iter().filter(|share| share.owner == me).count();
            let counts: Vec<_> = (1..=nodes).map(count).collect();
            let least = 64 / usize::try_from(nodes).expect("small");
            assert!(counts.iter().all(|count| *count >= least), "{counts:?}");
        }
    }
}
