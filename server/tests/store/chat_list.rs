//! The chat list and its counts.

use std::sync::atomic::Ordering;

use app::protocol::{Conversation, ConversationKind, Presence, PresenceStatus, Role, Seq, User};

use crate::database::{Database, NOW, on_both_engines};

on_both_engines!(
    a_row_shows_the_conversation_as_its_reader_sees_it,
    the_list_is_paged_by_pin_and_activity,
    what_moves_up_between_pages_is_on_one_of_them,
    unread_counts_others_and_is_cut,
    hundreds_of_rows_have_their_counts,
);

async fn a_row_shows_the_conversation_as_its_reader_sees_it(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom 🐻").await);
    let id = db.private(&mei, &tom).await;
    let empty = db.chat_list(mei.id, false, None, 50, NOW).await.expect("a read");
    assert!(empty.items.is_empty() && empty.next_cursor.is_none(), "nothing was said yet");
    let unsaid = db.conversation(mei.id, id, NOW).await.expect("a read").expect("a member");
    assert_eq!((unsaid.last_seq, unsaid.last_message, unsaid.unread), (Seq::ZERO, None, 0));

    let writer = db.writer();
    writer.send(id, &mei, "a", "one").await.expect("stored");
    let last = writer.send(id, &tom, "b", "two").await.expect("stored").message;
    writer.mark(id, &tom, 1, 1).await.expect("a mark");
    let row = Conversation {
        id,
        kind: ConversationKind::Private,
        name: "Tom 🐻".into(),
        avatar_url: None,
        peer: Some(User {
            presence: Some(Presence { status: PresenceStatus::Offline, last_seen_at: Some(77) }),
            ..(*tom).clone()
        }),
        role: Some(Role::Member),
        member_count: 2,
        last_message: Some((*last).clone()),
        first_seq: Seq::new(1),
        last_seq: Seq::new(2),
        rev: 0,
        updated_at: 10_000,
        read_seq: Seq::new(1),
        delivered_seq: Seq::new(1),
        peer_read_seq: Some(Seq::new(2)),
        peer_delivered_seq: Some(Seq::new(2)),
        unread: 1,
        mention_seq: None,
        marked_unread: false,
        pinned: false,
        muted_until: None,
        archived: false,
        open: false,
        history: app::protocol::History::All,
    };
    db.set_last_seen(&[(tom.id, 77)]).await.expect("a write");
    let page = db.chat_list(mei.id, false, None, 50, NOW).await.expect("a read");
    assert_eq!(page.items, std::slice::from_ref(&row));
    assert_eq!(db.conversation(mei.id, id, NOW).await.expect("a read"), Some(row));
    let stranger = db.person(3, "eve", "Eve").await;
    assert_eq!(db.conversation(stranger.id, id, NOW).await.expect("a read"), None);
    assert_eq!(db.unread(stranger.id, id).await.expect("a read"), 0);
}

async fn the_list_is_paged_by_pin_and_activity(db: &Database) {
    let mei = db.person(1, "mei", "Mei").await;
    let writer = db.writer();
    let mut ids = Vec::new();
    for number in 2..=8 {
        let peer = db.person(number, &format!("peer{number}"), "Peer").await;
        let id = db.private(&mei, &peer).await;
        // Two each have the same time.
        writer.now.store(10_000 + number / 2, Ordering::Relaxed);
        writer.send(id, &mei, "a", "words").await.expect("stored");
        ids.push(id.get());
    }
    db.execute(&format!(
        "UPDATE message_session SET pinned = 1 WHERE conversation_id = {}",
        ids[0]
    ))
    .await;
    let mut seen = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = db.chat_list(mei.id, false, cursor.as_deref(), 3, NOW).await.expect("a read");
        seen.extend(page.items.iter().map(|row| row.id.get()));
        assert!(seen.len() <= 7, "no row comes twice");
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, [1_002, 1_008, 1_007, 1_006, 1_005, 1_004, 1_003]);
    let from_the_start =
        db.chat_list(mei.id, false, Some("nonsense"), 2, NOW).await.expect("a read");
    assert_eq!(from_the_start.items.len(), 2);
    let all = db.chat_list(mei.id, false, None, 7, NOW).await.expect("a read");
    assert_eq!((all.items.len(), all.next_cursor), (7, None));
}

/// All pages of Mei's list; before each but the first something happens.
async fn pages(
    db: &Database,
    mei: &User,
    limit: u32,
    mut happens: impl AsyncFnMut(usize),
) -> Vec<Vec<i64>> {
    let (mut pages, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let page = db.chat_list(mei.id, false, cursor.as_deref(), limit, NOW).await;
        let page = page.expect("a read");
        pages.push(page.items.iter().map(|row| row.id.get()).collect());
        assert!(pages.len() < 80, "it ends");
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => return pages,
        }
        happens(pages.len()).await;
    }
}

