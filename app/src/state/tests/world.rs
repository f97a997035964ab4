//! A client, a server, and between them a network that does what it wants.

use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::server::{ME, Server, user};
use crate::protocol::{
    ApiError, ClientFrame, ClientId, ConversationId, MessageText, PresenceStatus, Seq, Target,
    Timestamp,
};
use crate::state::{Answer, Effect, Entry, Request, State};

/// What the network does to the frame whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    None,
    Drop,
    Repeat,
    Swap,
}

pub(super) struct World {
    pub server: Server,
    state: State,
    now: Timestamp,
    to_server: VecDeque<ClientFrame>,
    /// Questions under way, with what was true when they were asked.
    questions: Vec<(Request, Result<Answer, ApiError>)>,
    storage: BTreeMap<ClientId, Entry>,
    written: Vec<(ConversationId, String)>,
    /// The client has compared `heads` since its page was loaded.
    compared: bool,
}

fn picked<T>(queue: &mut VecDeque<T>, fault: Fault) -> Option<T>
where
    T: Clone,
{
    if fault == Fault::Swap && queue.len() > 1 {
        queue.swap(0, 1);
    }
    let frame = queue.pop_front()?;
    if fault == Fault::Repeat {
        queue.push_front(frame.clone());
    }
    (fault != Fault::Drop).then_some(frame)
}

impl World {
    pub fn new() -> Self {
        let mut server = Server::default();
        for at in [0, 0, 1, 0, 1, 1, 0, 0, 0] {
            server.peer_sends(at);
        }
        let state = State::new(user(ME), server.list());
        let mut world = Self {
            server,
            state,
            now: 1_000_000,
            to_server: VecDeque::new(),
            questions: Vec::new(),
            storage: BTreeMap::new(),
            written: Vec::new(),
            compared: false,
        };
        world.input(|state, now| state.start(7, Vec::new(), Vec::new(), now));
        world.lead(true);
        world
    }

    fn input(&mut self, take: impl FnOnce(&mut State, Timestamp) -> Vec<Effect>) {
        for effect in take(&mut self.state, self.now) {
            match effect {
                Effect::Connect => {
                    self.to_server.clear();
                    self.server.connect();
                }
                Effect::Send(frame) => self.to_server.push_back(*frame),
                Effect::Fetch(request) => {
                    let answer = self.server.answer(&request);
                    self.questions.push((request, answer));
                }
                Effect::Keep(entry) => {
                    self.storage.insert(entry.client_id.clone(), *entry);
                }
                Effect::Forget(client_id) => {
                    self.storage.remove(&client_id);
                }
                Effect::KeepDraft(..) | Effect::Opened(..) | Effect::Announce(_) => {}
                other => panic!("unexpected: {other:?}"),
            }
        }
    }

    pub fn act(
        &mut self,
        at: u8,
        act: impl FnOnce(&mut State, ConversationId, Timestamp) -> Vec<Effect>,
    ) {
        if let Some(id) = self.server.nth(at) {
            self.input(|state, now| act(state, id, now));
        }
    }

    pub fn open(&mut self, at: u8) {
        self.act(at, State::open);
    }

    pub fn send(&mut self, at: u8, by_user: bool) {
        let peer = Server::peer(at);
        let id = ConversationId::new(100 + peer.get());
        let known = self.state.chats().get(id).is_some();
        let target = if by_user || !known { Target::User(peer) } else { Target::Conversation(id) };
        let text = format!("mine {}", self.written.len());
        let name = ClientId::parse(&format!("mine-{}", self.written.len())).expect("a name");
        self.written.push((id, text.clone()));
        let text = MessageText::parse(&text).expect("a text");
        self.input(|state, now| state.send(target, name, text, now));
    }

    pub fn lead(&mut self, leads: bool) {
        self.input(|state, now| state.lead(leads, now));
    }

    pub fn use_it(&mut self) {
        self.input(State::used);
    }

    pub fn type_on(&mut self, at: u8) {
        let write = |state: &mut State, id, now| {
            state.typing(Target::Conversation(id), at.is_multiple_of(2), now)
        };
        self.act(at, write);
    }

    pub fn seen(&mut self, at: u8, up_to: u8) {
        let Some(id) = self.server.nth(at) else { return };
        let Some(timeline) = self.state.timeline(id) else { return };
        let messages = timeline.messages();
        if !messages.is_empty() {
            let seq = messages[usize::from(up_to) % messages.len()].seq;
            self.input(|state, now| state.seen(id, seq, now));
        }
    }

    /// Rows come with the page without their `version`: what changes nothing but that, between
    /// the page and the first `heads`, is not noticed until the next change.
    pub fn pin(&mut self, at: u8) {
        if self.compared {
            self.server.pin(at);
        }
    }

