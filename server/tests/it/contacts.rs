//! Contacts, and who is seen by them.

use app::protocol::PresenceStatus::{Offline, Online};
use app::protocol::{Command, Contact, ErrorKind, ListPage, Presence, User, UserId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{
    HttpResponse, Person, Pong, PresenceFrame, Socket, TestServer, on_both_engines,
};

on_both_engines!(
    contacts_come_and_go,
    what_is_no_contact_is_refused,
    contacts_see_who_has_them,
    a_deleted_account_leaves_the_contacts,
);

async fn put(person: &Person, contact: UserId, body: Value) -> HttpResponse {
    let path = format!("/api/v1/contacts/{contact}");
    person.client.send(Method::PUT, &path, Some(body.to_string())).await
}

async fn remove(person: &Person, contact: UserId) -> HttpResponse {
    person.client.send(Method::DELETE, &format!("/api/v1/contacts/{contact}"), None).await
}

async fn contacts(person: &Person) -> Vec<Contact> {
    let page: ListPage<Contact> = person.client.get("/api/v1/contacts").await.json(200);
    assert_eq!(page.next_cursor, None);
    page.items
}

async fn contacts_come_and_go(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let bo = server.person("ben").await;
    assert!(contacts(&mei).await.is_empty());
    // Without a body, too.
    let path = format!("/api/v1/contacts/{}", bo.user.id);
    assert_eq!(mei.client.send(Method::PUT, &path, None).await.status, 204);
    let named = put(&mei, ana.user.id, json!({"alias": " Zoë 🌿\n", "unknown": 1})).await;
    assert_eq!((named.status, named.text.as_str()), (204, ""));
    let listed = contacts(&mei).await;
    let aliases: Vec<_> = listed.iter().map(|contact| contact.alias.as_deref()).collect();
    assert_eq!(aliases, [None, Some("Zoë 🌿")]);
    assert_eq!(listed[0].user, bo.user, "nobody's presence that is not the viewer's to know");
    for alias in [json!(null), json!("x".repeat(64))] {
        assert_eq!(put(&mei, ana.user.id, json!({"alias": alias})).await.status, 204);
        let ana = contacts(&mei).await.into_iter().find(|contact| contact.user == ana.user);
        assert_eq!(json!(ana.expect("a contact").alias), alias);
    }
    let first: ListPage<Contact> = mei.client.get("/api/v1/contacts?limit=1").await.json(200);
    let cursor = first.next_cursor.expect("there is more");
    let path = format!("/api/v1/contacts?limit=1&cursor={cursor}");
    let second: ListPage<Contact> = mei.client.get(&path).await.json(200);
    assert_eq!((first.items.len(), second.items.len(), second.next_cursor), (1, 1, None));
    assert_ne!(first.items[0].user.id, second.items[0].user.id);
    for _ in 0..2 {
        assert_eq!(remove(&mei, ana.user.id).await.status, 204);
    }
    assert_eq!(contacts(&mei).await.len(), 1);
    assert!(contacts(&bo).await.is_empty(), "hers alone");
}

async fn what_is_no_contact_is_refused(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    put(&mei, UserId::new(1), json!({})).await.assert_error(ErrorKind::NotFound);
    assert_eq!(remove(&mei, UserId::new(1)).await.status, 204, "it is not there");
    let oneself = put(&mei, mei.user.id, json!({})).await;
    oneself.assert_error(ErrorKind::Validation);
    assert_eq!(oneself.error().field.as_deref(), Some("user_id"));
    for bad in ["", " \n", "two\nlines", &"x".repeat(65)] {
        let answer = put(&mei, ana.user.id, json!({"alias": bad})).await;
        answer.assert_error(ErrorKind::Validation);
        assert_eq!(answer.error().field.as_deref(), Some("alias"));
    }
    put(&mei, ana.user.id, json!({"alias": 5})).await.assert_error(ErrorKind::BadRequest);
    for query in ["limit=0", "limit=101"] {
        let answer = mei.client.get(&format!("/api/v1/contacts?{query}")).await;
        answer.assert_error(ErrorKind::Validation);
    }
    assert!(contacts(&mei).await.is_empty());
}

async fn contacts_see_who_has_them(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let mut hers = Socket::sign_in_among_people(&server, &ana).await;
    let mut socket = Socket::sign_in_among_people(&server, &mei).await;
    let seen = async || {
        let path = format!("/api/v1/users/{}", mei.user.id);
        let user: User = ana.client.get(&path).await.json(200);
        user.presence.map(|presence| presence.status)
    };
    assert_eq!(seen().await, None, "not hers to know");
    assert_eq!(put(&mei, ana.user.id, json!({})).await.status, 204);
    let told: PresenceFrame = hers.expect().await;
    let online = PresenceFrame { user_id: mei.user.id, status: Online, last_seen_at: None };
    assert_eq!(told, online);
    assert_eq!(seen().await, Some(Online));
    // It goes one way: Mei does not see Ana.
    let path = format!("/api/v1/users/{}", ana.user.id);
    assert_eq!(mei.client.get(&path).await.json::<User>(200).presence, None);
    assert_eq!(contacts(&mei).await[0].user.presence, None);
    socket.send(Command::Ping {}).await;
    let _: Pong = socket.expect().await;
    // A conversation in which nothing was said yet shows it, too, and so does her list.
    let start = json!({"to_user_id": mei.user.id});
    let empty: Value = ana.client.post("/api/v1/conversations", start).await.json(201);
    assert_eq!(empty["peer"]["presence"]["status"], "online");
    assert_eq!(put(&ana, mei.user.id, json!({})).await.status, 204);
    let presence = Some(Presence { status: Online, last_seen_at: None });
    assert_eq!(contacts(&ana).await[0].user.presence, presence);
    let told: PresenceFrame = socket.expect().await;
    assert_eq!((told.user_id, told.status), (ana.user.id, Online));
    // Whoever connects later is told after `ready`.
    let mut later = Socket::sign_in_among_people(&server, &ana).await;
    assert_eq!(later.expect::<PresenceFrame>().await, online);
    // No longer a contact: as if she were gone.
    assert_eq!(remove(&mei, ana.user.id).await.status, 204);
    for socket in [&mut hers, &mut later] {
        let told: PresenceFrame = socket.expect().await;
        let gone = PresenceFrame { user_id: mei.user.id, status: Offline, last_seen_at: None };
        assert_eq!(told, gone);
    }
    assert_eq!(seen().await, None);
}

async fn a_deleted_account_leaves_the_contacts(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    assert_eq!(put(&mei, ana.user.id, json!({"alias": "Annie"})).await.status, 204);
    let body = json!({"password": "correct horse"}).to_string();
    let deleted = ana.client.send(Method::DELETE, "/api/v1/users/me", Some(body)).await;
    assert_eq!(deleted.status, 204);
    assert!(contacts(&mei).await.is_empty());
    put(&mei, ana.user.id, json!({})).await.assert_error(ErrorKind::NotFound);
}
