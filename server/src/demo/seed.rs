//! Writes the demo's people and conversations, by the same ways as the server: the writer gets a clock
//! that is set to the moment of each message.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app::protocol::{ConversationId, Mark, SendMessage, Seq, Timestamp, UserId};
use futures_util::future::try_join_all;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::cast::{NOTES, PAIRS, PEOPLE, Pair, SHOWN_FIRST};
use super::play::Play;
use super::script::Script;
use crate::auth::Auth;
use crate::chat::{Chat, MarkKind, Reader};
use crate::clock::Clock;
use crate::error::Error;
use crate::events::Publisher;
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
}

/// Fills an empty store; `password` is asked for each person's.
pub(super) async fn seed(
    store: &Store,
    now: Timestamp,
    password: impl Fn(&str) -> String,
) -> Result<(), Error> {
    let time = Arc::new(AtomicI64::new(now - 40 * DAY));
    let clock = Clock::Fixed(Arc::clone(&time));
    let people = add_people(store, &clock, password).await?;
    // Nobody is there to hear of it.
    let events = Publisher::new(|_| {}, Vec::new());
    let options = WriterOptions::default();
    let writer = Writer::start(store.clone(), clock.clone(), events.clone(), options);
    let reader = Reader::new(store.clone(), clock, Presence::in_memory());
    let chat = Chat::new(reader, writer.clone(), events, u64::MAX);

    let mut planned = plan(&people, now);
    planned.sort_by_key(|message| message.at);
    let mut ends = HashMap::new();
    for together in planned.chunk_by(|one, other| one.at == other.at) {
        time.store(together[0].at, Ordering::Relaxed);
        let written = try_join_all(together.iter().map(|message| write(&chat, message))).await?;
        ends.extend(written);
    }
    let play = Play { chat: &chat, time: &time, people: &people, now };
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

/// All that is said, in no order.
fn plan(people: &HashMap<&str, UserId>, now: Timestamp) -> Vec<Planned> {
    let mut script = Script::read();
    let mut random = StdRng::seed_from_u64(SEED);
    let mut planned = Vec::new();
    for (index, pair) in PAIRS.iter().enumerate() {
        let ids = pair.between.map(|name| people[name]);
        let mut threads = script.take(pair.languages, pair.threads, &mut random);
        if index == 0 {
            threads
                .push(SHOWN_FIRST.iter().map(|(first, text)| (*first, (*text).into())).collect());
        }
        let last = now - pair.quiet_for * MINUTE;
        // What nobody has read yet comes after all that, each text half a minute after the other.
        for (reader, texts) in pair.unread.iter().enumerate() {
            let (sender, to) = (ids[1 - reader], ids[reader]);
            for (number, text) in (1..).zip(*texts) {
                let at = last + number * MINUTE / 2;
                planned.push(Planned { at, sender, to, content: (*text).to_owned() });
            }
        }
        let times = times(threads.len(), last, &mut random);
        for (number, (thread, ends)) in threads.iter().zip(times).enumerate() {
            // Now one begins, now the other; what is shown first has its own order.
            let turned = number % 2 == 1 && !(index == 0 && number == threads.len() - 1);
            let mut at = ends;
            for (first, content) in thread.iter().rev() {
                let (sender, to) =
                    if *first == turned { (ids[1], ids[0]) } else { (ids[0], ids[1]) };
                planned.push(Planned { at, sender, to, content: content.clone() });
                at -= pause(content, &mut random);
            }
        }
    }
    let ada = people["ada"];
    for (days, text) in NOTES {
        let at = now - days * DAY;
        planned.push(Planned { at, sender: ada, to: ada, content: (*text).to_owned() });
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
    message: &Planned,
) -> Result<((UserId, UserId), (ConversationId, Seq)), Error> {
    let send = SendMessage {
        client_id: format!("demo-{}-{}", message.at, message.sender.get()),
        to_user_id: Some(message.to),
        content: Some(message.content.clone()),
        ..SendMessage::default()
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
