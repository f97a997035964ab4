//! Contacts.

use app::protocol::{Alias, Contact, Presence, PresenceStatus, UserId};

use server::store::accounts::Deletion;

use crate::database::{Database, NOW, on_both_engines};

on_both_engines!(
    contacts_are_listed_by_the_names_they_have,
    pages_follow_one_another_whatever_the_names_are,
    whoever_is_gone_is_nobodys_contact,
);

fn alias(text: &str) -> Alias {
    Alias::parse(text).expect("a name")
}

async fn names(db: &Database, user: UserId) -> Vec<(i64, Option<String>)> {
    let page = db.contacts(user, None, 100).await.expect("a read");
    assert_eq!(page.next_cursor, None);
    page.items.into_iter().map(|contact| (contact.user.id.get(), contact.alias)).collect()
}

async fn contacts_are_listed_by_the_names_they_have(db: &Database) {
    let mei = db.person(1, "mei", "Mei").await;
    for (id, name) in [(2, "Zoë"), (3, "ana"), (4, "Bo")] {
        db.person(id, &format!("user{id}"), name).await;
        assert!(db.put_contact(mei.id, UserId::new(id), None, NOW).await.expect("a write"));
    }
    let ids = async || names(db, mei.id).await.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(ids().await, [3, 4, 2]);
    let put = async |id: i64, alias: Option<Alias>| {
        db.put_contact(mei.id, UserId::new(id), alias.as_ref(), NOW).await.expect("a write")
    };
    assert!(put(2, Some(alias("Aaron"))).await && put(3, Some(alias("林美 🌿"))).await);
    assert_eq!(
        names(db, mei.id).await,
        [(2, Some("Aaron".to_owned())), (4, None), (3, Some("林美 🌿".to_owned()))]
    );
    assert!(put(2, None).await, "without an alias again");
    assert_eq!(ids().await, [4, 2, 3]);
    assert!(!put(99, None).await, "nobody");
    assert!(names(db, UserId::new(2)).await.is_empty(), "one's own");
    db.set_last_seen(&[(UserId::new(4), 77)]).await.expect("a write");
    let Contact { user, .. } = db.contacts(mei.id, None, 1).await.expect("a read").items.remove(0);
    let offline = Presence { status: PresenceStatus::Offline, last_seen_at: Some(77) };
    assert_eq!((user.id.get(), user.presence), (4, Some(offline)));
    for _ in 0..2 {
        db.remove_contact(mei.id, UserId::new(4)).await.expect("a write");
    }
    assert_eq!(ids().await, [2, 3]);
}

async fn pages_follow_one_another_whatever_the_names_are(db: &Database) {
    let mei = db.person(1, "mei", "Mei").await;
    // Some are called alike.
    let nicknames = ["Bo", "bo", "Ana", "é", "\u{10ffff}", "林", "Bo", "a.b"];
    for (id, nickname) in (2..).zip(nicknames) {
        db.person(id, &format!("user{id}"), nickname).await;
        db.put_contact(mei.id, UserId::new(id), None, NOW).await.expect("a write");
    }
    let whole = names(db, mei.id).await;
    assert_eq!(whole.len(), nicknames.len());
    for limit in 1..=9 {
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = db.contacts(mei.id, cursor.as_deref(), limit).await.expect("a read");
            seen.extend(page.items.into_iter().map(|contact| (contact.user.id.get(), None)));
            assert!(seen.len() <= whole.len(), "nobody comes twice");
            cursor = page.next_cursor;
            let Some(next) = &cursor else { break };
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            assert!(next.chars().all(plain), "{next} stands in an address as it is");
        }
        assert_eq!(seen, whole, "{limit} a page");
    }
    let from_the_start = db.contacts(mei.id, Some("nonsense"), 2).await.expect("a read");
    assert_eq!(from_the_start.items.len(), 2);
}

async fn whoever_is_gone_is_nobodys_contact(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    for (one, other) in [(&mei, &tom), (&tom, &mei)] {
        assert!(db.put_contact(one.id, other.id, None, NOW).await.expect("a write"));
        db.block(one.id, other.id, NOW).await.expect("a write").expect("both are there");
    }
    let deleted = db.delete_user(tom.id, "$argon2id$test", NOW).await.expect("a write");
    assert!(matches!(deleted, Deletion::Done(_)));
    assert!(names(db, mei.id).await.is_empty() && names(db, tom.id).await.is_empty());
    assert!(db.blocks(mei.id, None, 50).await.expect("a read").items.is_empty());
    assert!(!db.put_contact(mei.id, tom.id, None, NOW).await.expect("a write"));
    assert_eq!(db.block(mei.id, tom.id, NOW).await.expect("a write"), None);
}
