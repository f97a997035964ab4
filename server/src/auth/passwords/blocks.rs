//! The memory that Argon2 works in: some 20 MiB a run, used again by the next, and given back to the system
//! when nobody has logged in for a moment.

use std::mem::size_of;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::Block;
use tokio::task::AbortHandle;

/// So long blocks are kept for the next run after the last.
const IDLE_TIMEOUT: Duration = Duration::from_secs(2);

/// Bytes from which on glibc has the system give, and take back, memory of its own for what is asked for,
/// whatever was asked for before (`DEFAULT_MMAP_THRESHOLD_MAX`). What is smaller may come from one of its
/// arenas, and stays there: 340 MB after forty log-ins. What is asked for and not touched costs nothing.
const MIN_MMAP_BYTES: usize = 32 * 1024 * 1024 + 1;

/// See the module. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Blocks(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    free: Vec<Vec<Block>>,
    /// Forgets what is free, after a while.
    forgetting: Option<AbortHandle>,
}

impl Blocks {
    /// Runs something with so many blocks. To be called within the runtime; whatever calls it at the same
    /// time has blocks of its own.
    pub(super) fn with<T>(&self, count: usize, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let mut blocks = self.kept(|kept| kept.free.pop()).unwrap_or_else(of_their_own);
        if blocks.len() < count {
            blocks.resize(count, Block::new());
        }
        let result = work(blocks.get_mut(..count).unwrap_or_default());
        self.give_back(blocks);
        result
    }

    fn give_back(&self, blocks: Vec<Block>) {
        let all = self.clone();
        let forget = tokio::spawn(async move {
            tokio::time::sleep(IDLE_TIMEOUT).await;
            all.kept(|kept| kept.free.clear());
        });
        let earlier = self.kept(|kept| {
            kept.free.push(blocks);
            kept.forgetting.replace(forget.abort_handle())
        });
        if let Some(earlier) = earlier {
            earlier.abort();
        }
    }

    fn kept<T>(&self, change: impl FnOnce(&mut Kept) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn of_their_own() -> Vec<Block> {
    Vec::with_capacity(MIN_MMAP_BYTES.div_ceil(size_of::<Block>()))
}

#[cfg(test)]
mod tests {
    use super::{Blocks, IDLE_TIMEOUT};

    #[tokio::test]
    async fn blocks_are_used_again_and_then_given_back() {
        let blocks = Blocks::default();
        let free = || blocks.kept(|kept| kept.free.len());
        blocks.with(8, |mine| {
            assert_eq!(mine.len(), 8);
            blocks.with(8, |other| assert_eq!(other.len(), 8));
        });
        assert_eq!(free(), 2);
        // A run meanwhile keeps them.
        tokio::time::sleep(IDLE_TIMEOUT / 2).await;
        blocks.with(16, |mine| assert_eq!(mine.len(), 16));
        assert_eq!(free(), 2);
        let begun = tokio::time::Instant::now();
        while free() > 0 {
            tokio::time::sleep(IDLE_TIMEOUT / 20).await;
        }
        assert!(begun.elapsed() > IDLE_TIMEOUT * 9 / 10, "{:?}", begun.elapsed());
    }
}
