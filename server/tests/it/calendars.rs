//! What calendars are told, read by a program that others have written: ical.js.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use app::protocol::{ErrorKind, Message};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bots::installed;
use crate::harness::{TestServer, on_both_engines};
use crate::schedules::{START, answer, moves, send, tea};

on_both_engines!(
    a_file_moves_its_event,
    a_feed_has_what_one_goes_to,
    an_address_ends,
    a_feed_is_read_sixty_times_an_hour,
);

#[derive(Deserialize)]
struct Calendar {
    method: Option<String>,
    events: Vec<Event>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Event {
    uid: String,
    sequence: i64,
    status: String,
    stamp: Option<String>,
    title: Option<String>,
    place: Option<String>,
    about: Option<String>,
    starts: String,
    ends: Option<String>,
    days: bool,
}

/// What ical.js reads of it.
fn read(text: &str) -> Vec<Event> {
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("calendar.mjs");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bots/calendar.mjs");
    std::fs::copy(own, &program).expect("copied");
    let modules = folder.path().join("node_modules");
    std::os::unix::fs::symlink(installed("node_modules"), modules).expect("linked");
    let mut command = Command::new("node");
    command.arg(program).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut reader = command.spawn().expect("it starts");
    let mut input = reader.stdin.take().expect("its input");
    input.write_all(text.as_bytes()).expect("written");
    drop(input);
    let output = reader.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{text}");
    let calendar: Calendar = serde_json::from_slice(&output.stdout).expect("what it read");
    assert_eq!(calendar.method, None);
    calendar.events
}

/// The path of an address, which has to be one of this server.
fn feed(server: &TestServer, answer: &Value) -> String {
    let url = answer["url"].as_str().expect("an address");
    let path = url.strip_prefix(&server.url).expect("an address of this server");
    let secret = path.strip_prefix("/calendar/").and_then(|rest| rest.strip_suffix(".ics"));
    assert_eq!(secret.expect("a feed").len(), 43);
    path.to_owned()
}

async fn a_file_moves_its_event(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let title = "茶会 🌿; tea, and \\ more ".repeat(7).trim().to_owned();
    let mut schedule = tea();
    schedule["title"] = json!(title);
    let sent: Message = send(&mei, id, schedule).await.json(201);
    let path = format!("/api/v1/conversations/{id}/messages/{}/schedule.ics", sent.seq);
    let file = async || {
        let file = ana.client.get(&path).await;
        assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"schedule.ics\"");
        read(&file.text).remove(0)
    };
    let first = file().await;
    let uid = first.uid.split_once('@').expect("a server");
    assert_eq!((uid.0, uid.1.len()), (format!("{id}-{}", sent.seq).as_str(), 16));
    let expected = Event {
        uid: first.uid.clone(),
        sequence: 0,
        status: "CONFIRMED".into(),
        stamp: first.stamp.clone(),
        title: Some(title),
        place: Some("Garden".into()),
        about: Some("with **cake**".into()),
        starts: "2126-03-06T15:30:00Z".into(),
        ends: Some("2126-03-06T16:30:00Z".into()),
        days: false,
    };
    assert!(first.stamp.as_ref().is_some_and(|stamp| stamp.ends_with('Z')));
    assert_eq!(first, expected);
    moves(&mei, &sent, json!({"starts_at": START + 60_000})).await.json::<Message>(200);
    let moved = file().await;
    assert_eq!((&moved.uid, moved.sequence), (&first.uid, 1));
    assert_eq!(moved.starts, "2126-03-06T15:31:00Z");
    // The whole days of its maker, who begins them later than UTC does.
    let days = json!({"all_day": true, "zone": "America/New_York", "starts_at": START + 14 * 3_600_000,
        "ends_at": null});
    moves(&mei, &sent, days).await.json::<Message>(200);
    let whole = file().await;
    assert_eq!((whole.days, whole.starts.as_str()), (true, "2126-03-07"));
    assert_eq!(whole.ends.as_deref(), Some("2126-03-08"));
    assert_eq!(mei.recall(&sent).await.status, 204);
    let off = file().await;
    assert_eq!((&off.uid, off.sequence, off.status.as_str()), (&first.uid, 3, "CANCELLED"));
    assert_eq!((off.starts.as_str(), off.title.as_deref().unwrap_or_default()), ("2126-03-07", ""));
}

