//! Files that are not what they seem, and names that nobody should have: kept to the byte or cleaned, never run, never
//! more than a download.

use app::protocol::{ErrorKind, File};
use reqwest::Response;

use crate::harness::{BOMB, Engine, Person, TestServer, Tus, gif, header};

macro_rules! sample {
    ($name:literal) => {
        include_bytes!(concat!("../../../fuzz/corpus/picture/", $name)).as_slice()
    };
}

const HTML: &[u8] = b"<!DOCTYPE html><script>alert(1)</script>";
const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
/// What a browser would take for a script, were it not told otherwise.
const SCRIPT_IN_GIF: &[u8] = b"GIF89a/*\xff\xff\0\0\0*/=alert(1)//";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>";
const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\x08\0evil.html";
const OTHER: &str = "application/octet-stream";

/// As a browser is to take it, whoever sends it there.
#[track_caller]
fn assert_harmless(answer: &Response, what: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(header(answer, name), value, "{what}");
    }
    let (mime, manner) = (header(answer, "content-type"), header(answer, "content-disposition"));
    let begins = if mime == OTHER { "attachment; " } else { "inline; " };
    assert!(manner.starts_with(begins), "{what}: {mime} {manner}");
}

/// Sends it as a file, under a name and a type that lie; it is kept to the byte, and handed out as this type.
async fn as_file(tus: &Tus, bytes: &[u8], said: &str, mime: &str) {
    let id = tus.upload(bytes, &[("filename", "cat.jpg"), ("filetype", said)]).await;
    let answer = tus.get(&format!("/api/v1/files/{id}"), &[]).await;
    let what = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).into_owned();
    assert_harmless(&answer, &what);
    assert_eq!(header(&answer, "content-type"), mime, "{what}");
    assert!(answer.bytes().await.expect("bytes") == bytes, "{what}: another one");
    let thumbnail = tus.get(&format!("/api/v1/files/{id}/thumbnail"), &[]).await;
    assert_eq!(thumbnail.status(), 404, "{what}: a file is not looked at");
}

/// Sends it as a photo, and returns the file and its bytes; the error where it is refused.
async fn as_photo(tus: &Tus, bytes: &[u8]) -> Result<(File, Vec<u8>), u16> {
    let path = tus.begin(bytes.len(), &[("filename", "cat.jpg"), ("as", "photo")]).await;
    let answer = tus.piece(&path, 0, bytes).await;
    if answer.status() != 204 {
        assert_eq!(tus.offset(&path).await, Err(404), "nothing of it is left");
        return Err(answer.status().as_u16());
    }
    let file: File = tus.get(&path, &[]).await.json().await.expect("a file");
    let answer = tus.get(file.url.as_deref().expect("a path"), &[]).await;
    assert_harmless(&answer, &file.mime);
    Ok((file, answer.bytes().await.expect("bytes").to_vec()))
}

async fn mei(server: &TestServer) -> (Person, Tus) {
    let mei = server.person("mei").await;
    let tus = Tus::of(server, &mei);
    (mei, tus)
}

#[tokio::test]
async fn what_is_no_picture_is_refused_as_one_and_else_a_download() {
    let server = TestServer::start(Engine::Sqlite).await;
    let (_mei, tus) = mei(&server).await;
    for bytes in [HTML, SVG, SCRIPT_IN_GIF, PDF, ZIP, b"\x89PNG\r\n\x1a\n<html>alert(1)</html>"] {
        for said in ["image/jpeg", "text/html", "image/svg+xml", "\"><script>"] {
            as_file(&tus, bytes, said, OTHER).await;
        }
        let refused = as_photo(&tus, bytes).await.expect_err("it is none");
        assert_eq!(refused, ErrorKind::UnsupportedType.status());
    }
    // What lies about a picture changes nothing either.
    as_file(&tus, sample!("grey.jpg"), "text/html", "image/jpeg").await;
    as_file(&tus, sample!("indexed.png"), "image/svg+xml", "image/png").await;
}

#[tokio::test]
async fn what_is_two_things_is_only_a_picture() {
    let server = TestServer::start(Engine::Sqlite).await;
    let (_mei, tus) = mei(&server).await;
    for (picture, other, mime) in [
        (sample!("animated.gif"), b"*/=alert(1)//".as_slice(), "image/gif"),
        (sample!("progressive.jpg"), ZIP, "image/jpeg"),
        (sample!("photo-with-place.jpg"), ZIP, "image/jpeg"),
        (sample!("indexed.png"), HTML, "image/png"),
        (sample!("lossy.webp"), SVG, "image/webp"),
    ] {
        let both = [picture, other].concat();
        as_file(&tus, &both, "text/html", mime).await;
        let (file, kept) = as_photo(&tus, &both).await.expect("it is one");
        assert_eq!((&*file.mime, file.thumbnail_url.is_some()), (mime, true));
        assert!(!kept.windows(other.len()).any(|part| part == other), "{mime}: behind its end");
        assert!(!kept.windows(6).any(|part| part == b"SECRET"), "{mime}");
    }
}

#[tokio::test]
async fn what_is_too_large_or_cut_off_is_a_download() {
    let server = TestServer::start(Engine::Sqlite).await;
    let (_mei, tus) = mei(&server).await;
    assert_eq!(BOMB.len(), 65);
    for (bytes, is_kept) in [
        (BOMB, true),
        (&*gif(5_000, 4_000, 40), true),
        (&*gif(20_000, 10, 1), true),
        (sample!("truncated.jpg"), false),
    ] {
        let (file, kept) = as_photo(&tus, bytes).await.expect("it may be downloaded");
        assert_eq!((&*file.mime, file.width, file.thumbnail_url), (OTHER, None, None));
        assert_eq!(kept == bytes, is_kept, "{} bytes", bytes.len());
        assert!(!kept.windows(6).any(|part| part == b"SECRET"));
    }
    as_file(&tus, BOMB, "image/png", OTHER).await;
    as_file(&tus, &gif(5_000, 4_000, 40), "image/gif", OTHER).await;
}

