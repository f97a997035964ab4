//! Reading when the database is away: whoever asks is told in time, and afterwards all is as before.

use std::time::Duration;

use app::protocol::{ConversationId, Seq, UserId};
use server::store::{Location, OpenError, Store, StoreError};
use tokio::time::{Instant, timeout};

use crate::database::{Database, mysql_place};
use crate::proxy::Proxy;

/// More than there are connections.
const READERS: usize = 40;

async fn scene() -> (Database, Proxy, Database, ConversationId) {
    let first = Database::mysql().await;
    let proxy = Proxy::to(&mysql_place()).await;
    let db = Database::through(&proxy, &first).await;
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let id = db.private(&mei, &tom).await;
    let writer = db.writer();
    for number in 0..100 {
        let text = format!("{number} {}", "x".repeat(4_000));
        writer.send(id, &mei, &format!("m{number}"), &text).await.expect("stored");
    }
    writer.writer.shut_down().await;
    (first, proxy, db, id)
}

/// Reads side by side, each of some hundred kilobytes; how each ended.
async fn read_all(db: &Database, id: ConversationId) -> Vec<Result<usize, StoreError>> {
    let reads = (0..READERS).map(|_| {
        let store = db.store.clone();
        tokio::spawn(async move {
            let messages = store.messages_between(id, Seq::ZERO, Seq::new(100)).await?;
            let right = |(message, number): (&app::protocol::Message, i64)| {
                message.text().starts_with(&format!("{number} ")) && message.seq.get() == number + 1
            };
            assert!(messages.iter().zip(0..).all(right), "someone else's answer");
            Ok(messages.len())
        })
    });
    let mut ends = Vec::new();
    for read in reads.collect::<Vec<_>>() {
        ends.push(timeout(Duration::from_secs(30), read).await.expect("an end").expect("no panic"));
    }
    ends
}

/// Asks who is to see that someone types, more often at once than there are connections.
async fn typing_of_all(db: &Database, id: ConversationId) -> Vec<Result<usize, StoreError>> {
    let asked = (0..READERS).map(|_| {
        let store = db.store.clone();
        tokio::spawn(async move {
            let audience = store.typing_audience(UserId::new(1), id, 50).await?;
            Ok(audience.expect("a member").others.len())
        })
    });
    let mut ends = Vec::new();
    for asked in asked.collect::<Vec<_>>() {
        ends.push(
            timeout(Duration::from_secs(30), asked).await.expect("an end").expect("no panic"),
        );
    }
    ends
}

async fn refused_in_time(db: &Database, id: ConversationId) {
    let began = Instant::now();
    let ends = read_all(db, id).await;
    assert!(began.elapsed() < Duration::from_millis(6_500), "{:?}", began.elapsed());
    for end in ends {
        assert!(matches!(end, Err(StoreError::Unavailable(_))), "{end:?}");
    }
    let began = Instant::now();
    let ping = db.ping().await;
    assert!(matches!(ping, Err(StoreError::Unavailable(_))), "{ping:?}");
    assert!(began.elapsed() < Duration::from_secs(2), "a probe took {:?}", began.elapsed());
}

async fn all_is_well(db: &Database, id: ConversationId) {
    let began = Instant::now();
    for _ in 0..3 {
        for end in read_all(db, id).await {
            assert_eq!(end.expect("a read"), 100);
        }
    }
    db.ping().await.expect("it answers");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_database_is_not_waited_for() {
    let (_first, proxy, db, id) = scene().await;
    all_is_well(&db, id).await;
    proxy.freeze();
    refused_in_time(&db, id).await;
    proxy.heal();
    all_is_well(&db, id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_holds_no_place_in_a_cut_network() {
    let (_first, proxy, db, id) = scene().await;
    assert!(typing_of_all(&db, id).await.into_iter().all(|end| end.expect("an answer") == 1));
    proxy.freeze();
    let began = Instant::now();
    for end in typing_of_all(&db, id).await {
        assert!(matches!(end, Err(StoreError::Unavailable(_))), "{end:?}");
    }
    assert!(began.elapsed() < Duration::from_millis(6_500), "{:?}", began.elapsed());
    proxy.heal_for_new_ones();
    assert!(typing_of_all(&db, id).await.into_iter().all(|end| end.expect("an answer") == 1));
    all_is_well(&db, id).await;
}

/// Wherever in a start the server freezes: at the greeting, the lock, the migrations.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_and_an_end_have_a_limit() {
    let starts = [0, 200, 300, 600, 1_000, 1_500].map(|bytes| {
        tokio::spawn(async move {
            // One each: a start that has frozen may hold the lock.
            let first = Database::mysql().await;
            let Location::MySql(url) = &first.location else { panic!("MariaDB") };
            let (login, place) = url.rsplit_once('@').expect("a login");
            let name = place.split_once('/').expect("a database").1;
            let proxy = Proxy::to(&mysql_place()).await;
            let location = Location::MySql(format!("{login}@{}/{name}", proxy.address));
            proxy.freeze_after(bytes);
            let opened = timeout(Duration::from_secs(13), Store::open(&location)).await;
            let ended = match opened.expect("an end") {
                // It froze later than that.
                Ok(store) => {
                    proxy.freeze();
                    timeout(Duration::from_secs(8), store.close()).await.expect("an end");
                    return false;
                }
                Err(error) => error,
            };
            assert!(matches!(ended, OpenError::Unreachable { .. }), "{bytes}: {ended}");
            true
        })
    });
    let mut frozen = 0;
    for start in starts {
        frozen += usize::from(start.await.expect("no panic"));
    }
    assert!(frozen >= 3, "{frozen} starts met a frozen server");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_freezes_in_the_middle_of_its_answers_is_not_either() {
    let (_first, proxy, db, id) = scene().await;
    all_is_well(&db, id).await;
    proxy.freeze_after(300_000);
    refused_in_time(&db, id).await;
    proxy.heal();
    all_is_well(&db, id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_died_in_silence_hold_no_place() {
    let (_first, proxy, db, id) = scene().await;
    all_is_well(&db, id).await;
    proxy.freeze();
    refused_in_time(&db, id).await;
    // As a firewall does that has forgotten them.
    proxy.heal_for_new_ones();
    all_is_well(&db, id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_die_between_two_answers_hold_no_place() {
    let (_first, proxy, db, id) = scene().await;
    let read = async || db.messages_between(id, Seq::new(1), Seq::new(9)).await.expect("a read");
    all_is_well(&db, id).await;
    // What comes back to the pool is asked for a sign of life.
    proxy.die_at_pings(true);
    for read_so_far in 1..=16 {
        assert_eq!(read().await.len(), 9);
        proxy.died(read_so_far).await;
    }
    proxy.die_at_pings(false);
    all_is_well(&db, id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_died_while_nobody_asked_fail_nobody() {
    let (_first, proxy, db, id) = scene().await;
    all_is_well(&db, id).await;
    // Long enough that they are tried before they are used.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    proxy.heal_for_new_ones();
    all_is_well(&db, id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_gone_is_told_in_time() {
    let (_first, proxy, db, id) = scene().await;
    proxy.fall();
    refused_in_time(&db, id).await;
    let opened = db.open_private_conversation(
        app::protocol::UserId::new(1),
        app::protocol::UserId::new(1),
        ConversationId::new(77),
        1,
    );
    let opened = timeout(Duration::from_secs(7), opened).await.expect("in time");
    assert!(matches!(opened, Err(StoreError::Unavailable(_))), "{opened:?}");
    proxy.heal();
    all_is_well(&db, id).await;
}
