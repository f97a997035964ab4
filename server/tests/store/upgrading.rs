//! A database of an earlier schema, with something of everything in it, is brought up to date, and everything in it is
//! read as it was read before. How the dumps were made is told in `tests/dumps/README.md`.

use std::collections::{BTreeMap, HashMap};

use app::protocol::{ConversationId, UserId};
use serde::Serialize;
use serde_json::{Value, json};
use server::store::Store;
use server::store::messages::Window;

use crate::database::{Database, NOW};

const SQLITE: &str = include_str!("../dumps/0010.sqlite.sql");
const MYSQL: &str = include_str!("../dumps/0010.mysql.sql");
const EXPECTED: &str = include_str!("../dumps/0010.json");
/// More than there is of anything.
const ALL: u32 = 100;

#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    everything_of_schema_10_is_read_as_before(&Database::sqlite_of(SQLITE).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql() {
    everything_of_schema_10_is_read_as_before(&Database::mysql_of(MYSQL).await).await;
}

async fn everything_of_schema_10_is_read_as_before(db: &Database) {
    let read = json!({ "rows": rows(db).await, "people": Reader::of(&db.store).await.all().await });
    let read = serde_json::to_string_pretty(&read).expect("JSON");
    if std::env::var_os("UPDATE_DUMPS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dumps/0010.json");
        return std::fs::write(path, read + "\n").expect("a file");
    }
    let first = read.lines().zip(EXPECTED.lines()).find(|(read, expected)| read != expected);
    assert_eq!(first, None, "what is read, and what was");
    assert_eq!(read.trim_end(), EXPECTED.trim_end());
    // A second start finds all done.
    Store::open(&db.location).await.expect("it opens").close().await;
}

/// How many rows each table has that schema 10 knows.
async fn rows(db: &Database) -> BTreeMap<&'static str, i64> {
    let tables = [
        "user",
        "login",
        "conversation",
        "message_session",
        "message",
        "contact",
        "block",
        "reaction",
        "mention",
        "departure",
        "upgrade",
    ];
    let mut rows = BTreeMap::new();
    for table in tables {
        rows.insert(table, db.number(&format!("SELECT COUNT(*) FROM {table}")).await);
    }
    rows
}

/// Reads all there is through the store, as each person sees it, and names what has other numbers in each database.
struct Reader<'a> {
    store: &'a Store,
    people: BTreeMap<String, UserId>,
    names: HashMap<i64, String>,
}

impl<'a> Reader<'a> {
    async fn of(store: &'a Store) -> Self {
        let mut people = BTreeMap::new();
        for name in ["ana", "kept", "mei", "omar", "quiet", "tom"] {
            let known = store.credentials(name).await.expect("a read").expect("someone");
            people.insert(name.to_owned(), known.user.id);
        }
        let list = store.chat_list(people["mei"], false, None, ALL, NOW).await.expect("a read");
        let gone = list.items.into_iter().filter_map(|conversation| conversation.peer);
        let gone = gone.map(|peer| peer.id).find(|peer| people.values().all(|id| id != peer));
        people.insert("gone".into(), gone.expect("mei talked with someone who is gone"));
        let names = people.iter().map(|(name, id)| (id.get(), format!("@{name}"))).collect();
        Self { store, people, names }
    }

    async fn all(mut self) -> Value {
        // The conversations are named by their members, or as groups are.
        let mut lists = BTreeMap::new();
        for (name, id) in &self.people.clone() {
            let mut seen = Vec::new();
            for archived in [false, true] {
                let list = self.store.chat_list(*id, archived, None, ALL, NOW).await;
                seen.extend(list.expect("a read").items);
            }
            for conversation in &seen {
                let other = conversation.peer.as_ref().map(|peer| peer.id.get());
                let names = other.map(|other| {
                    let mut pair = [format!("@{name}"), self.names[&other].clone()];
                    pair.sort();
                    pair.join("+")
                });
                let called = names.unwrap_or_else(|| conversation.name.clone());
                self.names.insert(conversation.id.get(), called);
            }
            lists.insert(name.clone(), seen);
        }
        let mut all = BTreeMap::new();
        for (name, seen) in lists {
            let user = self.people[&name];
            let mut conversations = Vec::new();
            for conversation in seen {
                let id = conversation.id;
                conversations.push(json!({
                    "as_listed": conversation,
                    "within": self.conversation(user, id).await,
                }));
            }
            all.insert(name, self.person(user, conversations).await);
        }
        self.named(serde_json::to_value(all).expect("JSON"))
    }

    async fn person(&self, user: UserId, conversations: Vec<Value>) -> Value {
        let store = self.store;
        let logins = store.logins_of(user, 0).await.expect("a read");
        let logins = logins.into_iter().map(|login| {
            json!({
                "device": login.device, "generation": login.generation,
                "hash_bytes": login.refresh_hash.len(), "gaps": login.use_gaps.len(),
                "was_used_since": login.last_used_at > login.created_at,
                "was_used_before": login.prior_used_at > login.created_at,
            })
        });
        let credentials = store.credentials_of(user).await.expect("a read");
        let settings = store.settings(user).await.expect("a read");
        let mut watched_by = store.watchers_of(user).await.expect("a read");
        watched_by.sort_by_key(|id| self.names[&id.get()].clone());
        json!({
            "user": store.user(user).await.expect("a read"),
            "password": credentials.as_ref().map(|known| &known.password_hash[..10.min(known.password_hash.len())]),
            "disabled": credentials.map(|known| known.disabled),
            "shows_last_seen": settings.map(|settings| settings.show_last_seen),
            "last_seen": store.last_seen(&[user]).await.expect("a read"),
            "watched_by": watched_by,
            "logins": logins.collect::<Vec<_>>(),
            "contacts": shown(&store.contacts(user, None, ALL).await.expect("a read")),
            "blocks": shown(&store.blocks(user, None, ALL).await.expect("a read")),
            "open_groups": shown(&store.open_groups(user, "", ALL).await.expect("a read")),
            "conversations": conversations,
        })
    }

    async fn conversation(&self, user: UserId, id: ConversationId) -> Value {
        let store = self.store;
        let page = store.message_page(user, id, Window::Latest, ALL).await.expect("a read");
        let last = page.as_ref().map(|page| page.to_seq).expect("a member");
        json!({
            "page": shown(&page),
            "changes": shown(&store.message_changes(user, id, 0, ALL).await.expect("a read")),
            "members": shown(&store.members(id, "", None, ALL).await.expect("a read")),
            "receipts": shown(&store.receipts(id, last, user).await.expect("a read")),
            "unread": store.unread(user, id).await.expect("a read"),
        })
    }

    /// With names for ids, and without what no two runs have in common.
    fn named(&self, value: Value) -> Value {
        match value {
            Value::Array(items) => items.into_iter().map(|item| self.named(item)).collect(),
            Value::Object(fields) => {
                fields.into_iter().map(|(name, value)| (name, self.named(value))).collect()
            }
            Value::Number(number) => match number.as_i64() {
                Some(id) if self.names.contains_key(&id) => json!(self.names[&id]),
                Some(time) if (1_790_000_000_000..1_800_000_000_000).contains(&time) => {
                    json!("a time")
                }
                _ => Value::Number(number),
            },
            Value::String(text) if text.starts_with("sys:") => json!("sys:"),
            Value::String(text) if text.starts_with("deleted-") => json!("deleted-"),
            other => other,
        }
    }
}

fn shown(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("JSON")
}
