//! What a member sets of a conversation for themselves, and the order of the list by it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app::protocol::{Conversation, ConversationId, Seq, User};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use server::events::Fact;
use server::store::messages::Window;
use server::store::sessions::SessionChange;

use crate::database::{Database, NOW, TestWriter, on_both_engines};

on_both_engines!(
    a_member_sets_their_own_entry,
    a_new_message_brings_back_what_is_not_silent,
    what_is_hidden_is_gone_for_one,
    reading_takes_the_flag_away,
    the_list_is_right_whatever_is_set,
);

async fn change(db: &Database, user: &User, id: ConversationId, change: SessionChange) -> bool {
    db.change_session(user.id, id, change, NOW).await.expect("a write").expect("a member")
}

async fn seen(db: &Database, user: &User, id: ConversationId) -> Conversation {
    db.conversation(user.id, id, NOW).await.expect("a read").expect("a member")
}

/// The conversations in the list, or out of it.
async fn listed(db: &Database, user: &User, archived: bool) -> Vec<ConversationId> {
    let page = db.chat_list(user.id, archived, None, 100, NOW).await.expect("a read");
    page.items.into_iter().map(|row| row.id).collect()
}

const PINNED: SessionChange =
    SessionChange { pinned: Some(true), muted_until: None, archived: None, marked_unread: None };
const ARCHIVED: SessionChange =
    SessionChange { pinned: None, muted_until: None, archived: Some(true), marked_unread: None };
const MUTED: SessionChange =
    SessionChange { pinned: None, muted_until: Some(NOW + 1), archived: None, marked_unread: None };

async fn a_member_sets_their_own_entry(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let (eve, id) = (db.person(3, "eve", "Eve").await, db.private(&mei, &tom).await);
    db.writer().send(id, &tom, "a", "words").await.expect("stored");
    let theirs = (seen(db, &tom, id).await, db.heads(tom.id).await.expect("a read"));
    let version = async || db.heads(mei.id).await.expect("a read")[0].version;
    let before = version().await;
    let all = SessionChange {
        pinned: Some(true),
        muted_until: Some(NOW + 5),
        archived: Some(true),
        marked_unread: Some(true),
    };
    assert!(change(db, &mei, id, all).await);
    let row = seen(db, &mei, id).await;
    assert_eq!((row.pinned, row.muted_until), (true, Some(NOW + 5)));
    assert_eq!((row.archived, row.marked_unread), (true, true));
    let set = version().await;
    assert!(set > before, "whoever compares sees it");
    for nothing in [SessionChange::default(), PINNED] {
        assert!(!change(db, &mei, id, nothing).await, "so it was");
    }
    assert_eq!(version().await, set);
    let later = db.conversation(mei.id, id, NOW + 5).await.expect("a read").expect("a member");
    assert_eq!(later.muted_until, None, "it is over");
    let none = SessionChange {
        pinned: Some(false),
        muted_until: Some(0),
        archived: Some(false),
        marked_unread: Some(false),
    };
    assert!(change(db, &mei, id, none).await && version().await > set);
    let row = seen(db, &mei, id).await;
    assert!(!row.pinned && row.muted_until.is_none() && !row.archived && !row.marked_unread);
    let past = SessionChange { muted_until: Some(NOW), ..SessionChange::default() };
    assert!(!change(db, &mei, id, past).await, "what is past is no silence");
    let strangers = db.change_session(eve.id, id, PINNED, NOW).await.expect("a read");
    assert_eq!(strangers, None);
    let nowhere = db.change_session(mei.id, ConversationId::new(5), PINNED, NOW).await;
    assert_eq!(nowhere.expect("a read"), None);
    let unchanged = (seen(db, &tom, id).await, db.heads(tom.id).await.expect("a read"));
    assert_eq!(unchanged, theirs, "the other sees nothing of it");
}

async fn a_new_message_brings_back_what_is_not_silent(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let (ana, writer) = (db.person(3, "ana", "Ana").await, db.writer());
    let (loud, silent) = (db.private(&mei, &tom).await, db.private(&mei, &ana).await);
    assert!(!change(db, &mei, loud, ARCHIVED).await, "an empty one stands in no list");
    writer.send(loud, &tom, "a", "one").await.expect("stored");
    writer.send(silent, &ana, "a", "one").await.expect("stored");
    assert!(change(db, &mei, loud, ARCHIVED).await && change(db, &mei, silent, ARCHIVED).await);
    assert!(change(db, &mei, silent, MUTED).await);
    assert!(listed(db, &mei, false).await.is_empty());
    assert_eq!(listed(db, &mei, true).await, [silent, loud]);
    assert_eq!(listed(db, &tom, false).await, [loud], "it is hers alone");
    writer.send(loud, &tom, "b", "two").await.expect("stored");
    writer.send(silent, &ana, "b", "two").await.expect("stored");
    assert_eq!(listed(db, &mei, false).await, [loud]);
    assert_eq!(listed(db, &mei, true).await, [silent]);
    assert!(!seen(db, &mei, loud).await.archived && seen(db, &mei, silent).await.archived);
    // What came back does not vanish because it is muted.
    assert!(change(db, &mei, loud, MUTED).await);
    assert_eq!(listed(db, &mei, false).await, [loud]);
    // And when the silence is over, what was said in it counts.
    let later = db.chat_list(mei.id, false, None, 100, NOW + 1).await.expect("a read").items;
    assert_eq!(later.iter().map(|row| row.id).collect::<Vec<_>>(), [silent, loud]);
    assert!(later.iter().all(|row| !row.archived));
}

