//! Processes that are killed between every two steps of making a file whole, and of deleting one: the next one goes on
//! where it was, and nothing is lost or left.

use std::time::Duration;

use app::protocol::Message;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::harness::{Engine, TestServer, Tus, When, some_bytes};

const PHOTO: &[u8] = include_bytes!("../../../fuzz/corpus/picture/photo-with-place.jpg");
const SAID: [(&str, &str); 2] = [("filename", "photo.jpg"), ("as", "photo")];
/// Bytes of the first piece, which is joined with the second.
const FIRST: usize = 100;

/// A request to S3 at which the process is killed.
struct Step {
    when: When,
    method: Method,
    /// What its path ends with, by the upload's id.
    path: fn(i64) -> String,
    /// Whether the row knows by then that all bytes are safe.
    safe: bool,
}

impl Step {
    fn new(when: When, method: Method, safe: bool, path: fn(i64) -> String) -> Self {
        Self { when, method, path, safe }
    }
}

fn both(id: i64) -> String {
    format!("uploads/{id}/0-{}", PHOTO.len())
}

fn thumbnail(id: i64) -> String {
    format!("thumbnails/{id}")
}

fn file(id: i64) -> String {
    format!("files/{id}")
}

/// All steps of the last piece of a photo; of those that send something to S3 four wait at once at most.
fn steps() -> [Vec<Step>; 2] {
    let (before, after) = (When::Before, When::After);
    let first = vec![
        Step::new(before, Method::GET, false, |id| format!("uploads/{id}/0-{FIRST}")),
        Step::new(before, Method::PUT, false, both),
        Step::new(after, Method::PUT, false, both),
        Step::new(before, Method::DELETE, true, |id| format!("uploads/{id}/0-{FIRST}")),
        Step::new(before, Method::GET, true, both),
        Step::new(before, Method::PUT, true, thumbnail),
    ];
    let second = vec![
        Step::new(after, Method::PUT, true, thumbnail),
        Step::new(before, Method::PUT, true, file),
        Step::new(after, Method::PUT, true, file),
        Step::new(before, Method::DELETE, true, both),
        Step::new(after, Method::DELETE, true, both),
    ];
    [first, second]
}

