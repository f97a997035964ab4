//! Pictures of people: kept while somebody has them, and given up by the sweep when nobody has.

use std::sync::Arc;

use app::protocol::{ConversationId, GroupName, History, Timestamp, User, UserId};
use server::store::accounts::Deletion;
use server::store::writer::{ChangeKind, GroupSettings, NewAvatar, NewGroup};

use crate::catching_up::change;
use crate::database::{Database, NOW, on_both_engines};

on_both_engines!(
    a_picture_is_shown_wherever_its_person_is,
    a_picture_goes_when_nobody_has_it,
    a_picture_that_is_being_deleted_is_not_taken,
    a_deleted_account_takes_its_picture_along,
    a_group_without_members_lets_go_of_its_picture,
);

const HOUR: Timestamp = 60 * 60 * 1_000;

async fn reserve(db: &Database, hash: &str) {
    assert!(db.reserve_avatar(hash, NOW).await.expect("a write"));
}

async fn set(db: &Database, person: i64, hash: Option<&str>) {
    let set = db.set_avatar(UserId::new(person), hash, NOW).await.expect("a write");
    assert!(set.is_some(), "{hash:?} is kept");
}

/// What the sweep deletes at this moment.
async fn swept(db: &Database, now: Timestamp) -> Vec<String> {
    db.expire_avatars(now, 100).await.expect("a write");
    let gone = db.gone_avatars(100).await.expect("a read");
    for hash in &gone {
        db.forget_avatar(hash).await.expect("a write");
    }
    gone
}

async fn a_picture_is_shown_wherever_its_person_is(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let id = db.private(&mei, &tom).await;
    let before = db.heads(tom.id).await.expect("a read");
    reserve(db, "aa").await;
    set(db, 1, Some("aa")).await;
    let mei = db.user(mei.id).await.expect("a read").expect("she");
    assert_eq!(mei.avatar_url.as_deref(), Some("/avatars/aa"));
    let writer = db.writer();
    writer.send(id, &Arc::new(mei.clone()), "a", "hello").await.expect("stored");
    let page = db.chat_list(tom.id, false, None, 10, NOW).await.expect("a read");
    let row = &page.items[0];
    let seen = [
        &row.avatar_url,
        &row.peer.as_ref().expect("she").avatar_url,
        &row.last_message.as_ref().expect("a message").sender.avatar_url,
    ];
    assert_eq!(seen, [&mei.avatar_url; 3]);
    assert_ne!(db.heads(tom.id).await.expect("a read"), before, "who compares sees it");
}

async fn a_picture_goes_when_nobody_has_it(db: &Database) {
    db.person(1, "mei", "Mei").await;
    db.person(2, "tom", "Tom").await;
    for hash in ["aa", "bb", "never"] {
        reserve(db, hash).await;
    }
    set(db, 1, Some("aa")).await;
    set(db, 2, Some("aa")).await;
    set(db, 1, Some("bb")).await;
    assert_eq!(swept(db, NOW).await, [""; 0], "the other one has it still");
    set(db, 2, None).await;
    assert!(db.has_avatar("aa").await.expect("a read"));
    assert_eq!(swept(db, NOW).await, ["aa"]);
    assert!(!db.has_avatar("aa").await.expect("a read"));
    assert_eq!(swept(db, NOW + HOUR).await, ["never"], "what nobody took");
    assert_eq!(swept(db, NOW + 100 * HOUR).await, [""; 0], "what somebody has stays");
}

async fn a_picture_that_is_being_deleted_is_not_taken(db: &Database) {
    db.person(1, "mei", "Mei").await;
    reserve(db, "aa").await;
    db.expire_avatars(NOW + HOUR, 100).await.expect("a write");
    assert!(!db.reserve_avatar("aa", NOW).await.expect("a write"), "its bytes are going");
    let set = db.set_avatar(UserId::new(1), Some("aa"), NOW).await.expect("a write");
    assert_eq!(set, None);
    assert_eq!(swept(db, NOW).await, ["aa"]);
    reserve(db, "aa").await;
    self::set(db, 1, Some("aa")).await;
}

async fn a_deleted_account_takes_its_picture_along(db: &Database) {
    let mei = db.person(1, "mei", "Mei").await;
    let hash = db.credentials_of(mei.id).await.expect("a read").expect("hers").password_hash;
    reserve(db, "aa").await;
    set(db, 1, Some("aa")).await;
    let deleted = db.delete_user(mei.id, &hash, NOW).await.expect("a write");
    assert!(matches!(deleted, Deletion::Done(_)));
    assert_eq!(db.user(mei.id).await.expect("a read").expect("a row").avatar_url, None);
    assert_eq!(swept(db, NOW).await, ["aa"]);
}

async fn a_group_without_members_lets_go_of_its_picture(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let (writer, id) = (db.writer(), ConversationId::new(1));
    let does = async |who: &Arc<User>, kind: ChangeKind| {
        change(&writer, id, who, kind).await.await.expect("an answer").expect("done");
    };
    let new = NewGroup {
        name: GroupName::parse("Tea").expect("a name"),
        members: vec![tom.id],
        open: false,
        history: History::Joined,
    };
    does(&mei, ChangeKind::Create(new)).await;
    reserve(db, "aa").await;
    let avatar = Some(NewAvatar::Kept("aa".to_owned()));
    does(&mei, ChangeKind::Set(GroupSettings { avatar, ..GroupSettings::default() })).await;
    does(&mei, ChangeKind::Remove(mei.id)).await;
    assert_eq!(swept(db, NOW + HOUR).await, [""; 0], "he sees it still");
    does(&tom, ChangeKind::Remove(tom.id)).await;
    assert_eq!(swept(db, NOW + HOUR).await, ["aa"]);
}
