//! Two nodes on one database, and the end of a node.

use std::collections::HashMap;

use app::protocol::{MessageAck, MessagePage, ServerFrame, close};

use crate::harness::{Engine, Person, Socket, TestServer, message_to, on_both_engines};

/// Both nodes have to know each other's tokens.
const SHARED: [(&str, &str); 4] = [
    ("KITH_JWT_SECRET", "one-key-for-both-nodes-0123456789"),
    ("KITH_SHARED_DATABASE", "true"),
    ("KITH_FILES_SHARED", "true"),
    ("KITH_RATE_MESSAGES", "0"),
];

on_both_engines!(
    with super::SHARED;
    a_stopping_node_answers_what_it_took_and_says_goodbye,
);

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_first_messages_through_two_nodes_make_one_conversation() {
    const EACH: usize = 50;
    let one = TestServer::start_with(Engine::MariaDb, &SHARED).await;
    let other = one.start_beside(&SHARED);
    for round in 0..20 {
        let ann = one.person(&format!("ann{round}")).await;
        let bob = one.person(&format!("bob{round}")).await;
        let (from_ann, from_bob) = tokio::join!(
            first_messages(&one, &ann, &bob, EACH),
            first_messages(&other, &bob, &ann, EACH),
        );
        let id = from_ann[0].conversation_id;
        assert!(from_ann.iter().chain(&from_bob).all(|ack| ack.conversation_id == id));
        let path = format!("/api/v1/conversations/{id}/messages?limit=100");
        let page: MessagePage = ann.client.get(&path).await.json(200);
        assert!(page.items.iter().map(|message| message.seq.get()).eq(1..=100), "without a hole");
        let mut said: HashMap<_, Vec<_>> = HashMap::new();
        for message in page.items {
            said.entry(message.sender.id).or_default().push(message.text().to_owned());
        }
        for (person, acks) in [(&ann, &from_ann), (&bob, &from_bob)] {
            let in_order: Vec<_> = (0..EACH).map(|n| n.to_string()).collect();
            assert_eq!(said[&person.user.id], in_order);
            assert!(acks.is_sorted_by_key(|ack| ack.seq), "acknowledged in their order");
        }
    }
}

/// Sends first messages all at once, and collects their acks. What the partner says meanwhile
/// arrives too, and all of it in order.
async fn first_messages(
    server: &TestServer,
    from: &Person,
    to: &Person,
    count: usize,
) -> Vec<MessageAck> {
    let mut socket = Socket::sign_in(server, from).await;
    for n in 0..count {
        socket.send(message_to(&to.user, &format!("c{n}"), &n.to_string())).await;
    }
    let (mut acks, mut last) = (Vec::new(), 0);
    while acks.len() < count {
        let seq = match socket.next().await.expect("a frame") {
            ServerFrame::MessageAck(ack) => {
                acks.push(ack.clone());
                ack.seq.get()
            }
            ServerFrame::NewMessage { message } => message.seq.get(),
            // The partner was faster than this socket's sign-in.
            ServerFrame::OfflineMessages(missed) => {
                missed.messages.last().map_or(last, |message| message.seq.get())
            }
            ServerFrame::Conversation { .. } => continue,
            other => panic!("unexpected {other:?}"),
        };
        assert!(seq > last, "{seq} after {last}");
        last = seq;
    }
    acks
}

async fn a_stopping_node_answers_what_it_took_and_says_goodbye(mut server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut socket = Socket::sign_in(&server, &mei).await;
    let id = socket.say_first(&omar.user, "c0", "first").await.conversation_id;
    for n in 1..=500 {
        socket.send(Socket::message(id, &format!("c{n}"), "x")).await;
    }
    let (ended, (frames, code)) =
        tokio::join!(async { tokio::task::block_in_place(|| server.terminate()) }, socket.drain(),);
    assert!(ended, "it ends well");
    assert_eq!(code, close::RESTARTING);
    let acknowledged = frames.into_iter().filter_map(|frame| match frame {
        ServerFrame::MessageAck(ack) => Some(ack.client_id.into_inner()),
        _ => None,
    });
    server.kill_and_restart(&SHARED);
    let client = server.client().with_bearer(&mei.token);
    let mut stored = Vec::new();
    loop {
        let path = format!("/api/v1/conversations/{id}/messages?after={}&limit=100", stored.len());
        let page: MessagePage = client.get(&path).await.json(200);
        stored.extend(page.items.into_iter().map(|message| message.client_id.into_inner()));
        if !page.has_more_after {
            break;
        }
    }
    for client_id in acknowledged {
        assert!(stored.contains(&client_id), "{client_id} was acknowledged");
    }
}
