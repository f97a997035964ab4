//! Messages that hold files, under the writer's lock: sent, shared, answered, captioned, let go of.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::protocol::{
    ApiError, Caption, ClientId, Content, ConversationId, ErrorKind, FileId, Message, MessageRef,
    MessageType, NewContent, NewFiles, Seq, User, UserId,
};
use server::store::mentions::Mentions;
use server::store::messages::Window;
use server::store::writer::{Append, Appended, Boundary, ChangeKind, Extras, Faults, ReplyTo};
use tokio::sync::oneshot;

use crate::catching_up::change;
use crate::database::{Database, NOW, PendingAnswer, TestWriter, on_both_engines};
use crate::writer::pair;

on_both_engines!(
    an_album_is_read_by_every_way_as_it_was_sent,
    what_cannot_be_sent_is_refused_and_takes_no_place,
    a_repeat_answers_the_first_whatever_it_holds,
    what_nobody_heard_of_is_found_with_its_files,
    a_forward_shares_the_files,
    answers_quote_the_caption_or_the_name,
    a_caption_is_edited_and_may_become_empty,
    a_file_goes_with_the_last_message_that_holds_it,
    of_two_who_let_go_at_once_one_is_the_last,
    what_is_sent_again_while_it_is_recalled_is_held_or_refused,
    who_is_gone_leaves_what_was_sent,
);

/// States of a file.
const INCOMPLETE: i64 = 1;
const WHOLE: i64 = 2;
const GONE: i64 = 3;
/// Purposes of a file.
const FILE: i64 = 1;
pub const PHOTO: i64 = 2;
pub const VOICE: i64 = 3;

impl Database {
    /// A whole upload that goes unless it is sent before `NOW + 1`.
    pub async fn upload(&self, id: i64, owner: &User, purpose: i64) -> FileId {
        let mime = ["", "application/pdf", "image/png", "audio/mp4"]
            [usize::try_from(purpose).expect("a purpose")];
        let columns = "id, owner_id, state, purpose, name, size, received, mime, width, height, \
                       thumbnail_mime, created_at, expires_at";
        self.execute(&format!(
            "INSERT INTO file ({columns}) VALUES ({id}, {}, 2, {purpose}, 'f{id}', {}, 0, '{mime}', \
             3, 4, 'image/jpeg', 5, {})",
            owner.id,
            id * 10,
            NOW + 1,
        ))
        .await;
        FileId::new(id)
    }

    /// The state of a file.
    async fn state(&self, id: FileId) -> i64 {
        self.number(&format!("SELECT state FROM file WHERE id = {id}")).await
    }

    /// The newest message of a conversation, by the page.
    async fn newest(&self, reader: UserId, id: ConversationId) -> Message {
        let page = self.message_page(reader, id, Window::Latest, 1).await.expect("a read");
        page.expect("a page").items.pop().expect("a message")
    }
}

/// Queues what it says; the answer comes later.
async fn queue(
    writer: &TestWriter,
    id: ConversationId,
    sender: &Arc<User>,
    client_id: &str,
    content: NewContent,
    extras: Option<Extras>,
) -> PendingAnswer<Appended> {
    let (reply, answer) = oneshot::channel();
    let append = Append {
        conversation_id: id,
        sender: Arc::clone(sender),
        client_id: ClientId::parse(client_id).expect("a name"),
        content,
        extras: extras.map(Box::new),
        reply: ReplyTo::Caller(reply),
    };
    writer.writer.append(append).await.expect("the writer takes it");
    answer
}

pub async fn send(
    writer: &TestWriter,
    id: ConversationId,
    sender: &Arc<User>,
    client_id: &str,
    content: NewContent,
) -> Result<Appended, ApiError> {
    queue(writer, id, sender, client_id, content, None).await.await.expect("an answer")
}

fn caption(text: &str) -> Caption {
    Caption::parse(text).expect("a caption")
}

pub fn pictures(ids: &[FileId], words: &str) -> NewContent {
    NewContent::Image(NewFiles { ids: ids.to_vec(), caption: caption(words) })
}

pub fn files(ids: &[FileId], words: &str) -> NewContent {
    NewContent::File(NewFiles { ids: ids.to_vec(), caption: caption(words) })
}

fn forward(message: &Message) -> NewContent {
    NewContent::Forward(MessageRef { conversation_id: message.conversation_id, seq: message.seq })
}

pub async fn recall(writer: &TestWriter, message: &Message, by: &Arc<User>) {
    let kind = ChangeKind::Recall(message.seq);
    let answer = change(writer, message.conversation_id, by, kind).await;
    answer.await.expect("an answer").expect("recalled");
}

fn names(message: &Message) -> Vec<&str> {
    message.files().iter().map(|file| &*file.name).collect()
}

