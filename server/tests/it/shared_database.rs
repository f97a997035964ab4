//! Two servers on one MariaDB, which do not hear of each other's messages: the second has to be told that
//! this is meant.

use std::path::Path;

use sqlx::{Connection, MySqlConnection};
use tokio::time::{Duration, Instant};

use crate::cli::{assert_says, failure};
use crate::harness::{Engine, TestServer, command};

const SHARED: [(&str, &str); 3] = [
    ("KITH_SHARED_DATABASE", "true"),
    ("KITH_FILES_SHARED", "true"),
    ("KITH_JWT_SECRET", "one-key-for-both-nodes-0123456789"),
];

/// Another server on the database of this one ends with a sentence.
fn assert_refused(server: &TestServer) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = server.database_url().expect("on MariaDB");
    let said = failure(command(folder.path()).env("KITH_DATABASE_URL", &url));
    let name = url.rsplit('/').next().expect("a name");
    assert_says(&said, &["another kith", name, "KITH_DATABASE_URL", "KITH_SHARED_DATABASE=true"]);
    assert!(!said.contains("kith:kith"), "no password: {said}");
}

/// Which connection holds the lock.
async fn holder(connection: &mut MySqlConnection) -> Option<i64> {
    sqlx::query_scalar("SELECT CAST(IS_USED_LOCK(CONCAT('kith:', DATABASE())) AS SIGNED)")
        .fetch_one(connection)
        .await
        .expect("allowed")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_is_refused_also_after_a_cut() {
    let mut server = TestServer::start(Engine::MariaDb).await;
    tokio::task::block_in_place(|| assert_refused(&server));
    let url = server.database_url().expect("on MariaDB");
    let mut connection = MySqlConnection::connect(&url).await.expect("answers");
    let first = holder(&mut connection).await.expect("held");
    server.execute(format!("KILL {first}")).await;
    let begun = Instant::now();
    while holder(&mut connection).await.is_none_or(|id| id == first) {
        assert!(begun.elapsed() < Duration::from_secs(20), "the lock is not taken anew");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::task::block_in_place(|| assert_refused(&server));
    // The command line works beside it.
    let folder = tempfile::tempdir().expect("a folder");
    let migrated = command(folder.path()).env("KITH_DATABASE_URL", &url).arg("migrate").output();
    assert!(migrated.expect("kith runs").status.success());
    // One that ended, however it did, is in nobody's way.
    server.kill_and_restart(&[]);
    assert!(holder(&mut connection).await.is_some());
    assert!(tokio::task::block_in_place(|| server.terminate()));
    assert_eq!(holder(&mut connection).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_may_share_one_where_that_is_said() {
    let one = TestServer::start_with(Engine::MariaDb, &SHARED).await;
    let other = one.start_beside(&SHARED);
    let mei = one.person("mei").await;
    let client = other.client().with_bearer(&mei.token);
    client.get("/api/v1/users/me").await.json::<app::protocol::Me>(200);
}

/// On SQLite the folder's lock stands, whatever is said.
#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_is_never_shared() {
    let server = TestServer::start(Engine::Sqlite).await;
    let mut second = command(Path::new("/"));
    second.env("KITH_DATA_DIR", server.data()).env("KITH_SHARED_DATABASE", "true");
    assert_says(&failure(&mut second), &["in use by another kith"]);
}

/// Each server would keep its files to itself.
#[test]
fn servers_that_share_a_database_share_their_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut one = command(folder.path());
    one.env("KITH_SHARED_DATABASE", "true").env("KITH_DATABASE_URL", "mysql://kith:s3cret@h/kith");
    let said = failure(&mut one);
    assert_says(&said, &["KITH_FILES_SHARED", "s3://", "true"]);
    assert!(!said.contains("s3cret"), "{said}");
}
