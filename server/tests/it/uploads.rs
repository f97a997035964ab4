//! Uploads by tus and by forms: what is refused, what is kept of a piece that was cut off, and what outlives a process
//! that is killed.

use app::protocol::{ErrorKind, File};
use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use futures_util::stream;
use reqwest::Method;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::time::{Duration, Instant, sleep};

use crate::harness::{
    Engine as Database, Raw, TestServer, Tus, header, on_both_stores, some_bytes, tokens,
};

const LIMITS: [(&str, &str); 4] = [
    ("KITH_MAX_FILE", "1MiB"),
    ("KITH_USER_QUOTA", "2MiB"),
    ("KITH_RATE_WRITES", "0"),
    ("KITH_JWT_SECRET", tokens::KEY),
];

on_both_stores!(
    with super::LIMITS;
    a_file_comes_in_pieces,
    offsets_that_do_not_fit_are_refused,
    an_upload_is_its_owners_alone,
    quotas_are_said_before_the_first_byte,
    what_came_outlives_a_killed_process,
    unfinished_and_unsent_ones_go,
    small_pieces_are_joined,
);

async fn bytes_of(tus: &Tus, id: i64) -> Vec<u8> {
    let answer = tus.get(&format!("/api/v1/files/{id}"), &[]).await;
    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect("bytes").to_vec()
}

async fn kind(answer: reqwest::Response) -> ErrorKind {
    let body: Value = answer.json().await.expect("an error");
    serde_json::from_value(body["error"]["kind"].clone()).expect("a kind")
}

async fn a_file_comes_in_pieces(server: TestServer) {
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let bytes = some_bytes(300_000);
    let path = tus.begin(bytes.len(), &[("filename", "../a/plan.bin")]).await;
    assert_eq!(tus.get(&path, &[]).await.status(), 404, "not whole yet");
    for (number, piece) in bytes.chunks(100_000).enumerate() {
        let offset = number * 100_000;
        assert_eq!(tus.offset(&path).await, Ok(offset));
        let answer = tus.piece(&path, offset, piece).await;
        assert_eq!(answer.status(), 204);
        assert_eq!(header(&answer, "upload-offset"), (offset + piece.len()).to_string());
        assert!(header(&answer, "upload-expires").ends_with(" GMT"));
        assert_eq!(header(&answer, "tus-resumable"), "1.0.0");
    }
    assert_eq!(tus.offset(&path).await, Ok(bytes.len()), "HEAD of a whole one");
    let file: File = tus.get(&path, &[]).await.json().await.expect("a file");
    assert_eq!((file.name.as_str(), file.size), ("plan.bin", 300_000));
    assert!(bytes_of(&tus, file.id.get()).await == bytes, "byte for byte");
    // An empty one is whole at once.
    let empty = tus.upload(b"", &[("filename", "empty")]).await;
    assert_eq!(bytes_of(&tus, empty).await, b"");
    // Nothing of the pieces is left.
    assert_eq!(server.objects_below("uploads").await, [""; 0]);
    // It is ended by its owner, and its bytes go.
    assert_eq!(tus.send(Method::DELETE, &path, &[], "").await.status(), 204);
    assert_eq!(tus.offset(&path).await, Err(404));
    assert_eq!(tus.get(file.url.as_deref().expect("a path"), &[]).await.status(), 404);
    server.file_gone(file.id.get()).await;
}

/// Waits until a piece is being written.
async fn spooling(server: &TestServer) {
    let begun = Instant::now();
    let spool = server.data().join("spool");
    while std::fs::read_dir(&spool).expect("a folder").next().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(10), "none begins");
        sleep(Duration::from_millis(10)).await;
    }
}

