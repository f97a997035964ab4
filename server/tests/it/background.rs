//! What the server does by itself: done to its end whoever dies, and by one process at a time.

use std::time::{Duration, Instant};

use app::protocol::{Conversation, ConversationId};
use reqwest::Method;
use serde_json::json;

use crate::harness::{Engine, Person, TestServer, on_both_engines};

on_both_engines!(a_sweep_that_was_killed_is_ended_by_the_next_process);
on_both_engines!(with super::UNLIMITED; what_is_stored_is_counted_whoever_is_killed);

const UNLIMITED: [(&str, &str); 2] = [("KITH_RATE_MESSAGES", "0"), ("KITH_RATE_WRITES", "0")];

/// So many that sweeping them takes seconds.
const IDLE: i64 = 20_000;
/// How long a process may take to take over what another left, from the moment at which that died.
const TAKEOVER: Duration = Duration::from_secs(10);

/// Adds logins that have been idle for a year, and has the sweep begin.
async fn seed_and_begin(server: &TestServer) {
    server
        .execute(format!(
            "INSERT INTO login (id, user_id, generation, refresh_hash, device, created_at, \
             last_used_at, prior_used_at) WITH RECURSIVE n (id) AS \
             (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 200) \
             SELECT a.id * 200 + b.id, 1, 1, x'00', 'old', 1, 1, 1 FROM n a, n b \
             WHERE a.id <= {IDLE} / 200"
        ))
        .await;
    server.hurry("sweep_logins").await;
}

