//! Uploads that break the rules of tus or of this server: the contract's answer, and nothing kept that was not meant.

use app::protocol::ErrorKind;
use futures_util::future::join_all;
use futures_util::stream;
use reqwest::{Method, Response};
use serde_json::Value;

use crate::harness::{Engine, Raw, TestServer, Tus, header, on_both_engines, some_bytes};

on_both_engines!(of_many_pieces_at_once_one_is_taken,);

async fn kind(answer: Response) -> ErrorKind {
    let body: Value = answer.json().await.expect("an error");
    serde_json::from_value(body["error"]["kind"].clone()).expect("a kind")
}

async fn begin(tus: &Tus, headers: &[(&str, &str)]) -> Response {
    tus.send(Method::POST, "/api/v1/uploads", headers, "").await
}

#[tokio::test]
async fn lengths_that_are_none_are_refused() {
    let server = TestServer::start(Engine::Sqlite).await;
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    for length in
        ["-1", "+1", "", "x", "1.5", "1 ", "0x10", "9007199254740992", "99999999999999999999"]
    {
        let answer = begin(&tus, &[("upload-length", length)]).await;
        let expected = if length == "1 " { 201 } else { 400 };
        assert_eq!(answer.status(), expected, "{length:?}");
    }
    assert_eq!(kind(begin(&tus, &[]).await).await, ErrorKind::BadRequest, "it is missing");
    let deferred = begin(&tus, &[("upload-defer-length", "1")]).await;
    assert_eq!(kind(deferred).await, ErrorKind::BadRequest, "that extension is not spoken");
    let large = begin(&tus, &[("upload-length", "9007199254740991")]).await;
    assert_eq!(kind(large).await, ErrorKind::TooLarge);
}

#[tokio::test]
async fn broken_metadata_is_refused() {
    let server = TestServer::start(Engine::Sqlite).await;
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let announced = async |metadata: &str| {
        begin(&tus, &[("upload-length", "1"), ("upload-metadata", metadata)]).await
    };
    let many = (0..10_000).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
    let peaks = "filename YQ==,waveform ".to_owned() + &"MCww".repeat(10_000);
    for (metadata, refused) in [
        ("filename !!!!", ErrorKind::BadRequest),
        ("filename YQ", ErrorKind::BadRequest),
        ("filename /w==", ErrorKind::BadRequest),
        ("filename YQ== YQ==", ErrorKind::BadRequest),
        ("filename YQ==,filename Yg==", ErrorKind::BadRequest),
        (&many, ErrorKind::BadRequest),
        ("as Z2lmdA==", ErrorKind::Validation),
        ("duration_ms LTE=", ErrorKind::Validation),
        ("width MA==", ErrorKind::Validation),
        (&peaks, ErrorKind::Validation),
    ] {
        let begins = &metadata[..metadata.len().min(40)];
        assert_eq!(kind(announced(metadata).await).await, refused, "{begins}");
    }
    // What is longer than any head may be does not come that far.
    let endless = announced(&"a".repeat(70_000)).await;
    assert_eq!(endless.status(), 431);
    for metadata in ["", ",,,", "filename", "is_confidential", " filename YQ== , other Yg==,", "x "]
    {
        assert_eq!(announced(metadata).await.status(), 201, "{metadata:?}");
    }
}