async fn what_moves_up_between_pages_is_on_one_of_them(db: &Database) {
    let mei = db.person(1, "mei", "Mei").await;
    let writer = db.writer();
    let mut chats = Vec::new();
    for number in 2..=13 {
        let peer = db.person(number, &format!("peer{number}"), "Peer").await;
        let id = db.private(&mei, &peer).await;
        writer.now.store(10_000 + number * 20_000, Ordering::Relaxed);
        writer.send(id, &peer, "a", "words").await.expect("stored");
        chats.push((id, peer));
    }
    let says = async |chat: usize, at: i64| {
        let (id, peer) = &chats[chat];
        writer.now.store(at, Ordering::Relaxed);
        writer.send(*id, peer, &format!("at-{at}"), "again").await.expect("stored");
    };
    let all: Vec<i64> = chats.iter().map(|(id, _)| id.get()).collect();
    let missing = |pages: &[Vec<i64>]| -> Vec<i64> {
        all.iter().copied().filter(|id| !pages.concat().contains(id)).collect()
    };
    // Nothing moves: each once.
    let quiet = pages(db, &mei, 4, async |_| ()).await;
    assert_eq!(quiet.concat(), all.iter().rev().copied().collect::<Vec<_>>());
    // The oldest moves to the top; it comes last, and nothing but what is about as new beside it.
    let moved = pages(db, &mei, 4, async |page| {
        if page == 1 {
            says(0, 1_000_000).await;
        }
    });
    let moved = moved.await;
    assert_eq!((missing(&moved), moved.last()), (vec![], Some(&vec![all[0], all[11]])));
    // One of the first page alone moves: all were there, and it is there once more.
    let known = pages(db, &mei, 4, async |page| {
        if page == 2 {
            says(0, 1_100_000).await;
        }
    });
    assert!(missing(&known.await).is_empty());
    // One that is committed later than another, though it was written before.
    let late = pages(db, &mei, 4, async |page| {
        if page == 1 {
            says(1, 1_099_990).await;
        }
    });
    assert!(missing(&late.await).is_empty());
    // One that is pinned meanwhile.
    let pinned = pages(db, &mei, 4, async |page| {
        if page == 1 {
            let id = all[2];
            let pin = format!("UPDATE message_session SET pinned = 1 WHERE conversation_id = {id}");
            db.execute(&pin).await;
        }
    });
    assert!(missing(&pinned.await).is_empty());
    // Much moves all the time, also while those are listed that moved.
    for limit in 1..=5 {
        let mut at = 2_000_000 * i64::from(limit);
        let busy = pages(db, &mei, limit, async |page| {
            if page < 30 {
                for chat in [page * 7 % 12, page * 5 % 12, (page + 11) % 12] {
                    at += 1_000;
                    says(chat, at).await;
                }
            }
        });
        assert!(missing(&busy.await).is_empty(), "{limit}");
    }
}

async fn unread_counts_others_and_is_cut(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let id = db.private(&mei, &tom).await;
    let writer = db.writer();
    let mut answers = Vec::new();
    // A long row of her own before what she has not read.
    writer.send(id, &tom, "first", "words").await.expect("stored");
    for number in 0..2_100 {
        answers.push(writer.queue(id, &mei, &format!("m{number}"), "words").await);
    }
    for number in 0..5 {
        answers.push(writer.queue(id, &tom, &format!("t{number}"), "words").await);
    }
    for answer in answers.drain(..) {
        answer.await.expect("an answer").expect("stored");
    }
    assert_eq!(db.unread(mei.id, id).await.expect("a read"), 6);
    assert_eq!(db.unread(tom.id, id).await.expect("a read"), 999, "2,100 are 999 or more");
    let row = db.chat_list(tom.id, false, None, 5, NOW).await.expect("a read").items.remove(0);
    assert_eq!(row.unread, 999);
    writer.mark(id, &tom, 0, 2_100).await.expect("a mark");
    db.execute("UPDATE message SET recalled = 1 WHERE seq = 2106").await;
    db.execute("UPDATE message SET message_type = 5 WHERE seq = 2105").await;
    assert_eq!(db.unread(tom.id, id).await.expect("a read"), 1);
    assert_eq!(db.unread(mei.id, id).await.expect("a read"), 4, "neither recalled nor system");
}

async fn hundreds_of_rows_have_their_counts(db: &Database) {
    let mei = db.person(1, "mei", "Mei").await;
    let writer = db.writer();
    let mut answers = Vec::new();
    for number in 2..=301 {
        let peer = db.person(number, &format!("peer{number}"), "Peer").await;
        let id = db.private(&mei, &peer).await;
        for message in 0..number % 4 {
            answers.push(writer.queue(id, &peer, &format!("m{message}"), "words").await);
        }
    }
    for answer in answers {
        answer.await.expect("an answer").expect("stored");
    }
    let list = db.chat_list(mei.id, false, None, 500, NOW).await.expect("a read");
    assert_eq!(list.items.len(), 225, "without the empty ones");
    for row in list.items {
        let peer = row.peer.expect("a peer");
        assert_eq!(i64::from(row.unread), peer.id.get() % 4);
        assert_eq!(row.last_seq.get(), peer.id.get() % 4);
    }
}
