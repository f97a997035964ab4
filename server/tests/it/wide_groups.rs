//! A group of 500 costs the database what a group of ten does: no statement a member.

use app::protocol::{Conversation, ConversationId, Message, OfflineMessages, ServerFrame};
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

/// What a member does of which all others hear.
const DEEDS: [&str; 5] = ["a message", "a mention of all", "a reaction", "an edit", "a new name"];

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
            let mut socket = Socket::sign_in(server, person).await;
            // What was said before they came is told; what comes now comes as it is said.
            while socket.find::<OfflineMessages>().await.conversation_id != made.id {}
            sockets.push(socket);
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

    /// Does one of [`DEEDS`] for the so-manieth time, and waits until all heard of it.
    async fn does(&mut self, deed: &str, first: &Message, time: usize) {
        let updated = |frame: &ServerFrame| matches!(frame, ServerFrame::MessageUpdated { .. });
        match deed {
            "a message" => {
                self.write(&format!("plain{time}"), "to all of you").await;
            }
            "a mention of all" => {
                self.write(&format!("mention{time}"), "@all of you").await;
            }
            "a reaction" => {
                let answer = self.owner.react(Method::PUT, first, ["🌿", "👍", "🎉"][time]).await;
                assert_eq!(answer.status, 204, "{}", answer.text);
                self.told(updated).await;
            }
            "an edit" => {
                let answer = self.owner.edit(first, &format!("hello {time}")).await;
                assert_eq!(answer.status, 200, "{}", answer.text);
                self.told(updated).await;
            }
            "a new name" => {
                let path = format!("/api/v1/conversations/{}", self.id);
                let answer = self.owner.client.patch(&path, json!({"name": format!("{time}")}));
                assert_eq!(answer.await.status, 200);
                // The message that tells of it comes last.
                self.told(|frame| matches!(frame, ServerFrame::NewMessage { .. })).await;
            }
            other => panic!("nobody does {other}"),
        }
    }

    /// The statements of each of [`DEEDS`].
    async fn costs(mut self, server: &TestServer) -> Vec<Vec<String>> {
        // Who is in a group is remembered from its first message on.
        let first = self.write("first", "hello").await;
        let mut costs = Vec::new();
        for deed in DEEDS {
            let does = async |time| self.does(deed, &first, time).await;
            costs.push(server.statements_of(async || {}, does).await);
        }
        costs
    }
}

async fn what_happens_costs_no_statement_a_member(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    server.seed_strangers(&mei, 499).await;
    let count = i64::try_from(SOCKETS).expect("few");
    let people = server.sign_in_strangers(&mei, count).await;
    let few = Group::of(&server, mei, 10, &people).await.costs(&server).await;
    let many = Group::of(&server, omar, 500, &people).await.costs(&server).await;
    for (deed, (few, many)) in DEEDS.iter().zip(few.iter().zip(&many)) {
        assert!(few.len() > 3, "{deed} is stored: {few:#?}");
        assert_eq!(few, many, "{deed}");
    }
}
