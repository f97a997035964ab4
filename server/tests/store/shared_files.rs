//! Who may have a file, and lists of files.

use std::sync::Arc;

use app::protocol::{FileId, FileKind, History, MessageRef, User, UserId};
use server::store::Store;

use crate::database::{Database, NOW, on_both_engines};
use crate::message_files::{PHOTO, VOICE, files, pictures, recall, send};
use crate::writer::pair;

on_both_engines!(
    who_reads_a_message_may_have_its_files,
    a_conversations_files_are_listed_newest_first,
    ones_own_files_are_listed_largest_first_with_where_they_were_sent,
);

async fn has(store: &Store, reader: UserId, id: FileId) -> bool {
    let found = store.file_for_reader(reader, id).await.expect("a read");
    if let Some(found) = &found {
        assert_eq!((found.file.id, found.thumbnail_mime.as_deref()), (id, Some("image/jpeg")));
    }
    found.is_some()
}

/// A group of these people in which the history is as given; whoever comes is in it from its first message on.
async fn group(db: &Database, people: &[(&Arc<User>, i64)], history: History) -> i64 {
    let history = if history == History::All { 2 } else { 1 };
    db.execute(&format!(
        "INSERT INTO conversation (id, kind, name, history, member_count, created_at) \
         VALUES (7, 2, 'Tea', {history}, {}, 1)",
        people.len()
    ))
    .await;
    for (person, joined) in people {
        db.execute(&format!(
            "INSERT INTO message_session (user_id, conversation_id, joined_seq, joined_at) \
             VALUES ({}, 7, {joined}, 1)",
            person.id
        ))
        .await;
    }
    7
}

async fn who_reads_a_message_may_have_its_files(db: &Database) {
    let (mei, tom, _) = pair(db).await;
    let (ana, eve) = (db.person(3, "ana", "Ana").await, db.person(4, "eve", "Eve").await);
    let id = group(db, &[(&mei, 1), (&tom, 1), (&ana, 2)], History::Joined).await;
    let (writer, id) = (db.writer(), app::protocol::ConversationId::new(id));
    let file = db.upload(1, &mei, PHOTO).await;
    assert!(has(db, mei.id, file).await, "its uploader, before it is sent");
    assert!(!has(db, tom.id, file).await);
    let sent = send(&writer, id, &mei, "1", pictures(&[file], "")).await.expect("stored").message;
    let readers = async || {
        let mut readers = Vec::new();
        for person in [&mei, &tom, &ana, &eve] {
            readers.push(has(db, person.id, file).await);
        }
        readers
    };
    assert_eq!(readers().await, [true, true, false, false], "Ana came later");
    db.execute("UPDATE conversation SET history = 2 WHERE id = 7").await;
    assert_eq!(readers().await, [true, true, true, false]);
    db.execute(
        "UPDATE message_session SET cleared_seq = 1 WHERE conversation_id = 7 AND user_id = 3",
    )
    .await;
    assert_eq!(readers().await, [true, true, false, false], "she has hidden it from herself");
    // Elsewhere as well.
    let of = MessageRef { conversation_id: id, seq: sent.seq };
    let forward = app::protocol::NewContent::Forward(of);
    let aside = db.private(&tom, &eve).await;
    let shared = send(&writer, aside, &tom, "1", forward).await.expect("stored").message;
    assert_eq!(readers().await, [true, true, false, true]);
    // Tom is removed from the group, but has it by the forward; and then no more.
    db.execute("DELETE FROM message_session WHERE conversation_id = 7 AND user_id = 2").await;
    assert_eq!(readers().await, [true, true, false, true]);
    recall(&writer, &shared, &tom).await;
    assert_eq!(readers().await, [true, false, false, false]);
    recall(&writer, &sent, &mei).await;
    assert_eq!(readers().await, [false; 4], "it is gone");
    let begun = db.upload(2, &mei, PHOTO).await;
    db.execute("UPDATE file SET state = 1 WHERE id = 2").await;
    assert!(!has(db, mei.id, begun).await);
}

