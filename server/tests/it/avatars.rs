//! Pictures of people and groups, over HTTP.

use std::time::Duration;

use app::protocol::{Conversation, Me, SystemEvent, User};
use reqwest::{Method, Response};

use crate::harness::{
    NewConversation, NewMessage, Person, Socket, TestServer, UserFrame, on_both_stores,
};

on_both_stores!(
    a_person_has_a_picture,
    a_group_has_a_picture,
    what_is_no_picture_is_no_avatar,
    a_removed_picture_goes_within_a_minute,
);

const PHOTO: &[u8] = include_bytes!("../../../fuzz/corpus/picture/photo-with-place.jpg");
const OTHER: &[u8] = include_bytes!("../../../fuzz/corpus/picture/lossless-transparent.webp");
const BOMB: &[u8] = include_bytes!("../../../fuzz/corpus/picture/bomb.png");

const OWN: &str = "/api/v1/users/me/avatar";

async fn ask(
    server: &TestServer,
    person: &Person,
    method: Method,
    path: &str,
    body: &[u8],
) -> Response {
    let request = reqwest::Client::new().request(method, format!("{}{path}", server.url));
    let request = request.bearer_auth(&person.token).header("content-type", "text/html");
    request.body(body.to_vec()).send().await.expect("the server answers")
}

async fn put(server: &TestServer, person: &Person, path: &str, body: &[u8]) -> Response {
    ask(server, person, Method::PUT, path, body).await
}

async fn look(server: &TestServer, person: &Person, url: &str) -> Response {
    ask(server, person, Method::GET, url, b"").await
}

async fn a_person_has_a_picture(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let id = mei.greet(&ana).await;
    let mut socket = Socket::sign_in_among_people(&server, &ana).await;
    let me: Me = put(&server, &mei, OWN, PHOTO).await.json().await.expect("oneself");
    let url = me.user.avatar_url.expect("an address");
    let UserFrame(told) = socket.find().await;
    assert_eq!((told.id, told.avatar_url.as_deref()), (mei.user.id, Some(&*url)));
    let seen: User = ana.client.get(&format!("/api/v1/users/{}", mei.user.id)).await.json(200);
    let row: Conversation = ana.client.get(&format!("/api/v1/conversations/{id}")).await.json(200);
    assert_eq!([seen.avatar_url, row.avatar_url], [Some(url.clone()), Some(url.clone())]);

    let answer = look(&server, &ana, &url).await;
    assert_eq!(answer.status(), 200);
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("cache-control", "private, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.headers()[name], value, "{name}");
    }
    let bytes = answer.bytes().await.expect("bytes");
    assert!(bytes.starts_with(b"\xff\xd8") && !bytes.windows(6).any(|part| part == b"SECRET"));
    let nobody = reqwest::get(format!("{}{url}", server.url)).await.expect("an answer");
    assert_eq!(nobody.status(), 401);
    for wrong in
        ["/avatars/00", "/avatars/..%2ffiles", &url.to_uppercase().replace("/AVATARS", "/avatars")]
    {
        assert_eq!(look(&server, &mei, wrong).await.status(), 404, "{wrong}");
    }
    // The same picture has the same address; another one has another.
    let again: Me = put(&server, &ana, OWN, PHOTO).await.json().await.expect("oneself");
    assert_eq!(again.user.avatar_url, Some(url.clone()));
    let other: Me = put(&server, &ana, OWN, OTHER).await.json().await.expect("oneself");
    assert_ne!(other.user.avatar_url, Some(url));
}

async fn a_group_has_a_picture(server: TestServer) {
    let (mei, ana, tom) =
        (server.person("mei").await, server.person("ana").await, server.person("tom").await);
    let private = mei.greet(&ana).await;
    let group = mei.group("Tea", &[&ana]).await;
    let path = format!("/api/v1/conversations/{}/avatar", group.id);
    for (person, path, status) in [
        (&ana, &path, 403),
        (&tom, &path, 404),
        (&mei, &format!("/api/v1/conversations/{private}/avatar"), 403),
    ] {
        assert_eq!(put(&server, person, path, PHOTO).await.status(), status);
        let removed = ask(&server, person, Method::DELETE, path, b"").await;
        assert_eq!(removed.status(), status);
    }
    let mut socket = Socket::sign_in(&server, &ana).await;
    let set: Conversation = put(&server, &mei, &path, PHOTO).await.json().await.expect("the group");
    assert!(set.avatar_url.is_some());
    let NewConversation(told) = socket.find().await;
    assert_eq!((told.id, &told.avatar_url), (group.id, &set.avatar_url));
    let NewMessage(message) = socket.find().await;
    assert_eq!(message.notice().map(|notice| notice.event), Some(SystemEvent::Avatar));
    assert_eq!(ask(&server, &mei, Method::DELETE, &path, b"").await.status(), 204);
    let NewConversation(told) = socket.find().await;
    assert_eq!(told.avatar_url, None);
    let row: Conversation =
        ana.client.get(&format!("/api/v1/conversations/{}", group.id)).await.json(200);
    assert_eq!(row.avatar_url, None);
}

async fn what_is_no_picture_is_no_avatar(server: TestServer) {
    let mei = server.person("mei").await;
    let html = b"<!DOCTYPE html><script>alert(1)</script>".as_slice();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".as_slice();
    let much = [PHOTO, &vec![0; 10 << 20]].concat();
    for (body, status) in
        [(html, 415), (svg, 415), (BOMB, 415), (&PHOTO[..400], 415), (b"", 415), (&much, 413)]
    {
        let answer = put(&server, &mei, OWN, body).await;
        assert_eq!(answer.status().as_u16(), status);
    }
    let me: Me = mei.client.get("/api/v1/users/me").await.json(200);
    assert_eq!(me.user.avatar_url, None);
}

async fn a_removed_picture_goes_within_a_minute(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let me: Me = put(&server, &mei, OWN, PHOTO).await.json().await.expect("oneself");
    let url = me.user.avatar_url.expect("an address");
    assert_eq!(ask(&server, &mei, Method::DELETE, OWN, b"").await.status(), 204);
    let is_gone = async || look(&server, &ana, &url).await.status() == 404;
    let waited = tokio::time::timeout(Duration::from_mins(1), async {
        let mut often = tokio::time::interval(Duration::from_millis(250));
        while !is_gone().await {
            often.tick().await;
        }
    });
    waited.await.expect("gone within a minute");
    assert_eq!(server.objects_below("avatars").await, [""; 0]);
    // And may come again.
    assert_eq!(put(&server, &mei, OWN, PHOTO).await.status(), 200);
    assert_eq!(look(&server, &ana, &url).await.status(), 200);
}
