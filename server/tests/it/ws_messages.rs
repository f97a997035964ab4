//! Messages over the socket: stored, acknowledged, told to everyone else, once and in order.

use app::protocol::{Command, MessagePage, SendMessage, ServerFrame, close};

use crate::harness::{
    NewConversation, NewMessage, Pong, Socket, TestServer, message_to, on_both_engines,
};

on_both_engines!(
    a_first_message_makes_the_conversation_and_tells_everyone,
    what_is_acknowledged_is_stored,
    a_repeat_is_acknowledged_with_the_first_ones_place,
    whoever_writes_to_a_person_again_is_told_of_the_conversation_first,
    a_message_over_http_reaches_every_socket,
    notes_to_oneself_have_one_member,
);

on_both_engines!(
    with [("KITH_RATE_MESSAGES", "0")];
    many_at_once_keep_each_senders_order,
    a_slow_reader_is_cut_off,
);

async fn a_first_message_makes_the_conversation_and_tells_everyone(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut sender = Socket::sign_in(&server, &mei).await;
    let mut elsewhere = Socket::sign_in(&server, &mei).await;
    let mut receiver = Socket::sign_in(&server, &omar).await;
    let first = SendMessage {
        client_id: "c1".into(),
        to_user_id: Some(omar.user.id),
        content: Some("  hello\n".into()),
        ..SendMessage::default()
    };
    sender.send_as("f1", Command::Message(first)).await;

    let NewConversation(told) = sender.expect().await;
    assert_eq!(told.peer.as_ref().map(|peer| peer.id), Some(omar.user.id));
    let ack = sender.ack("c1").await;
    assert_eq!((ack.id.as_deref(), ack.seq.get(), ack.duplicate), (Some("f1"), 1, false));
    assert_eq!(ack.conversation_id, told.id);

    let NewConversation(seen) = receiver.expect().await;
    assert_eq!((seen.id, seen.unread), (told.id, 1));
    assert_eq!(seen.peer.map(|peer| peer.id), Some(mei.user.id));
    let NewMessage(message) = receiver.expect().await;
    assert_eq!((message.seq, message.text()), (ack.seq, "hello"));
    assert_eq!((&message.sender, message.created_at), (&mei.user, ack.created_at));

    let NewConversation(_) = elsewhere.expect().await;
    let NewMessage(same) = elsewhere.expect().await;
    assert_eq!(same, message);
    // The socket that sent it gets no `new_message`: the next it hears is the answer to a ping.
    sender.send(Command::Ping {}).await;
    let _: Pong = sender.expect().await;
}

async fn what_is_acknowledged_is_stored(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut socket = Socket::sign_in(&server, &mei).await;
    let id = socket.say_first(&omar.user, "c1", "one").await.conversation_id;
    for n in 2..=5 {
        let ack = socket.say(id, &format!("c{n}"), "more").await;
        let path = format!("/api/v1/conversations/{id}/messages");
        let page: MessagePage = omar.client.get(&path).await.json(200);
        assert_eq!(page.items.last().map(|message| message.seq), Some(ack.seq));
    }
}

async fn a_repeat_is_acknowledged_with_the_first_ones_place(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut sender = Socket::sign_in(&server, &mei).await;
    let mut receiver = Socket::sign_in(&server, &omar).await;
    let first = sender.say_first(&omar.user, "c1", "one").await;
    let again = sender.say(first.conversation_id, "c1", "another body").await;
    assert_eq!((again.seq, again.created_at), (first.seq, first.created_at));
    assert!(again.duplicate && !first.duplicate);
    let next = sender.say(first.conversation_id, "c2", "two").await;
    assert_eq!(next.seq, first.seq.next());
    let NewConversation(_) = receiver.expect().await;
    for content in ["one", "two"] {
        let NewMessage(message) = receiver.expect().await;
        assert_eq!(message.text(), content);
    }
}