#[tokio::test]
async fn pieces_that_do_not_fit_keep_nothing() {
    let server = TestServer::start(Engine::Sqlite).await;
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let path = tus.begin(10, &[]).await;
    let endless = || {
        let some = [Ok::<_, std::io::Error>("0123"), Ok("4567"), Ok("89ab")];
        reqwest::Body::wrap_stream(stream::iter(some))
    };
    // Without a length nobody knows beforehand that it is too long.
    let answer = tus.piece_with(&path, 0, endless(), &[]).await;
    assert_eq!(kind(answer).await, ErrorKind::TooLarge);
    for (checksum, status) in [
        ("md5 CY9rzUYh03PK3k6DJie09g==", 400),
        ("crc32 AAAA", 400),
        ("sha1", 400),
        ("sha1 !!!", 400),
        ("", 400),
        ("SHA1 AAAA", 400),
        ("sha1 AAAA", 460),
        ("sha256 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", 460),
    ] {
        let answer = tus.piece_with(&path, 0, "abc", &[("upload-checksum", checksum)]).await;
        assert_eq!(answer.status(), status, "{checksum:?}");
    }
    for more in [("upload-offset", "0"), ("content-type", "application/offset+octet-stream")] {
        let answer = tus.send(Method::PATCH, &path, &[more], "abc").await;
        assert!([400, 415].contains(&answer.status().as_u16()), "{more:?} alone");
    }
    assert_eq!(kind(tus.piece(&path, 11, b"").await).await, ErrorKind::Conflict);
    assert_eq!(tus.offset(&path).await, Ok(0), "nothing of all that");
    // With a checksum a piece that is cut off is none at all, for nobody knows whether its bytes are right.
    let mut cut = Raw::connect(&server).await;
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nHost: kith\r\nAuthorization: {}\r\nTus-Resumable: 1.0.0\r\n\
         Upload-Offset: 0\r\nUpload-Checksum: sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=\r\n\
         Content-Type: application/offset+octet-stream\r\nContent-Length: 10\r\n\r\nabc",
        mei.client.header("authorization"),
    );
    assert!(cut.send(head).await);
    drop(cut);
    let whole = "sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=";
    let mut answer = tus.piece_with(&path, 0, "abc", &[("upload-checksum", whole)]).await;
    while answer.status() == 423 {
        answer = tus.piece_with(&path, 0, "abc", &[("upload-checksum", whole)]).await;
    }
    assert_eq!((answer.status().as_u16(), header(&answer, "upload-offset")), (204, "3".into()));
    // A first piece that is too long comes with the upload's address all the same.
    let headers = [("upload-length", "2"), ("content-type", "application/offset+octet-stream")];
    let begun = tus.send(Method::POST, "/api/v1/uploads", &headers, "abc").await;
    assert_eq!((begun.status().as_u16(), header(&begun, "upload-offset")), (201, "0".into()));
}

#[tokio::test]
async fn another_method_is_heeded_for_uploads_alone() {
    let server = TestServer::start(Engine::Sqlite).await;
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let path = tus.begin(3, &[]).await;
    let meant = [
        ("x-http-method-override", "PATCH"),
        ("upload-offset", "0"),
        ("content-type", "application/offset+octet-stream"),
    ];
    assert_eq!(tus.send(Method::POST, &path, &meant, "abc").await.status(), 204);
    assert_eq!(tus.offset(&path).await, Ok(3));
    for method in ["GET", "HEAD", "PUT", "patch", "x"] {
        let headers = [("x-http-method-override", method)];
        assert_eq!(tus.send(Method::POST, &path, &headers, "").await.status(), 405, "{method}");
    }
    let delete = [("x-http-method-override", "DELETE")];
    assert_eq!(tus.get(&path, &delete).await.status(), 200, "GET changes nothing");
    let me = tus.send(Method::POST, "/api/v1/users/me", &delete, "").await;
    assert_eq!(me.status(), 405, "here it is not heeded");
    assert_eq!(tus.send(Method::POST, &path, &delete, "").await.status(), 204);
    assert_eq!(tus.offset(&path).await, Err(404));
}

async fn of_many_pieces_at_once_one_is_taken(server: TestServer) {
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let bytes = some_bytes(8 * 50_000);
    let rivals: Vec<_> = bytes.chunks(50_000).collect();
    let path = tus.begin(100_000, &[]).await;
    let mut whole = Vec::new();
    for offset in [0, 50_000] {
        let answers = join_all(rivals.iter().map(|piece| tus.piece(&path, offset, piece))).await;
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status().as_u16()).collect();
        let winners: Vec<_> = (0..rivals.len()).filter(|at| statuses[*at] == 204).collect();
        let [winner] = winners[..] else { panic!("{statuses:?}") };
        let told = |status: &u16| [204, 409, 423].contains(status);
        assert!(statuses.iter().all(told), "{statuses:?}");
        whole.extend_from_slice(rivals[winner]);
    }
    let id = path.rsplit('/').next().expect("an id");
    let kept = tus.get(&format!("/api/v1/files/{id}"), &[]).await.bytes().await.expect("bytes");
    assert!(kept == whole, "the bytes of those who were told that they are safe");
}