async fn offsets_that_do_not_fit_are_refused(server: TestServer) {
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let path = tus.begin(10, &[]).await;
    assert_eq!(kind(tus.piece(&path, 1, b"x").await).await, ErrorKind::Conflict);
    assert_eq!(kind(tus.piece(&path, 0, b"more than ten").await).await, ErrorKind::TooLarge);
    for offset in ["-1", "x", "+0", "99999999999999999999"] {
        let headers =
            [("upload-offset", offset), ("content-type", "application/offset+octet-stream")];
        let answer = tus.send(Method::PATCH, &path, &headers, "x").await;
        assert_eq!(kind(answer).await, ErrorKind::BadRequest, "{offset}");
    }
    let typed = [("upload-offset", "0"), ("content-type", "text/plain")];
    let answer = tus.send(Method::PATCH, &path, &typed, "x").await;
    assert_eq!(kind(answer).await, ErrorKind::UnsupportedType);
    let older = [("tus-resumable", "0.2.2")];
    let answer = reqwest::Client::new().head(format!("{}{path}", server.url));
    let answer = answer.header("authorization", mei.client.header("authorization"));
    let answer = answer.header(older[0].0, older[0].1).send().await.expect("answers");
    assert_eq!((answer.status().as_u16(), header(&answer, "tus-version")), (412, "1.0.0".into()));
    // A checksum that is not met keeps nothing.
    let sum = |bytes: &[u8]| format!("sha256 {}", BASE64.encode(Sha256::digest(bytes)));
    let wrong = sum(b"abc");
    let answer = tus.piece_with(&path, 0, "abd", &[("upload-checksum", &wrong)]).await;
    assert_eq!((answer.status().as_u16(), kind(answer).await), (460, ErrorKind::Checksum));
    assert_eq!(tus.offset(&path).await, Ok(0));
    let answer = tus.piece_with(&path, 0, "abc", &[("upload-checksum", &wrong)]).await;
    assert_eq!(answer.status(), 204);
    let sha1 = "sha1 H7hxB2aQZ0d0kMmHMsWYSkqbNo0=";
    let answer = tus.piece_with(&path, 3, "de", &[("upload-checksum", sha1)]).await;
    assert_eq!(answer.status(), 460);
    let answer = tus.piece_with(&path, 3, "de", &[("upload-checksum", "md5 AAAA")]).await;
    assert_eq!(answer.status(), 400);
    assert_eq!(tus.offset(&path).await, Ok(3));
    // What came of a piece that was cut off is kept.
    let mut cut = Raw::connect(&server).await;
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nHost: kith\r\nAuthorization: {}\r\nTus-Resumable: 1.0.0\r\n\
         Upload-Offset: 3\r\nContent-Type: application/offset+octet-stream\r\n\
         Content-Length: 7\r\n\r\ndefgh",
        mei.client.header("authorization"),
    );
    assert!(cut.send(head).await);
    drop(cut);
    let begun = Instant::now();
    while tus.offset(&path).await != Ok(8) {
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", tus.offset(&path).await);
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(tus.piece(&path, 8, b"ij").await.status(), 204);
    let id = path.rsplit('/').next().expect("an id").parse().expect("a number");
    assert_eq!(bytes_of(&tus, id).await, b"abcdefghij");
    // All of it has come: there is nothing to go on with.
    assert_eq!(tus.piece(&path, 8, b"xx").await.status(), 409);
}

async fn an_upload_is_its_owners_alone(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let (mine, hers) = (Tus::of(&server, &mei), Tus::of(&server, &ana));
    let path = mine.begin(4, &[]).await;
    assert_eq!(hers.offset(&path).await, Err(404));
    assert_eq!(hers.piece(&path, 0, b"evil").await.status(), 404);
    assert_eq!(hers.send(Method::DELETE, &path, &[], "").await.status(), 404);
    assert_eq!(mine.piece(&path, 0, b"good").await.status(), 204);
    assert_eq!(hers.get(&path, &[]).await.status(), 404);
    let id: i64 = path.rsplit('/').next().expect("an id").parse().expect("a number");
    assert_eq!(hers.get(&format!("/api/v1/files/{id}"), &[]).await.status(), 404);
    // Nobody needs a login to ask what is spoken.
    let options = reqwest::Client::new()
        .request(Method::OPTIONS, format!("{}/api/v1/uploads", server.url))
        .send()
        .await
        .expect("answers");
    assert_eq!(options.status(), 204);
    assert_eq!(header(&options, "tus-max-size"), (1024 * 1024).to_string());
    let extensions = header(&options, "tus-extension");
    for extension in ["creation", "creation-with-upload", "expiration", "termination", "checksum"] {
        assert!(extensions.split(',').any(|one| one == extension), "{extension}");
    }
    // An access token that has run out is good while its login lives.
    let expired = tokens::expired(&mei.token);
    let request = reqwest::Client::new().head(format!("{}{path}", server.url));
    let request = request.header("tus-resumable", "1.0.0").bearer_auth(&expired);
    assert_eq!(request.send().await.expect("answers").status(), 200);
    let me = server.client().with_bearer(&expired).get("/api/v1/users/me").await;
    me.assert_error(ErrorKind::TokenExpired);
    // Two PATCHes at once: one of them is told so.
    let path = mine.begin(6, &[]).await;
    let (slow, wait) = tokio::sync::oneshot::channel::<()>();
    let body = stream::unfold(Some(wait), |wait| async {
        let wait = wait?;
        let _ = wait.await;
        Some((Ok::<_, std::io::Error>("slowly"), None))
    });
    let first = mine.piece_with(&path, 0, reqwest::Body::wrap_stream(body), &[]);
    let second = async {
        spooling(&server).await;
        let answer = mine.piece(&path, 0, b"quick").await;
        assert_eq!((answer.status().as_u16(), kind(answer).await), (423, ErrorKind::Locked));
        slow.send(()).expect("it waits");
    };
    let (first, ()) = tokio::join!(first, second);
    assert_eq!(first.status(), 204);
}

