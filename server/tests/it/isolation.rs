//! Whoever behaves is not slowed by whoever does not, and nothing of the latter stays behind.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::protocol::{ConversationId, close};
use bytes::Bytes;
use reqwest::Method;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::harness::{
    Person, Socket, TestServer, Tus, gif, header, large_png, on_both_engines, some_bytes,
};

on_both_engines!(
    with [("KITH_RATE_MESSAGES", "0")];
    a_flood_slows_no_neighbour,
    a_loop_of_requests_slows_no_neighbour,
    large_files_and_bombs_slow_no_neighbour,
);

/// Pairs of a time at rest and one in the flood, side by side, since the machine has other work.
const ROUNDS: usize = 15;
/// So often it is measured before it counts as slower: other work may have come in between.
const MAX_TRIES: usize = 3;
/// Messages in each half of a round, at least.
const MESSAGES: usize = 20;
/// A neighbour is not slowed more than so many times.
const MAX_SLOWDOWN: f64 = 2.0;

/// Four thousand frames a second on all sockets together, several times what the server has patience
/// for. More would take the processor from the neighbour's client, which has the same one here.
const PACE: (usize, Duration) = (10, Duration::from_millis(15));

/// What eve floods the server with, each on a socket of its own, and how that ends.
const FLOODS: [(Flood, u16); 6] = [
    (Flood::Text(r#"{"type":"ping"}"#), close::RATE_LIMITED),
    (Flood::Ping, close::RATE_LIMITED),
    (Flood::Text(r#"{"type":"dance"}"#), close::RATE_LIMITED),
    (Flood::Text("not JSON"), close::BAD_FRAME),
    (Flood::Text(r#"{"type":"read","conversation_id":1,"seq":-1}"#), close::RATE_LIMITED),
    (Flood::Text("[[[[[["), close::BAD_FRAME),
];

#[derive(Clone, Copy)]
enum Flood {
    Text(&'static str),
    Ping,
}

impl Flood {
    fn frame(self) -> Frame {
        match self {
            Self::Text(text) => Frame::text(text),
            Self::Ping => Frame::Ping(vec![b'x'; 125].into()),
        }
    }
}

async fn a_flood_slows_no_neighbour(server: TestServer) {
    let server = Arc::new(server);
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let eve = Arc::new(server.person("eve").await);
    let mut neighbour = Socket::sign_in(&server, &mei).await;
    let id = neighbour.say_first(&omar.user, "first", "hello").await.conversation_id;
    let before = server.metric("process_resident_memory_bytes").await;

    let (switch, flooding) = watch::channel(false);
    let ended = Arc::new(Mutex::new(Vec::new()));
    let mut floods = JoinSet::new();
    for kind in FLOODS {
        let (server, eve, ended) = (Arc::clone(&server), Arc::clone(&eve), Arc::clone(&ended));
        floods.spawn(flood(server, eve, kind, flooding.clone(), ended));
    }
    let so_far = || ended.lock().unwrap_or_else(PoisonError::into_inner).len();
    let mut tries = Vec::new();
    while tries
        .iter()
        .all(|(rest, flood): &(Duration, Duration)| *flood >= rest.mul_f64(MAX_SLOWDOWN))
    {
        assert!(tries.len() < MAX_TRIES, "without a flood and in it: {tries:?}");
        let (mut at_rest, mut in_flood) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            at_rest.push(ack_time(&mut neighbour, id, || true).await);
            switch.send_replace(true);
            // As long as it takes until the server has had enough once more.
            let begun = so_far();
            in_flood.push(ack_time(&mut neighbour, id, || so_far() > begun).await);
            switch.send_replace(false);
        }
        tries.push((median(at_rest), median(in_flood)));
    }
    drop(switch);
    floods.join_all().await;

    // The neighbour's socket is the only one, as before.
    let begun = Instant::now();
    while (server.metric("kith_sockets").await - 1.0).abs() > 0.1 {
        assert!(begun.elapsed() < Duration::from_secs(10), "sockets stay");
    }
    assert!(server.metric("kith_socket_queue_frames").await < 0.5);
    let after = server.metric("process_resident_memory_bytes").await;
    assert!(after - before < f64::from(64 << 20), "from {before} to {after}");
    neighbour.say(id, "last", "still here").await;
}

/// So many connections of one person ask in a loop.
const CONNECTIONS: usize = 300;

async fn a_loop_of_requests_slows_no_neighbour(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let eve = server.person("eve").await;
    let mut neighbour = Socket::sign_in(&server, &mei).await;
    let id = neighbour.say_first(&omar.user, "first", "hello").await.conversation_id;
    let path = format!("/api/v1/contacts/{}", omar.user.id);
    let mut tries = Vec::new();
    while tries
        .iter()
        .all(|(rest, flood): &(Duration, Duration)| *flood >= rest.mul_f64(MAX_SLOWDOWN))
    {
        assert!(tries.len() < MAX_TRIES, "without a loop and in it: {tries:?}");
        let at_rest = ack_time(&mut neighbour, id, || true).await;
        let mut asking = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (client, path) = (eve.client.clone(), path.clone());
            asking.spawn(async move {
                loop {
                    client.send(Method::PUT, &path, None).await;
                }
            });
        }
        let begun = Instant::now();
        let in_loop = ack_time(&mut neighbour, id, || begun.elapsed() > LONGER_THAN_BURST).await;
        asking.shutdown().await;
        tries.push((at_rest, in_loop));
    }
}

/// So many uploads of a person take their turn at once; more would wait.
const UPLOADS: usize = 4;

async fn large_files_and_bombs_slow_no_neighbour(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let eve = server.person("eve").await;
    let mut neighbour = Socket::sign_in(&server, &mei).await;
    let id = neighbour.say_first(&omar.user, "first", "hello").await.conversation_id;
    let sent =
        [("file", some_bytes(4 << 20)), ("photo", gif(5_000, 4_000, 40)), ("photo", large_png())];
    let sent = sent.map(|(purpose, bytes)| (purpose, Bytes::from(bytes)));
    let mut tries = Vec::new();
    while tries
        .iter()
        .all(|(rest, flood): &(Duration, Duration)| *flood >= rest.mul_f64(MAX_SLOWDOWN))
    {
        assert!(tries.len() < MAX_TRIES, "without uploads and beside them: {tries:?}");
        let at_rest = ack_time(&mut neighbour, id, || true).await;
        let mut uploading = JoinSet::new();
        for _ in 0..UPLOADS {
            let (tus, sent) = (Tus::of(&server, &eve), sent.clone());
            uploading.spawn(async move {
                for (purpose, bytes) in sent.iter().cycle() {
                    let begun = tus.announce(bytes.len(), &[("as", purpose)]).await;
                    let path = header(&begun, "location");
                    if path.is_empty() {
                        // Creating one is a write, of which a person has so many.
                        sleep(PACE.1).await;
                        continue;
                    }
                    tus.piece_with(&path, 0, bytes.clone(), &[]).await;
                    tus.send(Method::DELETE, &path, &[], "").await;
                }
            });
        }
        let begun = Instant::now();
        let beside = ack_time(&mut neighbour, id, || begun.elapsed() > LONGER_THAN_BURST).await;
        uploading.shutdown().await;
        tries.push((at_rest, beside));
    }
}

/// Longer than the burst that a person has.
const LONGER_THAN_BURST: Duration = Duration::from_secs(3);

/// The median time to an ack, of some messages, and of more until this is so.
async fn ack_time(
    socket: &mut Socket,
    id: ConversationId,
    is_enough: impl Fn() -> bool,
) -> Duration {
    let mut times = Vec::new();
    while times.len() < MESSAGES || !is_enough() {
        let begun = Instant::now();
        // Names of their own, however long it goes on.
        let name = format!("{begun:?}").replace(' ', "");
        socket.say(id, &name, "is it slow here?").await;
        times.push(begun.elapsed());
        assert!(times.len() < 10_000, "the flood has no end");
    }
    median(times)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Floods while the switch is on, and takes down each end that the server made.
async fn flood(
    server: Arc<TestServer>,
    eve: Arc<Person>,
    (kind, code): (Flood, u16),
    mut flooding: watch::Receiver<bool>,
    ended: Arc<Mutex<Vec<u16>>>,
) {
    loop {
        let mut socket = Socket::sign_in(&server, &eve).await;
        let end = loop {
            if flooding.wait_for(|on| *on).await.is_err() {
                return;
            }
            if let (_, Some(end)) = socket.flood(&kind.frame(), PACE, || *flooding.borrow()).await {
                break end;
            }
        };
        assert_eq!(end, code);
        ended.lock().unwrap_or_else(PoisonError::into_inner).push(code);
        // Who comes back at once would measure how fast one can sign in.
        sleep(PACE.1).await;
    }
}
