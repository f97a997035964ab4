//! Delivered and read marks over the socket.

use app::protocol::{Command, Conversation, Mark, Receipt, Seq};

use crate::harness::{NewConversation, NewMessage, Socket, TestServer, on_both_engines};

on_both_engines!(
    marks_reach_the_partner_and_ones_other_devices,
    own_messages_do_not_hold_a_mark_back,
);

async fn marks_reach_the_partner_and_ones_other_devices(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let mut sender = Socket::sign_in(&server, &mei).await;
    let mut reader = Socket::sign_in(&server, &omar).await;
    let mut elsewhere = Socket::sign_in(&server, &omar).await;
    let id = sender.say_first(&omar.user, "c1", "one").await.conversation_id;
    sender.say(id, "c2", "two").await;
    for socket in [&mut reader, &mut elsewhere] {
        let NewConversation(_) = socket.expect().await;
        let NewMessage(_) = socket.expect().await;
        let NewMessage(_) = socket.expect().await;
    }
    let mark = |seq| Mark { conversation_id: id, seq: Seq::new(seq) };
    let stand = |receipt: Receipt| (receipt.delivered_seq.get(), receipt.read_seq.get());

    reader.send(Command::Delivered(mark(2))).await;
    let receipt: Receipt = sender.expect().await;
    assert_eq!((receipt.user_id, stand(receipt)), (omar.user.id, (2, 0)));
    assert_eq!(receipt.unread, None, "what is unread is the reader's own affair");
    let own: Receipt = elsewhere.expect().await;
    assert_eq!((own.user_id, own.unread), (omar.user.id, Some(2)));

    // Above the last message it is cut to it.
    reader.send(Command::Read(mark(99))).await;
    assert_eq!(stand(sender.expect().await), (2, 2));
    assert_eq!(elsewhere.expect::<Receipt>().await.unread, Some(0));

    // Backwards is no movement: nobody hears of it.
    reader.send(Command::Read(mark(1))).await;
    reader.say(id, "c3", "three").await;
    let NewMessage(message) = sender.expect().await;
    assert_eq!(message.seq.get(), 3);
}

async fn own_messages_do_not_hold_a_mark_back(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let id = mei.write_to(&omar, "c1", "one").await.conversation_id;
    let path = format!("/api/v1/conversations/{id}");
    let mine: Conversation = mei.client.get(&path).await.json(200);
    assert_eq!((mine.read_seq.get(), mine.delivered_seq.get(), mine.unread), (1, 1, 0));
    let theirs: Conversation = omar.client.get(&path).await.json(200);
    assert_eq!((theirs.read_seq.get(), theirs.unread), (0, 1));
    assert_eq!(theirs.peer_read_seq, Some(Seq::new(1)));
}