async fn an_album_is_read_by_every_way_as_it_was_sent(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    // In the order of the message, not of the ids.
    let ids = [db.upload(8, &mei, PHOTO).await, db.upload(7, &mei, PHOTO).await];
    let sent = send(&writer, id, &mei, "1", pictures(&ids, "tea")).await.expect("stored").message;
    let Content::Image { files, caption } = &sent.content else { panic!("{sent:?}") };
    assert_eq!((names(&sent), caption.as_str()), (vec!["f8", "f7"], "tea"));
    let first = &files[0];
    assert_eq!(
        (first.id.get(), first.size, &*first.mime, first.voice),
        (8, 80, "image/png", false)
    );
    assert_eq!((first.width, first.height, first.animated), (Some(3), Some(4), false));
    assert_eq!(first.url.as_deref(), Some("/api/v1/files/8"));
    assert_eq!(first.thumbnail_url.as_deref(), Some("/api/v1/files/8/thumbnail"));
    let kept = "SELECT COUNT(*) FROM file WHERE expires_at IS NULL AND state = 2";
    assert_eq!(db.number(kept).await, 2, "they go no more by themselves");
    let read = db.newest(tom.id, id).await;
    assert_eq!(read, *sent);
    assert_eq!(db.message(tom.id, id, Seq::new(1)).await.expect("a read"), Some(read.clone()));
    let row = db.conversation(tom.id, id, NOW).await.expect("a read").expect("a member");
    assert_eq!(row.last_message, Some(read.clone()));
    let list = db.chat_list(tom.id, false, None, 10, NOW).await.expect("a read").items;
    assert_eq!(list[0].last_message, Some(read.clone()));
    let told = db.messages_between(id, Seq::new(1), Seq::new(1)).await.expect("a read");
    assert_eq!(told, [read]);
    let react = change(&writer, id, &tom, ChangeKind::React(Seq::new(1), "👍", true)).await;
    react.await.expect("an answer").expect("done");
    let changes = db.message_changes(tom.id, id, 0, 10).await.expect("a read").expect("a page");
    assert_eq!(changes.items[0].files(), sent.files());
}

async fn what_cannot_be_sent_is_refused_and_takes_no_place(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    let (good, hers) = (db.upload(1, &mei, PHOTO).await, db.upload(2, &tom, PHOTO).await);
    let (incomplete, gone) = (db.upload(3, &mei, PHOTO).await, db.upload(4, &mei, PHOTO).await);
    let (expired, document) = (db.upload(5, &mei, PHOTO).await, db.upload(6, &mei, FILE).await);
    db.execute(&format!("UPDATE file SET state = {INCOMPLETE} WHERE id = 3")).await;
    db.execute(&format!("UPDATE file SET state = {GONE} WHERE id = 4")).await;
    db.execute(&format!("UPDATE file SET expires_at = {NOW} WHERE id = 5")).await;
    for bad in [hers, incomplete, gone, expired, document, FileId::new(99)] {
        let refused = send(&writer, id, &mei, "x", pictures(&[good, bad], "")).await;
        let error = refused.expect_err("it cannot be sent");
        assert_eq!((error.kind, error.field.as_deref()), (ErrorKind::Validation, Some("file_ids")));
    }
    // As a file anything of one's own may be sent.
    let sent = send(&writer, id, &mei, "x", files(&[document, good], "")).await.expect("stored");
    assert_eq!((sent.message.seq.get(), names(&sent.message)), (1, vec!["f6", "f1"]));
    assert_eq!(db.number("SELECT COUNT(*) FROM message_file").await, 2);
    let stranger = db.person(3, "ana", "Ana").await;
    let theirs = db.upload(7, &stranger, PHOTO).await;
    let refused = send(&writer, id, &stranger, "y", pictures(&[theirs], "")).await;
    assert_eq!(refused.expect_err("no member").kind, ErrorKind::NotFound);
    let kept = "SELECT COUNT(*) FROM file WHERE id = 7 AND expires_at IS NOT NULL";
    assert_eq!(db.number(kept).await, 1, "it was not sent");
}

async fn a_repeat_answers_the_first_whatever_it_holds(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    let (one, two) = (db.upload(1, &mei, PHOTO).await, db.upload(2, &mei, VOICE).await);
    let first = send(&writer, id, &mei, "1", pictures(&[one], "")).await.expect("stored");
    for other in [files(&[two], "else"), files(&[FileId::new(99)], ""), pictures(&[one], "")] {
        let again = send(&writer, id, &mei, "1", other).await.expect("known");
        assert!(again.duplicate);
        assert_eq!(again.message, first.message);
    }
    // Two in one batch.
    let content = || files(&[two], "");
    let pending = [
        queue(&writer, id, &mei, "2", content(), None).await,
        queue(&writer, id, &mei, "2", content(), None).await,
    ];
    let mut duplicates = Vec::new();
    for answer in pending {
        let answer = answer.await.expect("an answer").expect("stored");
        assert_eq!((answer.message.seq.get(), answer.message.content.is_voice()), (2, true));
        duplicates.push(answer.duplicate);
    }
    assert_eq!(duplicates, [false, true]);
    assert_eq!(db.number("SELECT COUNT(*) FROM message_file").await, 2);
    assert_eq!(names(&db.newest(tom.id, id).await), ["f2"]);
}

