//! Reading messages.

use app::protocol::{ConversationId, MessageType, Seq, UserId};
use server::store::messages::Window;

use crate::database::{Database, NOW, on_both_engines};

on_both_engines!(
    a_message_is_read_as_it_was_sent,
    pages_cover_what_they_say,
    what_is_hidden_stays,
    a_page_stands_around_a_moment,
    changes_are_read_in_the_order_they_happened,
);

async fn a_message_is_read_as_it_was_sent(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei 林").await, db.person(2, "tom", "Tom").await);
    let id = db.private(&mei, &tom).await;
    let writer = db.writer();
    let text =
        "😀 != 😁, trailing\u{a0}spaces? <b>&amp;\r\n\ttab; \u{202e}rtl \u{10ffff} 'quoted' \\";
    let sent = writer.send(id, &mei, "!~name", text).await.expect("stored").message;
    assert_eq!((sent.seq.get(), sent.created_at, sent.text()), (1, 10_000, text));
    assert_eq!((&sent.sender, sent.content.kind()), (&*mei, MessageType::Text));
    let one = Seq::new(1);
    assert_eq!(db.messages_between(id, one, one).await.expect("a read"), [(*sent).clone()]);
    let elsewhere = db.messages_between(ConversationId::new(9), one, one).await.expect("a read");
    assert_eq!(elsewhere, []);
}

async fn pages_cover_what_they_say(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let stranger = db.person(3, "eve", "Eve").await;
    let id = db.private(&mei, &tom).await;
    let writer = db.writer();
    let page = async |window| {
        let page = db.message_page(tom.id, id, window, 10).await.expect("a read").expect("a page");
        let seqs: Vec<_> = page.items.iter().map(|message| message.seq.get()).collect();
        let covered: Vec<_> = (page.from_seq.get()..=page.to_seq.get()).collect();
        assert_eq!(seqs, covered, "nothing is hidden here");
        (page.from_seq.get(), page.to_seq.get(), page.has_more_before, page.has_more_after)
    };
    assert_eq!(page(Window::Latest).await, (1, 0, false, false));
    for number in 1..=35 {
        writer.send(id, &mei, &format!("m{number}"), "words").await.expect("stored");
    }
    let at = Seq::new;
    assert_eq!(page(Window::Latest).await, (26, 35, true, false));
    assert_eq!(page(Window::Before(at(26))).await, (16, 25, true, true));
    assert_eq!(page(Window::Before(at(6))).await, (1, 5, false, true));
    assert_eq!(page(Window::After(at(0))).await, (1, 10, false, true));
    assert_eq!(page(Window::After(at(30))).await, (31, 35, true, false));
    assert_eq!(page(Window::After(at(35))).await, (36, 35, true, false));
    assert_eq!(page(Window::Around(at(20))).await, (15, 24, true, true));
    assert_eq!(page(Window::Around(at(1))).await, (1, 10, false, true));
    let denied = db.message_page(stranger.id, id, Window::Latest, 10).await.expect("a read");
    assert_eq!(denied, None);
    let absent = db.message_page(tom.id, ConversationId::new(9), Window::Latest, 10).await;
    assert_eq!(absent.expect("a read"), None);
    let between = db.messages_between(id, at(3), at(5)).await.expect("a read");
    assert_eq!(between.iter().map(|message| message.seq.get()).collect::<Vec<_>>(), [3, 4, 5]);
    assert_eq!(db.messages_between(id, at(5), at(3)).await.expect("a read"), []);
}

async fn what_is_hidden_stays(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let id = db.private(&mei, &tom).await;
    let writer = db.writer();
    for number in 1..=5 {
        writer.send(id, &mei, &format!("m{number}"), "a secret").await.expect("stored");
    }
    db.execute("UPDATE message SET recalled = 1, content = '' WHERE seq = 5").await;
    db.execute("UPDATE message_session SET cleared_seq = 3 WHERE user_id = 2").await;
    let page = db.message_page(tom.id, id, Window::After(Seq::ZERO), 10).await;
    let page = page.expect("a read").expect("a page");
    assert_eq!((page.from_seq.get(), page.to_seq.get(), page.has_more_before), (1, 5, false));
    let seen: Vec<_> = page.items.iter().map(|m| (m.seq.get(), m.is_recalled())).collect();
    assert_eq!(seen, [(4, false), (5, true)]);
    let seen = db.conversation(tom.id, id, NOW).await.expect("a read").expect("a member");
    assert_eq!((seen.first_seq.get(), seen.unread), (4, 1), "recalled ones do not count");
    let around = db.message_page(mei.id, id, Window::Around(Seq::new(3)), 2).await;
    assert_eq!(around.expect("a read").expect("a page").items.len(), 2, "hers is whole");
}