async fn what_is_hidden_is_gone_for_one(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let (id, writer) = (db.private(&mei, &tom).await, db.writer());
    for name in ["a", "b", "c"] {
        writer.send(id, &tom, name, "words").await.expect("stored");
    }
    assert!(change(db, &mei, id, PINNED).await && change(db, &mei, id, MUTED).await);
    let theirs = (seen(db, &tom, id).await, db.heads(tom.id).await.expect("a read"));
    let version = db.heads(mei.id).await.expect("a read")[0].version;
    for different in [true, false] {
        let hidden = db.hide_conversation(mei.id, id).await.expect("a write");
        assert_eq!(hidden, Some(different));
    }
    assert!(db.heads(mei.id).await.expect("a read")[0].version > version);
    assert!(listed(db, &mei, false).await.is_empty() && listed(db, &mei, true).await.is_empty());
    let row = seen(db, &mei, id).await;
    assert_eq!((row.first_seq, row.last_seq), (Seq::new(4), Seq::new(3)));
    assert_eq!((row.last_message, row.unread, row.pinned), (None, 0, false));
    let page = async |window| {
        let page = db.message_page(mei.id, id, window, 50).await.expect("a read").expect("hers");
        let seqs: Vec<_> = page.items.iter().map(|message| message.seq.get()).collect();
        (seqs, page.from_seq.get(), page.to_seq.get(), page.has_more_before)
    };
    assert_eq!(page(Window::Latest).await, (vec![], 4, 3, false));
    assert_eq!(page(Window::After(Seq::ZERO)).await, (vec![], 1, 3, false));
    let theirs_now = (seen(db, &tom, id).await, db.heads(tom.id).await.expect("a read"));
    assert_eq!(theirs_now, theirs, "the other keeps all");
    // It returns with what is new, and nothing else.
    writer.send(id, &tom, "d", "new").await.expect("stored");
    assert_eq!(listed(db, &mei, false).await, [id]);
    let row = seen(db, &mei, id).await;
    assert_eq!((row.first_seq, row.last_seq, row.unread), (Seq::new(4), Seq::new(4), 1));
    assert_eq!(row.muted_until, Some(NOW + 1), "as silent as before");
    assert_eq!(db.unread(mei.id, id).await.expect("a read"), 1);
    assert_eq!(page(Window::Latest).await, (vec![4], 4, 4, false));
    assert_eq!(page(Window::Around(Seq::new(2))).await, (vec![4], 4, 4, false));
    let at = db.message_page_at(mei.id, id, 0, 50).await.expect("a read").expect("hers");
    assert_eq!(at.items.len(), 1);
    let eve = db.person(3, "eve", "Eve").await;
    assert_eq!(db.hide_conversation(eve.id, id).await.expect("a read"), None);
}

async fn reading_takes_the_flag_away(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let (id, writer) = (db.private(&mei, &tom).await, db.writer());
    writer.send(id, &tom, "a", "words").await.expect("stored");
    writer.mark(id, &mei, 1, 1).await.expect("a mark");
    let flag = SessionChange { marked_unread: Some(true), ..SessionChange::default() };
    assert!(change(db, &mei, id, flag).await);
    writer.events.take();
    writer.mark(id, &mei, 1, 1).await.expect("a mark");
    assert!(!seen(db, &mei, id).await.marked_unread);
    let told = writer.events.take_facts();
    assert!(
        matches!(told[..], [Fact::MarksMoved { .. }, Fact::ConversationChanged { conversation_id, to }]
            if conversation_id == id && to == mei.id),
        "her other devices hear of it: {told:?}"
    );
}

/// One step of a run, in one of the conversations.
#[derive(Clone, Debug)]
enum Step {
    Say,
    Set(SessionChange),
    Hide,
    Wait,
}

const CHATS: usize = 4;

fn step() -> impl Strategy<Value = (usize, Step)> {
    let flag = || prop::option::weighted(0.4, any::<bool>());
    let muted = prop::option::weighted(0.3, -2..4_i64);
    let set = (flag(), muted, flag(), flag()).prop_map(|(pinned, muted, archived, marked)| {
        Step::Set(SessionChange { pinned, muted_until: muted, archived, marked_unread: marked })
    });
    let step =
        prop_oneof![4 => Just(Step::Say), 6 => set, 1 => Just(Step::Hide), 2 => Just(Step::Wait)];
    (0..CHATS, step)
}

