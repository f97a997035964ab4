//! Reading messages.

use app::protocol::{ConversationId, MessageType, Seq};
use server::store::messages::Window;

use crate::database::{Database, on_both_engines};

on_both_engines!(a_message_is_read_as_it_was_sent, pages_cover_what_they_say, what_is_hidden_stays);

async fn a_message_is_read_as_it_was_sent(db: &Database) {
    let (mei, tom) = (db.person(1, "mei", "Mei 林").await, db.person(2, "tom", "Tom").await);
    let id = db.private(&mei, &tom).await;
    let writer = db.writer();
    let text =
        "😀 != 😁, trailing\u{a0}spaces? <b>&amp;\r\n\ttab; \u{202e}rtl \u{10ffff} 'quoted' \\";
    let sent = writer.send(id, &mei, "!~name", text).await.expect("stored").message;
    assert_eq!((sent.seq.get(), sent.created_at, sent.content.as_str()), (1, 10_000, text));
    assert_eq!((&sent.sender, sent.message_type), (&*mei, MessageType::Text));
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
    let seen: Vec<_> = page.items.iter().map(|m| (m.seq.get(), m.recalled)).collect();
    assert_eq!(seen, [(4, false), (5, true)]);
    let seen = db.conversation(tom.id, id).await.expect("a read").expect("a member");
    assert_eq!((seen.first_seq.get(), seen.unread), (4, 1), "recalled ones do not count");
    let around = db.message_page(mei.id, id, Window::Around(Seq::new(3)), 2).await;
    assert_eq!(around.expect("a read").expect("a page").items.len(), 2, "hers is whole");
}
