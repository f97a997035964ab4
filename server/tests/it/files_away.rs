//! The store of files fails: it is said, nothing of what was answered is lost, texts go on, and all is well again by
//! itself.

use std::time::Duration;

use app::protocol::{ErrorKind, File};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::harness::{
    Engine, Fault, NewMessage, Person, Socket, TestServer, Tus, header, some_bytes,
};

/// How long a text may take while the store of files says nothing.
const TEXT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long an answer may wait for the store.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(25);

async fn assert_unavailable(answer: reqwest::Response) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.expect("an error");
    let kind: ErrorKind = serde_json::from_value(body["error"]["kind"].clone()).expect("a kind");
    assert_eq!((status, kind), (503, ErrorKind::Unavailable));
}

async fn ready_is(server: &TestServer, state: &str) {
    let begun = Instant::now();
    while server.client().get("/readyz").await.text != state {
        assert!(begun.elapsed() < Duration::from_secs(20), "never {state}");
        sleep(Duration::from_millis(50)).await;
    }
}

fn id_of(path: &str) -> i64 {
    path.rsplit('/').next().expect("an id").parse().expect("a number")
}

async fn bytes_of(tus: &Tus, id: i64) -> Vec<u8> {
    let answer = tus.get(&format!("/api/v1/files/{id}"), &[]).await;
    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect("bytes").to_vec()
}

/// Every way of failing at once, in the middle of an upload.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_after_each_fault() {
    let server = TestServer::start_on_faulty_s3(Engine::Sqlite, &[]).await;
    let faults = server.s3().expect("S3").faults();
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    // More than one part, so that it is cut off between two as well.
    let bytes = some_bytes(6 * 1024 * 1024);
    let path = tus.begin(bytes.len(), &[]).await;
    let first = 100_000;
    assert_eq!(tus.piece(&path, 0, &bytes[..first]).await.status(), 204);
    for fault in [Fault::Busy, Fault::HangsUp, Fault::HalfUploads] {
        faults.fail(fault);
        assert_unavailable(tus.piece(&path, first, &bytes[first..]).await).await;
        assert_eq!(tus.offset(&path).await, Ok(first), "{fault:?}");
        assert_eq!(server.objects_below("files").await, [""; 0]);
        faults.heal();
    }
    // The last piece is safe, and the file cannot be made of it yet.
    faults.fail(Fault::HalfAnswers);
    assert_unavailable(tus.piece(&path, first, &bytes[first..]).await).await;
    assert_eq!(tus.get(&path, &[]).await.status(), 503, "not whole yet");
    faults.heal();
    // Whether anyone asks for it or not.
    let (id, begun) = (id_of(&path), Instant::now());
    server.hurry("sweep_files").await;
    while server.objects().await != [format!("files/{id}")] {
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", server.objects().await);
        sleep(Duration::from_millis(50)).await;
    }
    ready_is(&server, "ok").await;
    assert_eq!(tus.offset(&path).await, Ok(bytes.len()));
    assert!(bytes_of(&tus, id).await == bytes);
    // Half of what is handed out is never taken for all of it.
    faults.fail(Fault::HalfAnswers);
    let answer = tus.get(&format!("/api/v1/files/{id}"), &[]).await;
    assert_eq!(header(&answer, "content-length"), bytes.len().to_string());
    assert!(answer.bytes().await.is_err(), "it is cut off");
    faults.heal();
    assert!(bytes_of(&tus, id).await == bytes);
}

