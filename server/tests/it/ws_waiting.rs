//! Ten thousand messages that waited: all of them come, once and in order, while the socket listens to
//! what is said on it, and a second device comes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use app::protocol::{Command, ConversationId, Head, Mark, MessageAck, Seq, ServerFrame};

use crate::harness::{Person, Socket, TestServer, on_both_engines};

on_both_engines!(
    with [("KITH_RATE_MESSAGES", "0")];
    ten_thousand_waiting_messages_come_once_and_in_order,
);

const CONVERSATIONS: i64 = 50;
const EACH: i64 = 200;

/// Pages that may be under way to a client which confirms none: a conversation's last one makes room
/// for the first of another, in each of the four places.
const MAX_UNDER_WAY: usize = 8;

/// A device that takes in what it is told.
struct Device {
    socket: Socket,
    /// Of each conversation, the position up to which the device holds everything.
    held: BTreeMap<ConversationId, Seq>,
    /// Where its own messages stand, of which it was told by acks.
    own: BTreeSet<(ConversationId, Seq)>,
    /// What is to be confirmed.
    unconfirmed: Vec<Mark>,
    /// What was.
    confirmed: BTreeMap<ConversationId, Seq>,
    /// How many pages it got.
    pages: usize,
}

impl Device {
    /// Signs in as someone whose marks stand here.
    async fn sign_in(server: &TestServer, person: &Person, heads: &[Head]) -> Self {
        let socket = Socket::sign_in(server, person).await;
        let held = heads.iter().map(|head| (head.id, head.delivered_seq)).collect();
        let (own, confirmed) = (BTreeSet::new(), BTreeMap::new());
        Self { socket, held, own, unconfirmed: Vec::new(), confirmed, pages: 0 }
    }

    /// Takes in the next frame: what it says follows upon what is held. An ack is given back.
    async fn take_in(&mut self) -> Option<MessageAck> {
        match self.socket.next().await.expect("a frame") {
            ServerFrame::OfflineMessages(page) => {
                self.pages += 1;
                let id = page.conversation_id;
                let mut confirmed = self.held[&id];
                for message in page.messages {
                    self.hold(id, message.seq);
                    confirmed = message.seq;
                }
                self.unconfirmed.push(Mark { conversation_id: id, seq: confirmed });
            }
            ServerFrame::NewMessage { message } => self.hold(message.conversation_id, message.seq),
            ServerFrame::MessageAck(ack) => {
                self.own.insert((ack.conversation_id, ack.seq));
                self.step_over_own(ack.conversation_id);
                return Some(ack);
            }
            ServerFrame::Receipt(_) => {}
            other => panic!("unexpected {other:?}"),
        }
        None
    }

    fn hold(&mut self, id: ConversationId, seq: Seq) {
        let held = self.held.get_mut(&id).expect("a conversation that is known");
        assert_eq!(seq, held.next(), "in {id}");
        *held = seq;
        self.step_over_own(id);
    }

    fn step_over_own(&mut self, id: ConversationId) {
        let held = self.held.get_mut(&id).expect("a conversation that is known");
        while self.own.contains(&(id, held.next())) {
            *held = held.next();
        }
    }

    async fn confirm(&mut self) {
        for mark in std::mem::take(&mut self.unconfirmed) {
            self.socket.send(Command::Delivered(mark)).await;
            self.confirmed.insert(mark.conversation_id, mark.seq);
        }
    }

    /// Whether it holds everything up to these positions.
    fn holds(&self, ends: &BTreeMap<ConversationId, Seq>) -> bool {
        ends.iter().all(|(id, end)| self.held[id] == *end)
    }

    /// Takes in everything up to these positions, and confirms it; after that nothing comes.
    async fn catch_up(mut self, ends: &BTreeMap<ConversationId, Seq>) {
        while !self.holds(ends) {
            self.confirm().await;
            self.take_in().await;
        }
        self.confirm().await;
        self.socket.send(Command::Ping {}).await;
        loop {
            match self.socket.next().await.expect("a frame") {
                ServerFrame::Pong { .. } => break,
                ServerFrame::Receipt(_) => {}
                other => panic!("unexpected {other:?}"),
            }
        }
    }
}

async fn heads(person: &Person) -> Vec<Head> {
    person.client.get("/api/v1/conversations/heads").await.json(200)
}

/// Where a person's marks stand, once the server has stored all that a device confirmed.
async fn settled(person: &Person, device: &Device) -> Vec<Head> {
    let stored = |head: &Head| {
        device.confirmed.get(&head.id).is_none_or(|confirmed| head.delivered_seq >= *confirmed)
    };
    let began = Instant::now();
    loop {
        let heads = heads(person).await;
        if heads.iter().all(stored) {
            return heads;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "the marks are stored");
    }
}

async fn ten_thousand_waiting_messages_come_once_and_in_order(server: TestServer) {
    let omar = server.person("omar").await;
    server.seed_waiting(&omar, CONVERSATIONS, EACH).await;
    let mut first = Device::sign_in(&server, &omar, &heads(&omar).await).await;
    let in_part = |held: i64| 0 < held && held < EACH;
    while first.pages < 30 || !first.held.values().any(|held| in_part(held.get())) {
        first.confirm().await;
        first.take_in().await;
    }
    // What is said meanwhile does not wait for the rest: not where all has come, not where some has,
    // not where nothing has.
    let at = |wanted: fn(i64) -> bool| {
        let found = first.held.iter().find(|(_, held)| wanted(held.get()));
        *found.expect("one such conversation").0
    };
    let targets = [at(|held| held == EACH), at(in_part), at(|held| held == 0)];
    let told = first.pages;
    for (nth, id) in targets.into_iter().enumerate() {
        first.socket.send(Socket::message(id, &format!("own{nth}"), "so it goes")).await;
    }
    let mut acked = Vec::new();
    while acked.len() < targets.len() {
        acked.extend(first.take_in().await.map(|ack| (ack.conversation_id, ack.seq.get())));
    }
    acked.sort_unstable();
    let mut expected = targets.map(|id| (id, EACH + 1));
    expected.sort_unstable();
    assert_eq!(acked, expected);
    assert!(first.pages - told <= MAX_UNDER_WAY, "{} pages before the acks", first.pages - told);

    // A second device, which gets what its user has not confirmed, and what the first one said and
    // goes on to say.
    let heads = settled(&omar, &first).await;
    let mut ends: BTreeMap<_, _> = heads.iter().map(|head| (head.id, head.last_seq)).collect();
    assert_eq!(i64::try_from(ends.len()), Ok(CONVERSATIONS));
    assert_eq!(ends.values().map(|end| end.get()).sum::<i64>(), CONVERSATIONS * EACH + 3);
    let second = Device::sign_in(&server, &omar, &heads).await;
    for (nth, id) in targets.into_iter().enumerate() {
        first.socket.send(Socket::message(id, &format!("more{nth}"), "and so on")).await;
        ends.entry(id).and_modify(|end| *end = end.next());
    }
    tokio::join!(first.catch_up(&ends), second.catch_up(&ends));
}
