//! Forgetting what counts no longer, batch by batch.

use app::protocol::{LoginId, UserId};
use server::store::logins::LoginRow;

use crate::database::{Database, on_both_engines};

on_both_engines!(idle_logins_are_forgotten, old_departures_are_forgotten);

async fn idle_logins_are_forgotten(db: &Database) {
    db.person(7, "mei", "Mei").await;
    for id in 1..=7 {
        let login = LoginRow {
            id: LoginId::new(id),
            user_id: UserId::new(7),
            generation: 1,
            refresh_hash: vec![1],
            device: "Firefox".into(),
            created_at: 10,
            last_used_at: if id % 2 == 0 { 100 } else { 50 },
            prior_used_at: 10,
            use_gaps: Vec::new(),
        };
        db.insert_login(&login, "$argon2id$test", 0, 99).await.expect("a write").expect("it holds");
    }
    let left = async || db.number("SELECT COUNT(*) FROM login").await;
    let sweep = async |after| {
        let last = db.end_idle_logins(LoginId::new(after), 50, 3).await.expect("a write");
        last.map(LoginId::get)
    };
    assert_eq!((sweep(0).await, left().await), (Some(3), 5));
    // Cut off, and begun anew: what is done is done.
    assert_eq!((sweep(0).await, left().await), (Some(5), 4));
    assert_eq!((sweep(5).await, left().await), (Some(7), 3));
    assert_eq!((sweep(7).await, left().await), (None, 3));
    assert_eq!(db.number("SELECT COUNT(*) FROM login WHERE last_used_at <= 50").await, 0);
}

async fn old_departures_are_forgotten(db: &Database) {
    const DAY: i64 = 24 * 60 * 60 * 1_000;
    db.execute(
        "INSERT INTO departure (conversation_id, user_id, added_by, left_at) VALUES \
         (1, 1, 1, 10), (1, 2, 1, 11), (1, 2, 9, 10), (2, 1, 1, 99), (3, 1, 1, 9), (3, 4, 1, 10)",
    )
    .await;
    let left = async || db.number("SELECT COUNT(*) FROM departure").await;
    let sweep = async |after| db.forget_departures(after, 10 + DAY, 2).await.expect("a write");
    // All of a group's at once, though only some of them were looked at.
    assert_eq!((sweep((0, 0, 0)).await, left().await), (Some((1, 2, 1)), 4));
    assert_eq!((sweep((1, 2, 1)).await, left().await), (Some((3, 1, 1)), 2));
    assert_eq!((sweep((3, 1, 1)).await, left().await), (None, 2));
    assert_eq!(db.number("SELECT COUNT(*) FROM departure WHERE left_at > 10").await, 2);
}
