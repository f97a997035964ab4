//! Reminders: set, listed, told on every device once their time has come, and gone with what they are of.

use app::protocol::{Conversation, ErrorKind, ListPage, Message, Notification, Reminder, limits};
use reqwest::Method;
use serde_json::json;
use tokio::time::{Duration, Instant, sleep};

use crate::harness::{HttpResponse, Person, Pong, Socket, TestServer, on_both_engines};

on_both_engines!(
    with [("KITH_RATE_WRITES", "0"), ("KITH_RATE_MESSAGES", "0")];
    it_is_told_once_on_every_device,
    what_cannot_be_set_is_refused,
    it_goes_with_what_it_is_of,
    what_came_due_while_nobody_was_there_is_told_once,
    nobody_has_more_than_a_thousand,
);

/// Milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "what people set is a time of their own clock")]
fn now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(now.expect("after 1970").as_millis()).expect("small")
}

const TOMORROW: i64 = 24 * 60 * 60 * 1_000;

fn place(message: &Message) -> String {
    format!("/api/v1/conversations/{}/messages/{}/reminder", message.conversation_id, message.seq)
}

async fn remind(person: &Person, message: &Message, at: i64) -> HttpResponse {
    let body = json!({ "at": at }).to_string();
    person.client.send(Method::PUT, &place(message), Some(body)).await
}

async fn reminders(person: &Person) -> Vec<Reminder> {
    person.client.get("/api/v1/reminders").await.json::<ListPage<Reminder>>(200).items
}

/// That nothing else came to a socket before the answer to a ping.
async fn nothing_more(socket: &mut Socket) {
    socket.send(app::protocol::Command::Ping {}).await;
    let _: Pong = socket.expect().await;
}

async fn it_is_told_once_on_every_device(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    mei.greet(&ana).await;
    let said = ana.write_to(&mei, "1", "tea at *four*").await;
    let mut devices = [Socket::sign_in(&server, &mei).await, Socket::sign_in(&server, &mei).await];
    for device in &mut devices {
        let _: app::protocol::OfflineMessages = device.expect().await;
    }
    let mut other = Socket::sign_in(&server, &ana).await;
    let at = now() + 1_500;
    // What is set anew replaces what was.
    assert_eq!(remind(&mei, &said, at + TOMORROW).await.status, 204);
    assert_eq!(remind(&mei, &said, at).await.status, 204);
    let [standing] = reminders(&mei).await.try_into().expect("one");
    assert!(!standing.due && standing.at == at);
    assert_eq!((standing.message.text(), &*standing.conversation.name), ("tea at *four*", "ana"));
    assert!(reminders(&ana).await.is_empty());
    for device in &mut devices {
        let told: Notification = device.expect().await;
        assert!((at..at + 5_000).contains(&now()), "{} ms after its time", now() - at);
        let expected = Notification {
            id: standing.id,
            kind: "reminder".into(),
            title: "ana".into(),
            body: "tea at four".into(),
            conversation_id: Some(said.conversation_id),
            seq: Some(said.seq),
            at,
        };
        assert_eq!(told, expected);
    }
    // It stays due, and is told no more.
    let [due] = reminders(&mei).await.try_into().expect("one");
    assert_eq!(due, Reminder { due: true, ..standing });
    sleep(Duration::from_millis(1_500)).await;
    for socket in devices.iter_mut().chain([&mut other]) {
        nothing_more(socket).await;
    }
    assert_eq!(mei.client.delete(&place(&said)).await.status, 204);
    assert_eq!(mei.client.delete(&place(&said)).await.status, 204, "it is gone already");
    assert!(reminders(&mei).await.is_empty());
}

async fn what_cannot_be_set_is_refused(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let said = ana.write_to(&mei, "1", "tea").await;
    for at in [i64::MIN, -1, 0, 1, now() - 1_000] {
        let refused = remind(&mei, &said, at).await;
        assert_eq!((refused.status, refused.error().field.as_deref()), (422, Some("at")), "{at}");
    }
    for body in [
        "{}",
        "[]",
        r#"{"at":"soon"}"#,
        r#"{"at":1.5}"#,
        r#"{"at":9007199254740992}"#,
        r#"{"at":99999999999999999999}"#,
        "",
    ] {
        let refused = mei.client.send(Method::PUT, &place(&said), Some(body.into())).await;
        assert_eq!(refused.status, 400, "{body}: {}", refused.text);
    }
    for seq in [2_i64, 9_007_199_254_740_991] {
        let path =
            format!("/api/v1/conversations/{}/messages/{seq}/reminder", said.conversation_id);
        let body = json!({ "at": now() + TOMORROW }).to_string();
        mei.client.send(Method::PUT, &path, Some(body)).await.assert_error(ErrorKind::NotFound);
        mei.client.delete(&path).await.assert_error(ErrorKind::NotFound);
    }
    let tom = server.person("tom").await;
    remind(&tom, &said, now() + TOMORROW).await.assert_error(ErrorKind::NotFound);
    for query in ["?limit=0", "?limit=101"] {
        let refused = mei.client.get(&format!("/api/v1/reminders{query}")).await;
        refused.assert_error(ErrorKind::Validation);
    }
    let page = mei.client.get("/api/v1/reminders?cursor=made.up").await;
    assert!(page.json::<ListPage<Reminder>>(200).items.is_empty());
}

