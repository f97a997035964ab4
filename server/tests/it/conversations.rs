//! Starting conversations, and the chat list.

use std::time::{Duration, Instant};

use app::protocol::{
    Command, Conversation, ConversationId, ConversationKind, ErrorKind, Head, ListPage,
    MAX_INTEGER, Mark, Message, MessagePage, Receipt, Seq,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{
    Client, HttpResponse, NewConversation, NewMessage, Person, Pong, Socket, TestServer,
    on_both_engines,
};

on_both_engines!(
    a_conversation_is_started_once,
    the_list_is_in_the_order_of_activity,
    what_moves_up_while_the_list_is_paged_is_on_a_page,
    heads_tell_where_everything_stands,
    strangers_see_nothing,
    two_first_messages_at_once_make_one_conversation,
    each_sets_a_conversation_for_themselves,
    devices_agree_on_what_is_set,
    what_is_the_groups_and_what_is_ones_own,
    what_is_archived_returns_with_what_is_new,
    what_is_hidden_is_hidden_from_one,
);

async fn list(client: &Client, query: &str) -> ListPage<Conversation> {
    client.get(&format!("/api/v1/conversations{query}")).await.json(200)
}

async fn patch(person: &Person, id: ConversationId, body: Value) -> HttpResponse {
    let path = format!("/api/v1/conversations/{id}");
    person.client.send(Method::PATCH, &path, Some(body.to_string())).await
}

async fn hide(person: &Person, id: ConversationId) -> HttpResponse {
    person.client.send(Method::DELETE, &format!("/api/v1/conversations/{id}"), None).await
}

async fn a_conversation_is_started_once(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let start = async |client: &Client, to| {
        client.post("/api/v1/conversations", json!({"to_user_id": to})).await
    };
    let made: Conversation = start(&mei.client, ana.user.id).await.json(201);
    assert_eq!((made.kind, made.last_seq), (ConversationKind::Private, Seq::ZERO));
    assert_eq!(made.peer.as_ref().map(|peer| peer.id), Some(ana.user.id));
    let found: Conversation = start(&mei.client, ana.user.id).await.json(200);
    let by_ana: Conversation = start(&ana.client, mei.user.id).await.json(200);
    assert_eq!((found.id, by_ana.id), (made.id, made.id));
    assert_eq!(by_ana.name, "mei");
    // Empty, it stands in nobody's list.
    assert!(list(&mei.client, "").await.items.is_empty());
    let shown = mei.client.get(&format!("/api/v1/conversations/{}", made.id)).await;
    assert_eq!(shown.json::<Conversation>(200).id, made.id);
    start(&mei.client, app::protocol::UserId::new(1)).await.assert_error(ErrorKind::NotFound);
    // Notes to oneself.
    let notes: Conversation = start(&mei.client, mei.user.id).await.json(201);
    assert_eq!((notes.peer, notes.member_count), (None, 1));
}

async fn the_list_is_in_the_order_of_activity(server: TestServer) {
    let mei = server.person("mei").await;
    let mut newest_first = Vec::new();
    for name in ["ana", "ben", "cas"] {
        let other = server.person(name).await;
        let message = other.write_to(&mei, "1", &format!("from {name}")).await;
        newest_first.insert(0, message.conversation_id);
    }
    let page = list(&mei.client, "").await;
    let ids: Vec<_> = page.items.iter().map(|row| row.id).collect();
    assert_eq!((ids, page.next_cursor), (newest_first.clone(), None));
    let row = &page.items[0];
    let last = row.last_message.as_ref().map(Message::text);
    assert_eq!((last, row.unread, row.name.as_str()), (Some("from cas"), 1, "cas"));
    // Page by page.
    let mut ids = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = list(&mei.client, &format!("?limit=1{cursor}")).await;
        ids.extend(page.items.iter().map(|row| row.id));
        let Some(next) = page.next_cursor else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(ids, newest_first);
    assert!(list(&mei.client, "?archived=true").await.items.is_empty());
}

async fn what_moves_up_while_the_list_is_paged_is_on_a_page(server: TestServer) {
    let mei = server.person("mei").await;
    let mut people = Vec::new();
    for name in ["ana", "ben", "cas", "dan", "eve"] {
        let other = server.person(name).await;
        let id = other.write_to(&mei, "1", "hello").await.conversation_id;
        people.push((other, id));
    }
    let (mut ids, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = list(&mei.client, &format!("?limit=2{cursor}")).await;
        assert!(page.items.len() <= 2);
        ids.extend(page.items.iter().map(|row| row.id));
        let Some(next) = page.next_cursor else { break };
        cursor = format!("&cursor={next}");
        // While the first page is looked at, those of the last one write.
        if pages == 0 {
            for (other, id) in &people[..2] {
                other.write(*id, "2", "are you there?").await;
            }
        }
        pages += 1;
    }
    // What was above them on the first page comes with them once more.
    assert_eq!(ids.len(), 6, "{ids:?}");
    for (other, id) in &people {
        assert!(ids.contains(id), "{}", other.user.username);
    }
}

async fn heads_tell_where_everything_stands(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    ana.write_to(&mei, "1", "one").await;
    let message = ana.write_to(&mei, "2", "two").await;
    let heads: Vec<Head> = mei.client.get("/api/v1/conversations/heads").await.json(200);
    assert_eq!(heads.len(), 1);
    let text = mei.client.get("/api/v1/conversations/heads").await.text;
    let start = format!("[[{},2,0,0,0,", message.conversation_id);
    assert!(text.starts_with(&start), "{text}");
}

async fn strangers_see_nothing(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let eve = server.person("eve").await;
    let id = ana.write_to(&mei, "1", "for your eyes").await.conversation_id;
    let absent = eve.client.get("/api/v1/conversations/1").await.text;
    for path in
        [format!("/api/v1/conversations/{id}"), format!("/api/v1/conversations/{id}/messages")]
    {
        let answer = eve.client.get(&path).await;
        answer.assert_error(ErrorKind::NotFound);
        // The same as for one that does not exist.
        assert_eq!(answer.text, absent);
    }
    for mark in ["read", "delivered"] {
        let path = format!("/api/v1/conversations/{id}/{mark}");
        eve.client.post(&path, json!({"seq": 1})).await.assert_error(ErrorKind::NotFound);
    }
    let body = json!({"client_id": "x", "conversation_id": id, "content": "let me in"});
    eve.client.post("/api/v1/messages", body).await.assert_error(ErrorKind::NotFound);
    assert!(list(&eve.client, "").await.items.is_empty());
}

async fn two_first_messages_at_once_make_one_conversation(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let sends = (0..20).map(|number| {
        let (from, to) = if number % 2 == 0 { (&mei, &ana) } else { (&ana, &mei) };
        async move { from.write_to(to, &number.to_string(), "first!").await }
    });
    let messages = futures_util::future::join_all(sends).await;
    let id = messages[0].conversation_id;
    assert!(messages.iter().all(|message| message.conversation_id == id));
    let mut seqs: Vec<_> = messages.iter().map(|message| message.seq.get()).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=20).collect::<Vec<_>>());
}

