//! Who may have a file, asked at each request: the table of `docs/permissions.md`, and one file through all that happens
//! to those who could read it.

use std::sync::atomic::{AtomicU32, Ordering};

use app::protocol::{ConversationId, ListPage, Me, Message, SharedFile};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::{Person, TestServer, Tus, on_both_engines};
use crate::permissions::table;

on_both_engines!(
    with [("KITH_RATE_MESSAGES", "0"), ("KITH_RATE_WRITES", "0")];
    files_are_as_the_page_says,
    a_file_is_had_as_long_as_one_can_read_a_message_that_holds_it,
    what_was_sent_outlives_its_sender_and_one_recall,
);

const PHOTO: &[u8] = include_bytes!("../../../fuzz/corpus/picture/photo-with-place.jpg");

async fn photo(server: &TestServer, person: &Person) -> i64 {
    let said = [("filename", "a.jpg"), ("as", "photo")];
    Tus::of(server, person).upload(PHOTO, &said).await
}

/// A message that holds a picture, under a name of its own.
fn holding(id: ConversationId, file: i64) -> Value {
    static SENT: AtomicU32 = AtomicU32::new(0);
    let name = format!("f{}", SENT.fetch_add(1, Ordering::Relaxed));
    json!({"client_id": name, "conversation_id": id, "message_type": "image", "file_ids": [file]})
}

fn request(
    server: &TestServer,
    who: Option<&Person>,
    method: Method,
    path: &str,
) -> RequestBuilder {
    let request = reqwest::Client::new().request(method, format!("{}{path}", server.url));
    match who {
        Some(person) => request.bearer_auth(&person.token),
        None => request,
    }
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.expect("answers").status().as_u16()
}

/// What someone is answered who asks for a file, which is what they are answered for its thumbnail.
async fn had(server: &TestServer, who: Option<&Person>, file: i64) -> u16 {
    let path = format!("/api/v1/files/{file}");
    let whole = status(request(server, who, Method::GET, &path)).await;
    let small = status(request(server, who, Method::GET, &format!("{path}/thumbnail"))).await;
    assert_eq!(whole, small, "the thumbnail is for the same people");
    whole
}

/// Files in each state that there is, and where they are.
struct Scene<'a> {
    server: &'a TestServer,
    group: ConversationId,
    begun: String,
    unsent: i64,
    held: Message,
    recalled: i64,
    picture: String,
}

impl Scene<'_> {
    fn held(&self) -> i64 {
        self.held.files()[0].id.get()
    }
}

async fn set<'a>(server: &'a TestServer, owner: &Person, group: ConversationId) -> Scene<'a> {
    let begun = Tus::of(server, owner).begin(4, &[]).await;
    let unsent = photo(server, owner).await;
    let held = holding(group, photo(server, owner).await);
    let held: Message = owner.send(held).await.json(201);
    let recalled = photo(server, owner).await;
    let message: Message = owner.send(holding(group, recalled)).await.json(201);
    assert_eq!(owner.recall(&message).await.status, 204);
    let me: Me = owner.client.get("/api/v1/users/me").await.json(200);
    let picture = me.user.avatar_url.expect("a picture");
    Scene { server, group, begun, unsent, held, recalled, picture }
}

/// Does what a row of the page says, in each way that there is.
async fn try_out(scene: &Scene<'_>, who: Option<&Person>, what: &str) -> Vec<u16> {
    let ask = |method, path: &str| request(scene.server, who, method, path);
    let by_tus = |method, path: &str| ask(method, path).header("tus-resumable", "1.0.0");
    let send = |body: Value| ask(Method::POST, "/api/v1/messages").json(&body);
    match what {
        "see how far an upload is, go on with it, end it" => {
            let piece = by_tus(Method::PATCH, &scene.begun).header("upload-offset", "0");
            let piece = piece.header("content-type", "application/offset+octet-stream").body("so");
            vec![
                status(by_tus(Method::HEAD, &scene.begun)).await,
                status(piece).await,
                status(by_tus(Method::DELETE, &scene.begun)).await,
            ]
        }
        "have a file that was not sent, and its thumbnail" => {
            vec![had(scene.server, who, scene.unsent).await]
        }
        "have one that a message holds" => vec![had(scene.server, who, scene.held()).await],
        "have one that no message holds any more" => {
            vec![had(scene.server, who, scene.recalled).await]
        }
        "send it" => vec![status(send(holding(scene.group, scene.held()))).await],
        "forward a message that holds it" => {
            let Message { conversation_id, seq, .. } = scene.held;
            let mut body = holding(scene.group, 0);
            body["forward"] = json!({"conversation_id": conversation_id, "seq": seq});
            for own in ["message_type", "file_ids"] {
                body[own] = Value::Null;
            }
            vec![status(send(body)).await]
        }
        "end an upload that a message holds" => {
            let path = format!("/api/v1/uploads/{}", scene.held());
            vec![status(by_tus(Method::DELETE, &path)).await]
        }
        "see the picture of a person or a group" => {
            vec![status(ask(Method::GET, &scene.picture)).await]
        }
        other => panic!("nobody has tried to {other}"),
    }
}

