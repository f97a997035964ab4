//! Sign-ins.

use app::protocol::{LoginId, UserId};
use server::store::StoreError;
use server::store::logins::LoginRow;

use crate::database::{Database, on_both_engines};

on_both_engines!(
    a_login_begins_steps_and_ends,
    only_one_of_many_steps_a_generation,
    those_that_live_are_told_from_those_that_ended,
);

fn login(id: i64, user: i64, last_used_at: i64) -> LoginRow {
    LoginRow {
        id: LoginId::new(id),
        user_id: UserId::new(user),
        generation: 1,
        refresh_hash: vec![0, 255, 7],
        device: "Firefox 🦊".into(),
        created_at: 10,
        last_used_at,
    }
}

async fn a_login_begins_steps_and_ends(db: &Database) {
    let (old, new, foreign) = (login(1, 7, 10), login(2, 7, 20), login(3, 8, 30));
    for login in [&old, &new, &foreign] {
        db.insert_login(login).await.expect("a new login");
    }
    let taken = db.insert_login(&old).await;
    assert!(matches!(taken, Err(StoreError::Conflict("id"))), "{taken:?}");
    assert_eq!(db.login(old.id).await.expect("a read"), Some(old.clone()));
    assert_eq!(db.logins_of(old.user_id).await.expect("a read"), [new.clone(), old.clone()]);

    assert!(db.step_login(old.id, 1, &[9, 9], 40).await.expect("a step"));
    assert!(!db.step_login(old.id, 1, &[8, 8], 50).await.expect("a step"), "it has moved on");
    let stepped =
        LoginRow { generation: 2, refresh_hash: vec![9, 9], last_used_at: 40, ..old.clone() };
    assert_eq!(db.logins_of(old.user_id).await.expect("a read"), [stepped, new]);

    assert!(!db.end_login(foreign.user_id, old.id).await.expect("a write"), "not theirs");
    assert!(db.end_login(old.user_id, old.id).await.expect("a write"));
    assert!(!db.end_login(old.user_id, old.id).await.expect("a write"), "already ended");
    assert_eq!(db.login(old.id).await.expect("a read"), None);
    assert!(!db.step_login(old.id, 2, &[1], 60).await.expect("a step"));
}

async fn only_one_of_many_steps_a_generation(db: &Database) {
    db.insert_login(&login(1, 7, 10)).await.expect("a new login");
    let steps = (0..16).map(|task| {
        let store = db.store.clone();
        tokio::spawn(async move { store.step_login(LoginId::new(1), 1, &[task], 20).await })
    });
    let mut stepped = 0;
    for step in steps.collect::<Vec<_>>() {
        stepped += u32::from(step.await.expect("no panic").expect("a step"));
    }
    assert_eq!(stepped, 1);
}

async fn those_that_live_are_told_from_those_that_ended(db: &Database) {
    // More than one statement asks for.
    let ids: Vec<_> = (1..=300).map(LoginId::new).collect();
    for id in &ids {
        db.insert_login(&login(id.get(), 7, 10)).await.expect("a new login");
    }
    for id in [2, 299] {
        assert!(db.end_login(UserId::new(7), LoginId::new(id)).await.expect("a write"));
    }
    let living = db.living_logins(&ids).await.expect("a read");
    let ended: Vec<_> = ids.iter().filter(|id| !living.contains(id)).map(|id| id.get()).collect();
    assert_eq!((living.len(), ended), (298, vec![2, 299]));
    assert!(db.living_logins(&[]).await.expect("no read").is_empty());
}
