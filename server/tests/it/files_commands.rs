//! `kith files check` and `kith files copy`: what they find and say, and that they change nothing that is not theirs.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use app::protocol::Me;
use futures_util::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::task::block_in_place;

use crate::cli::beside;
use crate::harness::{Fault, S3, TestServer, Tus, on_both_stores, some_bytes};

on_both_stores!(check_tells_what_only_one_of_the_two_knows);

const PHOTO: &[u8] = include_bytes!("../../../fuzz/corpus/picture/photo-with-place.jpg");

/// Files of all kinds: whole, with a thumbnail, unfinished, and the picture of a person. The ids of a file, a photo and
/// an upload.
async fn fill(server: &TestServer) -> [i64; 3] {
    let mei = server.person("mei").await;
    let tus = Tus::of(server, &mei);
    let file = tus.upload(&some_bytes(200_000), &[]).await;
    let photo = tus.upload(PHOTO, &[("as", "photo")]).await;
    let path = tus.begin(300_000, &[]).await;
    assert_eq!(tus.piece(&path, 0, &some_bytes(100_000)).await.status(), 204);
    let upload = path.rsplit('/').next().expect("an id").parse().expect("a number");
    let url = format!("{}/api/v1/users/me/avatar", server.url);
    let put = reqwest::Client::new().put(url).bearer_auth(&mei.token).body(PHOTO).send().await;
    let _: Me = put.expect("answers").json().await.expect("oneself");
    [file, photo, upload]
}

/// The exit code, and the lines that it says.
fn run(command: &mut Command) -> (Option<i32>, Vec<String>) {
    let Output { status, stdout, stderr } = block_in_place(|| command.output()).expect("kith runs");
    let said = String::from_utf8(stdout).expect("text");
    let mut lines: Vec<_> = said.lines().map(str::to_owned).collect();
    lines.sort();
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(!stderr.contains("panicked"), "{stderr}");
    (status.code(), lines)
}

async fn check_tells_what_only_one_of_the_two_knows(server: TestServer) {
    let [file, photo, upload] = fill(&server).await;
    let check = || {
        let mut check = beside(&server);
        check.envs(server.s3().map(S3::variables).unwrap_or_default());
        run(check.args(["files", "check"]))
    };
    let all_well = vec!["3 files, 0 missing objects, 0 strangers".to_owned()];
    assert_eq!(check(), (Some(0), all_well), "a whole file, a photo and a picture");
    let strangers = [
        "avatars/0a".into(),
        "files/1".into(),
        format!("thumbnails/{file}"),
        "uploads/1/0-9".into(),
    ];
    for stranger in &strangers {
        server.put_object(stranger, b"nobody's").await;
    }
    let (code, said) = check();
    let mut expected: Vec<_> = strangers.iter().map(|name| format!("stranger: {name}")).collect();
    expected.insert(0, "3 files, 0 missing objects, 4 strangers".into());
    assert_eq!((code, said), (Some(0), expected.clone()), "nobody misses anything");
    let picture = server.objects_below("avatars").await.pop().expect("one");
    let missing = [picture, format!("files/{file}"), format!("thumbnails/{photo}")];
    for name in &missing {
        server.lose_object(name).await;
    }
    let (code, said) = check();
    expected[0] = "3 files, 3 missing objects, 4 strangers".into();
    expected.splice(1..1, missing.iter().map(|name| format!("missing: {name}")));
    assert_eq!((code, said), (Some(1), expected));
    // The server finds the same by itself, and says so.
    server.hurry("compare_files").await;
    server.logged("table and store of files differ", 1).await;
    assert!((server.metric("kith_files_missing").await - 3.0).abs() < 0.1);
    assert!((server.metric("kith_files_strangers").await - 4.0).abs() < 0.1);
    for stranger in &strangers {
        assert!(server.has_object(stranger).await, "{stranger} was deleted");
    }
    assert_eq!(server.objects_below(&format!("uploads/{upload}")).await.len(), 1);
}

/// All objects below a name, with their bytes.
async fn all(store: &dyn ObjectStore) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for kind in ["files", "thumbnails", "avatars", "uploads"] {
        let listed = store.list(Some(&kind.into()));
        for object in listed.try_collect::<Vec<_>>().await.expect("a list") {
            let bytes = store.get(&object.location).await.expect("there").bytes().await;
            all.insert(object.location.to_string(), bytes.expect("bytes").to_vec());
        }
    }
    all
}

fn folder(path: &Path) -> object_store::local::LocalFileSystem {
    object_store::local::LocalFileSystem::new_with_prefix(path).expect("a folder")
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_from_a_folder_to_s3_and_back() {
    let mut server = TestServer::start(crate::harness::Engine::Sqlite).await;
    let [file, ..] = fill(&server).await;
    let there = all(&folder(&server.data())).await;
    assert_eq!(there.len(), 5);
    let s3 = S3::in_process();
    let to_s3 =
        || run(beside(&server).envs(s3.keys()).args(["files", "copy", "--to", &s3.files_url()]));
    // Cut off, it says so, and goes on where it was.
    s3.faults().fail(Fault::HangsUp);
    assert_eq!(to_s3(), (Some(1), Vec::new()));
    s3.faults().heal();
    assert_eq!(to_s3(), (Some(0), vec!["5 objects copied.".into()]));
    assert!(all(&*s3.objects()).await == there, "byte for byte");
    assert_eq!(to_s3(), (Some(0), vec!["0 objects copied.".into()]));
    s3.objects().delete(&format!("files/{file}").into()).await.expect("deleted");
    assert_eq!(to_s3(), (Some(0), vec!["1 objects copied.".into()]));
    // Back into another folder, by the settings of a server that has its files in S3.
    let back = tempfile::tempdir().expect("a folder");
    let url = format!("file://{}", back.path().display());
    let back_again =
        || run(beside(&server).envs(s3.variables()).args(["files", "copy", "--to", &url]));
    assert_eq!(back_again(), (Some(0), vec!["5 objects copied.".into()]));
    assert!(all(&folder(back.path())).await == there, "byte for byte");
    // The server goes on with either, the unfinished upload too.
    let variables = s3.variables();
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    server.kill_and_restart(&variables);
    let answer = server.client().get("/readyz").await;
    assert_eq!(answer.text, "ok");
    assert!(all(&*s3.objects()).await == there);
}
