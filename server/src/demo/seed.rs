//! Writes the demo's people and conversations, by the same ways as the server: the writer gets a clock
//! that is set to the moment of each message.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app::protocol::{ConversationId, Mark, SendMessage, Seq, Timestamp, UserId};
use futures_util::future::try_join_all;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::attachments::{self, Attachment};
use super::cast::{NOTES, PAIRS, PEOPLE, Pair, Person, SHOWN_FIRST};
use super::play::Play;
use super::script::{Line, Script};
use crate::auth::Auth;
use crate::chat::{Chat, MarkKind, Reader};
use crate::clock::Clock;
use crate::error::Error;
use crate::events::Publisher;
use crate::files::Files;
use crate::files::blobs::BlobError;
use crate::presence::Presence;
use crate::store::Store;
use crate::store::writer::{Writer, WriterOptions};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// The same conversations each time.
const SEED: u64 = 20_261_120;

/// A message to be written.
struct Planned {
    at: Timestamp,
    sender: UserId,
    to: UserId,
    content: String,
    attachments: &'static [Attachment],
}

impl Planned {
    fn text(at: Timestamp, sender: UserId, to: UserId, text: &str) -> Self {
        Self { at, sender, to, content: text.to_owned(), attachments: &[] }
    }
}

/// Fills an empty store, and one of files by this clock; `password` is asked for each person's.
pub(super) async fn seed(
    store: &Store,
    files: impl FnOnce(Clock) -> Result<Files, BlobError>,
    now: Timestamp,
    password: impl Fn(&str) -> String,
) -> Result<(), Error> {
    let time = Arc::new(AtomicI64::new(now - 40 * DAY));
    let clock = Clock::Fixed(Arc::clone(&time));
    let files = files(clock.clone())?;
    let people = add_people(store, &clock, password).await?;
    // Nobody is there to hear of it.
    let events = Publisher::new(|_| {}, Vec::new());
    let options = WriterOptions::default();
    let writer = Writer::start(store.clone(), clock.clone(), events.clone(), options);
    let reader = Reader::new(store.clone(), clock, Presence::in_memory());
    let chat = Chat::new(reader, writer.clone(), events, u64::MAX);

    give_faces(&chat, &files, &people).await?;
    let mut planned = plan(&people, now);
    planned.sort_by_key(|message| message.at);
    let mut ends = HashMap::new();
    for together in planned.chunk_by(|one, other| one.at == other.at) {
        time.store(together[0].at, Ordering::Relaxed);
        let written =
            try_join_all(together.iter().map(|message| write(&chat, &files, message))).await?;
        ends.extend(written);
    }
    let play = Play { chat: &chat, files: &files, time: &time, people: &people, now };
    play.run().await?;
    for pair in &PAIRS {
        read(&chat, pair, &people, &ends).await?;
    }
    writer.shut_down().await;
    Ok(())
}

async fn add_people(
    store: &Store,
    clock: &Clock,
    password: impl Fn(&str) -> String,
) -> Result<HashMap<&'static str, UserId>, Error> {
    // No token is signed, so that no key is needed.
    let auth = Auth::new(store.clone(), clock.clone(), &[]);
    let added =
        PEOPLE.iter().map(|person| auth.add_user(person.0, Some(person.1), password(person.0)));
    let added = try_join_all(added).await?;
    Ok(PEOPLE.iter().zip(added).map(|(person, user)| (person.0, user.id)).collect())
}

/// Has those who want one have a picture.
async fn give_faces(
    chat: &Chat,
    files: &Files,
    people: &HashMap<&str, UserId>,
) -> Result<(), Error> {
    let given = PEOPLE.iter().map(|Person(name, _, face)| async {
        let drawn = tokio::task::spawn_blocking(|| face.draw().map(|drawn| drawn.jpeg()));
        let Some(drawn) = drawn.await.map_err(Error::internal)? else { return Ok(()) };
        let picture = attachments::body(drawn.map_err(Error::internal)?);
        let hash = files.keep_avatar(picture).await?;
        chat.set_avatar(people[name], Some(&hash)).await.map(drop)
    });
    try_join_all(given).await.map(drop)
}