async fn what_nobody_heard_of_is_found_with_its_files(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let lose = Arc::new(AtomicBool::new(true));
    let losing = Arc::clone(&lose);
    let faults: Faults = Arc::new(move |boundary| {
        boundary == Boundary::AfterCommit && losing.swap(false, Ordering::SeqCst)
    });
    let writer = db.writer_with(Some(faults));
    let one = db.upload(1, &mei, PHOTO).await;
    let sent = send(&writer, id, &mei, "1", pictures(&[one], "")).await.expect("found");
    assert!(!sent.duplicate && !lose.load(Ordering::SeqCst));
    assert_eq!(*sent.message, db.newest(tom.id, id).await);
    assert_eq!(names(&sent.message), ["f1"]);
    // A recall, too: what it let go of is gone once.
    lose.store(true, Ordering::SeqCst);
    recall(&writer, &sent.message, &mei).await;
    assert_eq!(db.state(one).await, GONE);
}

async fn a_forward_shares_the_files(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let ana = db.person(3, "ana", "Ana").await;
    let (writer, elsewhere) = (db.writer(), db.private(&tom, &ana).await);
    let one = db.upload(1, &mei, PHOTO).await;
    let sent = send(&writer, id, &mei, "1", pictures(&[one], "tea")).await.expect("stored").message;
    let shared = send(&writer, elsewhere, &tom, "1", forward(&sent)).await.expect("stored").message;
    assert_eq!((&shared.content, shared.forwarded_from.as_ref()), (&sent.content, Some(&*mei)));
    assert_eq!(db.newest(ana.id, elsewhere).await, *shared);
    let again =
        send(&writer, elsewhere, &ana, "1", forward(&shared)).await.expect("stored").message;
    assert_eq!((&again.content, again.forwarded_from.as_ref()), (&sent.content, Some(&*mei)));
    // Who only has it by a forward has not uploaded it.
    let refused = send(&writer, elsewhere, &tom, "2", pictures(&[one], "")).await;
    assert_eq!(refused.expect_err("not his").field.as_deref(), Some("file_ids"));
    recall(&writer, &sent, &mei).await;
    assert_eq!(
        (db.state(one).await, names(&db.newest(ana.id, elsewhere).await)),
        (WHOLE, vec!["f1"])
    );
}

async fn answers_quote_the_caption_or_the_name(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    let ids = [db.upload(1, &mei, PHOTO).await, db.upload(2, &mei, VOICE).await];
    send(&writer, id, &mei, "1", pictures(&ids[..1], "tea")).await.expect("stored");
    send(&writer, id, &mei, "2", files(&ids[1..], "")).await.expect("stored");
    let mut quotes = Vec::new();
    for (seq, name) in [(1, "3"), (2, "4")] {
        let extras = Extras { reply_to: Some(Seq::new(seq)), ..Extras::default() };
        let words = NewContent::Text(app::protocol::MessageText::parse("yes").expect("a text"));
        let answer = queue(&writer, id, &tom, name, words, Some(extras)).await;
        let told = answer.await.expect("an answer").expect("stored").message;
        assert_eq!(db.newest(mei.id, id).await, *told);
        let quote = told.reply_to.clone().expect("a quote");
        quotes.push((quote.message_type, quote.voice, quote.excerpt));
    }
    let expected =
        [(MessageType::Image, false, "tea".to_owned()), (MessageType::File, true, "f2".to_owned())];
    assert_eq!(quotes, expected);
    let voice = db.message(mei.id, id, Seq::new(2)).await.expect("a read").expect("a message");
    recall(&writer, &voice, &mei).await;
    let quote = db.newest(mei.id, id).await.reply_to.expect("a quote");
    assert_eq!(
        (quote.message_type, quote.voice, &*quote.excerpt),
        (MessageType::File, false, ""),
        "of what was recalled only the kind is left"
    );
}