/// What the contract says of a conversation, in its words.
#[derive(Clone, Copy, Debug, Default)]
struct Expected {
    said: i64,
    hidden: i64,
    active: i64,
    pinned: bool,
    marked: bool,
    muted_until: i64,
    put_away: bool,
    news_since: bool,
}

impl Expected {
    fn is_archived(self, now: i64) -> bool {
        self.put_away && (!self.news_since || self.muted_until > now)
    }
}

/// Sets and says things at random; the list and the archive, in pages of every size, always hold what
/// they should, each once, in their order.
async fn the_list_is_right_whatever_is_set(db: &Database) {
    let config = Config { cases: 8, max_shrink_iters: 0, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let handle = tokio::runtime::Handle::current();
    let round = AtomicI64::new(0);
    let writer = db.writer();
    let run = runner.run(&prop::collection::vec(step(), 40..60), |steps| {
        let base = 1 + round.fetch_add(10, Ordering::Relaxed);
        tokio::task::block_in_place(|| handle.block_on(play(db, &writer, base, &steps)));
        Ok(())
    });
    run.expect("the list is right");
}

async fn play(db: &Database, writer: &TestWriter, base: i64, steps: &[(usize, Step)]) {
    let mei = db.person(base, &format!("mei{base}"), "Mei").await;
    let mut chats: Vec<(ConversationId, Arc<User>, Expected)> = Vec::new();
    for number in 1..=i64::try_from(CHATS).expect("few") {
        let peer = db.person(base + number, &format!("peer{base}.{number}"), "Peer").await;
        chats.push((db.private(&mei, &peer).await, peer, Expected::default()));
    }
    let mut now = NOW;
    for (index, (chat, step)) in steps.iter().enumerate() {
        let (id, peer, expected) = &mut chats[*chat];
        match step {
            Step::Wait => now += 1,
            Step::Say => {
                writer.now.store(now, Ordering::Relaxed);
                writer.send(*id, peer, &format!("m{index}"), "words").await.expect("stored");
                (expected.said, expected.active) = (expected.said + 1, now);
                // Once back, it is back until it is put away again.
                expected.news_since = true;
            }
            Step::Hide => {
                db.hide_conversation(mei.id, *id).await.expect("a write").expect("hers");
                *expected = Expected {
                    hidden: expected.said,
                    pinned: false,
                    marked: false,
                    put_away: false,
                    ..*expected
                };
            }
            Step::Set(change) => {
                let muted_until = change.muted_until.map(|offset| (now + offset).max(0));
                let change = SessionChange { muted_until, ..*change };
                let changed = db.change_session(mei.id, *id, change, now).await;
                changed.expect("a write").expect("hers");
                expected.put_away = expected.is_archived(now);
                if let Some(archived) = change.archived {
                    expected.put_away = archived && expected.said > 0;
                    expected.news_since = false;
                }
                expected.pinned = change.pinned.unwrap_or(expected.pinned);
                expected.marked = change.marked_unread.unwrap_or(expected.marked);
                expected.muted_until = muted_until.unwrap_or(expected.muted_until);
            }
        }
        let limit = 1 + u32::try_from(index).expect("few") % 4;
        for archived in [false, true] {
            compare(db, &mei, &chats, (archived, limit, now)).await;
        }
    }
}

async fn compare(
    db: &Database,
    mei: &User,
    chats: &[(ConversationId, Arc<User>, Expected)],
    (archived, limit, now): (bool, u32, i64),
) {
    let listed = |chat: &&(ConversationId, Arc<User>, Expected)| {
        chat.2.said > chat.2.hidden && chat.2.is_archived(now) == archived
    };
    let mut wanted: Vec<_> = chats.iter().filter(listed).collect();
    wanted.sort_by_key(|(id, _, it)| (!it.pinned, -it.active, -id.get()));
    let (mut rows, mut cursor) = (Vec::new(), None);
    loop {
        let page = db.chat_list(mei.id, archived, cursor.as_deref(), limit, now).await;
        let page = page.expect("a read");
        rows.extend(page.items);
        assert!(rows.len() <= wanted.len(), "no row comes twice, and none that is not to come");
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    assert_eq!(ids, wanted.iter().map(|(id, ..)| *id).collect::<Vec<_>>());
    for (row, (_, _, it)) in rows.iter().zip(wanted) {
        assert_eq!((row.pinned, row.marked_unread), (it.pinned, it.marked));
        assert_eq!((row.archived, row.first_seq.get()), (archived, it.hidden + 1));
        assert_eq!(row.muted_until, (it.muted_until > now).then_some(it.muted_until));
        assert_eq!(i64::from(row.unread), it.said - it.hidden, "all are the peer's");
    }
}