/// All that is said, in no order.
fn plan(people: &HashMap<&str, UserId>, now: Timestamp) -> Vec<Planned> {
    let mut script = Script::read();
    let mut random = StdRng::seed_from_u64(SEED);
    let mut planned = Vec::new();
    for (index, pair) in PAIRS.iter().enumerate() {
        let ids = pair.between.map(|name| people[name]);
        let mut threads = script.take(pair.languages, pair.threads, &mut random);
        if index == 0 {
            let line = |(first, words, attachments): &(bool, &str, &'static [Attachment])| Line {
                first: *first,
                words: (*words).to_owned(),
                attachments,
            };
            threads.push(SHOWN_FIRST.iter().map(line).collect());
        }
        let last = now - pair.quiet_for * MINUTE;
        // What nobody has read yet comes after all that, each text half a minute after the other.
        for (reader, texts) in pair.unread.iter().enumerate() {
            let (sender, to) = (ids[1 - reader], ids[reader]);
            for (number, text) in (1..).zip(*texts) {
                let at = last + number * MINUTE / 2;
                planned.push(Planned::text(at, sender, to, text));
            }
        }
        let times = times(threads.len(), last, &mut random);
        for (number, (thread, ends)) in threads.iter().zip(times).enumerate() {
            // Now one begins, now the other; what is shown first has its own order.
            let turned = number % 2 == 1 && !(index == 0 && number == threads.len() - 1);
            let mut at = ends;
            for Line { first, words, attachments } in thread.iter().rev() {
                let (sender, to) =
                    if *first == turned { (ids[1], ids[0]) } else { (ids[0], ids[1]) };
                planned.push(Planned { attachments, ..Planned::text(at, sender, to, words) });
                at -= pause(words, &mut random);
            }
        }
    }
    let ada = people["ada"];
    for (days, text) in NOTES {
        let at = now - days * DAY;
        planned.push(Planned::text(at, ada, ada, text));
    }
    planned
}

/// When each thread ends, over four weeks: by day, a few hours apart, the last one at `last`.
fn times(count: usize, last: Timestamp, random: &mut StdRng) -> Vec<Timestamp> {
    let days = i64::try_from(count).unwrap_or(1).max(1);
    let time = |number: i64| {
        if number == days - 1 {
            return last;
        }
        let day = (last / DAY - 28 + number * 28 / days) * DAY;
        day + random.random_range(8 * 60..21 * 60) * MINUTE
    };
    let mut times: Vec<_> = (0..days).map(time).collect();
    times.sort_unstable();
    times
}

/// How long it took to write: whole seconds, longer for longer texts.
fn pause(content: &str, random: &mut StdRng) -> i64 {
    let words = i64::try_from(content.chars().count() / 6).unwrap_or_default();
    (random.random_range(8..40) + words) * 1000
}

async fn write(
    chat: &Chat,
    files: &Files,
    message: &Planned,
) -> Result<((UserId, UserId), (ConversationId, Seq)), Error> {
    let send = SendMessage {
        client_id: format!("demo-{}-{}", message.at, message.sender.get()),
        to_user_id: Some(message.to),
        content: Some(message.content.clone()),
        ..attachments::send(files, message.sender, message.attachments).await?
    };
    let stored = chat.send_message(message.sender, &send).await?.message;
    let pair = (message.sender.min(message.to), message.sender.max(message.to));
    Ok((pair, (stored.conversation_id, stored.seq)))
}

/// Moves both people's marks to where they have read.
async fn read(
    chat: &Chat,
    pair: &Pair,
    people: &HashMap<&str, UserId>,
    ends: &HashMap<(UserId, UserId), (ConversationId, Seq)>,
) -> Result<(), Error> {
    let [one, other] = pair.between.map(|name| people[name]);
    let (conversation_id, last) = ends[&(one.min(other), one.max(other))];
    for (user, unread) in [one, other].into_iter().zip(pair.unread) {
        let unread = i64::try_from(unread.len()).unwrap_or_default();
        let mark = |seq| Mark { conversation_id, seq };
        chat.move_mark(user, mark(last), MarkKind::Delivered).await?;
        chat.move_mark(user, mark(Seq::new(last.get() - unread)), MarkKind::Read).await?;
    }
    Ok(())
}
