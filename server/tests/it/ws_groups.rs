//! Groups over the socket: who hears what, and until when.

use app::protocol::{
    Command, Conversation, ConversationId, ErrorKind, Mark, OfflineMessages, Receipt, Role, Seq,
    SystemEvent,
};
use serde_json::json;

use crate::harness::{
    ConversationRemoved, ErrorFrame, NewConversation, NewMessage, Person, Pong, Socket, TestServer,
    TypingFrame, on_both_engines,
};

on_both_engines!(
    members_are_told_of_a_group_and_of_its_changes,
    groups_are_joined_and_left_by_frames,
    whoever_is_removed_hears_nothing_above_it,
    whoever_was_removed_while_away_finds_nothing,
    a_newcomer_is_sent_what_they_missed_and_no_more,
    marks_are_ones_own_affair,
    a_role_is_told_to_whom_it_is_given,
);

async fn hears_nothing(socket: &mut Socket) {
    socket.send(Command::Ping {}).await;
    let _: Pong = socket.expect().await;
}

/// The next frame: the system message that tells of this.
async fn hears(socket: &mut Socket, event: SystemEvent) -> Seq {
    let NewMessage(message) = socket.expect().await;
    assert_eq!(message.notice().map(|notice| notice.event), Some(event));
    message.seq
}

async fn remove(by: &Person, id: ConversationId, who: &Person) {
    let path = format!("/api/v1/conversations/{id}/members/{}", who.user.id);
    assert_eq!(by.client.delete(&path).await.status, 204);
}

async fn members_are_told_of_a_group_and_of_its_changes(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let ana = server.person("ana").await;
    let mut hers = Socket::sign_in(&server, &mei).await;
    let mut his = [Socket::sign_in(&server, &omar).await, Socket::sign_in(&server, &omar).await];
    let made = mei.group("Tea", &[&omar]).await;
    // To whom it is new, whole: as they would read it.
    let NewConversation(told) = hers.expect().await;
    assert_eq!(told, made);
    hears(&mut hers, SystemEvent::Created).await;
    let path = format!("/api/v1/conversations/{}", made.id);
    let theirs: Conversation = omar.client.get(&path).await.json(200);
    for socket in &mut his {
        let NewConversation(told) = socket.expect().await;
        assert_eq!(told, theirs);
        hears(socket, SystemEvent::Created).await;
    }
    // What changes is told once for all, without what differs by reader.
    mei.client.patch(&path, json!({"name": "Coffee"})).await.json::<Conversation>(200);
    for socket in his.iter_mut().chain([&mut hers]) {
        let NewConversation(told) = socket.expect().await;
        assert_eq!((told.name.as_str(), told.role, told.last_seq.get()), ("Coffee", None, 2));
        hears(socket, SystemEvent::Renamed).await;
    }
    mei.client.patch(&path, json!({"open": true})).await.json::<Conversation>(200);
    for socket in his.iter_mut().chain([&mut hers]) {
        let NewConversation(told) = socket.expect().await;
        assert!(told.open && told.role.is_none());
        let last = told.last_message.expect("the newest message");
        assert_eq!(last.seq, told.last_seq);
    }
    // Someone comes: they are told whole, the others how many there are.
    let mut anas = Socket::sign_in(&server, &ana).await;
    let body = json!({"user_ids": [ana.user.id]});
    assert_eq!(mei.client.post(&format!("{path}/members"), body).await.status, 201);
    let NewConversation(told) = anas.expect().await;
    let expected: Conversation = ana.client.get(&path).await.json(200);
    assert_eq!(told, expected);
    assert_eq!(hears(&mut anas, SystemEvent::Added).await, told.first_seq);
    for socket in his.iter_mut().chain([&mut hers]) {
        let NewConversation(told) = socket.expect().await;
        assert_eq!((told.member_count, told.role), (3, None));
        hears(socket, SystemEvent::Added).await;
    }
    // A message reaches every other socket.
    let ack = anas.say(made.id, "c1", "hello").await;
    for socket in his.iter_mut().chain([&mut hers]) {
        let NewMessage(message) = socket.expect().await;
        assert_eq!((message.seq, message.text()), (ack.seq, "hello"));
    }
    hears_nothing(&mut anas).await;
}