async fn a_feed_has_what_one_goes_to(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let group = mei.group("Tea", &[&ana]).await;
    let mut sent = Vec::new();
    let past = mei.client.get("/api/v1/users/me").await.json::<Value>(200)["created_at"]
        .as_i64()
        .expect("a time")
        - 91 * 86_400_000;
    for (number, given) in ["yes", "maybe", "no", "", "yes"].into_iter().enumerate() {
        let starts_at = if number == 4 { past } else { START + i64::try_from(number).unwrap_or(0) };
        let schedule = json!({"title": format!("{number}"), "starts_at": starts_at});
        let message: Message = send(&mei, group.id, schedule).await.json(201);
        if !given.is_empty() {
            assert_eq!(answer(&ana, &message, given).await.status, 204);
        }
        sent.push(message);
    }
    let path = feed(&server, &ana.client.post_text("/api/v1/calendar", None).await.json(200));
    let anyone = server.client();
    let titles = async || {
        let answer = anyone.get(&path).await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, "private, no-store"));
        let events = read(&answer.text);
        events.into_iter().map(|event| event.title.unwrap_or(event.status)).collect::<Vec<_>>()
    };
    assert_eq!(titles().await, ["0", "1"]);
    assert_eq!(mei.recall(&sent[0]).await.status, 204);
    let left = titles().await;
    assert_eq!((left.len(), left[1].as_str()), (2, "1"));
    let leave = format!("/api/v1/conversations/{}/members/{}", group.id, ana.user.id);
    assert_eq!(mei.client.delete(&leave).await.status, 204);
    assert_eq!(titles().await, [""; 0]);
}

async fn an_address_ends(server: TestServer) {
    let mei = server.person("mei").await;
    let anyone = server.client();
    let first = feed(&server, &mei.client.post_text("/api/v1/calendar", None).await.json(200));
    assert_eq!(anyone.get(&first).await.status, 200);
    let second = feed(&server, &mei.client.post_text("/api/v1/calendar", None).await.json(200));
    anyone.get(&first).await.assert_error(ErrorKind::NotFound);
    assert_eq!(anyone.get(&second).await.status, 200);
    for wrong in ["/calendar/x.ics", "/calendar/x", &second[..second.len() - 4]] {
        anyone.get(wrong).await.assert_error(ErrorKind::NotFound);
    }
    for _ in 0..2 {
        assert_eq!(mei.client.delete("/api/v1/calendar").await.status, 204);
        anyone.get(&second).await.assert_error(ErrorKind::NotFound);
    }
    let third = feed(&server, &mei.client.post_text("/api/v1/calendar", None).await.json(200));
    let body = json!({"password": "correct horse"}).to_string();
    let gone = mei.client.send(reqwest::Method::DELETE, "/api/v1/users/me", Some(body)).await;
    assert_eq!(gone.status, 204);
    anyone.get(&third).await.assert_error(ErrorKind::NotFound);
}

async fn a_feed_is_read_sixty_times_an_hour(server: TestServer) {
    let mei = server.person("mei").await;
    let path = feed(&server, &mei.client.post_text("/api/v1/calendar", None).await.json(200));
    let anyone = server.client();
    for _ in 0..60 {
        assert_eq!(anyone.get(&path).await.status, 200);
    }
    let refused = anyone.get(&path).await;
    refused.assert_error(ErrorKind::RateLimited);
    assert!(refused.error().retry_after_ms.is_some());
}
