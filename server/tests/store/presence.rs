//! Who may know who is there, when people were last seen, and who sees them type.

use app::protocol::{Seq, UserId};
use server::store::TypingAudience;

use crate::database::{Database, NOW, on_both_engines};

on_both_engines!(
    people_are_seen_by_their_contacts_and_partners,
    when_people_were_seen_is_theirs_to_show,
    only_members_type,
);

async fn people_are_seen_by_their_contacts_and_partners(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let (ana, eve) = (db.person(3, "ana", "Ana").await, db.person(4, "eve", "Eve").await);
    let bo = db.person(5, "bo", "Bo").await;
    let writer = db.writer();
    for (one, other) in [(&mei, &tom), (&ana, &mei), (&mei, &mei), (&tom, &eve)] {
        let id = db.private(one, other).await;
        writer.send(id, one, "a", "hello").await.expect("stored");
    }
    db.private(&mei, &eve).await;
    let seen = async |user: UserId| {
        let mut watchers = db.watchers_of(user).await.expect("a read");
        let mut watched = db.watched_by(user).await.expect("a read");
        watchers.sort_unstable();
        watched.sort_unstable();
        let everyone = [&mei, &tom, &ana, &eve, &bo].map(|person| person.id);
        let among = db.watched_among(user, &everyone).await.expect("a read");
        assert_eq!(among, watched.iter().copied().collect(), "the same among all");
        let two = &everyone[1..3];
        let among = db.watched_among(user, two).await.expect("a read");
        let asked = watched.iter().copied().filter(|other| two.contains(other));
        assert_eq!(among, asked.collect(), "only those who are asked for");
        for other in [&mei, &tom, &ana, &eve, &bo].into_iter().filter(|other| other.id != user) {
            let may = db.may_watch(other.id, user).await.expect("a read");
            assert_eq!(may, watchers.contains(&other.id), "{}", other.username);
            let may = db.may_watch(user, other.id).await.expect("a read");
            assert_eq!(may, watched.contains(&other.id), "{}", other.username);
        }
        [watchers, watched].map(|people| people.iter().map(|id| id.get()).collect::<Vec<_>>())
    };
    // Neither herself nor whom nothing was said to.
    assert_eq!(seen(mei.id).await, [[2, 3], [2, 3]]);
    // Her contacts see her; of those who are no partners she sees who has her among theirs.
    for contact in [&tom, &eve] {
        assert!(db.put_contact(mei.id, contact.id, None, NOW).await.expect("a write"));
    }
    assert!(db.put_contact(bo.id, mei.id, None, NOW).await.expect("a write"));
    assert_eq!(seen(mei.id).await, [vec![2, 3, 4], vec![2, 3, 5]]);
    assert_eq!(seen(bo.id).await, [vec![1], vec![]]);
    // Nothing passes a block, whoever blocks.
    db.block(tom.id, mei.id, NOW).await.expect("a write").expect("both are there");
    for other in [&eve, &bo] {
        db.block(mei.id, other.id, NOW).await.expect("a write").expect("both are there");
    }
    assert_eq!(seen(mei.id).await, [[3], [3]]);
    db.unblock(tom.id, mei.id).await.expect("a write");
    db.unblock(mei.id, bo.id).await.expect("a write");
    assert_eq!(seen(mei.id).await, [vec![2, 3], vec![2, 3, 5]]);
}

async fn when_people_were_seen_is_theirs_to_show(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let people = [tom.id, UserId::new(3), mei.id];
    let told = async || {
        let mut told = db.last_seen(&people).await.expect("a read");
        told.sort_unstable();
        told
    };
    assert_eq!(told().await, [(mei.id, None), (tom.id, None)], "never, and of nobody nothing");
    // More than share a commit, and some whom nobody knows.
    let mut seen: Vec<_> = (3..=300).map(|id| (UserId::new(id), 5)).collect();
    seen.extend([(tom.id, 20), (mei.id, 10)]);
    db.set_last_seen(&seen).await.expect("a write");
    assert_eq!(told().await, [(mei.id, Some(10)), (tom.id, Some(20))]);
    db.set_show_last_seen(mei.id, false).await.expect("a write");
    assert_eq!(told().await, [(mei.id, None), (tom.id, Some(20))]);
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