async fn groups_are_joined_and_left_by_frames(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let body = json!({"name": "Tea", "member_ids": [], "open": true});
    let made: Conversation = mei.client.post("/api/v1/conversations", body).await.json(201);
    let conversation_id = made.id;
    let mut owner = Socket::sign_in(&server, &mei).await;
    let mut his = Socket::sign_in(&server, &omar).await;
    let mut elsewhere = Socket::sign_in(&server, &omar).await;
    his.send_as("j", Command::Join { conversation_id }).await;
    match his.next().await.expect("a frame") {
        app::protocol::ServerFrame::Conversation { id, conversation } => {
            assert_eq!((id.as_deref(), conversation.role), (Some("j"), Some(Role::Member)));
            assert_eq!(conversation.read_seq, conversation.last_seq);
        }
        other => panic!("{other:?}"),
    }
    hears(&mut his, SystemEvent::Joined).await;
    let NewConversation(told) = elsewhere.expect().await;
    assert_eq!(told.role, Some(Role::Member));
    hears(&mut elsewhere, SystemEvent::Joined).await;
    let NewConversation(told) = owner.expect().await;
    assert_eq!((told.role, told.member_count), (None, 2));
    hears(&mut owner, SystemEvent::Joined).await;

    his.send_as("again", Command::Join { conversation_id }).await;
    let refused: ErrorFrame = his.expect().await;
    assert_eq!((refused.id.as_deref(), refused.error.kind), (Some("again"), ErrorKind::Conflict));

    his.send_as("l", Command::Leave { conversation_id }).await;
    let removed: ConversationRemoved = his.expect().await;
    assert_eq!(removed, ConversationRemoved { id: Some("l".into()), conversation_id });
    let removed: ConversationRemoved = elsewhere.expect().await;
    assert_eq!(removed.id, None);
    let NewConversation(told) = owner.expect().await;
    assert_eq!(told.member_count, 1);
    hears(&mut owner, SystemEvent::Left).await;
    // What one is not in cannot be left, and is as what does not exist.
    for absent in [conversation_id, ConversationId::new(1)] {
        his.send_as("x", Command::Leave { conversation_id: absent }).await;
        let refused: ErrorFrame = his.expect().await;
        assert_eq!(refused.error.kind, ErrorKind::NotFound);
    }
    his.send(Command::Join { conversation_id: ConversationId::new(1) }).await;
    let refused: ErrorFrame = his.expect().await;
    assert_eq!(refused.error.kind, ErrorKind::NotFound);
}

async fn whoever_is_removed_hears_nothing_above_it(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let id = mei.group("Tea", &[&omar]).await.id;
    let mut owner = Socket::sign_in(&server, &mei).await;
    let mut his = [Socket::sign_in(&server, &omar).await, Socket::sign_in(&server, &omar).await];
    for socket in &mut his {
        let missed: OfflineMessages = socket.expect().await;
        assert_eq!((missed.messages.len(), missed.has_more), (1, false));
    }
    owner.say(id, "c1", "before").await;
    remove(&mei, id, &omar).await;
    owner.say(id, "c2", "after").await;
    owner.send(Command::Typing { conversation_id: id, active: true }).await;
    for socket in &mut his {
        let NewMessage(message) = socket.expect().await;
        assert_eq!(message.text(), "before");
        let removed: ConversationRemoved = socket.expect().await;
        assert_eq!(removed.conversation_id, id);
        hears_nothing(socket).await;
        // And says nothing any more.
        socket.send(Socket::message(id, "mine", "let me in")).await;
        let refused: ErrorFrame = socket.expect().await;
        assert_eq!(refused.error.kind, ErrorKind::NotFound);
    }
}

