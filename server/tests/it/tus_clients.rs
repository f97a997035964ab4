//! Uploads by clients that others have written, as they come: tus-js-client and tuspy.

use std::path::{Path, PathBuf};
use std::process::Command;

use app::protocol::File;
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bots::installed;
use crate::harness::{CutLine, Engine, Person, TestServer, Tus, some_bytes};

const PHOTO: &[u8] = include_bytes!("../../../fuzz/corpus/picture/photo-with-place.jpg");

/// Bytes of a piece, as the programs have it.
const PIECE: usize = 900_000;

/// What a program says of what it did.
#[derive(Deserialize)]
struct Done {
    /// Where its upload is.
    url: String,
    /// The method and the offset of each piece.
    pieces: Vec<(String, usize)>,
}

/// The folder of a program's user: a file to upload, and what the client keeps.
struct Desk {
    folder: TempDir,
    program: fn(&Path) -> Command,
}

impl Desk {
    fn new(program: fn(&Path) -> Command, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("报告 🌿.bin"), bytes).expect("written");
        Self { folder, program }
    }

    /// Runs the program to its end, with more to say to it.
    fn run(&self, url: &str, person: &Person, mut how: Value) -> Done {
        let path = |name: &str| self.folder.path().join(name);
        how["server"] = url.into();
        how["token"] = person.token.as_str().into();
        how["file"] = path("报告 🌿.bin").to_str().into();
        how["addresses"] = path("addresses.json").to_str().into();
        if how["metadata"].is_null() {
            how["metadata"] = json!({"filename": "报告 🌿.bin"});
        }
        let output = (self.program)(self.folder.path()).arg(how.to_string()).output();
        let output = output.expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        serde_json::from_slice(&output.stdout).expect("what it did")
    }
}

fn program(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bots").join(name)
}

fn javascript(folder: &Path) -> Command {
    // Modules are looked for beside the program.
    let (modules, copy) = (folder.join("node_modules"), folder.join("upload.mjs"));
    if !copy.exists() {
        std::os::unix::fs::symlink(installed("node_modules"), modules).expect("linked");
        std::fs::copy(program("upload.mjs"), &copy).expect("copied");
    }
    let mut command = Command::new("node");
    command.arg(copy);
    command
}

fn python(_: &Path) -> Command {
    let mut command = Command::new("python3");
    command.arg(program("upload.py")).env("PYTHONPATH", installed("python"));
    command
}

/// The file of an upload, which is whole.
async fn file(tus: &Tus, done: &Done) -> File {
    let path = done.url.split_once("/api/").expect("a path").1;
    tus.get(&format!("/api/{path}"), &[]).await.json().await.expect("a file")
}

async fn bytes(tus: &Tus, file: &File) -> Vec<u8> {
    let url = file.url.as_deref().expect("a path");
    tus.get(url, &[]).await.bytes().await.expect("bytes").to_vec()
}

/// Begins, is ended in the middle, goes on where it was, and has a photo cleaned.
async fn uploads_and_goes_on(program: fn(&Path) -> Command) {
    let server = TestServer::start(Engine::Sqlite).await;
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let sent = some_bytes(2 * PIECE + 700_000);
    let desk = Desk::new(program, &sent);
    let first = desk.run(&server.url, &mei, json!({"stopAt": PIECE}));
    assert_eq!(first.pieces, [("PATCH".to_owned(), 0)]);
    let second = desk.run(&server.url, &mei, json!({}));
    assert_eq!(second.url, first.url, "the same upload");
    let offsets: Vec<_> = second.pieces.iter().map(|(_, offset)| *offset).collect();
    assert_eq!(offsets, [PIECE, 2 * PIECE]);
    let kept = file(&tus, &second).await;
    assert_eq!((&*kept.name, kept.thumbnail_url.as_deref()), ("报告 🌿.bin", None));
    assert!(bytes(&tus, &kept).await == sent, "byte for byte");

    let desk = Desk::new(program, PHOTO);
    let metadata = json!({"filename": "照片 1.jpg", "filetype": "image/jpeg", "as": "photo"});
    let done = desk.run(&server.url, &mei, json!({"metadata": metadata}));
    let photo = file(&tus, &done).await;
    assert_eq!((&*photo.name, &*photo.mime, photo.width), ("照片 1.jpg", "image/jpeg", Some(32)));
    assert!(photo.thumbnail_url.is_some());
    assert!(!bytes(&tus, &photo).await.windows(6).any(|part| part == b"SECRET"));
}

#[tokio::test(flavor = "multi_thread")]
async fn tuspy_uploads_with_checksums_and_goes_on() {
    uploads_and_goes_on(python).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tus_js_client_uploads_and_goes_on() {
    uploads_and_goes_on(javascript).await;
}

/// What it can do besides: POST for PATCH, bytes with the creation, and ending what was begun.
#[tokio::test(flavor = "multi_thread")]
async fn tus_js_client_does_what_else_tus_has() {
    let server = TestServer::start(Engine::Sqlite).await;
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let sent = some_bytes(PIECE + 5);
    for (options, methods) in [
        (json!({"overridePatchMethod": true}), ["POST", "POST"]),
        (json!({"uploadDataDuringCreation": true}), ["POST", "PATCH"]),
    ] {
        let desk = Desk::new(javascript, &sent);
        let done = desk.run(&server.url, &mei, json!({"options": options}));
        let pieces: Vec<_> = done.pieces.iter().map(|(by, at)| (&**by, *at)).collect();
        assert_eq!(pieces, [(methods[0], 0), (methods[1], PIECE)], "{options}");
        assert!(bytes(&tus, &file(&tus, &done).await).await == sent, "{options}");
    }
    let desk = Desk::new(javascript, &sent);
    let ended = desk.run(&server.url, &mei, json!({"stopAt": PIECE, "end": true}));
    let path = ended.url.split_once("/api/").expect("a path").1;
    assert_eq!(tus.offset(&format!("/api/{path}")).await, Err(404));
}

/// 100 MiB with `KITH_TEST_ALL`, else a fifth of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_arrives_over_a_line_that_is_cut_twenty_times() {
    const CUTS: usize = 20;
    let size = if std::env::var_os("KITH_TEST_ALL").is_some() { 100 << 20 } else { 20 << 20 };
    let server = TestServer::start(Engine::Sqlite).await;
    let mei = server.person("mei").await;
    let tus = Tus::of(&server, &mei);
    let sent = some_bytes(size);
    let line = CutLine::to(&server, CUTS, i64::try_from(size / (CUTS + 5)).expect("few")).await;
    let desk = Desk::new(javascript, &sent);
    let done = desk.run(&line.url, &mei, json!({}));
    assert_eq!(line.cuts(), CUTS);
    let offsets = done.pieces.iter().map(|(_, offset)| *offset);
    assert!(offsets.clone().is_sorted(), "it never goes back: {:?}", done.pieces);
    assert!(offsets.clone().any(|offset| offset % PIECE != 0), "what came of a piece is kept");
    assert!(bytes(&tus, &file(&tus, &done).await).await == sent, "byte for byte");
}
