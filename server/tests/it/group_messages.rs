//! Messages in groups: naming everyone, what admins may take back, and what is told to whom.

use app::protocol::{Conversation, ConversationId, ErrorKind, Message, MessageChanges};
use reqwest::Method;
use serde_json::json;

use crate::harness::{MessageUpdated, NewMessage, Person, Socket, TestServer, on_both_engines};

on_both_engines!(
    all_names_everyone_else,
    admins_recall_anyones_message,
    a_change_is_told_to_whoever_can_see_the_message,
    former_members_change_nothing,
    across_a_block_nobody_says_more,
);

async fn row(person: &Person, id: ConversationId) -> Conversation {
    person.client.get(&format!("/api/v1/conversations/{id}")).await.json(200)
}

async fn all_names_everyone_else(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let (tom, eve) = (server.person("tom").await, server.person("eve").await);
    let id = mei.group("Tea", &[&ana, &tom]).await.id;
    // He holds what was said before: what comes now comes live, not with what he missed.
    let path = format!("/api/v1/conversations/{id}/delivered");
    assert_eq!(tom.client.post(&path, json!({"seq": 9})).await.status, 204);
    let mut socket = Socket::sign_in(&server, &tom).await;
    let sent = mei.write(id, "1", "Four o'clock, @ana and @all. Not @eve").await;
    assert_eq!((sent.mentions.as_slice(), sent.mentions_all), (&[ana.user.id][..], true));
    let told = loop {
        let NewMessage(message) = socket.find().await;
        if message.seq == sent.seq {
            break message;
        }
    };
    assert_eq!(told, sent);
    for (person, mark) in [(&ana, Some(sent.seq)), (&tom, Some(sent.seq)), (&mei, None)] {
        assert_eq!(row(person, id).await.mention_seq, mark);
    }
    assert_eq!(ana.reads(&sent).await, sent);
    let only_ana: Message = mei.edit(&sent, "Four o'clock, @ana").await.json(200);
    assert_eq!((only_ana.mentions.as_slice(), only_ana.mentions_all), (&[ana.user.id][..], false));
    assert_eq!(row(&tom, id).await.mention_seq, None);
    assert_eq!(row(&ana, id).await.mention_seq, Some(sent.seq));
    // Whoever comes later was not meant.
    let again: Message = mei.edit(&sent, "Four o'clock, @all").await.json(200);
    assert!(again.mentions_all && again.mentions.is_empty(), "nobody is named one by one");
    let path = format!("/api/v1/conversations/{id}/members");
    mei.client.post(&path, json!({"user_ids": [eve.user.id]})).await;
    assert_eq!(row(&eve, id).await.mention_seq, None);
    assert_eq!(row(&tom, id).await.mention_seq, Some(sent.seq));
    assert_eq!(mei.recall(&sent).await.status, 204);
    assert_eq!(row(&tom, id).await.mention_seq, None);
}

async fn admins_recall_anyones_message(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let tom = server.person("tom").await;
    let id = mei.group("Tea", &[&ana, &tom]).await.id;
    let of_owner = mei.write(id, "1", "mine").await;
    let of_tom = tom.write(id, "1", "his").await;
    ana.recall(&of_tom).await.assert_error(ErrorKind::Forbidden);
    let path = format!("/api/v1/conversations/{id}/members/{}", ana.user.id);
    let admin = json!({"role": "admin"}).to_string();
    assert!(mei.client.send(Method::PATCH, &path, Some(admin)).await.status < 300);
    for message in [&of_tom, &of_owner] {
        ana.edit(message, "hers").await.assert_error(ErrorKind::Forbidden);
        assert_eq!(ana.recall(message).await.status, 204);
        assert!(tom.reads(message).await.is_recalled());
    }
    // What the server tells stays.
    let created = Message { seq: app::protocol::Seq::new(1), ..of_tom.clone() };
    mei.recall(&created).await.assert_error(ErrorKind::Forbidden);
    mei.edit(&created, "words").await.assert_error(ErrorKind::Forbidden);
    mei.react(Method::PUT, &created, "🎉").await.assert_error(ErrorKind::Forbidden);
}

