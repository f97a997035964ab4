//! A group of 500 costs the database what a group of ten does: no statement a member.

use app::protocol::{Conversation, ConversationId, Message, ServerFrame};
use reqwest::Method;
use serde_json::json;

use crate::harness::tokens::KEY;
use crate::harness::{LOGGED, Person, Socket, TestServer, on_both_engines};

on_both_engines!(
    with [("KITH_JWT_SECRET", super::KEY), ("KITH_LOG", super::LOGGED), ("KITH_RATE_MESSAGES", "0")];
    what_happens_costs_no_statement_a_member,
);

/// Members who are there; every one of them would have to be read for.
const SOCKETS: usize = 100;

/// A group, its owner, and the sockets of some of its members.
struct Group {
    id: ConversationId,
    owner: Person,
    sockets: Vec<Socket>,
}

impl Group {
    async fn of(server: &TestServer, owner: Person, members: i64, people: &[Person]) -> Self {
        let ids: Vec<i64> = (1..members).collect();
        let body = json!({"name": "Crowd", "member_ids": ids});
        let made: Conversation = owner.client.post("/api/v1/conversations", body).await.json(201);
        assert_eq!(i64::from(made.member_count), members);
        let mut sockets = Vec::new();
        for person in people.iter().take(ids.len()) {
            sockets.push(Socket::sign_in(server, person).await);
        }
        Self { id: made.id, owner, sockets }
    }

    /// Waits until all who are there were told of something.
    async fn told(&mut self, is_it: impl Fn(&ServerFrame) -> bool) {
        for socket in &mut self.sockets {
            while !is_it(&socket.next().await.expect("a frame")) {}
        }
    }

    async fn write(&mut self, client_id: &str, text: &str) -> Message {
        let written = self.owner.write(self.id, client_id, text).await;
        let seq = written.seq;
        self.told(
            |frame| matches!(frame, ServerFrame::NewMessage { message } if message.seq == seq),
        )
        .await;
        written
    }

    /// What each thing costs that a member does.
    async fn costs(mut self, server: &TestServer) -> Vec<(&'static str, Vec<String>)> {
        // What is remembered of a group from its first message on.
        let first = self.write("first", "hello").await;
        let message = server
            .statements_of(async |time| {
                self.write(&format!("plain{time}"), "to all of you").await;
            })
            .await;
        let mention = server
            .statements_of(async |time| {
                self.write(&format!("mention{time}"), "@all of you").await;
            })
            .await;
        let reaction = server
            .statements_of(async |time| {
                let answer = self.owner.react(Method::PUT, &first, ["🌿", "👍", "🎉"][time]).await;
                assert_eq!(answer.status, 204, "{}", answer.text);
                self.told(|frame| matches!(frame, ServerFrame::MessageUpdated { .. })).await;
            })
            .await;
        let edit = server
            .statements_of(async |time| {
                let answer = self.owner.edit(&first, &format!("hello {time}")).await;
                assert_eq!(answer.status, 200, "{}", answer.text);
                self.told(|frame| matches!(frame, ServerFrame::MessageUpdated { .. })).await;
            })
            .await;
        let rename = server
            .statements_of(async |time| {
                let path = format!("/api/v1/conversations/{}", self.id);
                let answer = self.owner.client.patch(&path, json!({"name": format!("{time}")}));
                assert_eq!(answer.await.status, 200);
                // The message that tells of it comes last.
                self.told(|frame| matches!(frame, ServerFrame::NewMessage { .. })).await;
            })
            .await;
        vec![
            ("a message", message),
            ("a mention of all", mention),
            ("a reaction", reaction),
            ("an edit", edit),
            ("a new name", rename),
        ]
    }
}

async fn what_happens_costs_no_statement_a_member(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    server.seed_strangers(&mei, 499).await;
    let count = i64::try_from(SOCKETS).expect("few");
    let people = server.sign_in_strangers(&mei, count).await;
    let few = Group::of(&server, mei, 10, &people).await.costs(&server).await;
    let many = Group::of(&server, omar, 500, &people).await.costs(&server).await;
    for ((what, few), (_, many)) in few.iter().zip(&many) {
        assert!(few.len() > 3, "{what} is stored: {few:#?}");
        assert_eq!(few, many, "{what}");
    }
}