/// A store that takes requests and says nothing is the worst: who asks waits.
#[tokio::test(flavor = "multi_thread")]
async fn texts_do_not_wait_for_a_silent_store() {
    let server = TestServer::start_on_faulty_s3(Engine::Sqlite, &[]).await;
    let faults = server.s3().expect("S3").faults();
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let mut hers = Socket::sign_in(&server, &ana).await;
    let tus = Tus::of(&server, &mei);
    let path = tus.begin(8, &[]).await;
    assert_eq!(tus.piece(&path, 0, b"safe").await.status(), 204);
    let photo = tus.upload(b"another", &[]).await;
    faults.fail(Fault::Silent);
    let upload = tus.piece(&path, 4, b"last");
    let others = async {
        text(&mei, &ana, &mut hers, "1").await;
        ready_is(&server, "degraded: files").await;
        // As a page with many pictures asks; what is known to be away is not waited for.
        let name = format!("/api/v1/files/{photo}");
        let pictures = join_all((0..40).map(|_| tus.get(&name, &[])));
        for answer in timeout(Duration::from_secs(3), pictures).await.expect("at once") {
            assert_unavailable(answer).await;
        }
        text(&mei, &ana, &mut hers, "2").await;
        assert!(server.metric("kith_files_store_up").await < 0.5);
    };
    let (upload, ()) = tokio::join!(timeout(ANSWER_TIMEOUT, upload), others);
    assert_unavailable(upload.expect("in time")).await;
    faults.heal();
    ready_is(&server, "ok").await;
    assert_eq!(tus.offset(&path).await, Ok(4));
    assert_eq!(tus.piece(&path, 4, b"last").await.status(), 204);
    assert_eq!(bytes_of(&tus, id_of(&path)).await, b"safelast");
    assert!(server.metric("kith_files_store_up").await > 0.5);
}

/// Acknowledged, and with the other, in time.
async fn text(mei: &Person, ana: &Person, hers: &mut Socket, client_id: &str) {
    let body = json!({"client_id": client_id, "to_user_id": ana.user.id, "content": "hello"});
    let sent = timeout(TEXT_TIMEOUT, mei.client.post("/api/v1/messages", body)).await;
    assert_eq!(sent.expect("in time").status, 201);
    let NewMessage(message) = timeout(TEXT_TIMEOUT, hers.find()).await.expect("in time");
    assert_eq!(message.client_id.as_str(), client_id);
}

/// No file may grow beyond 8 MB, as on a disk that has no more room: what does not fit is refused, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_disk_has_no_room_for_is_refused() {
    let mut server = TestServer::start_within(Engine::Sqlite, "-f 16384").await;
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let tus = Tus::of(&server, &mei);
    let bytes = some_bytes(9 * 1024 * 1024);
    let path = tus.begin(bytes.len(), &[]).await;
    let (first, second) = bytes.split_at(4 * 1024 * 1024);
    assert_eq!(tus.piece(&path, 0, first).await.status(), 204);
    // More than there is room for in one piece, by either way in.
    let large = tus.begin(bytes.len(), &[]).await;
    assert_unavailable(tus.piece(&large, 0, &bytes).await).await;
    assert_eq!(tus.offset(&large).await, Ok(0));
    let part = reqwest::multipart::Part::bytes(bytes.clone());
    let form = reqwest::multipart::Form::new().part("file", part);
    let request = reqwest::Client::new().post(format!("{}/api/v1/files", server.url));
    let answer = request.bearer_auth(&mei.token).multipart(form).send().await.expect("answers");
    assert_unavailable(answer).await;
    // Every piece fits, and their file does not: they are kept for when there is room.
    assert_unavailable(tus.piece(&path, first.len(), second).await).await;
    assert_eq!(tus.get(&path, &[]).await.status(), 503);
    let id = id_of(&path);
    assert_eq!(server.objects_below("files").await, [""; 0]);
    assert_eq!(std::fs::read_dir(server.data().join("spool")).expect("a folder").count(), 0);
    mei.write_to(&ana, "1", "text goes on").await;
    server.kill_and_restart(&[]);
    let tus = Tus::of(&server, &mei);
    assert_eq!(tus.offset(&path).await, Ok(bytes.len()));
    assert!(bytes_of(&tus, id).await == bytes);
    let file: File = tus.get(&path, &[]).await.json().await.expect("a file");
    assert_eq!(file.size, 9 * 1024 * 1024);
}