async fn quotas_are_said_before_the_first_byte(server: TestServer) {
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let answer = tus.announce(1024 * 1024 + 1, &[]).await;
    assert_eq!((answer.status().as_u16(), kind(answer).await), (413, ErrorKind::TooLarge));
    let first = tus.begin(1024 * 1024, &[]).await;
    tus.begin(1024 * 1024, &[]).await;
    let answer = tus.announce(1, &[]).await;
    assert_eq!((answer.status().as_u16(), kind(answer).await), (507, ErrorKind::Quota));
    assert_eq!(tus.send(Method::DELETE, &first, &[], "").await.status(), 204);
    for _ in 0..99 {
        tus.begin(1, &[]).await;
    }
    let answer = tus.announce(1, &[]).await;
    assert_eq!(kind(answer).await, ErrorKind::Quota, "a hundred unfinished at most");
    let answer = tus.announce(1, &[("as", "gift")]).await;
    assert_eq!(kind(answer).await, ErrorKind::Validation);
    // By a form as well.
    let ana = server.person("ana").await;
    let form = |bytes: Vec<u8>| {
        let part = reqwest::multipart::Part::bytes(bytes).file_name("note.txt");
        let form = reqwest::multipart::Form::new().text("as", "file").part("file", part);
        let request = reqwest::Client::new().post(format!("{}/api/v1/files", server.url));
        request.bearer_auth(&ana.token).multipart(form).send()
    };
    let answer = form(b"by a form".to_vec()).await.expect("answers");
    assert_eq!(answer.status(), 201);
    let file: File = answer.json().await.expect("a file");
    assert_eq!((file.name.as_str(), file.size), ("note.txt", 9));
    assert_eq!(bytes_of(&Tus::of(&server, &ana), file.id.get()).await, b"by a form");
    let answer = form(some_bytes(1024 * 1024 + 1)).await.expect("answers");
    assert_eq!(answer.status(), 413);
}

async fn what_came_outlives_a_killed_process(mut server: TestServer) {
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let bytes = some_bytes(400_000);
    let path = tus.begin(bytes.len(), &[]).await;
    assert_eq!(tus.piece(&path, 0, &bytes[..150_000]).await.status(), 204);
    server.kill_and_restart(&LIMITS);
    let tus = Tus::of(&server, &mei);
    assert_eq!(tus.offset(&path).await, Ok(150_000));
    assert_eq!(tus.piece(&path, 150_000, &bytes[150_000..]).await.status(), 204);
    let id: i64 = path.rsplit('/').next().expect("an id").parse().expect("a number");
    server.kill_and_restart(&LIMITS);
    let tus = Tus::of(&server, &mei);
    assert!(bytes_of(&tus, id).await == bytes);
    // A process that died with the last piece in its hands: whoever asks, or the sweep, makes it whole.
    let path = tus.begin(5, &[]).await;
    let id: i64 = path.rsplit('/').next().expect("an id").parse().expect("a number");
    server.put_object(&format!("uploads/{id}/0-5"), b"piece").await;
    server.execute(format!("UPDATE file SET received = 5 WHERE id = {id}")).await;
    assert_eq!(tus.offset(&path).await, Ok(5));
    assert_eq!(bytes_of(&tus, id).await, b"piece");
}

