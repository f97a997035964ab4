//! What messages carry beside their rows, read by whoever reads them.

use app::protocol::{Message, Reaction, Seq, UserId};
use server::store::messages::Window;

use crate::database::{Database, NOW, on_both_engines};
use crate::writer::pair;

on_both_engines!(
    whoever_reads_a_message_has_all_of_it,
    the_first_unread_mention_is_found,
    rows_of_before_are_read,
);

async fn whoever_reads_a_message_has_all_of_it(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let ana = db.person(3, "ana", "Ana").await;
    let writer = db.writer();
    writer.send(id, &mei, "1", "Tea\n at  five?").await.expect("stored");
    writer.send(id, &tom, "2", "a secret").await.expect("stored");
    for name in ["3", "4", "5"] {
        writer.send(id, &tom, name, "words").await.expect("stored");
    }
    let notes = db.private(&mei, &mei).await;
    writer.send(notes, &mei, "1", "mine").await.expect("stored");
    for sql in [
        "UPDATE message SET recalled = 1, rev = 1 WHERE client_id = '2'",
        "UPDATE message SET reply_to_seq = 1 WHERE client_id = '3'",
        "UPDATE message SET reply_to_seq = 2, forwarded_from = 3 WHERE client_id = '4'",
        "UPDATE message SET mentions = '1 3', reply_to_seq = 99, rev = 5 WHERE client_id = '5'",
        "INSERT INTO reaction (conversation_id, seq, user_id, emoji, rev) VALUES \
         (1002, 5, 2, '😁', 3), (1002, 5, 1, '😀', 2), (1002, 5, 2, '😀', 5), (1002, 2, 1, '😀', 1), \
         (1001, 1, 1, '😁', 1)",
        "UPDATE message SET rev = 1 WHERE conversation_id = 1001",
    ] {
        db.execute(sql).await;
    }
    let page = db.message_page(mei.id, id, Window::Latest, 10).await.expect("a read");
    let page = page.expect("a page").items;
    let quote = |message: &Message| {
        let quote = message.reply_to.clone()?;
        Some((quote.seq.get(), quote.sender.id, quote.excerpt))
    };
    let quotes: Vec<_> = page.iter().map(quote).collect();
    let first = (1, mei.id, "Tea at five?".to_owned());
    let recalled = (2, tom.id, String::new());
    assert_eq!(quotes, [None, None, Some(first), Some(recalled), None]);
    assert_eq!(
        (page[3].forwarded_from.as_ref(), page[2].forwarded_from.as_ref()),
        (Some(&*ana), None)
    );
    assert_eq!(page[4].mentions, [mei.id, ana.id]);
    let of = |emoji: &str, count, mine| Reaction { emoji: emoji.into(), count, mine };
    assert_eq!(page[4].reactions, [of("😀", 2, Some(true)), of("😁", 1, Some(false))]);
    assert!(page[1].reactions.is_empty(), "recalled");
    // The same by every other way of reading.
    assert_eq!(db.message(mei.id, id, Seq::new(5)).await.expect("a read").as_ref(), Some(&page[4]));
    let changes = db.message_changes(mei.id, id, 1, 10).await.expect("a read").expect("a page");
    assert_eq!(changes.items, page[4..]);
    let rows = db.chat_list(mei.id, false, None, 10, NOW).await.expect("a read").items;
    let last = |id| rows.iter().find(|row| row.id == id).and_then(|row| row.last_message.clone());
    assert_eq!(last(id).as_ref(), Some(&page[4]));
    assert_eq!(last(notes).map(|message| message.reactions), Some(vec![of("😁", 1, Some(true))]));
    let whole = db.conversation(mei.id, id, NOW).await.expect("a read").expect("a member");
    assert_eq!(whole.last_message.as_ref(), Some(&page[4]));
    let told = db.messages_between(id, Seq::new(5), Seq::new(5)).await.expect("a read");
    assert_eq!(told[0].reactions, [of("😀", 2, None), of("😁", 1, None)], "as all are told");
    let again = writer.send(id, &tom, "5", "words").await.expect("a repeat").message;
    assert_eq!(*again, told[0]);
    for (reader, seq) in [(ana.id, 5), (mei.id, 6), (mei.id, 0)] {
        assert_eq!(db.message(reader, id, Seq::new(seq)).await.expect("a read"), None);
    }
}

