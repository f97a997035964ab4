//! Pages that are rendered at once, on all of the server's threads: each is its own reader's, and whole.

use std::sync::Arc;

use tokio::task::JoinSet;

use crate::harness::{Engine, HttpResponse, Person, TestServer};

/// No part of another, nor of what stands on every page.
const READERS: [&str; 8] = [
    "aurelia",
    "benedikt",
    "cassandra",
    "dominika",
    "eleonora",
    "ferdinand",
    "gwendolyn",
    "hildegard",
];

/// So many pages each reader asks for at the same time.
const AT_ONCE: usize = 4;

/// So often each of these asks for all of the reader's pages, one after the other.
const ROUNDS: usize = 25;

#[tokio::test(flavor = "multi_thread")]
async fn pages_at_once_are_each_their_readers_own() {
    // Their names are its readers' own; what is stored does not matter.
    let server = TestServer::start(Engine::Sqlite).await;
    let mut asking = JoinSet::new();
    for (index, name) in READERS.into_iter().enumerate() {
        let (tag, language) = if index % 2 == 0 { ("en", "en") } else { ("zh-Hans", "zh") };
        let Person { client, .. } = server.browser(name).await;
        let client = Arc::new(client.with("accept-language", language));
        for _ in 0..AT_ONCE {
            let client = Arc::clone(&client);
            asking.spawn(async move {
                for _ in 0..ROUNDS {
                    for path in ["/", "/settings", "/contacts", "/new/group"] {
                        let page = client.get(path).await;
                        assert_own(&page, name);
                        assert_its_scripts_may_run(&page);
                        assert!(page.text.contains(&format!("<html lang=\"{tag}\"")), "{tag}");
                    }
                    // A part of a page is rendered between them.
                    assert_own(&client.get(&format!("/people?query={name}")).await, name);
                }
            });
        }
    }
    while let Some(asked) = asking.join_next().await {
        asked.expect("all are answered");
    }
}

/// A whole answer that has the reader's name, and nobody else's.
fn assert_own(answer: &HttpResponse, reader: &str) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-length"), answer.text.len().to_string());
    let named: Vec<_> = READERS.into_iter().filter(|name| answer.text.contains(name)).collect();
    assert_eq!(named, [reader]);
}

/// All that is in the page carries the nonce that the policy names.
fn assert_its_scripts_may_run(page: &HttpResponse) {
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
    let nonce = nonce.expect("a nonce");
    let carried: Vec<_> = page.text.split(" nonce=\"").skip(1).collect();
    assert!(carried.len() >= 3, "{}", page.text);
    assert!(carried.iter().all(|rest| rest.starts_with(&format!("{nonce}\""))), "{}", page.text);
}