async fn a_change_is_told_to_whoever_can_see_the_message(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let tom = server.person("tom").await;
    let id = mei.group("Tea", &[&ana]).await.id;
    let before = mei.write(id, "1", "Tom must not know").await;
    let path = format!("/api/v1/conversations/{id}/members");
    mei.client.post(&path, json!({"user_ids": [tom.user.id]})).await;
    let after = mei.write(id, "2", "Welcome").await;
    let mut sockets = [Socket::sign_in(&server, &ana).await, Socket::sign_in(&server, &tom).await];
    assert_eq!(mei.edit(&before, "Tom must never know").await.status, 200);
    assert_eq!(ana.react(Method::PUT, &before, "🤫").await.status, 204);
    assert_eq!(mei.edit(&after, "Welcome, Tom").await.status, 200);
    let mut heard = Vec::new();
    for socket in &mut sockets {
        let mut revs = Vec::new();
        while revs.last() != Some(&3) {
            let update: MessageUpdated = socket.find().await;
            revs.push(update.message.rev);
        }
        heard.push(revs);
    }
    assert_eq!(heard, [vec![1, 2, 3], vec![3]]);
    let path = format!("/api/v1/conversations/{id}/messages?after_rev=0");
    let changes: MessageChanges = tom.client.get(&path).await.json(200);
    let seen: Vec<_> = changes.items.iter().map(|message| message.seq).collect();
    assert_eq!((seen, changes.rev), (vec![after.seq], 3));
    // He can neither change, nor answer, nor carry on what he cannot see.
    tom.react(Method::PUT, &before, "👀").await.assert_error(ErrorKind::NotFound);
    let seq = before.seq;
    let answer =
        json!({"client_id": "1", "conversation_id": id, "content": "?", "reply_to_seq": seq});
    tom.send(answer).await.assert_error(ErrorKind::Validation);
    let from = json!({"conversation_id": id, "seq": seq});
    let forward = json!({"client_id": "2", "conversation_id": id, "forward": from});
    tom.send(forward).await.assert_error(ErrorKind::NotFound);
}

async fn former_members_change_nothing(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.group("Tea", &[&ana]).await.id;
    let hers = ana.write(id, "1", "mine").await;
    let path = format!("/api/v1/conversations/{id}/members/{}", ana.user.id);
    assert_eq!(mei.client.send(Method::DELETE, &path, None).await.status, 204);
    for answer in [
        ana.edit(&hers, "still mine").await,
        ana.recall(&hers).await,
        ana.react(Method::PUT, &hers, "👍").await,
        ana.react(Method::DELETE, &hers, "👍").await,
    ] {
        answer.assert_error(ErrorKind::NotFound);
    }
    let named = mei.write(id, "1", "bye @ana").await;
    assert!(named.mentions.is_empty(), "she is no member");
}

async fn across_a_block_nobody_says_more(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let sent = mei.write_to(&ana, "1", "hello").await;
    assert_eq!(ana.react(Method::PUT, &sent, "👍").await.status, 204);
    let path = format!("/api/v1/blocks/{}", mei.user.id);
    assert_eq!(ana.client.send(Method::PUT, &path, None).await.status, 204);
    let refusals = [
        mei.edit(&sent, "listen to me").await,
        mei.react(Method::PUT, &sent, "😡").await,
        ana.react(Method::PUT, &sent, "😡").await,
    ];
    for refused in &refusals {
        refused.assert_error(ErrorKind::Forbidden);
        assert_eq!(refused.text, refusals[0].text, "the same words both ways");
    }
    // What was said may be taken back.
    assert_eq!(ana.react(Method::DELETE, &sent, "👍").await.status, 204);
    assert_eq!(mei.recall(&sent).await.status, 204);
    assert!(ana.reads(&sent).await.is_recalled());
}
