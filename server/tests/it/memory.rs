//! What the server holds on to: little for an idle socket, and nothing of log-ins that are over; and what it takes at
//! most for files, whatever they are.

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::{Duration, Instant, sleep};

use crate::harness::{BOMB, Engine, Raw, TestServer, Tus, gif, large_png, some_bytes};

const MIB: f64 = 1024.0 * 1024.0;

async fn memory(server: &TestServer) -> f64 {
    server.metric("process_resident_memory_bytes").await
}

/// Each takes 19 MiB while it runs, which some allocators keep for each thread that ever ran one.
async fn log_ins_give_back_what_they_took(worker_threads: &str) {
    let threads = [("TOKIO_WORKER_THREADS", worker_threads)];
    let server = TestServer::start_with(Engine::Sqlite, &threads).await;
    server.person("mei").await;
    let body = json!({"username": "mei", "password": "correct horse"});
    let client = server.client();
    let log_in = || client.post("/api/v1/auth/login", body.clone());
    assert_eq!(log_in().await.status, 200);
    sleep(Duration::from_secs(5)).await;
    let before = memory(&server).await;
    for _ in 0..5 {
        for answer in join_all((0..8).map(|_| log_in())).await {
            assert_eq!(answer.status, 200);
        }
    }
    let begun = Instant::now();
    while memory(&server).await > before + 16.0 * MIB {
        let after = memory(&server).await;
        assert!(begun.elapsed() < Duration::from_secs(5), "from {before} to {after}");
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn log_ins_give_back_what_they_took_on_few_threads_and_on_many() {
    tokio::join!(log_ins_give_back_what_they_took("2"), log_ins_give_back_what_they_took("16"));
}

/// A quarter more than it should be: the allocator has its own mind about small differences.
#[tokio::test(flavor = "multi_thread")]
async fn an_idle_socket_takes_little() {
    const SOCKETS: u32 = 1_000;
    let variables = [("KITH_MAX_SOCKETS_PER_USER", "2000")];
    let server = TestServer::start_with(Engine::Sqlite, &variables).await;
    let mei = server.person("mei").await;
    let open = async |count: u32| {
        let mut sockets = Vec::new();
        for _ in 0..count / 10 {
            let ten = (0..10).map(|_| Raw::open_socket(&server, Some(&mei)));
            sockets.extend(join_all(ten).await);
        }
        sockets
    };
    let all_of = async |count: u32| {
        let begun = Instant::now();
        while server.metric("kith_sockets").await < f64::from(count) {
            assert!(begun.elapsed() < Duration::from_secs(20), "they do not all sign in");
            sleep(Duration::from_millis(100)).await;
        }
    };
    // What is made once is made by these.
    let few = open(50).await;
    all_of(50).await;
    sleep(Duration::from_secs(3)).await;
    let before = memory(&server).await;
    let many = open(SOCKETS).await;
    all_of(50 + SOCKETS).await;
    let each = (memory(&server).await - before) / f64::from(SOCKETS) / 1024.0;
    assert!(each < 9.0 * 1.25, "{each} KiB each");
    drop((few, many));
}

/// Four at once, which is what a person may; the others wait for their turn.
#[tokio::test(flavor = "multi_thread")]
async fn files_and_bombs_take_little() {
    let server = TestServer::start_with(Engine::Sqlite, &[("KITH_RATE_WRITES", "0")]).await;
    let people = [server.person("mei").await, server.person("ana").await];
    let photos = [BOMB.to_vec(), gif(5_000, 4_000, 40), gif(2_300, 2_300, 3), large_png()];
    let large = some_bytes(24 << 20);
    // What is made once is made by this.
    Tus::of(&server, &people[0]).upload(BOMB, &[("as", "photo")]).await;
    sleep(Duration::from_secs(2)).await;
    let before = memory(&server).await;
    server.forget_peak();
    let uploads = people.iter().flat_map(|person| {
        let tus = || Tus::of(&server, person);
        let pictures = photos.iter().map(move |photo| (tus(), &photo[..], "photo"));
        pictures.chain([(Tus::of(&server, person), &large[..], "file")])
    });
    let uploads = uploads.map(|(tus, bytes, purpose)| async move {
        for _ in 0..3 {
            tus.upload(bytes, &[("as", purpose)]).await;
        }
    });
    join_all(uploads).await;
    let more = (server.peak_memory() - before) / MIB;
    // Twice what it is: one picture at a time, on one thread.
    assert!(more < 35.0, "{more} MiB more than at rest");
}
