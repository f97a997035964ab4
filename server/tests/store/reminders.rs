//! Reminders: set, seen, claimed and told once, whoever dies in between.

use std::collections::HashSet;
use std::time::Duration;

use app::protocol::{ConversationId, NotificationId, Seq, UserId, limits};
use server::clock::{Clock, random};
use server::store::reminders::{NewReminder, SetOutcome};

use crate::database::{Database, on_both_engines};

on_both_engines!(
    one_is_set_anew_and_a_thousand_are_the_most,
    each_is_told_once_by_two_at_once,
    what_a_teller_left_is_told_by_the_next,
    what_cannot_be_told_is_given_up,
    what_cannot_be_seen_is_dropped,
    whoever_is_gone_is_reminded_of_nothing,
);

const LEASE: Duration = Duration::from_mins(1);
const MEI: UserId = UserId::new(1);
const CHAT: ConversationId = ConversationId::new(7);

/// Two people, and a conversation with so many messages in it.
async fn talk(db: &Database, messages: i64) {
    db.person(1, "mei", "Mei").await;
    db.person(2, "ana", "Ana").await;
    db.execute(&format!(
        "INSERT INTO conversation (id, kind, pair_key, name, member_count, last_seq, created_at, last_activity) \
         VALUES (7, 1, '1:2', '', 2, {messages}, 1, 1)"
    ))
    .await;
    db.execute(
        "INSERT INTO message_session (conversation_id, user_id, role) VALUES (7, 1, 3), (7, 2, 3)",
    )
    .await;
    db.execute(&format!(
        "INSERT INTO message (conversation_id, seq, sender_id, client_id, message_type, content, created_at) \
         WITH RECURSIVE n (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < 1000) \
         SELECT 7, (a.seq - 1) * 1000 + b.seq, 2, CONCAT('c', (a.seq - 1) * 1000 + b.seq), 1, 'tea', 1 \
         FROM n a, n b WHERE a.seq <= {messages} / 1000 + 1 AND (a.seq - 1) * 1000 + b.seq <= {messages}"
    ))
    .await;
}

async fn set(db: &Database, id: i64, user: UserId, seq: i64, at: i64) -> SetOutcome {
    let (id, seq) = (NotificationId::new(id), Seq::new(seq));
    let new = NewReminder { id, user, conversation: CHAT, seq, at };
    db.set_reminder(new).await.expect("a write")
}

async fn count(db: &Database, wanted: &str) -> i64 {
    db.number(&format!("SELECT COUNT(*) FROM reminder WHERE {wanted}")).await
}

/// Claims and tells until nothing is due; the ids that were told.
async fn tell_all(db: &Database) -> Vec<i64> {
    let mut told = Vec::new();
    loop {
        let claim = db.claim_due_reminders(random::<u32>().into(), LEASE).await.expect("a write");
        if claim.is_empty() {
            return told;
        }
        let reminders = db.claimed_reminders(&claim).await.expect("a read");
        let ids: Vec<_> = reminders.iter().map(|(_, reminder)| reminder.id).collect();
        told.extend(ids.iter().map(|id| id.get()));
        let settled = db.settle_reminders(&claim, &ids).await.expect("a write");
        assert_eq!(usize::try_from(settled), Ok(claim.len()));
    }
}

async fn one_is_set_anew_and_a_thousand_are_the_most(db: &Database) {
    talk(db, 1_100).await;
    let most = i64::try_from(limits::REMINDERS).expect("small");
    for seq in 1..=most {
        assert_eq!(set(db, seq, MEI, seq, i64::MAX / 4).await, SetOutcome::Set);
    }
    assert_eq!(set(db, 2_000, MEI, most + 1, 5).await, SetOutcome::TooMany);
    assert_eq!(set(db, 2_001, MEI, 3, 5).await, SetOutcome::Set, "one that is there");
    assert_eq!(count(db, "seq = 3 AND id = 2001").await, 1);
    assert_eq!(set(db, 2_002, UserId::new(2), most + 1, 5).await, SetOutcome::Set, "another's");
    assert_eq!(set(db, 2_003, UserId::new(9), 1, 5).await, SetOutcome::Gone);
    assert_eq!(count(db, "user_id = 1").await, most);
    // A page after the other, those that are due first.
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = db.reminders(MEI, false, cursor.as_deref(), 100).await.expect("a read");
        seen.extend(page.items.iter().map(|reminder| (reminder.due, reminder.message.seq.get())));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.first(), Some(&(true, 3)));
    assert_eq!(seen.iter().filter(|(due, _)| *due).count(), 1);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), limits::REMINDERS);
}

async fn each_is_told_once_by_two_at_once(db: &Database) {
    talk(db, 1_000).await;
    let other = Database::beside(db).await;
    db.execute(
        "INSERT INTO reminder (id, user_id, conversation_id, seq, remind_at) \
         SELECT seq, 1, 7, seq, 5 FROM message",
    )
    .await;
    let (one, another) = tokio::join!(tell_all(db), tell_all(&other));
    let mut told = [one, another].concat();
    told.sort_unstable();
    assert!(told.iter().copied().eq(1..=1_000), "each once");
    assert_eq!(count(db, "state = 3 AND owner = 0").await, 1_000);
    assert!(tell_all(db).await.is_empty(), "nor ever again");
}

