//! Who may know who is there, when people were last seen, and who sees them type.

use app::protocol::{Seq, UserId};
use server::store::TypingAudience;

use crate::database::{Database, on_both_engines};

on_both_engines!(
    partners_are_those_with_whom_something_was_said,
    when_people_were_seen_is_theirs_to_show,
    only_members_type,
);

async fn partners_are_those_with_whom_something_was_said(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let (ana, eve) = (db.person(3, "ana", "Ana").await, db.person(4, "eve", "Eve").await);
    let writer = db.writer();
    for (one, other) in [(&mei, &tom), (&ana, &mei), (&mei, &mei), (&tom, &eve)] {
        let id = db.private(one, other).await;
        writer.send(id, one, "a", "hello").await.expect("stored");
    }
    db.private(&mei, &eve).await;
    let mut partners = db.private_partners(mei.id).await.expect("a read");
    partners.sort_unstable();
    assert_eq!(partners, [tom.id, ana.id], "neither herself nor whom nothing was said to");
}

async fn when_people_were_seen_is_theirs_to_show(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    assert_eq!(db.last_seen(mei.id).await.expect("a read"), None, "never");
    // More than share a commit, and some whom nobody knows.
    let mut seen: Vec<_> = (3..=300).map(|id| (UserId::new(id), 5)).collect();
    seen.extend([(tom.id, 20), (mei.id, 10)]);
    db.set_last_seen(&seen).await.expect("a write");
    assert_eq!(db.last_seen(mei.id).await.expect("a read"), Some(10));
    assert_eq!(db.last_seen(tom.id).await.expect("a read"), Some(20));
    db.set_show_last_seen(mei.id, false).await.expect("a write");
    assert_eq!(db.last_seen(mei.id).await.expect("a read"), None);
    assert_eq!(db.last_seen(UserId::new(3)).await.expect("a read"), None, "nobody");
}

async fn only_members_type(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let eve = db.person(3, "eve", "Eve").await;
    let (pair, notes) = (db.private(&mei, &tom).await, db.private(&mei, &mei).await);
    db.writer().send(pair, &tom, "a", "hello").await.expect("stored");
    let audience = async |user, id| db.typing_audience(user, id, 50).await.expect("a read");
    let others = |last_seq, others| Some(TypingAudience { last_seq: Seq::new(last_seq), others });
    assert_eq!(audience(mei.id, pair).await, others(1, vec![tom.id]));
    assert_eq!(audience(tom.id, pair).await, others(1, vec![mei.id]));
    assert_eq!(audience(mei.id, notes).await, others(0, vec![]));
    assert_eq!(audience(eve.id, pair).await, None);
    assert_eq!(audience(tom.id, notes).await, None);
}
