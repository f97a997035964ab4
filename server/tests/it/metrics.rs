//! What is measured: described, documented, and what the dashboard asks for.

use std::collections::{BTreeMap, BTreeSet};

use app::protocol::{Command, ErrorKind, Mark};
use serde_json::{Value, json};

use crate::harness::{ErrorFrame, NewMessage, Pong, Socket, TestServer, on_both_engines};

on_both_engines!(
    frames_and_messages_are_counted,
    errors_are_counted_by_kind_and_way,
    what_is_measured_is_described_and_documented,
    the_dashboard_asks_for_what_is_there,
);

/// A bit of everything; two sockets stay open.
async fn traffic(server: &TestServer) -> [Socket; 2] {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let mut mine = Socket::sign_in(server, &mei).await;
    let mut hers = Socket::sign_in(server, &ana).await;
    let id = mine.say_first(&ana.user, "1", "hello").await.conversation_id;
    let NewMessage(message) = hers.find().await;
    hers.send(Command::Read(Mark { conversation_id: id, seq: message.seq })).await;
    let _: app::protocol::Receipt = mine.find().await;
    hers.send(Command::Ping {}).await;
    let _: Pong = hers.find().await;
    mine.send(Socket::message(app::protocol::ConversationId::new(1), "2", "nobody")).await;
    let _: ErrorFrame = mine.find().await;
    mei.client.get("/api/v1/users/1").await.assert_error(ErrorKind::NotFound);
    let mut wrong = Socket::open(server).await;
    wrong.send(Command::Auth { token: "wrong".to_owned() }).await;
    wrong.drain().await;
    [mine, hers]
}

/// The series under a name, as their labels and values.
fn series(text: &str, name: &str) -> Vec<(String, f64)> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(name));
    let split = lines.filter_map(|rest| rest.rsplit_once(' '));
    let of_it = split.filter(|(labels, _)| labels.is_empty() || labels.starts_with('{'));
    of_it.map(|(labels, value)| (labels.to_owned(), value.parse().expect("a number"))).collect()
}

/// The value of the one series that has all these labels.
#[track_caller]
fn value(text: &str, name: &str, labels: &[&str]) -> f64 {
    let mut found = series(text, name);
    found.retain(|(have, _)| labels.iter().all(|label| have.contains(label)));
    assert_eq!(found.len(), 1, "{name}{labels:?}: {found:?}");
    found[0].1
}

async fn frames_and_messages_are_counted(server: TestServer) {
    let _sockets = traffic(&server).await;
    let text = server.metrics().await;
    let is = |name: &str, labels: &[&str], expected: f64| {
        let found = value(&text, name, labels);
        assert!((found - expected).abs() < 0.1, "{name}{labels:?} is {found}, not {expected}");
    };
    is("kith_sockets", &[], 2.0);
    is("kith_socket_queue_frames", &[], 0.0);
    is("kith_sockets_closed_total", &["code=\"4401\""], 1.0);
    is("kith_messages_total", &[], 1.0);
    is("kith_writer_batch_messages_sum", &[], 1.0);
    is("kith_writer_queue", &[], 0.0);
    for (kind, count) in [("auth", 3.0), ("message", 2.0), ("read", 1.0), ("ping", 1.0)] {
        is("kith_frames_received_total", &[&format!("type=\"{kind}\"")], count);
    }
    for (kind, count) in [
        ("ready", 2.0),
        ("message_ack", 1.0),
        ("new_message", 1.0),
        ("receipt", 1.0),
        ("error", 2.0),
    ] {
        is("kith_frames_sent_total", &[&format!("type=\"{kind}\"")], count);
    }
    is("kith_frames_sent_total", &["type=\"other\""], 0.0);
    let labels = ["method=\"GET\"", "route=\"/api/v1/users/{id}\"", "status=\"404\""];
    is("kith_http_request_seconds_count", &labels, 1.0);
    for pool in ["readers", "writers"] {
        let pool = format!("pool=\"{pool}\"");
        let of = |state: &str| value(&text, "kith_database_connections", &[&pool, state]);
        assert!(of("state=\"idle\"") + of("state=\"busy\"") >= 1.0, "{pool}");
    }
}

async fn errors_are_counted_by_kind_and_way(server: TestServer) {
    let _sockets = traffic(&server).await;
    server.client().post_form("/login", &[("username", "mei"), ("password", "wrong horse")]).await;
    server.client().post("/api/v1/auth/login", json!({})).await.assert_error(ErrorKind::BadRequest);
    let text = server.metrics().await;
    for (way, kind, count) in [
        ("socket", "not_found", 1.0),
        ("socket", "unauthenticated", 1.0),
        ("http", "not_found", 1.0),
        ("http", "bad_request", 1.0),
        ("page", "bad_credentials", 1.0),
    ] {
        let (way, kind) = (format!("via=\"{way}\""), format!("kind=\"{kind}\""));
        let found = value(&text, "kith_errors_total", &[&way, &kind]);
        assert!((found - count).abs() < 0.1, "{way} {kind}: {found}");
    }
}

async fn what_is_measured_is_described_and_documented(server: TestServer) {
    let _sockets = traffic(&server).await;
    let text = server.metrics().await;
    let of = |prefix: &str| -> BTreeSet<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(prefix));
        lines.filter_map(|rest| rest.split(' ').next()).map(str::to_owned).collect()
    };
    let (described, measured) = (of("# HELP "), of("# TYPE "));
    assert!(measured.len() > 20, "{measured:?}");
    let bare: Vec<_> = measured.difference(&described).collect();
    assert!(bare.is_empty(), "not described: {bare:?}");
    let page = include_str!("../../../docs/operations.md");
    for name in measured.iter().filter(|name| name.starts_with("kith_")) {
        assert!(page.contains(&format!("`{name}`")), "{name} is not in docs/operations.md");
    }
}

/// Each query of the dashboard names only metrics, and groups only by labels, that are there.
async fn the_dashboard_asks_for_what_is_there(server: TestServer) {
    let _sockets = traffic(&server).await;
    let text = server.metrics().await;
    let mut labels: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (name, rest) = line.split_at(line.find(['{', ' ']).expect("a value"));
        let of_it = labels.entry(name).or_default();
        of_it.extend(rest.split(['{', ',']).filter_map(|part| Some(part.split_once("=\"")?.0)));
    }
    let dashboard = include_str!("../../../docs/grafana.json");
    let mut queries = Vec::new();
    collect(&serde_json::from_str(dashboard).expect("JSON"), &mut queries);
    assert!(queries.len() > 20, "{}", queries.len());
    for query in queries {
        let names: Vec<_> = words(&query)
            .filter(|word| word.starts_with("kith_") || word.starts_with("process_"))
            .collect();
        assert!(!names.is_empty(), "{query}");
        for name in names {
            let known = labels.get(name).unwrap_or_else(|| panic!("{name} of {query}"));
            for part in query.split("by (").skip(1) {
                let by = part.split(')').next().expect("something");
                for label in by.split(',').map(str::trim).filter(|label| *label != "instance") {
                    assert!(known.contains(label), "{label} of {name} in {query}");
                }
            }
        }
    }
}

fn words(query: &str) -> impl Iterator<Item = &str> {
    query.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

/// What stands under `expr` and `query`, wherever.
fn collect(value: &Value, queries: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(text) if name == "expr" || name == "definition" => {
                        queries.push(text.to_owned());
                    }
                    _ => collect(value, queries),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, queries)),
        _ => {}
    }
}
