//! Sign-ins.

use app::protocol::{LoginId, UserId};
use server::store::StoreError;
use server::store::accounts::Deletion;
use server::store::logins::LoginRow;

use crate::database::{Database, on_both_engines};

on_both_engines!(
    a_login_begins_steps_and_ends,
    only_one_of_many_steps_a_generation,
    those_that_live_are_told_from_those_that_ended,
    a_login_begins_only_with_the_password_that_stands,
    all_logins_but_one_end,
    what_is_idle_or_too_much_makes_room,
    many_that_begin_at_once_are_counted,
);

/// The hash of everyone's password here.
const HASH: &str = "$argon2id$test";
/// A moment after which every login here was used.
const NEVER: i64 = 0;

fn login(id: i64, user: i64, last_used_at: i64) -> LoginRow {
    LoginRow {
        id: LoginId::new(id),
        user_id: UserId::new(user),
        generation: 1,
        refresh_hash: vec![0, 255, 7],
        device: "Firefox 🦊".into(),
        created_at: 10,
        last_used_at,
        prior_used_at: 10,
        use_gaps: Vec::new(),
    }
}

/// Begins a login beside any number of others; tells whether it holds.
async fn begin(db: &Database, login: &LoginRow, hash: &str) -> bool {
    let begun = db.insert_login(login, hash, NEVER, usize::MAX).await.expect("a try");
    assert!(begun.as_ref().is_none_or(Vec::is_empty), "{begun:?}");
    begun.is_some()
}

async fn people(db: &Database) {
    db.person(7, "mei", "Mei").await;
    db.person(8, "tom", "Tom").await;
}

async fn a_login_begins_steps_and_ends(db: &Database) {
    people(db).await;
    let (old, new, foreign) = (login(1, 7, 10), login(2, 7, 20), login(3, 8, 30));
    for login in [&old, &new, &foreign] {
        assert!(begin(db, login, HASH).await);
    }
    let taken = db.insert_login(&old, HASH, NEVER, 9).await;
    assert!(matches!(taken, Err(StoreError::Conflict("id"))), "{taken:?}");
    assert_eq!(db.login(old.id, NEVER).await.expect("a read"), Some(old.clone()));
    assert_eq!(db.logins_of(old.user_id, NEVER).await.expect("a read"), [new.clone(), old.clone()]);

    let stepped = LoginRow {
        generation: 2,
        refresh_hash: vec![9, 9],
        last_used_at: 40,
        prior_used_at: 15,
        use_gaps: vec![30_000, 0, 258],
        ..old.clone()
    };
    assert!(db.step_login(&stepped).await.expect("a step"));
    let late = LoginRow { last_used_at: 50, ..stepped.clone() };
    assert!(!db.step_login(&late).await.expect("a step"), "it has moved on");
    assert_eq!(db.logins_of(old.user_id, NEVER).await.expect("a read"), [stepped, new]);

    assert!(!db.end_login(foreign.user_id, old.id).await.expect("a write"), "not theirs");
    assert!(db.end_login(old.user_id, old.id).await.expect("a write"));
    assert!(!db.end_login(old.user_id, old.id).await.expect("a write"), "already ended");
    assert_eq!(db.login(old.id, NEVER).await.expect("a read"), None);
    assert!(!db.step_login(&LoginRow { generation: 3, ..old }).await.expect("a step"));
}

async fn only_one_of_many_steps_a_generation(db: &Database) {
    people(db).await;
    assert!(begin(db, &login(1, 7, 10), HASH).await);
    let steps = (0..16).map(|task| {
        let store = db.store.clone();
        let step = LoginRow { generation: 2, refresh_hash: vec![task], ..login(1, 7, 20) };
        tokio::spawn(async move { store.step_login(&step).await })
    });
    let mut stepped = 0;
    for step in steps.collect::<Vec<_>>() {
        stepped += u32::from(step.await.expect("no panic").expect("a step"));
    }
    assert_eq!(stepped, 1);
}

async fn those_that_live_are_told_from_those_that_ended(db: &Database) {
    people(db).await;
    // More than one statement asks for.
    let ids: Vec<_> = (1..=300).map(LoginId::new).collect();
    for id in &ids {
        assert!(begin(db, &login(id.get(), 7, 10), HASH).await);
    }
    for id in [2, 299] {
        assert!(db.end_login(UserId::new(7), LoginId::new(id)).await.expect("a write"));
    }
    let living = db.living_logins(&ids, NEVER).await.expect("a read");
    let ended: Vec<_> = ids.iter().filter(|id| !living.contains(id)).map(|id| id.get()).collect();
    assert_eq!((living.len(), ended), (298, vec![2, 299]));
    assert!(db.living_logins(&[], NEVER).await.expect("no read").is_empty());
}

