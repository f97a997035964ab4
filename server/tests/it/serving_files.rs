//! Files as they are handed out: whole and in parts, never to the wrong person, never as something that runs.

use app::protocol::{ErrorKind, File, Message};
use serde_json::json;

use crate::harness::{TestServer, Tus, header, on_both_stores, some_bytes};

on_both_stores!(
    parts_of_a_file_can_be_asked_for,
    a_file_is_for_who_can_read_a_message_that_holds_it,
    what_is_no_picture_is_no_photo,
    a_photo_has_its_thumbnail,
);

async fn parts_of_a_file_can_be_asked_for(server: TestServer) {
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let bytes = some_bytes(200_000);
    let id = tus.upload(&bytes, &[("filename", "a \"film\"\r\n; é.mp4")]).await;
    let path = format!("/api/v1/files/{id}");
    // What could be compressed on the way is not.
    let whole = tus.get(&path, &[("accept-encoding", "gzip, br")]).await;
    assert_eq!((whole.status().as_u16(), header(&whole, "content-encoding")), (200, String::new()));
    let tag = header(&whole, "etag");
    assert!(tag.starts_with('"') && tag.len() > 20, "{tag}");
    for (name, value) in [
        ("content-length", "200000"),
        ("accept-ranges", "bytes"),
        ("cache-control", "private, no-cache"),
        ("content-type", "application/octet-stream"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("content-disposition", "attachment; filename*=UTF-8''a%20%22film%22%3B%20%C3%A9.mp4"),
    ] {
        assert_eq!(header(&whole, name), value, "{name}");
    }
    assert!(whole.bytes().await.expect("bytes") == bytes);
    for (range, part) in [
        ("bytes=0-0", 0..1),
        ("bytes=100000-", 100_000..200_000),
        ("bytes=-500", 199_500..200_000),
        ("bytes=199999-300000", 199_999..200_000),
    ] {
        let answer = tus.get(&path, &[("range", range), ("if-range", &tag)]).await;
        assert_eq!(answer.status(), 206, "{range}");
        let told = format!("bytes {}-{}/200000", part.start, part.end - 1);
        assert_eq!(header(&answer, "content-range"), told);
        assert_eq!(header(&answer, "content-length"), part.len().to_string());
        assert!(answer.bytes().await.expect("bytes") == bytes[part], "{range}");
    }
    for range in ["bytes=200000-", "bytes=-0"] {
        let answer = tus.get(&path, &[("range", range)]).await;
        assert_eq!(header(&answer, "content-range"), "bytes */200000");
        assert_eq!(answer.status(), ErrorKind::BadRange.status(), "{range}");
    }
    for (range, condition) in [
        ("bytes=0-1,5-6", tag.as_str()),
        ("bytes=5-1", tag.as_str()),
        ("lines=0-1", tag.as_str()),
        ("bytes=0-1", "\"another\""),
    ] {
        let answer = tus.get(&path, &[("range", range), ("if-range", condition)]).await;
        assert_eq!(answer.status(), 200, "{range}");
        assert_eq!(header(&answer, "content-length"), "200000", "{range}");
    }
    let known = tus.get(&path, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status().as_u16(), header(&known, "etag")), (304, tag.clone()));
    let head = tus.send(reqwest::Method::HEAD, &path, &[("range", "bytes=0-1")], "").await;
    assert_eq!((head.status().as_u16(), header(&head, "content-length")), (206, "2".into()));
    let thumbnail = tus.get(&format!("{path}/thumbnail"), &[]).await;
    assert_eq!(thumbnail.status(), 404, "there is none");
}

async fn a_file_is_for_who_can_read_a_message_that_holds_it(server: TestServer) {
    let (mei, ana) = (server.person("mei").await, server.person("ana").await);
    let stranger = server.person("stranger").await;
    let id = Tus::of(&server, &mei).upload(b"for ana", &[("filename", "note.txt")]).await;
    let path = format!("/api/v1/files/{id}");
    let status = async |person| Tus::of(&server, person).get(&path, &[]).await.status().as_u16();
    assert_eq!((status(&mei).await, status(&ana).await), (200, 404), "not sent yet");
    let body = json!({
        "client_id": "1", "to_user_id": ana.user.id, "message_type": "file", "file_ids": [id],
        "content": "",
    });
    let sent: Message = mei.client.post("/api/v1/messages", body).await.json(201);
    assert_eq!((status(&ana).await, status(&stranger).await), (200, 404));
    let upload = format!("/api/v1/uploads/{id}");
    let ended = Tus::of(&server, &mei).send(reqwest::Method::DELETE, &upload, &[], "").await;
    assert_eq!(ended.status(), 409, "a message holds it");
    let message = format!("/api/v1/conversations/{}/messages/{}", sent.conversation_id, sent.seq);
    assert_eq!(mei.client.delete(&message).await.status, 204);
    assert_eq!((status(&mei).await, status(&ana).await), (404, 404), "recalled");
    server.file_gone(id).await;
}

/// A photo that cannot be cleaned is not kept as something else, and what is none never runs.
async fn what_is_no_picture_is_no_photo(server: TestServer) {
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let page = b"<html><script>alert(1)</script></html>";
    let said = [("filename", "cat.jpg"), ("filetype", "image/jpeg"), ("as", "photo")];
    let path = tus.begin(page.len(), &said).await;
    let answer = tus.piece(&path, 0, page).await;
    assert_eq!(answer.status(), ErrorKind::UnsupportedType.status());
    assert_eq!(tus.offset(&path).await, Err(404), "it has ended");
    let id = tus.upload(page, &said[..2]).await;
    let answer = tus.get(&format!("/api/v1/files/{id}"), &[]).await;
    assert_eq!(header(&answer, "content-type"), "application/octet-stream");
    assert!(header(&answer, "content-disposition").starts_with("attachment;"));
}

async fn a_photo_has_its_thumbnail(server: TestServer) {
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let photo = include_bytes!("../../../fuzz/corpus/picture/photo-with-place.jpg");
    let id = tus.upload(photo, &[("filename", "photo.jpg"), ("as", "photo")]).await;
    let file: File =
        tus.get(&format!("/api/v1/uploads/{id}"), &[]).await.json().await.expect("a file");
    let thumbnail = tus.get(&file.thumbnail_url.expect("an address"), &[]).await;
    assert_eq!(
        (thumbnail.status().as_u16(), header(&thumbnail, "content-type")),
        (200, "image/jpeg".into())
    );
    let tag = header(&thumbnail, "etag");
    let bytes = thumbnail.bytes().await.expect("bytes");
    let headers = [("range", "bytes=2-9"), ("if-range", &*tag)];
    let part = tus.get(&format!("/api/v1/files/{id}/thumbnail"), &headers).await;
    assert_eq!(part.status(), 206);
    assert_eq!(part.bytes().await.expect("bytes"), bytes[2..10]);
    assert_eq!(server.objects().await, [format!("files/{id}"), format!("thumbnails/{id}")]);
}