async fn it_goes_with_what_it_is_of(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let group: Conversation = ana.group("Tea", &[&mei]).await;
    let at = now() + TOMORROW;
    let standing = "SELECT COUNT(*) FROM reminder";
    let said = async |client_id: &str| ana.write(group.id, client_id, "tea").await;
    // Recalled.
    let recalled = said("1").await;
    assert_eq!(remind(&mei, &recalled, at).await.status, 204);
    assert_eq!(ana.recall(&recalled).await.status, 204);
    assert!(reminders(&mei).await.is_empty());
    assert_eq!(server.number(standing).await, 0);
    remind(&mei, &recalled, at).await.assert_error(ErrorKind::NotFound);
    // Hidden.
    assert_eq!(remind(&mei, &said("2").await, at).await.status, 204);
    let path = format!("/api/v1/conversations/{}", group.id);
    assert_eq!(mei.client.delete(&path).await.status, 204);
    assert_eq!(server.number(standing).await, 0);
    // Removed.
    assert_eq!(remind(&mei, &said("3").await, at).await.status, 204);
    let member = format!("{path}/members/{}", mei.user.id);
    assert_eq!(ana.client.delete(&member).await.status, 204);
    assert_eq!(server.number(standing).await, 0);
    // What is left where the sweep was cut off is shown to nobody, nor told.
    let notes = mei.write_to(&mei, "1", "milk").await;
    assert_eq!(remind(&mei, &notes, at).await.status, 204);
    assert_eq!(reminders(&mei).await[0].conversation.name, "");
    server.execute("UPDATE message SET recalled = 1".into()).await;
    assert!(reminders(&mei).await.is_empty());
    server.execute("UPDATE reminder SET remind_at = 1".into()).await;
    let begun = Instant::now();
    while server.number(standing).await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(10), "it is never dropped");
        sleep(Duration::from_millis(20)).await;
    }
    // And with whoever it is for.
    let again = mei.write_to(&ana, "9", "bye").await;
    assert_eq!(remind(&mei, &again, at).await.status, 204);
    let gone = json!({"password": "correct horse"}).to_string();
    assert_eq!(mei.client.send(Method::DELETE, "/api/v1/users/me", Some(gone)).await.status, 204);
    assert_eq!(server.number(standing).await, 0);
}

async fn what_came_due_while_nobody_was_there_is_told_once(mut server: TestServer) {
    let (mut mei, ana) = (server.person("mei").await, server.person("ana").await);
    let said = ana.write_to(&mei, "1", "tea").await;
    assert_eq!(remind(&mei, &said, now() + TOMORROW).await.status, 204);
    // Someone else had claimed it and died in the middle; the server stood still for an hour.
    let hour_ago = now() - 60 * 60 * 1_000;
    server.kill();
    server
        .execute(format!(
            "UPDATE reminder SET remind_at = {hour_ago}, state = 2, owner = 7, tries = 1, \
             lease_until = {} WHERE seq = 1",
            now() + 3_000
        ))
        .await;
    server.kill_and_restart(&[]);
    mei.client = server.client().with_bearer(&mei.token);
    let mut socket = Socket::sign_in(&server, &mei).await;
    let told: Notification = socket.find().await;
    assert_eq!((told.at, told.seq), (hour_ago, Some(said.seq)));
    assert!(reminders(&mei).await[0].due);
    server.kill_and_restart(&[]);
    mei.client = server.client().with_bearer(&mei.token);
    let mut socket = Socket::sign_in(&server, &mei).await;
    let _: app::protocol::OfflineMessages = socket.expect().await;
    sleep(Duration::from_millis(2_500)).await;
    nothing_more(&mut socket).await;
    // Its list says so to whoever comes back.
    assert!(reminders(&mei).await[0].due);
}

async fn nobody_has_more_than_a_thousand(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let said = ana.write_to(&mei, "1", "tea").await;
    let next = ana.write_to(&mei, "2", "and cake").await;
    let most = limits::REMINDERS;
    // Of messages that are out of sight: they take no place.
    let fill = |first: usize, conversation: &str| {
        format!(
            "INSERT INTO reminder (id, user_id, conversation_id, seq, remind_at) \
             WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < {most}) \
             SELECT id + {first}, {}, {conversation}, id + {first}, 9000000000000 FROM n",
            mei.user.id
        )
    };
    server.execute(fill(1_000, "77")).await;
    assert_eq!(remind(&mei, &said, now() + TOMORROW).await.status, 204);
    assert_eq!(server.number("SELECT COUNT(*) FROM reminder").await, 1);
    // And of such as can be seen.
    let id = said.conversation_id.to_string();
    server
        .execute(format!(
            "INSERT INTO message (conversation_id, seq, sender_id, client_id, message_type, content, created_at) \
             WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < {most}) \
             SELECT {id}, id + 5000, {}, CONCAT('x', id), 1, 'x', 1 FROM n",
            ana.user.id
        ))
        .await;
    server.execute("DELETE FROM reminder".into()).await;
    server.execute(fill(5_000, &id)).await;
    let refused = remind(&mei, &said, now() + TOMORROW).await;
    assert_eq!((refused.status, refused.error().field.as_deref()), (422, Some("reminders")));
    server.execute("DELETE FROM reminder WHERE seq = 5001".into()).await;
    assert_eq!(remind(&mei, &said, now() + TOMORROW).await.status, 204);
    assert_eq!(remind(&mei, &said, now() + 2 * TOMORROW).await.status, 204, "the same anew");
    assert_eq!(remind(&mei, &next, now() + TOMORROW).await.status, 422);
}