async fn what_a_teller_left_is_told_by_the_next(db: &Database) {
    talk(db, 10).await;
    set(db, 1, MEI, 1, 5).await;
    let dead = db.claim_due_reminders(77, LEASE).await.expect("a write");
    assert_eq!(dead.len(), 1);
    assert!(tell_all(db).await.is_empty(), "it is still that one's");
    let list = db.reminders(MEI, false, None, 10).await.expect("a read").items;
    assert!(list[0].due, "its list has it already");
    db.execute("UPDATE reminder SET lease_until = 0").await;
    assert_eq!(tell_all(db).await, [1], "under the same id");
    // Whoever comes back from the dead changes nothing more.
    let told = [NotificationId::new(1)];
    assert_eq!(db.settle_reminders(&dead, &told).await.expect("a write"), 0);
    assert_eq!(db.settle_reminders(&dead, &[]).await.expect("a write"), 0);
    assert_eq!(count(db, "state = 3").await, 1);
}

async fn what_cannot_be_told_is_given_up(db: &Database) {
    talk(db, 10).await;
    set(db, 1, MEI, 1, 5).await;
    for round in 1..=5 {
        assert_eq!(db.give_up_reminders().await.expect("a write"), 0, "{round}");
        assert_eq!(db.claim_due_reminders(round, LEASE).await.expect("a write").len(), 1);
        db.execute("UPDATE reminder SET lease_until = 0").await;
    }
    assert_eq!(db.give_up_reminders().await.expect("a write"), 1);
    assert!(tell_all(db).await.is_empty());
    let list = db.reminders(MEI, true, None, 10).await.expect("a read").items;
    assert!(list[0].due, "its list has it");
}

async fn what_cannot_be_seen_is_dropped(db: &Database) {
    talk(db, 10).await;
    for seq in 1..=4 {
        set(db, seq, MEI, seq, 5).await;
    }
    db.execute("UPDATE message SET recalled = 1 WHERE seq = 1").await;
    db.execute("UPDATE message_session SET cleared_seq = 2 WHERE user_id = 1").await;
    let shown = |items: Vec<app::protocol::Reminder>| -> Vec<_> {
        items.iter().map(|reminder| reminder.message.seq.get()).collect()
    };
    let list = db.reminders(MEI, false, None, 10).await.expect("a read").items;
    assert_eq!(list[0].conversation.name, "Ana");
    assert_eq!(shown(list), [3, 4]);
    db.execute("UPDATE reminder SET remind_at = 99999999999999 WHERE seq = 4").await;
    assert_eq!(tell_all(db).await, [3]);
    assert_eq!(count(db, "seq IN (1, 2)").await, 0);
    // And where nobody was told yet.
    db.drop_reminders_of(CHAT, Seq::new(3)).await.expect("a write");
    db.execute("DELETE FROM message_session WHERE user_id = 1").await;
    db.drop_unseen_reminders(MEI, Some(ConversationId::new(8))).await.expect("a write");
    assert_eq!(count(db, "seq = 4").await, 1);
    db.drop_unseen_reminders(MEI, Some(CHAT)).await.expect("a write");
    assert_eq!(count(db, "1 = 1").await, 0);
}

async fn whoever_is_gone_is_reminded_of_nothing(db: &Database) {
    talk(db, 10).await;
    set(db, 1, MEI, 1, 5).await;
    let credentials = db.credentials("mei").await.expect("a read").expect("there");
    db.delete_user(MEI, &credentials.password_hash, 9).await.expect("a write");
    assert_eq!(count(db, "1 = 1").await, 0);
    assert_eq!(set(db, 2, MEI, 1, 5).await, SetOutcome::Gone);
}

/// How late the last of 100,000 is told that are due at one moment, and of as many that are due within a minute.
async fn tell_a_hundred_thousand(db: &Database) {
    const MINUTE: i64 = 60_000;
    talk(db, 1_000).await;
    db.execute("UPDATE conversation SET kind = 2").await;
    for id in 3..=102 {
        db.person(id, &format!("p{id}"), "P").await;
    }
    db.execute(
        "INSERT INTO message_session (conversation_id, user_id, role) SELECT 7, id, 3 FROM user WHERE id > 2",
    )
    .await;
    let engine = if db.is_mysql() { "MariaDB" } else { "SQLite" };
    for (within, begin) in [(0, now()), (MINUTE, now() + 30_000)] {
        db.execute("DELETE FROM reminder").await;
        let begin = begin.max(now());
        db.execute(&format!(
            "INSERT INTO reminder (id, user_id, conversation_id, seq, remind_at) \
             SELECT u.id * 1000 + m.seq, u.id, 7, m.seq, \
             {begin} + ((u.id - 3) * 1000 + m.seq) * {within} / 100000 FROM user u, message m WHERE u.id > 2"
        ))
        .await;
        let (mut told, mut latest) = (0, 0);
        while told < 100_000 {
            let owner = random::<u32>().into();
            let claim = db.claim_due_reminders(owner, LEASE).await.expect("a write");
            if claim.is_empty() {
                // As the server does.
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
            let reminders = db.claimed_reminders(&claim).await.expect("a read");
            latest = reminders.iter().map(|(_, it)| now() - it.at).max().unwrap_or(0).max(latest);
            let ids: Vec<_> = reminders.iter().map(|(_, reminder)| reminder.id).collect();
            db.settle_reminders(&claim, &ids).await.expect("a write");
            told += ids.len();
        }
        eprintln!("{engine}: of 100,000 within {within} ms the last is told {latest} ms late");
    }
}

fn now() -> i64 {
    Clock::System.now()
}

#[ignore = "a measurement"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_are_reminded_sqlite() {
    tell_a_hundred_thousand(&Database::sqlite().await).await;
}

#[ignore = "a measurement"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_are_reminded_mysql() {
    tell_a_hundred_thousand(&Database::mysql().await).await;
}
