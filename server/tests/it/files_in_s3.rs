//! Files in S3, where that is not as a folder: objects that go in parts, and several servers on one bucket.

use app::protocol::File;

use crate::harness::{Engine, TestServer, Tus, header, some_bytes};

/// Enough for several parts of 5 MiB each.
const LARGE: usize = 11 * 1024 * 1024 + 77;

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_goes_in_parts() {
    let server = TestServer::start_on_s3(Engine::Sqlite, &[]).await;
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let bytes = some_bytes(LARGE);
    let path = tus.begin(bytes.len(), &[("filename", "large.bin")]).await;
    // The first piece has more than one part itself.
    let middle = 6 * 1024 * 1024;
    assert_eq!(tus.piece(&path, 0, &bytes[..middle]).await.status(), 204);
    assert_eq!(tus.piece(&path, middle, &bytes[middle..]).await.status(), 204);
    let file: File = tus.get(&path, &[]).await.json().await.expect("a file");
    let url = file.url.expect("an address");
    assert_eq!(server.objects().await, [format!("files/{}", file.id)], "nothing else is left");
    let whole = tus.get(&url, &[]).await;
    let tag = header(&whole, "etag");
    assert!(whole.bytes().await.expect("bytes") == bytes);
    let part = 5 * 1024 * 1024;
    let range = format!("bytes={}-{}", part - 10, part + 9);
    let answer = tus.get(&url, &[("range", &range), ("if-range", &tag)]).await;
    assert_eq!(answer.status(), 206);
    assert!(answer.bytes().await.expect("bytes") == bytes[part - 10..part + 10]);
    // By a form as well.
    let part = reqwest::multipart::Part::bytes(bytes.clone()).file_name("again.bin");
    let form = reqwest::multipart::Form::new().part("file", part);
    let request = reqwest::Client::new().post(format!("{}/api/v1/files", server.url));
    let answer = request.bearer_auth(&mei.token).multipart(form).send().await.expect("answers");
    assert_eq!(answer.status(), 201);
    let again: File = answer.json().await.expect("a file");
    let answer = tus.get(&again.url.expect("an address"), &[]).await;
    assert!(answer.bytes().await.expect("bytes") == bytes);
}

const SHARED: [(&str, &str); 2] =
    [("KITH_SHARED_DATABASE", "true"), ("KITH_JWT_SECRET", "one-key-for-both-nodes-0123456789")];

#[tokio::test(flavor = "multi_thread")]
async fn any_node_takes_the_next_piece() {
    let mut one = TestServer::start_on_s3(Engine::MariaDb, &SHARED).await;
    let other = one.start_beside(&SHARED);
    let mei = one.person("mei").await;
    let (here, there) = (Tus::of(&one, &mei), Tus::of(&other, &mei));
    let bytes = some_bytes(300_000);
    let path = here.begin(bytes.len(), &[]).await;
    assert_eq!(here.piece(&path, 0, &bytes[..100_000]).await.status(), 204);
    assert_eq!(there.offset(&path).await, Ok(100_000));
    assert_eq!(there.piece(&path, 100_000, &bytes[100_000..200_000]).await.status(), 204);
    // The last one comes to the first again, which dies before anyone asks for the file.
    assert_eq!(here.piece(&path, 200_000, &bytes[200_000..]).await.status(), 204);
    one.kill();
    let file: File = there.get(&path, &[]).await.json().await.expect("a file");
    let answer = there.get(&file.url.expect("an address"), &[]).await;
    assert!(answer.bytes().await.expect("bytes") == bytes);
}