async fn whoever_was_removed_while_away_finds_nothing(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let id = mei.group("Tea", &[&omar]).await.id;
    let said = omar.write(id, "mine", "words").await;
    remove(&mei, id, &omar).await;
    mei.write(id, "c1", "after").await;
    let mut his = Socket::sign_in(&server, &omar).await;
    hears_nothing(&mut his).await;
    // What was stored is acknowledged all the same.
    let ack = his.say(id, "mine", "words").await;
    assert_eq!((ack.seq, ack.duplicate), (said.seq, true));
    for frame in [
        Command::Typing { conversation_id: id, active: true },
        Command::Read(Mark { conversation_id: id, seq: Seq::new(1) }),
    ] {
        his.send(frame).await;
        let refused: ErrorFrame = his.expect().await;
        assert_eq!(refused.error.kind, ErrorKind::NotFound);
    }
}

async fn a_newcomer_is_sent_what_they_missed_and_no_more(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let id = mei.group("Tea", &[]).await.id;
    mei.write(id, "c1", "before").await;
    let path = format!("/api/v1/conversations/{id}/members");
    let body = json!({"user_ids": [omar.user.id]});
    assert_eq!(mei.client.post(&path, body).await.status, 201);
    mei.write(id, "c2", "after").await;
    let mut his = Socket::sign_in(&server, &omar).await;
    let missed: OfflineMessages = his.expect().await;
    let seqs: Vec<_> = missed.messages.iter().map(|message| message.seq.get()).collect();
    assert_eq!((seqs, missed.has_more), (vec![3, 4], false));
}

async fn marks_are_ones_own_affair(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let id = mei.group("Tea", &[&omar]).await.id;
    let path = format!("/api/v1/conversations/{id}/delivered");
    assert_eq!(omar.client.post(&path, json!({"seq": 1})).await.status, 204);
    let mut hers = Socket::sign_in(&server, &mei).await;
    let mut his = Socket::sign_in(&server, &omar).await;
    let mut elsewhere = Socket::sign_in(&server, &omar).await;
    let ack = hers.say(id, "c1", "one").await;
    for socket in [&mut his, &mut elsewhere] {
        let NewMessage(_) = socket.expect().await;
    }
    his.send(Command::Read(Mark { conversation_id: id, seq: ack.seq })).await;
    let own: Receipt = elsewhere.expect().await;
    assert_eq!((own.user_id, own.read_seq, own.unread), (omar.user.id, ack.seq, Some(0)));
    his.send(Command::Typing { conversation_id: id, active: true }).await;
    let typing: TypingFrame = hers.expect().await;
    assert_eq!(typing.user_id, omar.user.id);
    hears_nothing(&mut elsewhere).await;
}

async fn a_role_is_told_to_whom_it_is_given(server: TestServer) {
    let (mei, omar) = (server.person("mei").await, server.person("omar").await);
    let id = mei.group("Tea", &[&omar]).await.id;
    let mut hers = Socket::sign_in(&server, &mei).await;
    let mut his = Socket::sign_in(&server, &omar).await;
    let _: OfflineMessages = his.expect().await;
    let path = format!("/api/v1/conversations/{id}/members/{}", omar.user.id);
    assert_eq!(mei.client.patch(&path, json!({"role": "admin"})).await.status, 200);
    // First as everyone is told, then as he sees it.
    let NewConversation(told) = his.expect().await;
    assert_eq!(told.role, None);
    hears(&mut his, SystemEvent::Role).await;
    let NewConversation(told) = his.expect().await;
    assert_eq!(told.role, Some(Role::Admin));
    let NewConversation(told) = hers.expect().await;
    assert_eq!(told.role, None);
    hears(&mut hers, SystemEvent::Role).await;
    hears_nothing(&mut hers).await;
}
