//! Data put into the database directly, where a test needs more of it than it could make by sending.

use std::fmt::Write;

use app::protocol::{FileId, MAX_INTEGER, User, UserId};
use serde_json::json;

use super::{Person, TestServer, tokens};

impl TestServer {
    /// As many people who have each written one message to this person, which is not delivered yet.
    pub async fn seed_strangers(&self, to: &Person, count: i64) {
        self.seed_waiting(to, count, 1).await;
    }

    /// As many people who have each written so many messages to this person, none of which is
    /// delivered yet.
    pub async fn seed_waiting(&self, to: &Person, count: i64, each: i64) {
        let to = to.user.id.get();
        let person = |id: i64| {
            let name = format!("stranger{id}");
            let key = name.bytes().fold(String::new(), |mut key, byte| {
                write!(key, "{byte:02x}").expect("a text takes it");
                key
            });
            format!("({id},'{name}',X'{key}','{name}',X'{key}','x',1)")
        };
        let columns =
            "id, username, username_key, nickname, nickname_key, password_hash, created_at";
        self.insert("user", columns, (1..=count).map(person)).await;
        let conversation = |id: i64| format!("({id},'{id}:{to}',2,{each},1)");
        let columns = "id, pair_key, member_count, last_seq, last_activity";
        self.insert("conversation", columns, (1..=count).map(conversation)).await;
        let sessions = |id: i64| format!("({id},{id},{each},{each}),({to},{id},0,0)");
        let columns = "user_id, conversation_id, read_seq, delivered_seq";
        self.insert("message_session", columns, (1..=count).map(sessions)).await;
        let messages = (1..=count)
            .flat_map(|id| (1..=each).map(move |seq| (id, seq)))
            .map(|(id, seq)| format!("({id},{seq},{id},'c{seq}',1,'hi',1)"));
        let columns =
            "conversation_id, seq, sender_id, client_id, message_type, content, created_at";
        self.insert("message", columns, messages).await;
    }

    /// Signs the first so many of these people in, on a server that has the tests' key
    /// ([`tokens::KEY`]); `like` is someone who signed in by themselves.
    pub async fn sign_in_strangers(&self, like: &Person, count: i64) -> Vec<Person> {
        let mut claims = tokens::claims(&like.token);
        // One that is idle for long has ended.
        let now = claims["iat"].as_i64().expect("seconds") * 1_000;
        let login = |id: i64| format!("({id},{id},1,X'00','',{now},{now})");
        let columns = "id, user_id, generation, refresh_hash, device, created_at, last_used_at";
        self.insert("login", columns, (1..=count).map(login)).await;
        let mut person = |id: i64| {
            let name = format!("stranger{id}");
            (claims["sub"], claims["sid"]) = (json!(id.to_string()), json!(id));
            claims["username"] = json!(name);
            let token = tokens::signed(&claims);
            let user = User {
                id: UserId::new(id),
                username: name.clone(),
                nickname: name,
                avatar_url: None,
                created_at: 1,
                presence: None,
            };
            let client = self.client().with_bearer(&token);
            Person { user, token, refresh_token: String::new(), client }
        };
        (1..=count).map(&mut person).collect()
    }

    /// A whole upload of someone's, as many bytes long as its id says, without its bytes: as `photo` a picture, as
    /// `voice` a sound, as `file` a document.
    pub async fn seed_upload(&self, owner: &Person, id: i64, purpose: &str) -> FileId {
        let (purpose, mime) = match purpose {
            "photo" => (2, "image/png"),
            "voice" => (3, "audio/mp4"),
            _ => (1, "application/pdf"),
        };
        let row = format!(
            "({id},{},2,{purpose},'f{id}',{id},'{mime}',1,{MAX_INTEGER})",
            owner.user.id.get()
        );
        let columns = "id, owner_id, state, purpose, name, size, mime, created_at, expires_at";
        self.insert("file", columns, std::iter::once(row)).await;
        FileId::new(id)
    }

    /// Inserts rows, so many at once as a statement may be long.
    async fn insert(&self, table: &str, columns: &str, rows: impl Iterator<Item = String>) {
        let rows: Vec<_> = rows.collect();
        for rows in rows.chunks(10_000) {
            let rows = rows.join(",");
            self.execute(format!("INSERT INTO {table} ({columns}) VALUES {rows}")).await;
        }
    }
}