async fn a_conversations_files_are_listed_newest_first(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    let film = db.upload(3, &mei, PHOTO).await;
    db.execute("UPDATE file SET mime = 'video/mp4' WHERE id = 3").await;
    let album = [db.upload(1, &mei, PHOTO).await, db.upload(2, &mei, PHOTO).await, film];
    send(&writer, id, &mei, "1", pictures(&album, "")).await.expect("stored");
    writer.send(id, &tom, "2", "words").await.expect("stored");
    let voice = [db.upload(4, &tom, VOICE).await];
    send(&writer, id, &tom, "3", files(&voice, "")).await.expect("stored");
    // A picture that was sent as a file is one.
    let picture = [db.upload(5, &tom, PHOTO).await];
    send(&writer, id, &tom, "4", files(&picture, "")).await.expect("stored");
    let taken_back = [db.upload(6, &tom, PHOTO).await];
    let taken_back = send(&writer, id, &tom, "5", pictures(&taken_back, "")).await.expect("stored");
    recall(&writer, &taken_back.message, &tom).await;
    let list = async |reader: &User, kind: Option<FileKind>, limit: u32| {
        let (mut cursor, mut listed, mut pages) = (None::<String>, Vec::new(), 0);
        loop {
            let page = db.shared_files(reader.id, id, kind, cursor.as_deref(), limit).await;
            let page = page.expect("a read");
            pages += 1;
            for item in page.items {
                assert_eq!(item.created_at, NOW);
                listed.push((item.file.id.get(), item.seq.get(), item.sender.id == mei.id));
            }
            match page.next_cursor {
                Some(next) => cursor = Some(next),
                None => return (listed, pages),
            }
        }
    };
    let all = vec![(5, 4, false), (4, 3, false), (3, 1, true), (2, 1, true), (1, 1, true)];
    assert_eq!(list(&tom, None, 100).await, (all.clone(), 1));
    assert_eq!(list(&tom, None, 2).await, (all, 3), "in pages");
    for (kind, ids) in [
        (FileKind::Image, vec![(2, 1, true), (1, 1, true)]),
        (FileKind::Video, vec![(3, 1, true)]),
        (FileKind::Voice, vec![(4, 3, false)]),
        (FileKind::File, vec![(5, 4, false)]),
    ] {
        assert_eq!(list(&mei, Some(kind), 1).await.0, ids, "{kind:?}");
    }
    db.execute("UPDATE message_session SET cleared_seq = 1 WHERE user_id = 1").await;
    assert_eq!(list(&mei, None, 100).await.0, [(5, 4, false), (4, 3, false)]);
    let stranger = db.person(3, "ana", "Ana").await;
    assert_eq!(list(&stranger, None, 100).await.0, []);
}

async fn ones_own_files_are_listed_largest_first_with_where_they_were_sent(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let (writer, notes) = (db.writer(), db.private(&mei, &mei).await);
    let [small, large, unsent] = [
        db.upload(1, &mei, PHOTO).await,
        db.upload(5, &mei, PHOTO).await,
        db.upload(3, &mei, PHOTO).await,
    ];
    db.upload(4, &tom, PHOTO).await;
    db.upload(2, &mei, PHOTO).await;
    assert_eq!(db.files_used(mei.id).await.expect("a read"), 110);
    db.execute("UPDATE file SET state = 1 WHERE id = 2").await;
    assert_eq!(db.files_used(mei.id).await.expect("a read"), 110, "what is announced counts");
    db.execute("UPDATE file SET state = 3 WHERE id = 2").await;
    assert_eq!(db.files_used(mei.id).await.expect("a read"), 90);
    let first = send(&writer, id, &mei, "1", pictures(&[large, small], "")).await.expect("stored");
    send(&writer, notes, &mei, "1", pictures(&[large], "")).await.expect("stored");
    // What others do with it is theirs to know.
    let of = MessageRef { conversation_id: id, seq: first.message.seq };
    let his = db.private(&tom, &tom).await;
    let forward = app::protocol::NewContent::Forward(of);
    send(&writer, his, &tom, "1", forward.clone()).await.expect("stored");
    send(&writer, id, &tom, "2", forward).await.expect("stored");
    let (mut cursor, mut listed) = (None::<String>, Vec::new());
    loop {
        let page = db.own_files(mei.id, cursor.as_deref(), 2).await.expect("a read");
        listed.extend(page.items);
        let Some(next) = page.next_cursor else { break };
        cursor = Some(next);
    }
    let seen: Vec<_> = listed
        .iter()
        .map(|own| {
            let sent: Vec<_> =
                own.sent.iter().map(|place| (place.conversation_id, place.seq.get())).collect();
            (own.file.id, own.expires_at, sent)
        })
        .collect();
    let expected = [
        (large, None, vec![(notes, 1), (id, 1)]),
        (unsent, Some(NOW + 1), vec![]),
        (small, None, vec![(id, 1)]),
    ];
    assert_eq!(seen, expected);
    assert_eq!(listed[0].created_at, 5);
    db.execute("UPDATE message_session SET cleared_seq = 9 WHERE user_id = 1").await;
    let page = db.own_files(mei.id, None, 10).await.expect("a read");
    assert!(page.items.iter().all(|own| own.sent.is_empty()), "as far as they can be seen");
}
