//! Opening the database, and what is said when it cannot be opened.

use std::fs;
use std::path::Path;

use server::store::{DataFolderLock, Location, OpenError, Store};

use crate::database::{Database, mysql_server, on_both_engines};

on_both_engines!(
    several_may_open_at_once,
    a_second_start_finds_everything,
    a_schema_that_is_not_ours_says_what_to_do,
);

/// All tables that the migrations make, and the one that counts these.
fn tables() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/sqlite");
    let mut tables = vec!["_sqlx_migrations".to_owned()];
    for migration in fs::read_dir(folder).expect("migrations") {
        let text = fs::read_to_string(migration.expect("a migration").path()).expect("a file");
        let made = text.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
        tables.extend(made.filter_map(|rest| rest.split_whitespace().next()).map(str::to_owned));
    }
    assert!(tables.len() > 10, "the migrations are there");
    tables
}

async fn several_may_open_at_once(db: &Database) {
    // Everything is undone first, so that all of them meet an empty database.
    for table in tables() {
        db.execute(&format!("DROP TABLE {table}")).await;
    }
    let starts = (0..8).map(|_| {
        let location = db.location.clone();
        tokio::spawn(async move { Store::open(&location).await.map(|_| ()) })
    });
    for start in starts.collect::<Vec<_>>() {
        start.await.expect("no panic").expect("it opens");
    }
    db.person(1, "mei", "Mei").await;
}

async fn a_second_start_finds_everything(db: &Database) {
    let mei = db.person(1, "mei", "Mei").await;
    db.store.close().await;
    let again = Store::open(&db.location).await.expect("it opens again");
    assert_eq!(again.user(mei.id).await.expect("a read").as_ref(), Some(&*mei));
}

async fn refusal(url: &str) -> (OpenError, String) {
    let Err(error) = Store::open(&Location::MySql(url.into())).await else {
        panic!("{url} opened");
    };
    let said = error.to_string();
    assert!(!said.contains("s3cret"), "{said}");
    (error, said)
}

#[tokio::test]
async fn an_unreachable_database_is_named_without_its_password() {
    let (error, said) = refusal("mysql://kith:s3cret@127.0.0.1:1/kith").await;
    assert!(matches!(error, OpenError::Unreachable { .. }), "{said}");
    assert!(said.starts_with("cannot reach the database at 127.0.0.1:1 "), "{said}");
}

#[tokio::test]
async fn a_wrong_password_and_a_missing_database_are_told_apart() {
    let server = mysql_server();
    let (scheme, place) = server.split_once("://").expect("a URL");
    let (login, host) = place.rsplit_once('@').expect("a login");
    let (name, _) = login.split_once(':').expect("a password");
    let (error, said) = refusal(&format!("{scheme}://{name}:s3cret@{host}/kith")).await;
    assert!(matches!(error, OpenError::AccessDenied { .. }), "{said}");
    let (error, said) = refusal(&format!("{server}/kith_not_there")).await;
    assert!(matches!(error, OpenError::NoDatabase { .. }), "{said}");
    assert!(said.contains("CREATE DATABASE `kith_not_there`"), "{said}");
}

async fn a_schema_that_is_not_ours_says_what_to_do(db: &Database) {
    for (change, advice) in [
        ("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1", "a newer kith"),
        ("UPDATE _sqlx_migrations SET version = 1, checksum = 'x' WHERE version = 9999", "build"),
        ("UPDATE _sqlx_migrations SET success = 0", "restore your last backup"),
        ("DELETE FROM _sqlx_migrations", "may create and alter tables"),
    ] {
        db.execute(change).await;
        let error = Store::open(&db.location).await.err().expect("an error");
        assert!(matches!(error, OpenError::Migration { .. }), "{error}");
        let said = error.to_string();
        assert!(said.contains(advice) && !said.contains('\n'), "{said}");
    }
}

#[tokio::test]
async fn a_url_of_another_kind_is_refused() {
    for url in ["postgres://kith:s3cret@localhost/kith", "mysql://kith:s3cret@localhost", "kith.db"]
    {
        let (error, said) = refusal(url).await;
        assert!(matches!(error, OpenError::BadUrl), "{said}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("data");
    std::fs::write(&file, "a file where the folder should be").expect("a file");
    let error = Store::open(&Location::Sqlite(file.clone())).await.err().expect("an error");
    assert!(matches!(error, OpenError::Folder { .. }), "{error}");
    assert!(error.to_string().contains(&file.display().to_string()), "{error}");
}

#[test]
fn a_data_folder_belongs_to_one_server() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let held = DataFolderLock::take(folder.path()).expect("the first takes it");
    let second = DataFolderLock::take(folder.path()).expect_err("it is taken");
    assert!(second.to_string().contains("in use by another kith"), "{second}");
    drop(held);
    DataFolderLock::take(folder.path()).expect("it is free again");
}

#[test]
fn a_location_does_not_print_its_password() {
    let location = Location::MySql("mysql://kith:s3cret@localhost/kith".into());
    assert!(!format!("{location:?}").contains("s3cret"));
}
