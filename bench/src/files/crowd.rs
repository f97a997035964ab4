//! How much memory a server needs while a hundred files come in at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::try_join_all;

use super::client::Client;
use crate::Failure;

/// So many people, each with as many uploads as go at once.
pub(super) const PEOPLE: usize = 25;
const EACH: usize = 4;

/// Bytes of each file.
const SIZE: usize = 10 << 20;

/// How often it is looked how much memory there is.
const INTERVAL: Duration = Duration::from_millis(50);

/// Bytes of memory.
pub(super) struct Memory {
    /// Before the uploads.
    pub(super) idle: u64,
    /// The most while they came in.
    pub(super) most: u64,
}

/// Uploads them; `pid` is the server, started anew, so that nothing is left of what it did before.
pub(super) async fn measure(people: &[Client], pid: u32) -> Result<Memory, Failure> {
    let bytes = Bytes::from(vec![7; SIZE]);
    // What is loaded and opened once.
    for client in people {
        let id = client.tus(&bytes.slice(..1000), SIZE, "file").await?;
        client.delete(id).await?;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = pss(pid)?;
    let done = Arc::new(AtomicBool::new(false));
    let watched = tokio::spawn({
        let done = Arc::clone(&done);
        async move {
            let mut most = 0;
            while !done.load(Ordering::Relaxed) {
                most = pss(pid)?.max(most);
                tokio::time::sleep(INTERVAL).await;
            }
            Ok::<_, Failure>(most)
        }
    });
    let uploads =
        people.iter().flat_map(|client| (0..EACH).map(|_| client.tus(&bytes, SIZE, "file")));
    let uploaded = try_join_all(uploads).await;
    done.store(true, Ordering::Relaxed);
    let most = watched.await??;
    uploaded?;
    Ok(Memory { idle, most })
}

/// A process's share of the memory (PSS) in bytes, from `/proc/PID/smaps_rollup`.
fn pss(pid: u32) -> Result<u64, Failure> {
    let told = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let line = told.lines().find_map(|line| line.strip_prefix("Pss:")).ok_or("no Pss")?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024)
}