async fn a_page_stands_around_a_moment(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let id = db.private(&mei, &tom).await;
    let writer = db.writer();
    let at = async |user: UserId, moment, limit| {
        let page = db.message_page_at(user, id, moment, limit).await.expect("a read");
        let page = page.expect("a page");
        page.items.iter().map(|message| message.seq.get()).collect::<Vec<_>>()
    };
    assert_eq!(at(tom.id, 5, 1).await, [0; 0], "nothing was said");
    for number in 1..=300 {
        writer.queue(id, &mei, &format!("m{number}"), "words").await;
    }
    writer.send(id, &mei, "last", "words").await.expect("stored");
    db.execute("UPDATE message SET created_at = seq * 10").await;
    for (moment, first) in [(0, 1), (10, 1), (11, 2), (1_500, 150), (1_501, 151), (3_010, 301)] {
        assert_eq!(at(tom.id, moment, 1).await, [first], "{moment}");
    }
    assert_eq!(at(tom.id, 1_500, 4).await, [148, 149, 150, 151]);
    assert_eq!(at(tom.id, 3_011, 3).await, [299, 300, 301], "later than all: the latest");
    // A node's clock ran ahead for a while, so that times go back a little.
    db.execute("UPDATE message SET created_at = created_at + 400 WHERE seq % 3 = 0").await;
    assert_eq!(at(tom.id, 1_500, 1).await, [111]);
    // Some are gone, and some are hidden from one of the two.
    db.execute("DELETE FROM message WHERE seq > 120 AND seq < 200").await;
    db.execute("UPDATE message SET created_at = seq * 10").await;
    assert_eq!(at(tom.id, 1_300, 100).await[..2], [200, 201]);
    db.execute("UPDATE message_session SET cleared_seq = 250 WHERE user_id = 2").await;
    assert_eq!(at(tom.id, 0, 2).await, [251, 252]);
    assert_eq!(at(mei.id, 20, 1).await, [2]);
    let denied = db.message_page_at(UserId::new(3), id, 0, 1).await.expect("a read");
    assert_eq!(denied, None);
}

async fn changes_are_read_in_the_order_they_happened(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei").await, db.person(2, "tom", "Tom").await);
    let (id, other) = (db.private(&mei, &tom).await, db.private(&mei, &mei).await);
    let writer = db.writer();
    for number in 1..=8 {
        writer.send(id, &mei, &format!("m{number}"), "words").await.expect("stored");
        writer.send(other, &mei, &format!("m{number}"), "words").await.expect("stored");
    }
    let changes = async |user: UserId, after, limit| {
        let page = db.message_changes(user, id, after, limit).await.expect("a read");
        let page = page.expect("a page");
        let items: Vec<_> = page.items.iter().map(|m| (m.seq.get(), m.rev)).collect();
        (items, page.rev, page.has_more)
    };
    assert_eq!(changes(tom.id, 0, 10).await, (vec![], 0, false));
    // The fourth was changed, then the second, then the fourth again, then the seventh recalled;
    // what is below position 3 is hidden from Tom.
    for (seq, rev) in [(2, 2), (4, 3), (7, 4)] {
        let sql = format!("UPDATE message SET rev = {rev}, recalled = {rev} = 4 WHERE seq = {seq}");
        db.execute(&sql).await;
    }
    db.execute("UPDATE conversation SET rev = 4").await;
    db.execute("UPDATE message_session SET cleared_seq = 2 WHERE user_id = 2").await;
    assert_eq!(changes(mei.id, 0, 10).await, (vec![(2, 2), (4, 3), (7, 4)], 4, false));
    assert_eq!(changes(mei.id, 0, 2).await, (vec![(2, 2), (4, 3)], 3, true));
    assert_eq!(changes(mei.id, 3, 2).await, (vec![(7, 4)], 4, false));
    assert_eq!(changes(mei.id, 4, 2).await, (vec![], 4, false));
    assert_eq!(changes(mei.id, 9, 2).await, (vec![], 9, false));
    assert_eq!(changes(tom.id, 0, 10).await, (vec![(4, 3), (7, 4)], 4, false));
    let recalled = db.message_changes(mei.id, id, 3, 10).await.expect("a read").expect("a page");
    assert_eq!((recalled.items[0].is_recalled(), recalled.items[0].text()), (true, ""));
    let denied = db.message_changes(UserId::new(3), id, 0, 10).await.expect("a read");
    assert_eq!(denied, None);
}
