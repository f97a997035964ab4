//! Whoever was away gets everything, in order, page by page.

use std::collections::BTreeMap;

use app::protocol::{
    Command, Head, Mark, Message, MessageChanges, MessagePage, OfflineMessages, Receipt, Seq,
    ServerFrame,
};
use reqwest::Method;
use serde_json::json;

use crate::harness::{
    NewConversation, NewMessage, Pong, Socket, TestServer, message_to, on_both_engines,
};

on_both_engines!(
    who_holds_everything_is_told_nothing,
    a_message_does_not_wait_until_everything_missed_was_told,
);

on_both_engines!(
    with [("KITH_RATE_MESSAGES", "0")];
    what_was_missed_comes_in_pages_and_live_messages_after_it,
    what_is_said_while_catching_up_keeps_its_place,
    a_week_away_is_caught_up_in_messages_and_in_changes,
);

async fn what_was_missed_comes_in_pages_and_live_messages_after_it(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut sender = Socket::sign_in(&server, &mei).await;
    let id = sender.say_first(&omar.user, "c1", "1").await.conversation_id;
    for n in 2..=250 {
        sender.send(Socket::message(id, &format!("c{n}"), &n.to_string())).await;
    }
    sender.acks_up_to("c250").await;

    let mut returning = Socket::sign_in(&server, &omar).await;
    let mut page: OfflineMessages = returning.expect().await;
    assert!(page.has_more);
    assert_eq!(page.messages.len(), 100);
    // What is said while it catches up waits for its place.
    sender.say(id, "c251", "251").await;
    returning.send(Command::Ping {}).await;
    let _: Pong = returning.expect().await;
    let mut held = Vec::new();
    loop {
        held.extend(page.messages);
        if !page.has_more {
            break;
        }
        let seq = held.last().map_or(Seq::ZERO, |message| message.seq);
        returning.send(Command::Delivered(Mark { conversation_id: id, seq })).await;
        page = returning.expect().await;
    }
    assert!(held.iter().map(|message| message.seq.get()).eq(1..=251));
    sender.say(id, "c252", "252").await;
    let NewMessage(live) = returning.expect().await;
    assert_eq!(live.seq.get(), 252);
}

async fn who_holds_everything_is_told_nothing(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut sender = Socket::sign_in(&server, &mei).await;
    let mut receiver = Socket::sign_in(&server, &omar).await;
    let ack = sender.say_first(&omar.user, "c1", "one").await;
    let NewConversation(_) = receiver.expect().await;
    let NewMessage(_) = receiver.expect().await;
    let mark = Mark { conversation_id: ack.conversation_id, seq: ack.seq };
    receiver.send(Command::Delivered(mark)).await;
    let _: Receipt = sender.expect().await;
    for person in [&mei, &omar] {
        let mut socket = Socket::sign_in(&server, person).await;
        socket.send(Command::Ping {}).await;
        let _: Pong = socket.expect().await;
    }
}

async fn a_message_does_not_wait_until_everything_missed_was_told(server: TestServer) {
    const STRANGERS: i64 = 1_000;
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    server.seed_strangers(&omar, STRANGERS).await;
    let mut returning = Socket::sign_in(&server, &omar).await;
    returning.send(message_to(&mei.user, "c1", "hello")).await;
    let (mut told, mut told_before_the_ack) = (0, None);
    while told < STRANGERS {
        match returning.next().await.expect("a frame") {
            ServerFrame::OfflineMessages(missed) => {
                assert!(!missed.has_more && missed.messages.len() == 1);
                told += 1;
            }
            ServerFrame::MessageAck(_) => told_before_the_ack = Some(told),
            ServerFrame::Conversation { .. } => {}
            other => panic!("unexpected {other:?}"),
        }
    }
    let told = told_before_the_ack.expect("the ack came first");
    assert!(told < STRANGERS / 2, "{told} were told before the ack");
}

