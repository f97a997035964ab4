//! Uploads on lease: one request at a time writes, and gives the upload back by the statement that says how far it is.

use std::time::Duration;

use app::protocol::{FileId, UserId};
use server::store::Store;
use server::store::uploads::{Begun, Described, NewUpload, Purpose, Quota};

use crate::database::{Database, on_both_engines};

on_both_engines!(an_upload_is_given_back_with_each_piece_but_the_last);

const LEASE: Duration = Duration::from_mins(1);

async fn an_upload_is_given_back_with_each_piece_but_the_last(db: &Database) {
    db.person(7, "mei", "Mei").await;
    let upload = NewUpload {
        id: FileId::new(1),
        owner: UserId::new(7),
        purpose: Purpose::File,
        name: "notes.txt".into(),
        size: 10,
        described: Described::default(),
        created_at: 5,
        expires_at: 50,
    };
    let quota = Quota { bytes: 100, unfinished: 1 };
    assert_eq!(db.begin_upload(&upload, quota).await.expect("a write"), Begun::Yes);
    let take = async |holder| db.lease_upload(upload.id, holder, LEASE).await.expect("a write");
    let first = take(1).await.expect("nobody has it");
    assert_eq!(take(2).await, None, "one at a time");
    assert!(db.advance_upload(first, 0..4, 60).await.expect("a write"));
    let second = take(2).await.expect("it was given back");
    assert!(!db.advance_upload(first, 0..4, 60).await.expect("a write"), "it is another's");
    assert!(db.advance_upload(second, 4..10, 70).await.expect("a write"));
    assert_eq!(take(3).await, None, "who has taken in the last piece makes the file");
    let found =
        Store::upload(db, upload.owner, upload.id).await.expect("a read").expect("it is there");
    assert_eq!((found.received, found.expires_at, found.whole), (10, Some(70), false));
}