async fn a_caption_is_edited_and_may_become_empty(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    let one = db.upload(1, &mei, PHOTO).await;
    send(&writer, id, &mei, "1", pictures(&[one], "tea")).await.expect("stored");
    writer.send(id, &mei, "2", "words").await.expect("stored");
    let edit = async |seq: i64, words: &str| {
        let kind = ChangeKind::Edit(Seq::new(seq), caption(words), Mentions::default());
        let answer = change(&writer, id, &mei, kind).await.await.expect("an answer");
        answer.map(|changed| changed.message.expect("a message"))
    };
    for words in ["coffee", ""] {
        let edited = edit(1, words).await.expect("edited");
        assert_eq!(
            (edited.text(), edited.edited_at, names(&edited)),
            (words, Some(NOW), vec!["f1"])
        );
        let read = db.message(tom.id, id, Seq::new(1)).await.expect("a read");
        assert_eq!(read.as_ref(), Some(&*edited));
    }
    let refused = edit(2, " ").await.expect_err("a text has words");
    assert_eq!((refused.kind, refused.field.as_deref()), (ErrorKind::Validation, Some("content")));
    assert_eq!(db.newest(tom.id, id).await.text(), "words");
}

async fn a_file_goes_with_the_last_message_that_holds_it(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let (writer, notes) = (db.writer(), db.private(&mei, &mei).await);
    let (one, two) = (db.upload(1, &mei, PHOTO).await, db.upload(2, &mei, PHOTO).await);
    let both = send(&writer, id, &mei, "1", pictures(&[one, two], "")).await.expect("stored");
    let again = send(&writer, notes, &mei, "1", files(&[one], "")).await.expect("stored");
    recall(&writer, &both.message, &mei).await;
    assert_eq!((db.state(one).await, db.state(two).await), (WHOLE, GONE));
    let due = format!("SELECT COUNT(*) FROM file WHERE id = 2 AND expires_at = {NOW}");
    assert_eq!(db.number(&due).await, 1, "its bytes are to be deleted from now on");
    let left = db.newest(tom.id, id).await;
    assert_eq!((left.content, left.seq.get()), (Content::Recalled(MessageType::Image), 1));
    let refused = send(&writer, id, &mei, "2", pictures(&[two], "")).await;
    assert_eq!(refused.expect_err("it is gone").field.as_deref(), Some("file_ids"));
    recall(&writer, &again.message, &mei).await;
    assert_eq!(db.state(one).await, GONE);
    assert_eq!(db.number("SELECT COUNT(*) FROM message_file").await, 0);
}

async fn of_two_who_let_go_at_once_one_is_the_last(db: &Database) {
    let (mei, _, id) = pair(db).await;
    let notes = db.private(&mei, &mei).await;
    // Two processes: each has a writer of its own.
    let beside = Database::beside(db).await;
    let writers = [db.writer(), beside.writer()];
    for round in 1..=10 {
        let file = db.upload(round, &mei, FILE).await;
        let name = format!("r{round}");
        let here = send(&writers[0], id, &mei, &name, files(&[file], "")).await.expect("stored");
        let there =
            send(&writers[0], notes, &mei, &name, files(&[file], "")).await.expect("stored");
        tokio::join!(
            recall(&writers[0], &here.message, &mei),
            recall(&writers[1], &there.message, &mei)
        );
        assert_eq!(db.state(file).await, GONE, "round {round}");
    }
}

async fn what_is_sent_again_while_it_is_recalled_is_held_or_refused(db: &Database) {
    let (mei, _, id) = pair(db).await;
    let notes = db.private(&mei, &mei).await;
    let beside = Database::beside(db).await;
    let writers = [db.writer(), beside.writer()];
    for round in 1..=10 {
        let file = db.upload(round, &mei, FILE).await;
        let name = format!("r{round}");
        let held = send(&writers[0], id, &mei, &name, files(&[file], "")).await.expect("stored");
        let ((), again) = tokio::join!(
            recall(&writers[0], &held.message, &mei),
            send(&writers[1], notes, &mei, &name, files(&[file], ""))
        );
        let expected = if again.is_ok() { WHOLE } else { GONE };
        assert_eq!(db.state(file).await, expected, "round {round}: {again:?}");
    }
}

async fn who_is_gone_leaves_what_was_sent(db: &Database) {
    let (mei, tom, id) = pair(db).await;
    let writer = db.writer();
    let (sent, unsent) = (db.upload(1, &mei, PHOTO).await, db.upload(2, &mei, PHOTO).await);
    let (begun, his) = (db.upload(3, &mei, FILE).await, db.upload(4, &tom, FILE).await);
    db.execute(&format!("UPDATE file SET state = {INCOMPLETE} WHERE id = 3")).await;
    send(&writer, id, &mei, "1", pictures(&[sent], "")).await.expect("stored");
    db.delete_user(mei.id, "$argon2id$test", NOW).await.expect("a write");
    let mut states = Vec::new();
    for file in [sent, unsent, begun, his] {
        states.push(db.state(file).await);
    }
    assert_eq!(states, [WHOLE, GONE, GONE, WHOLE]);
    assert_eq!(names(&db.newest(tom.id, id).await), ["f1"]);
}