async fn files_are_as_the_page_says(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let eve = server.person("eve").await;
    let (group, hers) = (mei.group("Tea", &[&ana]).await.id, eve.group("Spies", &[]).await.id);
    let avatar = request(&server, Some(&mei), Method::PUT, "/api/v1/users/me/avatar");
    assert_eq!(status(avatar.body(PHOTO)).await, 200);
    for (what, fields) in table("Files and pictures") {
        for (who, field) in fields.into_iter().filter(|(_, field)| field != "–") {
            let mut scene = set(&server, &mei, group).await;
            let who_asks = match who.as_str() {
                "its uploader" => Some(&mei),
                "who can read a message that holds it" => Some(&ana),
                "anyone else" => Some(&eve),
                "not signed in" => None,
                other => panic!("nobody is {other}"),
            };
            if who == "anyone else" {
                scene.group = hers;
            }
            for answer in try_out(&scene, who_asks, &what).await {
                let as_said =
                    if field == "yes" { answer < 300 } else { answer.to_string() == field };
                assert!(as_said, "{who}: {what}: {field} is said, but it is {answer}");
            }
        }
    }
}

async fn shared(person: &Person, id: ConversationId) -> Result<Vec<i64>, u16> {
    let answer = person.client.get(&format!("/api/v1/conversations/{id}/files")).await;
    if answer.status != 200 {
        return Err(answer.status);
    }
    let page: ListPage<SharedFile> = answer.json(200);
    Ok(page.items.iter().map(|item| item.file.id.get()).collect())
}

async fn a_file_is_had_as_long_as_one_can_read_a_message_that_holds_it(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let (tom, ben) = (server.person("tom").await, server.person("ben").await);
    let (eve, omar) = (server.person("eve").await, server.person("omar").await);
    let can = async |person, file| had(&server, Some(person), file).await;
    let group = mei.group("Tea", &[&ana, &tom, &omar]).await.id;
    let members = format!("/api/v1/conversations/{group}/members");
    let first = photo(&server, &mei).await;
    let sent: Message = mei.send(holding(group, first)).await.json(201);
    for person in [&mei, &ana, &tom, &omar] {
        assert_eq!((can(person, first).await, shared(person, group).await), (200, Ok(vec![first])));
    }
    assert_eq!((can(&eve, first).await, had(&server, None, first).await), (404, 401));
    // Who comes later has what comes later.
    mei.client.post(&members, json!({"user_ids": [eve.user.id]})).await;
    let second = photo(&server, &mei).await;
    let again: Message = mei.send(holding(group, second)).await.json(201);
    assert_eq!((can(&eve, first).await, can(&eve, second).await), (404, 200));
    assert_eq!(shared(&eve, group).await, Ok(vec![second]));
    // Who has hidden the history for themselves has none of it.
    assert_eq!(eve.client.delete(&format!("/api/v1/conversations/{group}")).await.status, 204);
    assert_eq!((can(&eve, second).await, shared(&eve, group).await), (404, Ok(vec![])));
    // Who is taken out, and who leaves.
    assert_eq!(mei.client.delete(&format!("{members}/{}", ana.user.id)).await.status, 204);
    assert_eq!(tom.client.delete(&format!("{members}/{}", tom.user.id)).await.status, 204);
    for person in [&ana, &tom, &ben] {
        assert_eq!((can(person, first).await, can(person, second).await), (404, 404));
        assert_eq!(shared(person, group).await, Err(404));
    }
    // A forwarded one is the same file, for other people.
    let forward = json!({"client_id": "1", "to_user_id": ben.user.id,
        "forward": {"conversation_id": group, "seq": sent.seq}});
    let copy: Message = omar.send(forward).await.json(201);
    assert_eq!(copy.files()[0].id.get(), first);
    assert_eq!((can(&ben, first).await, can(&ben, second).await), (200, 404));
    assert_eq!(mei.recall(&sent).await.status, 204);
    assert_eq!(mei.recall(&again).await.status, 204);
    for (person, answer) in [(&mei, 200), (&ben, 200), (&omar, 200), (&eve, 404), (&ana, 404)] {
        assert_eq!((can(person, first).await, can(person, second).await), (answer, 404));
    }
    assert_eq!(omar.recall(&copy).await.status, 204);
    for person in [&mei, &ben, &omar] {
        assert_eq!(can(person, first).await, 404, "nothing holds it");
    }
}

async fn what_was_sent_outlives_its_sender_and_one_recall(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let group = mei.group("Tea", &[&ana]).await.id;
    let private = mei.greet(&ana).await;
    let (file, unsent) = (photo(&server, &mei).await, photo(&server, &mei).await);
    let first: Message = mei.send(holding(group, file)).await.json(201);
    let _: Message = mei.send(holding(private, file)).await.json(201);
    assert_eq!(mei.recall(&first).await.status, 204);
    assert_eq!(had(&server, Some(&ana), file).await, 200, "the other message holds it");
    let proof = json!({"password": "correct horse"}).to_string();
    let deleted = mei.client.send(Method::DELETE, "/api/v1/users/me", Some(proof)).await;
    assert_eq!(deleted.status, 204);
    assert_eq!(
        (had(&server, Some(&ana), file).await, had(&server, Some(&mei), file).await),
        (200, 401)
    );
    let begun = tokio::time::Instant::now();
    while server.data().join(format!("files/{unsent}")).exists() {
        assert!(begun.elapsed().as_secs() < 60, "what was not sent stays");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(server.data().join(format!("files/{file}")).exists());
}