async fn each_sets_a_conversation_for_themselves(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let eve = server.person("eve").await;
    let id = mei.greet(&ana).await;
    let before: Conversation = patch(&mei, id, json!({})).await.json(200);
    let all = json!({"pinned": true, "muted_until": MAX_INTEGER, "archived": true,
        "marked_unread": true, "unknown": 1});
    let row: Conversation = patch(&mei, id, all).await.json(200);
    assert!(row.pinned && row.archived && row.marked_unread);
    assert_eq!(row.muted_until, Some(MAX_INTEGER));
    // What is absent or null stays, and 0 or any moment that is past ends the silence.
    let nulls = json!({"pinned": null, "muted_until": null, "archived": null});
    assert_eq!(patch(&mei, id, nulls).await.json::<Conversation>(200), row);
    let row: Conversation = patch(&mei, id, json!({"muted_until": 0})).await.json(200);
    assert_eq!((row.muted_until, row.pinned), (None, true));
    let none = json!({"pinned": false, "muted_until": 1, "archived": false,
        "marked_unread": false});
    assert_eq!(patch(&mei, id, none).await.json::<Conversation>(200), before);
    for bad in [
        json!({"pinned": "yes"}),
        json!({"muted_until": -1}),
        json!({"muted_until": MAX_INTEGER + 1}),
        json!({"muted_until": 1.5}),
    ] {
        patch(&mei, id, bad).await.assert_error(ErrorKind::BadRequest);
    }
    let absent = patch(&mei, ConversationId::new(1), json!({"pinned": true})).await;
    absent.assert_error(ErrorKind::NotFound);
    let foreign = patch(&eve, id, json!({"pinned": true})).await;
    assert_eq!((foreign.status, &foreign.text), (404, &absent.text));
    let foreign = hide(&eve, id).await;
    assert_eq!((foreign.status, &foreign.text), (404, &absent.text));
    let theirs = list(&ana.client, "").await.items.remove(0);
    assert!(!theirs.pinned && !theirs.marked_unread, "hers alone");
}

async fn what_is_the_groups_and_what_is_ones_own(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let body = json!({"name": "Tea", "member_ids": [ana.user.id]});
    let group: Conversation = mei.client.post("/api/v1/conversations", body).await.json(201);
    let row: Conversation = patch(&ana, group.id, json!({"pinned": true})).await.json(200);
    assert!(row.pinned);
    let both = json!({"name": "Coffee", "pinned": false});
    patch(&ana, group.id, both).await.assert_error(ErrorKind::Forbidden);
    let row = list(&ana.client, "").await.items.remove(0);
    assert_eq!((row.name.as_str(), row.pinned), ("Tea", true), "all of it or nothing");
    let both = json!({"name": "Coffee", "archived": true});
    let row: Conversation = patch(&mei, group.id, both).await.json(200);
    assert_eq!((row.name.as_str(), row.archived), ("Coffee", true), "the notice came first");
}

