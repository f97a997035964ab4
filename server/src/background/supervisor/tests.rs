//! Tasks that break, that are slow, and that end. The waits before a restart are handed in, so that nothing here
//! takes long.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, timeout};

use super::{Backoff, Supervisor};
use crate::error::Error;

const LONG: Duration = Duration::from_secs(20);

fn supervisor(first: u64) -> Supervisor {
    Supervisor::with_restarts(Backoff {
        first: Duration::from_millis(first),
        longest: Duration::from_millis(4 * first),
        random: || 0,
    })
}

fn failure() -> Error {
    Error::internal(std::io::Error::other("on purpose"))
}

type Diary = (UnboundedSender<&'static str>, UnboundedReceiver<&'static str>);

async fn next(diary: &mut UnboundedReceiver<&'static str>) -> &'static str {
    timeout(LONG, diary.recv()).await.expect("something happens").expect("it is open")
}

#[tokio::test]
async fn a_task_that_breaks_is_started_again_and_the_others_go_on() {
    let (said, mut diary): Diary = unbounded_channel();
    let (other, mut beats): Diary = unbounded_channel();
    let mut supervisor = supervisor(30);
    supervisor.every("other", Duration::from_millis(1), move || {
        let _ = other.send("beat");
        std::future::ready(Ok(()))
    });
    let starts = Arc::new(AtomicU32::new(0));
    supervisor.start("breaks", move |run| {
        let (said, start) = (said.clone(), starts.fetch_add(1, Ordering::Relaxed));
        async move {
            let _ = said.send("start");
            match start {
                0 => panic!("on purpose"),
                1 | 2 => Err(failure()),
                3 => {
                    run.succeeded();
                    Err(failure())
                }
                _ => {
                    run.stopped().cancelled().await;
                    let _ = said.send("end");
                    Ok(())
                }
            }
        }
    });
    let mut waits = Vec::new();
    assert_eq!(next(&mut diary).await, "start");
    for _ in 0..4 {
        let begun = Instant::now();
        assert_eq!(next(&mut diary).await, "start");
        waits.push(begun.elapsed().as_millis() + 3);
        while beats.try_recv().is_ok() {}
        assert_eq!(next(&mut beats).await, "beat");
    }
    // A success begins the row anew.
    let least = [30, 60, 120, 30];
    assert!(waits.iter().zip(least).all(|(wait, least)| *wait >= least), "{waits:?}");
    supervisor.stop(LONG).await;
    assert_eq!(next(&mut diary).await, "end");
}

#[tokio::test]
async fn a_time_that_fails_is_followed_by_the_next_one() {
    let (said, mut diary): Diary = unbounded_channel();
    // A restart would come too late.
    let mut supervisor = supervisor(3_600_000);
    supervisor.every("fails", Duration::from_millis(1), move || {
        let _ = said.send("time");
        std::future::ready(Err(failure()))
    });
    for _ in 0..3 {
        assert_eq!(next(&mut diary).await, "time");
    }
}

#[tokio::test]
async fn what_was_started_last_ends_first() {
    let (said, mut diary): Diary = unbounded_channel();
    let mut supervisor = supervisor(1);
    for name in ["first", "second", "third"] {
        let said = said.clone();
        supervisor.start(name, move |run| {
            let said = said.clone();
            async move {
                run.stopped().cancelled().await;
                tokio::time::sleep(Duration::from_millis(5)).await;
                let _ = said.send(name);
                Ok(())
            }
        });
    }
    supervisor.stop(LONG).await;
    assert_eq!(
        [diary.try_recv(), diary.try_recv(), diary.try_recv()],
        [Ok("third"), Ok("second"), Ok("first")]
    );
}

/// One that does not end holds up nobody beyond the deadline; one that waits to be started again ends at once.
#[tokio::test]
async fn what_does_not_end_is_left_behind() {
    let (said, mut diary): Diary = unbounded_channel();
    let mut supervisor = supervisor(3_600_000);
    let ending = said.clone();
    supervisor.start("ends", move |run| {
        let ending = ending.clone();
        async move {
            run.stopped().cancelled().await;
            let _ = ending.send("ended");
            Ok(())
        }
    });
    supervisor.start("hangs", move |_| {
        let said = said.clone();
        async move {
            let _ = said.send("hangs");
            std::future::pending().await
        }
    });
    supervisor.start("broke", |_| async { Err(failure()) });
    assert_eq!(next(&mut diary).await, "hangs");
    let begun = Instant::now();
    supervisor.stop(Duration::from_millis(50)).await;
    assert!(begun.elapsed() < LONG);
    assert_eq!(next(&mut diary).await, "ended");
    assert!(timeout(LONG, diary.recv()).await.expect("all are gone").is_none());
}
