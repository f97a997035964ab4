//! The writer under load: batches grow by themselves.

use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusBuilder;

use crate::database::{Database, on_both_engines};

on_both_engines!(batches_grow_under_load);

/// A metric's value in Prometheus' text.
fn read(text: &str, name: &str) -> f64 {
    let line = text.lines().find(|line| line.split(' ').next() == Some(name));
    let value = line.and_then(|line| line.split(' ').nth(1)).unwrap_or_else(|| panic!("{text}"));
    value.parse().expect("a number")
}

async fn batches_grow_under_load(db: &Database) {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    // The writer takes its handles when it starts; this recorder sees this writer alone.
    let writer = Arc::new(metrics::with_local_recorder(&recorder, || {
        server::store::writer::describe_metrics();
        db.writer()
    }));
    let mut clients = Vec::new();
    for number in 0..50 {
        let one = db.person(number * 2 + 1, &format!("one{number}"), "One").await;
        let other = db.person(number * 2 + 2, &format!("other{number}"), "Other").await;
        let id = db.private(&one, &other).await;
        let writer = Arc::clone(&writer);
        // Eight in flight a pair.
        clients.push(tokio::spawn(async move {
            for round in 0..10 {
                let mut answers = Vec::new();
                for message in 0..8 {
                    let name = format!("{round}-{message}");
                    answers.push(writer.queue(id, &one, &name, &name).await);
                }
                for answer in answers {
                    answer.await.expect("an answer").expect("stored");
                }
            }
        }));
    }
    for client in clients {
        client.await.expect("no panic");
    }
    writer.writer.shut_down().await;
    let text = handle.render();
    let messages = read(&text, "kith_messages_total");
    assert!((messages - 4_000.0).abs() < 0.5, "{messages}");
    let batches = read(&text, "kith_writer_batch_messages_count");
    let in_batches = read(&text, "kith_writer_batch_messages_sum");
    assert!((in_batches - 4_000.0).abs() < 0.5, "{in_batches}");
    assert!(in_batches / batches > 8.0, "mean batch {}", in_batches / batches);
    assert!(read(&text, "kith_writer_commit_seconds_count") >= batches);
    assert!(read(&text, "kith_writer_queue").abs() < 0.5, "nothing is left in the queue");
}