#[tokio::test]
async fn names_are_harmless_wherever_they_stand() {
    let server = TestServer::start(Engine::Sqlite).await;
    let (mei, tus) = mei(&server).await;
    let long = format!("{}.tar.gz", "é".repeat(150));
    for (sent, kept) in [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("..", "file"),
        ("/", "file"),
        ("", "file"),
        ("two\r\nSet-Cookie: a=b\0.txt", "twoSet-Cookie: a=b.txt"),
        ("line\u{2028}and\u{2029}page.txt", "lineandpage.txt"),
        ("invoice\u{202e}gpj.exe", "invoicegpj.exe"),
        ("\u{2066}a\u{200f}b\u{feff}.txt", "ab.txt"),
        ("a\"; filename=\"evil.html", "a\"; filename=\"evil.html"),
        ("50% of 'it'*.txt", "50% of 'it'*.txt"),
        ("<script>.html", "<script>.html"),
        ("报告 🌿.pdf", "报告 🌿.pdf"),
        (&long, &long[..long.len()]),
    ] {
        let id = tus.upload(b"x", &[("filename", sent)]).await;
        let file: File =
            tus.get(&format!("/api/v1/uploads/{id}"), &[]).await.json().await.expect("a file");
        if sent == long {
            assert!(file.name.len() <= 255 && file.name.ends_with("é.gz"), "{}", file.name);
        } else {
            assert_eq!(file.name, kept, "{sent:?}");
        }
        for query in ["", "?download"] {
            let answer = tus.get(&format!("/api/v1/files/{id}{query}"), &[]).await;
            let said = header(&answer, "content-disposition");
            let (begin, name) = said.split_once("filename*=UTF-8''").expect("a name");
            assert_eq!(begin, "attachment; ");
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._%".contains(&byte);
            assert!(name.bytes().all(plain), "{said}");
            assert_eq!(decoded(name), file.name, "as it was sent");
            assert_eq!(header(&answer, "set-cookie"), "");
        }
    }
    // By a form as well, under the file's name or a field's.
    for (name, field) in [("../x\u{202e}.txt", None), ("y", Some("../x\u{202e}.txt"))] {
        let part = reqwest::multipart::Part::bytes(b"x".as_slice()).file_name(name);
        let mut form = reqwest::multipart::Form::new();
        if let Some(field) = field {
            form = form.text("filename", field);
        }
        let request = reqwest::Client::new().post(format!("{}/api/v1/files", server.url));
        let request = request.bearer_auth(&mei.token).multipart(form.part("file", part));
        let file: File = request.send().await.expect("answers").json().await.expect("a file");
        assert_eq!(file.name, "x.txt");
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut left = text.bytes();
    while let Some(byte) = left.next() {
        let digit = |byte: u8| char::from(byte).to_digit(16).expect("a digit");
        bytes.push(if byte == b'%' {
            let (high, low) = (left.next().expect("two"), left.next().expect("two"));
            u8::try_from(digit(high) * 16 + digit(low)).expect("a byte")
        } else {
            byte
        });
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[tokio::test]
async fn ranges_of_every_bad_kind_are_not_heeded_or_outside() {
    let server = TestServer::start(Engine::Sqlite).await;
    let (mei, tus) = mei(&server).await;
    let ten = format!("/api/v1/files/{}", tus.upload(b"0123456789", &[]).await);
    let empty = format!("/api/v1/files/{}", tus.upload(b"", &[]).await);
    let many = format!("bytes={}", "0-1,".repeat(10_000));
    for range in [
        "bytes=",
        "bytes=-",
        "bytes=3-2",
        "bytes=a-b",
        "bytes=+1-2",
        "bytes=1--2",
        "bytes=1-2-3",
        "bytes=0-1,3-4",
        "bytes 0-1",
        "bytes=0x0-0x1",
        "bytes=٠-١",
        "items=0-1",
        "=0-1",
        "-",
        "",
        "BYTES",
        "bytes=NaN-",
        "bytes=1e3-",
        &many,
    ] {
        let Ok(value) = reqwest::header::HeaderValue::from_bytes(range.as_bytes()) else {
            continue;
        };
        let request = reqwest::Client::new().get(format!("{}{ten}", server.url));
        let request = request.header("authorization", mei.client.header("authorization"));
        let answer = request.header("range", value).send().await.expect("answers");
        assert_eq!(
            (answer.status().as_u16(), header(&answer, "content-length")),
            (200, "10".into())
        );
        assert_eq!(answer.bytes().await.expect("bytes"), "0123456789", "{range}");
    }
    for (path, size, outside) in [
        (&ten, 10, ["bytes=10-", "bytes=10-10", "bytes=-0", "bytes=99999999999999999999999999-"]),
        (&empty, 0, ["bytes=0-", "bytes=0-0", "bytes=-1", "bytes=-0"]),
    ] {
        for range in outside {
            let answer = tus.get(path, &[("range", range)]).await;
            assert_eq!(answer.status(), ErrorKind::BadRange.status(), "{range}");
            assert_eq!(header(&answer, "content-range"), format!("bytes */{size}"), "{range}");
        }
    }
    for (range, part) in
        [("bytes=8-99999999999999999999", "89"), ("bytes=-99999999999999999", "0123456789")]
    {
        let answer = tus.get(&ten, &[("range", range)]).await;
        assert_eq!(
            (answer.status().as_u16(), answer.text().await.expect("text")),
            (206, part.into())
        );
    }
}
