//! Changes of accounts.

use app::protocol::{ConversationId, ErrorKind, Nickname, UserId};
use server::store::StoreError;
use server::store::accounts::{Changed, Deletion};

use crate::database::{Database, NOW, on_both_engines};

on_both_engines!(
    a_new_name_shows_in_private_conversations,
    settings_are_kept,
    a_deleted_account_leaves_its_messages,
    nobody_is_written_to_who_is_being_deleted,
);

fn nickname(text: &str) -> Nickname {
    Nickname::parse(text).expect("a nickname")
}

async fn version(db: &Database, user: UserId) -> i64 {
    db.heads(user).await.expect("a read").first().expect("one").version
}

async fn a_new_name_shows_in_private_conversations(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let eve = db.person(3, "eve", "Eve").await;
    let (id, notes) = (db.private(&mei, &tom).await, db.private(&mei, &mei).await);
    db.private(&mei, &eve).await;
    let writer = db.writer();
    for (conversation, name) in [(id, "1"), (notes, "2")] {
        writer.send(conversation, &mei, name, "words").await.expect("stored");
    }
    let before = version(db, tom.id).await;
    let changed = db.set_nickname(mei.id, &nickname("Mei Lin 🌿")).await.expect("a write");
    assert_eq!(changed, [Changed { conversation_id: id, partner: tom.id }]);
    assert!(version(db, tom.id).await > before);
    let seen = db.conversation(tom.id, id, NOW).await.expect("a read").expect("a member");
    assert_eq!(seen.name, "Mei Lin 🌿");
    assert_eq!(db.find_users("mei lin", 5).await.expect("a read").len(), 1);
    // The same again is no change.
    let before = version(db, tom.id).await;
    assert_eq!(db.set_nickname(mei.id, &nickname("Mei Lin 🌿")).await.expect("a write"), []);
    assert_eq!(version(db, tom.id).await, before);
}

async fn settings_are_kept(db: &Database) {
    let mei = db.person(1, "mei", "Mei").await;
    let settings = db.settings(mei.id).await.expect("a read").expect("someone");
    assert_eq!((&settings.user, settings.show_last_seen), (&*mei, true));
    db.set_show_last_seen(mei.id, false).await.expect("a write");
    assert!(!db.settings(mei.id).await.expect("a read").expect("someone").show_last_seen);
    assert_eq!(db.settings(UserId::new(9)).await.expect("a read"), None);
}

async fn a_deleted_account_leaves_its_messages(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let id = db.private(&mei, &tom).await;
    let writer = db.writer();
    writer.send(id, &mei, "1", "I was here").await.expect("stored");
    let hash = db.credentials("mei").await.expect("a read").expect("someone").password_hash;
    let refused = db.delete_user(mei.id, "another hash", 9).await.expect("a try");
    assert_eq!(refused, Deletion::NoSuchAccount);
    let before = version(db, tom.id).await;
    let deleted = db.delete_user(mei.id, &hash, 9).await.expect("a write");
    let Deletion::Done(deleted) = deleted else { panic!("{deleted:?}") };
    assert_eq!(deleted.conversations, [Changed { conversation_id: id, partner: tom.id }]);
    let again = db.delete_user(mei.id, &hash, 9).await.expect("a try");
    assert_eq!(again, Deletion::NoSuchAccount, "once");
    assert!(version(db, tom.id).await > before);

    let seen = db.conversation(tom.id, id, NOW).await.expect("a read").expect("a member");
    assert_eq!((seen.name.as_str(), seen.unread), ("Deleted account", 1));
    let last = seen.last_message.expect("it stays");
    assert_eq!((last.text(), last.sender.nickname.as_str()), ("I was here", "Deleted account"));
    assert!(!last.sender.username.contains("mei"));
    for name in ["mei", "Mei", "deleted"] {
        assert_eq!(db.find_users(name, 5).await.expect("a read"), [], "{name}");
    }
    assert!(db.credentials("mei").await.expect("a read").is_none());
    assert!(db.credentials_of(mei.id).await.expect("a read").is_none());
    assert!(db.settings(mei.id).await.expect("a read").is_none());

    // What was stored before is acknowledged again; nothing new is taken, and strangers learn
    // nothing.
    let again = writer.send(id, &mei, "1", "I was here").await.expect("a repeat");
    assert!(again.duplicate);
    let refused = writer.send(id, &tom, "2", "still there?").await.expect_err("closed");
    assert_eq!(refused.kind, ErrorKind::Forbidden);
    let eve = db.person(3, "eve", "Eve").await;
    let denied = writer.send(id, &eve, "3", "hello?").await.expect_err("not hers");
    assert_eq!(denied.kind, ErrorKind::NotFound);
    writer.mark(id, &tom, 1, 1).await.expect("it can still be read");
    let opened = db.open_private_conversation(eve.id, mei.id, ConversationId::new(77), 9).await;
    assert!(matches!(opened, Err(StoreError::Gone)), "{opened:?}");
    let taken = db.insert_person(4, "mei", "Mei again").await;
    assert!(matches!(taken, Err(StoreError::Conflict("username"))), "{taken:?}");
}

async fn nobody_is_written_to_who_is_being_deleted(db: &Database) {
    let mei = db.person(1, "mei", "Mei").await;
    let hash = db.credentials("mei").await.expect("a read").expect("someone").password_hash;
    let others: Vec<_> = (2..18).collect();
    for id in &others {
        db.person(*id, &format!("user{id}"), "Someone").await;
    }
    let opens = others.iter().map(|id| {
        let (store, id, mei) = (db.store.clone(), *id, mei.id);
        tokio::spawn(async move {
            let fresh = ConversationId::new(1_000 + id);
            store.open_private_conversation(UserId::new(id), mei, fresh, 9).await
        })
    });
    let opens: Vec<_> = opens.collect();
    let deleted = db.delete_user(mei.id, &hash, 9).await.expect("a write");
    assert!(matches!(deleted, Deletion::Done(_)));
    let writer = db.writer();
    for (id, opened) in others.iter().zip(opens) {
        match opened.await.expect("no panic") {
            // Made before, and so closed.
            Ok(opened) => {
                let sender = db.user(UserId::new(*id)).await.expect("a read").expect("someone");
                let sent = writer.send(opened.id, &sender.into(), "1", "hello").await;
                assert_eq!(sent.expect_err("closed").kind, ErrorKind::Forbidden);
            }
            Err(error) => assert!(matches!(error, StoreError::Gone), "{error}"),
        }
    }
}
