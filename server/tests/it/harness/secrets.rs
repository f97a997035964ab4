//! What must not stand in any log: the passwords, tokens and texts that passed through the clients of
//! a test. The log of every server of every test is searched for those of its own clients.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// Under these names people's secrets travel, in JSON and in forms.
const NAMES: [&str; 8] =
    ["password", "old", "new", "token", "access_token", "refresh_token", "content", "excerpt"];
/// Shorter ones stand in any log by chance.
const MIN_LENGTH: usize = 8;
/// Secrets kept a server: some tests send thousands of texts, all of the same sort.
const MAX_KEPT: usize = 500;

static SEEN: Mutex<BTreeMap<String, BTreeSet<String>>> = Mutex::new(BTreeMap::new());

fn seen() -> MutexGuard<'static, BTreeMap<String, BTreeSet<String>>> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes down a value that passed under this name between a client and the server under this URL.
pub fn note(url: &str, name: &str, value: &str) {
    if NAMES.contains(&name) && value.len() >= MIN_LENGTH {
        let mut seen = seen();
        let of_server = seen.entry(url.to_owned()).or_default();
        if of_server.len() < MAX_KEPT {
            of_server.insert(value.to_owned());
        }
    }
}

/// Takes down whatever is secret in a JSON text; other texts are passed over.
pub fn note_json(url: &str, text: &str) {
    if let Ok(value) = serde_json::from_str(text) {
        walk(url, "", &value);
    }
}

fn walk(url: &str, name: &str, value: &Value) {
    match value {
        Value::String(text) => note(url, name, text),
        Value::Array(items) => items.iter().for_each(|item| walk(url, name, item)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| walk(url, name, value)),
        _ => {}
    }
}

/// That a server's log has none of what passed through it.
pub fn assert_absent(url: &str, log: &str) {
    let secrets = seen().remove(url).unwrap_or_default();
    // As it stands in JSON, too.
    for secret in secrets {
        let quoted = Value::from(secret.as_str()).to_string();
        let quoted = quoted.trim_matches('"');
        for line in log.lines() {
            assert!(!line.contains(&secret) && !line.contains(quoted), "{secret:?} in: {line}");
        }
    }
}
