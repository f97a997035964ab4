//! Whoever was away gets everything, in order, page by page.

use app::protocol::{Command, Mark, OfflineMessages, Receipt, Seq};

use crate::harness::{NewConversation, NewMessage, Pong, Socket, TestServer, on_both_engines};

on_both_engines!(who_holds_everything_is_told_nothing);

on_both_engines!(
    with [("KITH_RATE_MESSAGES", "0")];
    what_was_missed_comes_in_pages_and_live_messages_after_it,
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
    // What is said while it drains waits for its place.
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