async fn whoever_writes_to_a_person_again_is_told_of_the_conversation_first(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let id = mei.write_to(&omar, "c1", "one").await.conversation_id;
    let mut socket = Socket::sign_in(&server, &mei).await;
    socket.send(message_to(&omar.user, "c2", "two")).await;
    let NewConversation(told) = socket.expect().await;
    assert_eq!(told.id, id);
    assert_eq!(socket.ack("c2").await.conversation_id, id);
    socket.send(message_to(&omar.user, "c3", "three")).await;
    assert_eq!(socket.ack("c3").await.seq.get(), 3, "told once, not at every message");
}

async fn a_message_over_http_reaches_every_socket(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut own = Socket::sign_in(&server, &mei).await;
    let mut other = Socket::sign_in(&server, &omar).await;
    let sent = mei.write_to(&omar, "c1", "one").await;
    for socket in [&mut own, &mut other] {
        let NewConversation(_) = socket.expect().await;
        let NewMessage(message) = socket.expect().await;
        assert_eq!(message, sent);
    }
}

async fn notes_to_oneself_have_one_member(server: TestServer) {
    let mei = server.person("mei").await;
    let mut socket = Socket::sign_in(&server, &mei).await;
    let mut elsewhere = Socket::sign_in(&server, &mei).await;
    socket.send(message_to(&mei.user, "c1", "passport")).await;
    let NewConversation(notes) = socket.expect().await;
    assert_eq!((notes.peer, notes.member_count, notes.unread), (None, 1, 0));
    assert_eq!(socket.ack("c1").await.seq.get(), 1);
    let NewConversation(_) = elsewhere.expect().await;
    let NewMessage(message) = elsewhere.expect().await;
    assert_eq!(message.text(), "passport");
}

async fn many_at_once_keep_each_senders_order(server: TestServer) {
    const EACH: usize = 200;
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut one = Socket::sign_in(&server, &mei).await;
    let mut other = Socket::sign_in(&server, &omar).await;
    let id = one.say_first(&omar.user, "first", "first").await.conversation_id;
    let NewConversation(_) = other.expect().await;
    let NewMessage(_) = other.expect().await;
    for n in 0..EACH {
        for socket in [&mut one, &mut other] {
            socket.send(Socket::message(id, &format!("c{n}"), &n.to_string())).await;
        }
    }
    for socket in [&mut one, &mut other] {
        let (mut own, mut others, mut seq) = (Vec::new(), Vec::new(), 1);
        while own.len() < EACH || others.len() < EACH {
            let at = match socket.next().await.expect("a frame") {
                ServerFrame::MessageAck(ack) => {
                    own.push(ack.client_id.into_inner());
                    ack.seq
                }
                ServerFrame::NewMessage { message } => {
                    others.push(message.text().to_owned());
                    message.seq
                }
                other => panic!("unexpected {other:?}"),
            };
            seq += 1;
            assert_eq!(at.get(), seq, "acks and messages ascend without a hole");
        }
        assert!(own.iter().map(String::as_str).eq((0..EACH).map(|n| format!("c{n}"))));
        assert!(others.iter().map(String::as_str).eq((0..EACH).map(|n| n.to_string())));
    }
}

async fn a_slow_reader_is_cut_off(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut sender = Socket::sign_in(&server, &mei).await;
    let mut silent = Socket::sign_in(&server, &omar).await;
    let id = sender.say_first(&omar.user, "first", "first").await.conversation_id;
    let text = "x".repeat(5_000);
    // Far more than the server's queue and the buffers of a TCP connection hold.
    for n in 0..6_000 {
        let client_id = format!("c{n}");
        sender.send(Socket::message(id, &client_id, &text)).await;
        if n % 50 == 49 {
            sender.acks_up_to(&client_id).await;
        }
    }
    // Its farewell may not have fitted into the full connection.
    let (frames, code) = silent.drain().await;
    assert!([close::TOO_SLOW, 1006].contains(&code), "{code}");
    assert!(frames.len() < 6_000);
}