    pub fn reach_server(&mut self, fault: Fault) {
        if let Some(frame) = picked(&mut self.to_server, fault) {
            self.server.take(frame);
        }
    }

    pub fn reach_client(&mut self, fault: Fault) {
        if let Some(frame) = picked(&mut self.server.to_client, fault) {
            self.input(|state, now| state.apply(frame, now));
        }
    }

    pub fn answer(&mut self, at: u8, well: bool) {
        if self.questions.is_empty() {
            return;
        }
        let (request, answer) = self.questions.remove(usize::from(at) % self.questions.len());
        self.compared |= well && request == Request::Heads;
        let answer = if well { answer } else { Err(ApiError::unavailable()) };
        self.input(|state, now| state.answered(request, answer, now));
    }

    pub fn cut(&mut self, code: u8) {
        self.to_server.clear();
        self.server.disconnect();
        let code = [None, Some(1006), Some(1008), Some(1012)][usize::from(code) % 4];
        self.input(|state, now| state.socket_closed(code, now));
    }

    pub fn reload(&mut self) {
        self.to_server.clear();
        self.questions.clear();
        self.compared = false;
        self.server.disconnect();
        self.state = State::new(user(ME), self.server.list());
        let kept = self.storage.values().cloned().collect();
        self.input(|state, now| state.start(7, kept, Vec::new(), now));
        self.lead(true);
    }

    pub fn pass(&mut self, ms: Timestamp) {
        let end = self.now + ms;
        while let Some(next) = self.state.next_tick().filter(|next| *next <= end) {
            self.now = next.max(self.now);
            self.input(State::tick);
        }
        self.now = end;
    }

    /// One good reconnection, and a minute and a half without faults.
    pub fn heal(&mut self) {
        self.server.refuse_next = false;
        self.lead(true);
        self.cut(0);
        for _ in 0..900 {
            while !(self.to_server.is_empty()
                && self.server.to_client.is_empty()
                && self.questions.is_empty())
            {
                self.reach_server(Fault::None);
                self.reach_client(Fault::None);
                self.answer(0, true);
            }
            self.pass(100);
        }
    }

    /// At any moment: what is shown ascends, without a repeat and without a hole.
    pub fn check_order(&self) -> Result<(), TestCaseError> {
        for id in self.server.ids() {
            let Some(timeline) = self.state.timeline(id) else { continue };
            let shown: Vec<_> = timeline.messages().iter().map(|m| m.seq.get()).collect();
            let covered: Vec<_> = (timeline.from().get()..=timeline.to().get()).collect();
            prop_assert_eq!(shown, covered, "in {}", id);
        }
        Ok(())
    }

    /// The client knows what the server knows, and the server what the client wanted.
    pub fn check_equal(&self) -> Result<(), TestCaseError> {
        prop_assert!(self.state.outbox().is_empty(), "left: {:?}", self.state.outbox());
        prop_assert!(self.storage.is_empty(), "kept: {:?}", self.storage);
        prop_assert_eq!(self.state.chats().iter().count(), self.server.threads.len());
        prop_assert_eq!(self.server.away, self.state.is_away());
        for (id, thread) in &self.server.threads {
            prop_assert_eq!(self.state.typist(*id), None);
            let peer = thread.peer();
            let status = self.state.presence(peer).map_or(PresenceStatus::Offline, |p| p.status);
            let told = self.server.presence.get(&peer).copied();
            prop_assert_eq!(status, told.unwrap_or(PresenceStatus::Offline), "of {}", peer);
            let row = self.state.chats().get(*id).map(|row| thread.stepped_over(row));
            prop_assert_eq!(row, Some(self.server.row(*id)));
            if let Some(timeline) = self.state.timeline(*id) {
                for message in timeline.messages() {
                    let index = usize::try_from(message.seq.get() - 1).expect("a position");
                    prop_assert_eq!(message, &thread.messages[index]);
                }
                if !timeline.has_more_after() {
                    prop_assert_eq!(timeline.to(), thread.last());
                }
                prop_assert_eq!(timeline.has_more_before(), timeline.from() > Seq::new(1));
            }
            let mine = |text: &str| text.starts_with("mine ");
            let stored = thread.messages.iter().map(|m| m.content.clone());
            let stored: Vec<_> = stored.filter(|text| mine(text)).collect();
            let written = self.written.iter().filter(|(at, _)| at == id);
            let written: Vec<_> = written.map(|(_, text)| text.clone()).collect();
            prop_assert_eq!(stored, written, "what was written to {}: once, in order", id);
        }
        Ok(())
    }
}