/// What is set on one device is known to the others within a second, and to those that were away by
/// `heads`.
async fn devices_agree_on_what_is_set(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = ana.greet(&mei).await;
    let mut desk = Socket::sign_in(&server, &mei).await;
    let mut phone = Socket::sign_in(&server, &mei).await;
    let mut hers = Socket::sign_in(&server, &ana).await;
    let version = async || {
        let heads: Vec<Head> = mei.client.get("/api/v1/conversations/heads").await.json(200);
        heads[0].version
    };
    let mut known = version().await;
    for body in [
        json!({"pinned": true}),
        json!({"marked_unread": true}),
        json!({"muted_until": MAX_INTEGER}),
        json!({"archived": true}),
        json!({"archived": false, "pinned": false}),
    ] {
        let set = Instant::now();
        let row: Conversation = patch(&mei, id, body).await.json(200);
        for socket in [&mut desk, &mut phone] {
            let NewConversation(told) = socket.expect().await;
            assert_eq!(told, row);
        }
        assert!(set.elapsed() < Duration::from_secs(1), "{:?}", set.elapsed());
        let now = version().await;
        assert!(std::mem::replace(&mut known, now) < now);
    }
    // Reading takes the flag away, everywhere.
    desk.send(Command::Read(Mark { conversation_id: id, seq: Seq::new(1) })).await;
    for socket in [&mut desk, &mut phone] {
        // Beside the phone's receipt, before or after it.
        let NewConversation(told) = socket.find().await;
        assert_eq!((told.marked_unread, told.read_seq), (false, Seq::new(1)));
    }
    assert!(version().await > known);
    // The other hears of the mark, and of nothing else.
    let receipt: Receipt = hers.expect().await;
    assert_eq!(receipt.user_id, mei.user.id);
    hers.send(Command::Ping {}).await;
    let _: Pong = hers.expect().await;
}

async fn what_is_archived_returns_with_what_is_new(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let bo = server.person("ben").await;
    let (loud, silent) = (ana.greet(&mei).await, bo.greet(&mei).await);
    let ids = async |query: &str| {
        let rows = list(&mei.client, query).await.items;
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    for (id, body) in [
        (loud, json!({"archived": true})),
        (silent, json!({"archived": true, "muted_until": MAX_INTEGER})),
    ] {
        patch(&mei, id, body).await.json::<Conversation>(200);
    }
    assert!(ids("").await.is_empty());
    assert_eq!(ids("?archived=true").await, [silent, loud]);
    assert_eq!(ids("?archived=false").await, []);
    bo.write(silent, "c2", "psst").await;
    ana.write(loud, "c2", "hey").await;
    assert_eq!(ids("").await, [loud]);
    assert_eq!(ids("?archived=true").await, [silent]);
    let row: Conversation = patch(&mei, silent, json!({"muted_until": 0})).await.json(200);
    assert!(!row.archived, "what is new counts once it is heard again");
    assert_eq!(ids("").await, [loud, silent]);
    // A page at a time, the pinned one first.
    patch(&mei, silent, json!({"pinned": true})).await.json::<Conversation>(200);
    let first = list(&mei.client, "?limit=1").await;
    let cursor = first.next_cursor.expect("there is more");
    let second = list(&mei.client, &format!("?limit=1&cursor={cursor}")).await;
    assert_eq!((first.items[0].id, second.items[0].id), (silent, loud));
    assert_eq!(second.next_cursor, None);
}

async fn what_is_hidden_is_hidden_from_one(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = ana.greet(&mei).await;
    ana.write(id, "c2", "again").await;
    let mut desk = Socket::sign_in_among_people(&server, &mei).await;
    let missed: app::protocol::OfflineMessages = desk.find().await;
    assert_eq!(missed.messages.len(), 1);
    let answer = hide(&mei, id).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    let NewConversation(told) = desk.find().await;
    assert_eq!((told.id, told.first_seq, told.last_seq), (id, Seq::new(3), Seq::new(2)));
    assert_eq!((told.last_message, told.unread), (None, 0));
    for query in ["", "?archived=true"] {
        assert!(list(&mei.client, query).await.items.is_empty());
    }
    let page = async || {
        let path = format!("/api/v1/conversations/{id}/messages?after=0");
        mei.client.get(&path).await.json::<MessagePage>(200)
    };
    let hidden = page().await;
    assert_eq!((hidden.items.len(), hidden.from_seq.get(), hidden.to_seq.get()), (0, 1, 2));
    assert!(!hidden.has_more_before && !hidden.has_more_after);
    assert_eq!(list(&ana.client, "").await.items[0].first_seq, Seq::new(1), "she keeps all");
    // Whoever comes back meanwhile is not told of it.
    let mut later = Socket::sign_in(&server, &mei).await;
    later.send(Command::Ping {}).await;
    let _: Pong = later.expect().await;
    ana.write(id, "c3", "still there?").await;
    for socket in [&mut desk, &mut later] {
        let NewMessage(message) = socket.find().await;
        assert_eq!(message.seq, Seq::new(3));
    }
    let row = list(&mei.client, "").await.items.remove(0);
    assert_eq!((row.first_seq, row.unread), (Seq::new(3), 1));
    assert_eq!(page().await.items.len(), 1);
    assert_eq!(hide(&mei, ConversationId::new(1)).await.status, 404);
}