async fn unfinished_and_unsent_ones_go(server: TestServer) {
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let path = tus.begin(10, &[]).await;
    tus.piece(&path, 0, b"some").await;
    let unfinished: i64 = path.rsplit('/').next().expect("an id").parse().expect("a number");
    let unsent = tus.upload(b"never sent", &[]).await;
    let kept = tus.upload(b"kept", &[]).await;
    // One that is ended while it is written to: what comes of it is told so, and goes.
    let ended = tus.begin(10, &[]).await;
    tus.piece(&ended, 0, b"some").await;
    let (go_on, wait) = tokio::sync::oneshot::channel::<()>();
    let body = stream::unfold(Some(wait), |wait| async {
        let _ = wait?.await;
        Some((Ok::<_, std::io::Error>("more"), None))
    });
    let writing = tus.piece_with(&ended, 4, reqwest::Body::wrap_stream(body), &[]);
    let ending = async {
        spooling(&server).await;
        assert_eq!(tus.send(Method::DELETE, &ended, &[], "").await.status(), 204);
        assert_eq!(tus.offset(&ended).await, Err(404));
        go_on.send(()).expect("it waits");
    };
    let (answer, ()) = tokio::join!(writing, ending);
    assert_eq!(answer.status(), 404, "nobody is told that it is safe");
    let ended: i64 = ended.rsplit('/').next().expect("an id").parse().expect("a number");
    server.put_object("files/1", b"nobody's").await;
    server
        .execute(format!("UPDATE file SET expires_at = 1 WHERE id IN ({unfinished}, {unsent})"))
        .await;
    server.file_gone(unfinished).await;
    server.file_gone(unsent).await;
    server.file_gone(ended).await;
    assert_eq!(tus.offset(&path).await, Err(404));
    assert_eq!(bytes_of(&tus, kept).await, b"kept");
    assert!(server.has_object("files/1").await, "strangers are reported, and stay");
}

async fn small_pieces_are_joined(server: TestServer) {
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let bytes = some_bytes(200_000);
    let path = tus.begin(bytes.len(), &[]).await;
    let id: i64 = path.rsplit('/').next().expect("an id").parse().expect("a number");
    let pieces = format!("uploads/{id}");
    for offset in 0..20 {
        assert_eq!(tus.piece(&path, offset, &bytes[offset..=offset]).await.status(), 204);
    }
    assert_eq!(server.objects_below(&pieces).await, [format!("{pieces}/0-20")]);
    // Until it is large enough to be one.
    assert_eq!(tus.piece(&path, 20, &bytes[20..100_000]).await.status(), 204);
    assert_eq!(tus.piece(&path, 100_000, &bytes[100_000..100_001]).await.status(), 204);
    let expected = [format!("{pieces}/0-100000"), format!("{pieces}/100000-100001")];
    assert_eq!(server.objects_below(&pieces).await, expected);
    // What processes left that died before they could say that it was safe.
    for (begin, end) in [(0, 20), (50, 99_000), (100_000, 100_007)] {
        server.put_object(&format!("{pieces}/{begin}-{end}"), &bytes[begin..end]).await;
    }
    assert_eq!(tus.piece(&path, 100_001, &bytes[100_001..]).await.status(), 204);
    assert!(bytes_of(&tus, id).await == bytes, "byte for byte");
    assert_eq!(server.objects_below("uploads").await, [""; 0]);
}

/// The folder is away: the contract's answer, and nothing of what was acknowledged is lost.
#[tokio::test]
async fn a_store_that_is_away_is_said_and_text_goes_on() {
    let server = TestServer::start(Database::Sqlite).await;
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let path = tus.begin(8, &[]).await;
    assert_eq!(tus.piece(&path, 0, b"safe").await.status(), 204);
    let (here, away) = (server.data().join("files"), server.data().join("elsewhere"));
    std::fs::rename(&here, &away).expect("moved");
    std::fs::write(&here, "no folder").expect("written");
    assert_eq!(kind(tus.piece(&path, 4, b"last").await).await, ErrorKind::Unavailable);
    let begun = Instant::now();
    while server.client().get("/readyz").await.text != "degraded: files" {
        assert!(begun.elapsed() < Duration::from_secs(20), "not told");
        sleep(Duration::from_millis(100)).await;
    }
    let notes = serde_json::json!({
        "client_id": "1", "to_user_id": mei.user.id, "content": "text goes on",
    });
    assert_eq!(mei.client.post("/api/v1/messages", notes).await.status, 201);
    std::fs::remove_file(&here).expect("removed");
    std::fs::rename(&away, &here).expect("moved back");
    assert_eq!(tus.offset(&path).await, Ok(8), "all of it was safe, and is made whole");
    let id = path.rsplit('/').next().expect("an id").parse().expect("a number");
    assert_eq!(bytes_of(&tus, id).await, b"safelast");
    while server.client().get("/readyz").await.text != "ok" {
        assert!(begun.elapsed() < Duration::from_secs(40), "not told");
        sleep(Duration::from_millis(100)).await;
    }
    assert!(server.metric("kith_files_received_bytes_total").await >= 8.0);
    assert!(server.metric("kith_files_disk_free_bytes").await > 0.0);
}