async fn a_login_begins_only_with_the_password_that_stands(db: &Database) {
    people(db).await;
    let mei = UserId::new(7);
    let begins = async |id, hash| begin(db, &login(id, 7, 10), hash).await;
    assert!(!begins(1, "another hash").await);
    assert!(begins(1, HASH).await);
    let wrong = db.set_password(mei, Some("another hash"), "new", None).await.expect("a try");
    assert_eq!(wrong, None);
    assert!(begins(2, HASH).await);
    let kept = Some(LoginId::new(1));
    let ended = db.set_password(mei, Some(HASH), "new", kept).await.expect("a write");
    assert_eq!(ended, Some(vec![LoginId::new(2)]));
    assert!(!begins(3, HASH).await);
    let ended = db.set_disabled(mei, Some(5)).await.expect("a write");
    assert_eq!(ended, [LoginId::new(1)]);
    assert!(!begins(3, "new").await, "kept out");
    assert!(db.credentials("mei").await.expect("a read").expect("someone").disabled);
    assert_eq!(db.set_disabled(mei, None).await.expect("a write"), []);
    assert!(begins(3, "new").await);
    let deleted = db.delete_user(mei, "new", 9).await.expect("a write");
    assert!(matches!(deleted, Deletion::Done(_)));
    assert!(!begins(4, "new").await && !begins(4, "").await, "gone");
}

async fn all_logins_but_one_end(db: &Database) {
    people(db).await;
    let mei = UserId::new(7);
    for id in 1..=300 {
        assert!(begin(db, &login(id, 7, id), HASH).await);
    }
    assert!(begin(db, &login(301, 8, 1), HASH).await);
    let ended = db.end_logins(mei, Some(LoginId::new(300))).await.expect("a write");
    assert_eq!(ended, (1..300).map(LoginId::new).collect::<Vec<_>>());
    let left: Vec<_> =
        db.logins_of(mei, NEVER).await.expect("a read").iter().map(|row| row.id).collect();
    assert_eq!(left, [LoginId::new(300)]);
    assert_eq!(db.end_logins(mei, None).await.expect("a write"), [LoginId::new(300)]);
    assert_eq!(db.logins_of(UserId::new(8), NEVER).await.expect("a read").len(), 1, "not theirs");
}

async fn what_is_idle_or_too_much_makes_room(db: &Database) {
    people(db).await;
    let mei = UserId::new(7);
    for (id, last_used_at) in [(1, 50), (2, 20), (3, 40), (4, 30)] {
        assert!(begin(db, &login(id, 7, last_used_at), HASH).await);
    }
    assert!(begin(db, &login(9, 8, 10), HASH).await);
    // Not used after 20, it lives no more, though it is there.
    assert_eq!(db.login(LoginId::new(2), 20).await.expect("a read"), None);
    assert!(db.login(LoginId::new(2), 19).await.expect("a read").is_some());
    let ids = [1, 2, 3, 4].map(LoginId::new);
    assert_eq!(db.living_logins(&ids, 30).await.expect("a read"), [1, 3].map(LoginId::new).into());
    let shown = db.logins_of(mei, 20).await.expect("a read");
    assert_eq!(shown.iter().map(|row| row.id.get()).collect::<Vec<_>>(), [1, 3, 4]);

    let ended = async |login, idle, kept| {
        db.insert_login(&login, HASH, idle, kept).await.expect("a write").expect("it holds")
    };
    assert_eq!(ended(login(5, 7, 60), 20, 3).await, [LoginId::new(2)]);
    assert_eq!(ended(login(6, 7, 70), 20, 3).await, [LoginId::new(4)]);
    assert_eq!(ended(login(7, 7, 80), 55, 3).await, [1, 3].map(LoginId::new));
    assert_eq!(ended(login(8, 7, 90), 55, 3).await, []);
    assert_eq!(db.logins_of(UserId::new(8), NEVER).await.expect("a read").len(), 1, "not theirs");
}

async fn many_that_begin_at_once_are_counted(db: &Database) {
    people(db).await;
    let begin = (1..=16).map(|id| {
        let store = db.store.clone();
        tokio::spawn(async move { store.insert_login(&login(id, 7, id), HASH, NEVER, 4).await })
    });
    for begun in begin.collect::<Vec<_>>() {
        begun.await.expect("no panic").expect("a write").expect("it holds");
    }
    assert_eq!(db.logins_of(UserId::new(7), NEVER).await.expect("a read").len(), 5);
}