/// Whatever is acknowledged stands above everything that this socket was told before, and nothing
/// that it sent comes in a page.
async fn what_is_said_while_catching_up_keeps_its_place(server: TestServer) {
    const OWN: usize = 200;
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut sender = Socket::sign_in(&server, &mei).await;
    let id = sender.say_first(&omar.user, "first", "first").await.conversation_id;
    for round in 0..5 {
        for n in 0..120 {
            sender.send(Socket::message(id, &format!("m{round}-{n}"), "missed")).await;
        }
        sender.acks_up_to(&format!("m{round}-119")).await;
        let mut returning = Socket::sign_in(&server, &omar).await;
        let own: Vec<_> = (0..OWN).map(|n| format!("o{round}-{n}")).collect();
        let mut unsent = own.iter();
        let (mut acked, mut told, mut catching_up) = (0, Seq::ZERO, true);
        while catching_up || acked < own.len() {
            match returning.next().await.expect("a frame") {
                ServerFrame::MessageAck(ack) => {
                    assert_eq!(ack.client_id.as_str(), own[acked], "in their order");
                    assert!(ack.seq > told, "{} after {told}", ack.seq);
                    acked += 1;
                }
                ServerFrame::OfflineMessages(page) => {
                    catching_up = page.has_more;
                    for message in page.messages {
                        let client_id = message.client_id.into_inner();
                        assert!(!own.contains(&client_id), "{client_id} was sent here");
                        assert!(message.seq > told);
                        told = message.seq;
                    }
                    let mark = Command::Delivered(Mark { conversation_id: id, seq: told });
                    // The next page is read while these are stored.
                    let said = unsent.by_ref().take(OWN / 2);
                    for (n, client_id) in said.enumerate() {
                        if n == OWN / 8 {
                            returning.send(mark.clone()).await;
                        }
                        returning.send(Socket::message(id, client_id, "own")).await;
                    }
                    returning.send(mark).await;
                }
                ServerFrame::Receipt(_) => {}
                other => panic!("unexpected {other:?}"),
            }
        }
    }
}

async fn a_week_away_is_caught_up_in_messages_and_in_changes(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let id = mei.greet(&omar).await;
    let mut sender = Socket::sign_in(&server, &mei).await;
    for n in 2..=150 {
        sender.send(Socket::message(id, &format!("c{n}"), &n.to_string())).await;
    }
    sender.acks_up_to("c150").await;
    let everything = format!("/api/v1/conversations/{id}/messages?limit=100");
    let mut known: BTreeMap<Seq, Message> = BTreeMap::new();
    for part in ["", "&before=51"] {
        let page: MessagePage = omar.client.get(&format!("{everything}{part}")).await.json(200);
        known.extend(page.items.into_iter().map(|message| (message.seq, message)));
    }
    assert_eq!(known.len(), 150);
    omar.client.post(&format!("/api/v1/conversations/{id}/delivered"), json!({"seq": 150})).await;
    // A week: more of both than a page holds, and changes of what is old and of what is new.
    for n in 151..=260 {
        sender.send(Socket::message(id, &format!("c{n}"), &n.to_string())).await;
    }
    sender.acks_up_to("c260").await;
    for n in 2..=120 {
        let message = known[&Seq::new(n)].clone();
        let changed = match n % 3 {
            0 => mei.edit(&message, &format!("{n}, as it were")).await.status,
            1 => mei.react(Method::PUT, &message, "🌿").await.status,
            _ => mei.recall(&message).await.status,
        };
        assert!((200..300).contains(&changed), "{changed}");
    }
    let newest = Message { seq: Seq::new(260), ..known[&Seq::new(150)].clone() };
    assert_eq!(mei.edit(&newest, "the last").await.status, 200);

    let heads: Vec<Head> = omar.client.get("/api/v1/conversations/heads").await.json(200);
    assert_eq!((heads[0].last_seq.get(), heads[0].rev), (260, 120));
    let mut returning = Socket::sign_in(&server, &omar).await;
    loop {
        let page: OfflineMessages = returning.find().await;
        let seq = page.messages.last().map_or(Seq::ZERO, |message| message.seq);
        known.extend(page.messages.into_iter().map(|message| (message.seq, message)));
        if !page.has_more {
            break;
        }
        returning.send(Command::Delivered(Mark { conversation_id: id, seq })).await;
    }
    let (mut rev, mut pages) = (0, 0);
    loop {
        let path = format!("{everything}&after_rev={rev}");
        let changes: MessageChanges = omar.client.get(&path).await.json(200);
        rev = changes.rev;
        pages += 1;
        known.extend(changes.items.into_iter().map(|message| (message.seq, message)));
        if !changes.has_more {
            break;
        }
    }
    assert_eq!((rev, pages), (120, 2));
    for part in ["", "&before=161", "&before=61"] {
        let page: MessagePage = omar.client.get(&format!("{everything}{part}")).await.json(200);
        for message in page.items {
            assert_eq!(known.remove(&message.seq), Some(message));
        }
    }
    assert!(known.is_empty(), "and no more than there is");
}
