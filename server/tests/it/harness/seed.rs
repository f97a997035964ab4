//! Data put into the database directly, where a test needs more of it than it could make by sending.

use std::fmt::Write;

use super::{Person, TestServer};

impl TestServer {
    /// As many people who have each written one message to this person, which is not delivered yet.
    pub async fn seed_strangers(&self, to: &Person, count: i64) {
        let to = to.user.id.get();
        let (mut people, mut conversations) = (String::new(), String::new());
        let (mut sessions, mut messages) = (String::new(), String::new());
        for id in 1..=count {
            let name = format!("stranger{id}");
            let key = name.bytes().fold(String::new(), |mut key, byte| {
                write!(key, "{byte:02x}").expect("a text takes it");
                key
            });
            write!(people, "({id},'{name}',X'{key}','{name}',X'{key}','x',1),").expect("as above");
            write!(conversations, "({id},'{id}:{to}',2,1,1),").expect("as above");
            write!(sessions, "({id},{id},1,1),({to},{id},0,0),").expect("as above");
            write!(messages, "({id},1,{id},'c1',1,'hi',1),").expect("as above");
        }
        for (columns, rows) in [
            (
                "user (id, username, username_key, nickname, nickname_key, password_hash, \
                 created_at)",
                people,
            ),
            ("conversation (id, pair_key, member_count, last_seq, last_activity)", conversations),
            ("message_session (user_id, conversation_id, read_seq, delivered_seq)", sessions),
            (
                "message (conversation_id, seq, sender_id, client_id, message_type, content, \
                 created_at)",
                messages,
            ),
        ] {
            let rows = rows.trim_end_matches(',');
            self.execute(format!("INSERT INTO {columns} VALUES {rows}")).await;
        }
    }
}