async fn until(server: &TestServer, sql: &'static str, holds: impl Fn(i64) -> bool) {
    let begun = Instant::now();
    while !holds(server.number(sql).await) {
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {sql}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

const OLD: &str = "SELECT COUNT(*) FROM login WHERE device = 'old'";
const RUNNING: &str = "SELECT COUNT(*) FROM job WHERE kind = 'sweep_logins' AND state = 2";
const WAITING: &str = "SELECT COUNT(*) FROM job WHERE kind = 'sweep_logins' AND state = 1 AND \
                       attempts = 0 AND last_error IS NULL";

async fn a_sweep_that_was_killed_is_ended_by_the_next_process(mut server: TestServer) {
    let mei = server.person("mei").await;
    until(&server, WAITING, |count| count == 1).await;
    seed_and_begin(&server).await;
    until(&server, OLD, |left| left < IDLE).await;
    server.kill_and_restart(&[]);
    let left = server.number(OLD).await;
    assert!(left > 0, "it was killed before the end");
    assert_eq!(server.number(RUNNING).await, 1, "it is still that of the one who was killed");
    until(&server, OLD, |left| left == 0).await;
    until(&server, WAITING, |count| count == 1).await;
    // Who is there was left in peace.
    let client = server.client().with_bearer(&mei.token);
    client.get("/api/v1/users/me").await.json::<app::protocol::Me>(200);
    assert!(server.metric("kith_jobs_total").await >= 1.0);
    assert!(server.metric("kith_task_runs_total").await >= 5.0);
    assert!((server.metric("kith_task_restarts_total").await).abs() < 0.1);
}

/// Two processes on one database: while one lives the other leaves its work alone, and takes it over once it died.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_takes_over_from_one_that_was_killed() {
    let shared = [
        ("KITH_SHARED_DATABASE", "true"),
        ("KITH_FILES_SHARED", "true"),
        ("KITH_JWT_SECRET", "one-key-for-both-nodes-0123456789"),
    ];
    let mut one = TestServer::start_with(Engine::MariaDb, &shared).await;
    until(&one, WAITING, |count| count == 1).await;
    seed_and_begin(&one).await;
    until(&one, OLD, |left| left < IDLE).await;
    let other = one.start_beside(&shared);
    assert_eq!(one.number(RUNNING).await, 1);
    one.kill();
    let died = Instant::now();
    let left = one.number(OLD).await;
    assert!(left > 0, "it was killed before the end");
    until(&one, OLD, |now| now < left).await;
    assert!(died.elapsed() < TAKEOVER, "{:?}", died.elapsed());
    until(&one, OLD, |left| left == 0).await;
    until(&one, WAITING, |count| count == 1).await;
    assert!(other.metric("kith_jobs_total").await >= 1.0);
}

/// The same person, who speaks to this server.
fn at(server: &TestServer, person: &Person) -> Person {
    Person {
        user: person.user.clone(),
        token: person.token.clone(),
        refresh_token: person.refresh_token.clone(),
        client: server.client().with_bearer(&person.token),
    }
}

/// What a server counts under this name.
async fn counted(server: &TestServer, what: &str) -> i64 {
    let text = server.metrics().await;
    let name = format!("kith_stored_total{{what=\"{what}\"}} ");
    let value = text.lines().find_map(|line| line.strip_prefix(&name));
    value.map_or(0, |value| value.parse().expect("a number"))
}

/// Waits until a server counts what there is in the database of this one, which may be dead.
async fn until_counted(server: &TestServer, owner: &TestServer, since: Instant) {
    let counts = [
        ("messages", "SELECT COUNT(*) FROM message"),
        ("changes", "SELECT CAST(SUM(rev) AS SIGNED) FROM conversation"),
        ("recalls", "SELECT COUNT(*) FROM message WHERE recalled = 1"),
    ];
    for (what, sql) in counts {
        loop {
            let (counted, stored) = (counted(server, what).await, owner.number(sql).await);
            if counted == stored && stored > 0 {
                break;
            }
            let elapsed = since.elapsed();
            assert!(elapsed < TAKEOVER, "{what}: {counted} are counted of {stored} in {elapsed:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Writes to a group and changes its second message until the server is gone.
async fn write_on(person: Person, id: ConversationId, round: u32) {
    for number in 1_u32.. {
        let name = format!("{round}-{number}");
        let said = json!({"client_id": name, "conversation_id": id, "content": name});
        let path = format!("/api/v1/conversations/{id}/messages/2/reactions/%F0%9F%8C%BF");
        let method = if number % 2 == 0 { Method::DELETE } else { Method::PUT };
        let client = person.client.clone();
        let both = tokio::spawn(async move {
            client.post("/api/v1/messages", said).await;
            client.send(method, &path, None).await;
        });
        // It fails by a panic when the server is gone.
        if both.await.is_err() {
            return;
        }
    }
}

async fn what_is_stored_is_counted_whoever_is_killed(mut server: TestServer) {
    const STORED: &str = "SELECT COUNT(*) FROM message";
    let mei = server.person("mei").await;
    let group: Conversation = mei.group("Gardeners", &[]).await;
    mei.write(group.id, "first", "first").await;
    mei.recall(&mei.write(group.id, "gone", "gone").await).await;
    for round in 1..=3 {
        let before = server.number(STORED).await;
        let writing = tokio::spawn(write_on(at(&server, &mei), group.id, round));
        // Somewhere in the middle of it.
        until(&server, STORED, |stored| stored >= before + 20).await;
        server.kill_and_restart(&UNLIMITED);
        writing.await.expect("it ends");
        until_counted(&server, &server, Instant::now()).await;
    }
}

/// Both are written to; one dies, and the other counts all, of both.
#[tokio::test(flavor = "multi_thread")]
async fn the_other_counts_on_when_one_is_killed() {
    let shared = [
        ("KITH_SHARED_DATABASE", "true"),
        ("KITH_FILES_SHARED", "true"),
        ("KITH_JWT_SECRET", "one-key-for-both-nodes-0123456789"),
        ("KITH_RATE_MESSAGES", "0"),
        ("KITH_RATE_WRITES", "0"),
    ];
    let mut one = TestServer::start_with(Engine::MariaDb, &shared).await;
    let other = one.start_beside(&shared);
    let halves = "SELECT COUNT(*) FROM (SELECT owner FROM follower_shard GROUP BY owner \
                  HAVING COUNT(*) = 32) halves";
    until(&one, halves, |count| count == 2).await;
    let mei = one.person("mei").await;
    let there = at(&other, &mei);
    for number in 0..20 {
        let group = mei.group(&format!("Group {number}"), &[]).await;
        mei.write(group.id, "a", "here").await;
        let said = there.write(group.id, "b", "there").await;
        there.react(Method::PUT, &said, "🌿").await;
        mei.recall(&mei.write(group.id, "c", "gone").await).await;
    }
    one.kill();
    let died = Instant::now();
    until_counted(&other, &one, died).await;
    until(&one, "SELECT COUNT(DISTINCT owner) FROM follower_shard", |owners| owners == 1).await;
    assert!(died.elapsed() < TAKEOVER, "{:?}", died.elapsed());
    until_counted(&other, &one, died).await;
}