/// What changes the rows of messages that named everyone.
const MENTIONS_OF_ALL: [&str; 2] = [
    include_str!("../../../migrations/sqlite/0006_mentions_of_all.sql"),
    include_str!("../../../migrations/mysql/0006_mentions_of_all.sql"),
];

async fn rows_of_before_are_read(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    for number in 3..=7 {
        db.person(number, &format!("user{number}"), "User").await;
    }
    let writer = db.writer();
    for name in ["1", "2", "3"] {
        writer.send(id, &mei, name, "@all @tom").await.expect("stored");
    }
    // All who were added in one row, and all who were named by @all.
    db.execute(
        "UPDATE message SET message_type = 5, content = \
         '{\"event\":\"added\",\"subjects\":[2,3,4,5,6,7,1],\"name\":null}' WHERE seq = 1",
    )
    .await;
    db.execute("UPDATE message SET mentions = '2 1' WHERE seq = 2").await;
    db.execute("UPDATE message SET mentions = '2' WHERE seq = 3").await;
    db.execute(
        "INSERT INTO mention (conversation_id, user_id, seq, sender_id) VALUES (1002, 0, 2, 1)",
    )
    .await;
    db.execute(MENTIONS_OF_ALL[usize::from(db.is_mysql())]).await;
    let page = db.message_page(tom.id, id, Window::Latest, 10).await.expect("a read");
    let page = page.expect("a page").items;
    let notice = page[0].notice().expect("a notice");
    let subjects: Vec<_> = notice.subjects.iter().map(|user| user.id.get()).collect();
    assert_eq!((subjects.as_slice(), notice.subjects_more), (&[2, 3, 4, 5, 6][..], 2));
    assert_eq!(notice.subjects[0].nickname, "Tom");
    assert_eq!((page[1].mentions.as_slice(), page[1].mentions_all), (&[][..], true));
    assert_eq!((page[2].mentions.as_slice(), page[2].mentions_all), (&[tom.id][..], false));
}

async fn the_first_unread_mention_is_found(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    let mention = async |reader: UserId| {
        let one = db.conversation(reader, id, NOW).await.expect("a read").expect("a member");
        let list = db.chat_list(reader, false, None, 10, NOW).await.expect("a read").items;
        assert_eq!(list[0].mention_seq, one.mention_seq);
        one.mention_seq.map(Seq::get)
    };
    for number in 1..=8 {
        writer.send(id, &tom, &number.to_string(), "words").await.expect("stored");
    }
    assert_eq!(mention(mei.id).await, None);
    db.execute(
        "INSERT INTO mention (conversation_id, user_id, seq, sender_id) VALUES \
         (1002, 1, 3, 2), (1002, 0, 5, 2), (1002, 1, 7, 2), (1002, 2, 2, 1), (1002, 0, 8, 1)",
    )
    .await;
    assert_eq!(mention(mei.id).await, Some(3));
    for (read, next) in [(2, Some(3)), (3, Some(5)), (5, Some(7)), (7, None)] {
        writer.mark(id, &mei, read, read).await.expect("a mark");
        assert_eq!(mention(mei.id).await, next, "read up to {read}");
    }
    db.execute("UPDATE message_session SET read_seq = 0, cleared_seq = 4 WHERE user_id = 1").await;
    assert_eq!(mention(mei.id).await, Some(5), "what is hidden is not unread");
    // His own of everyone does not count for him, and hers does.
    db.execute("UPDATE message_session SET read_seq = 4 WHERE user_id = 2").await;
    assert_eq!(mention(tom.id).await, Some(8));
}
