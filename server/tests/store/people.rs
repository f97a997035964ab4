//! Accounts and finding people.

use app::protocol::UserId;
use server::store::users::NewUser;
use server::store::{Store, StoreError};

use crate::database::{Database, on_both_engines};

on_both_engines!(
    an_account_is_read_as_it_was_made,
    a_username_and_an_id_are_taken_once,
    people_are_found_by_a_prefix_of_either_name,
    keys_of_names_of_old_are_brought_up_to_date,
);

fn new_user(id: i64, username: &str) -> NewUser {
    NewUser {
        id: UserId::new(id),
        username: username.into(),
        nickname: format!("{username} 林美 🌿"),
        password_hash: "$argon2id$hash".into(),
        created_at: 77,
    }
}

async fn an_account_is_read_as_it_was_made(db: &Database) {
    db.insert_user(&new_user(7, "mei.lin")).await.expect("a new user");
    let user = db.user(UserId::new(7)).await.expect("a read").expect("a user");
    assert_eq!((user.username.as_str(), user.nickname.as_str()), ("mei.lin", "mei.lin 林美 🌿"));
    assert_eq!((user.created_at, user.presence, user.avatar_url.clone()), (77, None, None));
    let credentials = db.credentials("Mei.Lin").await.expect("a read").expect("credentials");
    assert_eq!(credentials.user, user);
    assert_eq!(credentials.password_hash, "$argon2id$hash");
    assert!(db.user(UserId::new(8)).await.expect("a read").is_none());
    assert!(db.credentials("mei.li").await.expect("a read").is_none());
    db.ping().await.expect("the database answers");
}

async fn a_username_and_an_id_are_taken_once(db: &Database) {
    db.insert_user(&new_user(7, "mei")).await.expect("a new user");
    let name = db.insert_user(&new_user(8, "mei")).await;
    assert!(matches!(name, Err(StoreError::Conflict("username"))), "{name:?}");
    let id = db.insert_user(&new_user(7, "bob")).await;
    assert!(matches!(id, Err(StoreError::Conflict("id"))), "{id:?}");
}

async fn people_are_found_by_a_prefix_of_either_name(db: &Database) {
    db.person(1, "anna", "Straße").await;
    db.person(2, "annabel", "ANNA the second").await;
    db.person(3, "carl", "Änne 😀").await;
    db.person(4, "dora", "Änne 😁").await;
    db.person(5, "under_score", "100% sure").await;
    let find = async |prefix: &str, limit| {
        let found = db.find_users(prefix, limit).await.expect("a read");
        found.into_iter().map(|user| user.username).collect::<Vec<_>>()
    };
    // Of ANNA and Änne the accents count as little as the case.
    assert_eq!(find("AN", 10).await, ["anna", "annabel", "carl", "dora"]);
    assert_eq!(find("strasse", 10).await, ["anna"]);
    assert_eq!(find("A\u{308}NNE", 10).await, ["carl", "dora"]);
    assert_eq!(find("änne 😀", 10).await, ["carl"]);
    assert_eq!(find("an", 1).await, ["anna"]);
    assert_eq!(find("100%", 10).await, ["under_score"]);
    for nobody in ["nna", "%", "under_scorx", "_", "a%", "dora x"] {
        assert_eq!(find(nobody, 10).await, [""; 0], "{nobody}");
    }
}

async fn keys_of_names_of_old_are_brought_up_to_date(db: &Database) {
    // More than are brought up to date at a time.
    for id in 1..=1_001 {
        db.person(id, &format!("user{id}"), &format!("Nguyễn {id}")).await;
    }
    db.execute("UPDATE user SET nickname_key = x'00'; DELETE FROM upgrade").await;
    let found = async |store: &Store| {
        let found = store.find_users("nguyen 1001", 10).await.expect("a search");
        found.into_iter().map(|user| user.username).collect::<Vec<_>>()
    };
    assert!(found(db).await.is_empty(), "by a key of old nobody is found");
    let again = Store::open(&db.location).await.expect("it opens again");
    assert_eq!(found(&again).await, ["user1001"]);
    // Once is enough.
    db.execute("UPDATE user SET nickname_key = x'00'").await;
    let again = Store::open(&db.location).await.expect("it opens again");
    assert!(found(&again).await.is_empty());
}
