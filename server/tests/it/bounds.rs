//! What others do makes no page and no frame longer than so much: a group of 499 costs its members no
//! more to look at than one of a few.

use app::protocol::{Conversation, ConversationId, ServerFrame};
use serde_json::json;

use crate::harness::{Person, Socket, TestServer, on_both_engines};

on_both_engines!(
    with [("KITH_RATE_MESSAGES", "0")];
    a_wide_group_is_told_in_as_many_bytes_as_a_small_one,
);

/// What a reader gets to see of groups: their page, what `POST` answers, a page of messages, and frames.
async fn sizes(server: &TestServer, name: &str, members: i64) -> Vec<(String, usize)> {
    let (owner, reader) = (
        server.person(&format!("owner{name}")).await,
        server.browser(&format!("reader{name}")).await,
    );
    let mut socket = Socket::sign_in(server, &owner).await;
    let mut sizes = Vec::new();
    for group in ["one", "two"] {
        let ids = (1..=members).chain([reader.user.id.get()]).collect::<Vec<_>>();
        let body = json!({"name": group, "member_ids": ids});
        let made = owner.client.post("/api/v1/conversations", body).await;
        let id = made.json::<Conversation>(201).id;
        sizes.push((format!("made {group}"), made.text.len()));
        sizes.push((format!("{group} made"), frame(&mut socket).await));
        // The last message of the other is the one that names who is in it.
        if group == "one" {
            says(&owner, id, &mut socket, &mut sizes).await;
        }
    }
    sizes.push(("home".into(), reader.client.get("/").await.text.len()));
    sizes
}

async fn says(
    owner: &Person,
    id: ConversationId,
    socket: &mut Socket,
    sizes: &mut Vec<(String, usize)>,
) {
    let said = owner.write(id, "1", "Good morning, @all").await;
    sizes.push(("said".into(), serde_json::to_string(&said).expect("JSON").len()));
    sizes.push(("told".into(), frame(socket).await));
    let path = format!("/api/v1/conversations/{id}/messages");
    sizes.push(("history".into(), owner.client.get(&path).await.text.len()));
}

/// The length of the next message that the socket is told of.
async fn frame(socket: &mut Socket) -> usize {
    loop {
        let frame = socket.next().await.expect("a frame");
        if matches!(frame, ServerFrame::NewMessage { .. }) {
            return serde_json::to_string(&frame).expect("JSON").len();
        }
    }
}

async fn a_wide_group_is_told_in_as_many_bytes_as_a_small_one(server: TestServer) {
    let seeded = server.person("seeded").await;
    server.seed_strangers(&seeded, 497).await;
    let few = sizes(&server, "few", 8).await;
    let many = sizes(&server, "many", 497).await;
    for ((what, few), (_, many)) in few.iter().zip(&many) {
        // Names, ids and counts differ by some digits.
        assert!(many.abs_diff(*few) < 200 + few / 20, "{what}: {few} and {many} bytes");
    }
}