#[tokio::test(flavor = "multi_thread")]
async fn making_a_file_whole_on_sqlite() {
    making_a_file_whole(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn making_a_file_whole_on_mariadb() {
    making_a_file_whole(Engine::MariaDb).await;
}

async fn making_a_file_whole(engine: Engine) {
    let mut server = TestServer::start_on_faulty_s3(engine, &[]).await;
    let mei = server.person("mei").await;
    let known = Tus::of(&server, &mei).upload(PHOTO, &SAID).await;
    let cleaned = bytes_of(&Tus::of(&server, &mei), &file(known)).await;
    let mut expected = vec![file(known), thumbnail(known)];
    for steps in steps() {
        let mut uploads = Vec::new();
        for step in &steps {
            // Four pieces of one person are taken at once.
            let person = server.person(&format!("person.{}", expected.len())).await;
            let tus = Tus::of(&server, &person);
            let path = tus.begin(PHOTO.len(), &SAID).await;
            assert_eq!(tus.piece(&path, 0, &PHOTO[..FIRST]).await.status(), 204);
            let id: i64 = path.rsplit('/').next().expect("an id").parse().expect("a number");
            let faults = server.s3().expect("S3").faults();
            let held = faults.hold(step.when, step.method.clone(), (step.path)(id));
            expected.extend([file(id), thumbnail(id)]);
            uploads.push((step, person, path, id, held));
        }
        let pieces = uploads.iter().map(|(_, person, path, ..)| {
            let (tus, path) = (Tus::of(&server, person), path.clone());
            async move {
                let offset = FIRST.to_string();
                let headers = [
                    ("upload-offset", &*offset),
                    ("content-type", "application/offset+octet-stream"),
                ];
                tus.try_to_send(Method::PATCH, &path, &headers, &PHOTO[FIRST..]).await
            }
        });
        let pieces = tokio::spawn(join_all(pieces.collect::<Vec<_>>()));
        for (.., held) in &mut uploads {
            held.reached().await;
        }
        server.kill_and_restart(&[]);
        assert!(pieces.await.expect("they end").iter().all(Option::is_none), "none was answered");
        server.s3().expect("S3").faults().heal();
        // Whoever was killed had them on lease.
        server.execute("UPDATE file SET lease_until = 1 WHERE lease_until > 1".into()).await;
        for (step, person, path, id, _) in uploads {
            let tus = Tus::of(&server, &person);
            if step.safe {
                // The sweep does it, though nobody asks.
                server.hurry("sweep_files").await;
                let begun = Instant::now();
                while server
                    .number("SELECT COUNT(*) FROM file WHERE state = 1 AND received = size")
                    .await
                    > 0
                {
                    assert!(begun.elapsed() < Duration::from_secs(30), "not whole");
                    sleep(Duration::from_millis(50)).await;
                }
            } else {
                assert_eq!(tus.offset(&path).await, Ok(FIRST));
                assert_eq!(tus.piece(&path, FIRST, &PHOTO[FIRST..]).await.status(), 204);
            }
            assert_eq!(tus.offset(&path).await, Ok(PHOTO.len()));
            assert!(bytes_of(&tus, &file(id)).await == cleaned, "byte for byte");
            assert!(!bytes_of(&tus, &format!("{}/thumbnail", file(id))).await.is_empty());
        }
        expected.sort();
        no_pieces_are_left(&server, &expected).await;
    }
}

/// In a folder what came in one piece gets a second name and is moved: there is no request to hold, so the process is
/// killed at moments all over the time that it takes.
#[tokio::test(flavor = "multi_thread")]
async fn making_a_file_of_one_piece_in_a_folder() {
    const MOMENTS: u32 = 15;
    let mut server = TestServer::start(Engine::Sqlite).await;
    let mei = server.person("mei").await;
    let bytes = some_bytes(2 * 1024 * 1024);
    let said = [("filename", "all.bin"), ("as", "file")];
    let begun = Instant::now();
    let known = Tus::of(&server, &mei).upload(&bytes, &said).await;
    let time = begun.elapsed();
    let mut expected = vec![file(known)];
    let mut unanswered = 0;
    for moment in 0..MOMENTS {
        let tus = Tus::of(&server, &mei);
        let path = tus.begin(bytes.len(), &said).await;
        let id: i64 = path.rsplit('/').next().expect("an id").parse().expect("a number");
        let headers = [("upload-offset", "0"), ("content-type", "application/offset+octet-stream")];
        let sent = tokio::spawn({
            let (path, bytes) = (path.clone(), bytes.clone());
            async move { tus.try_to_send(Method::PATCH, &path, &headers, bytes).await }
        });
        sleep(time * moment / MOMENTS).await;
        server.kill_and_restart(&[]);
        let answer = sent.await.expect("it ends");
        server.execute("UPDATE file SET lease_until = 1 WHERE lease_until > 1".into()).await;
        let tus = Tus::of(&server, &mei);
        let offset = tus.offset(&path).await.expect("it is there");
        match answer {
            Some(_) => assert_eq!(offset, bytes.len(), "what was answered is safe"),
            None => unanswered += 1,
        }
        if offset < bytes.len() {
            assert_eq!(tus.piece(&path, offset, &bytes[offset..]).await.status(), 204);
        }
        assert!(bytes_of(&tus, &file(id)).await == bytes, "byte for byte");
        expected.push(file(id));
    }
    assert!(unanswered > MOMENTS / 3, "it was killed too late {unanswered}");
    expected.sort();
    no_pieces_are_left(&server, &expected).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_on_sqlite() {
    deleting(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_on_mariadb() {
    deleting(Engine::MariaDb).await;
}

async fn deleting(engine: Engine) {
    let mut server = TestServer::start_on_faulty_s3(engine, &[]).await;
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let tus = Tus::of(&server, &mei);
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(tus.upload(PHOTO, &SAID).await);
    }
    let album = json!({
        "client_id": "1", "to_user_id": ana.user.id, "message_type": "image", "file_ids": ids, "content": "",
    });
    let album: Message = mei.client.post("/api/v1/messages", album).await.json(201);
    let faults = server.s3().expect("S3").faults();
    let mut holds = [
        faults.hold(When::Before, Method::DELETE, file(ids[0])),
        faults.hold(When::After, Method::DELETE, file(ids[1])),
        faults.hold(When::Before, Method::DELETE, thumbnail(ids[2])),
        faults.hold(When::After, Method::DELETE, thumbnail(ids[3])),
    ];
    mei.recall(&album).await;
    server.hurry("sweep_files").await;
    for held in &mut holds {
        held.reached().await;
    }
    assert_eq!(server.number("SELECT COUNT(*) FROM file WHERE state = 3").await, 5);
    server.kill_and_restart(&[]);
    server.s3().expect("S3").faults().heal();
    for id in &ids {
        assert_eq!(
            Tus::of(&server, &mei).get(&format!("/api/v1/files/{id}"), &[]).await.status(),
            404
        );
        server.file_gone(*id).await;
    }
    no_rows(&server, "SELECT COUNT(*) FROM file").await;

    // A picture of a person, when it is to be kept and when it is to be deleted.
    let faults = server.s3().expect("S3").faults();
    assert_eq!(avatar(&server.url, &mei.token, Method::PUT).await, Some(200));
    let kept = server.objects_below("avatars").await;
    let name = kept.first().expect("kept").clone();
    let mut held = faults.hold(When::Before, Method::DELETE, name.clone());
    assert_eq!(avatar(&server.url, &mei.token, Method::DELETE).await, Some(204));
    server.hurry("sweep_files").await;
    held.reached().await;
    server.kill_and_restart(&[]);
    let faults = server.s3().expect("S3").faults();
    faults.heal();
    no_rows(&server, "SELECT COUNT(*) FROM avatar").await;
    assert_eq!(server.objects().await, [""; 0], "deleted before it was forgotten");
    let mut held = faults.hold(When::Before, Method::PUT, name.clone());
    let url = server.url.clone();
    let token = mei.token.clone();
    let put = tokio::spawn(async move { avatar(&url, &token, Method::PUT).await });
    held.reached().await;
    server.kill_and_restart(&[]);
    server.s3().expect("S3").faults().heal();
    assert_eq!(put.await.expect("it ends"), None, "it was not answered");
    assert_eq!(avatar(&server.url, &mei.token, Method::PUT).await, Some(200));
    assert_eq!(server.objects_below("avatars").await, [name]);
}

/// Puts a person's picture there, or takes it off; the status, where there was an answer.
async fn avatar(url: &str, token: &str, method: Method) -> Option<u16> {
    let url = format!("{url}/api/v1/users/me/avatar");
    let request = reqwest::Client::new().request(method, url).bearer_auth(token);
    let answer = request.body(PHOTO).send().await.ok()?;
    Some(answer.status().as_u16())
}

/// The sweep takes the pieces away, so that these objects are all there is.
async fn no_pieces_are_left(server: &TestServer, objects: &[String]) {
    server.hurry("sweep_pieces").await;
    let begun = Instant::now();
    while server.objects().await != objects {
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", server.objects().await);
        sleep(Duration::from_millis(50)).await;
    }
}

async fn no_rows(server: &TestServer, sql: &'static str) {
    let begun = Instant::now();
    while server.number(sql).await > 0 {
        assert!(begun.elapsed() < Duration::from_mins(1), "never none: {sql}");
        sleep(Duration::from_millis(50)).await;
    }
}

async fn bytes_of(tus: &Tus, name: &str) -> Vec<u8> {
    let answer = tus.get(&format!("/api/v1/{name}"), &[]).await;
    assert_eq!(answer.status(), 200, "{name}");
    answer.bytes().await.expect("bytes").to_vec()
}
