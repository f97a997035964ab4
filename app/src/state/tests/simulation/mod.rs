//! A person's devices, a server, and between them a network that does what it wants.

mod checks;
mod steps;

use std::collections::{BTreeMap, VecDeque};

use super::server::{DEVICES, ME, Server, user};
use crate::protocol::{
    ApiError, ClientFrame, ClientId, ConversationId, ErrorKind, MessageText, ServerFrame, Target,
    Timestamp,
};
use crate::state::{Action, Effect, Entry, Outcome, Request, Response, State, Token};

pub(super) use steps::{simulate, step};

/// What the network does to the frame whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    None,
    Drop,
    Repeat,
    Swap,
}

/// How far each device's clock is ahead of the server's.
const CLOCKS_AHEAD: [Timestamp; DEVICES] = [7_200_000, -600_000];

pub(super) struct Simulation {
    pub server: Server,
    pub devices: Vec<Device>,
    now: Timestamp,
}

pub(super) struct Device {
    pub state: State,
    pub to_server: VecDeque<ClientFrame>,
    /// Questions under way, with what was true when they were asked.
    pub questions: Vec<(Request, Result<Response, ApiError>)>,
    /// What was asked to be done, with what came of it.
    pub calls: Vec<(Token, Action, Result<Outcome, ApiError>)>,
    /// The next call does not reach the server.
    pub lose_call: bool,
    pub storage: BTreeMap<ClientId, Entry>,
    pub written: Vec<(ConversationId, ClientId)>,
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

impl Simulation {
    pub fn new() -> Self {
        let mut server = Server::default();
        server.now = 1_000_000;
        for at in [0, 0, 1, 0, 1, 1, 0, 0, 0] {
            server.peer_sends(at);
        }
        let mut simulation = Self { server, devices: Vec::new(), now: 1_000_000 };
        for device in 0..DEVICES {
            simulation.devices.push(Device {
                state: State::new(user(ME), simulation.server.list(false)),
                to_server: VecDeque::new(),
                questions: Vec::new(),
                calls: Vec::new(),
                lose_call: false,
                storage: BTreeMap::new(),
                written: Vec::new(),
                compared: false,
            });
            simulation.begin(device, Vec::new());
        }
        simulation
    }

    fn begin(&mut self, device: usize, kept: Vec<Entry>) {
        let server_time = self.now;
        self.input(device, |state, now| {
            state.tell_time(server_time, now);
            state.start(7, kept, Vec::new(), now)
        });
        self.input(device, |state, now| state.lead(true, now));
    }

    pub fn input(&mut self, at: usize, take: impl FnOnce(&mut State, Timestamp) -> Vec<Effect>) {
        let compared = self.all_compared();
        let device = &mut self.devices[at];
        self.server.now = self.now;
        for effect in take(&mut device.state, self.now + CLOCKS_AHEAD[at]) {
            match effect {
                Effect::Connect => {
                    device.to_server.clear();
                    self.server.connect(at);
                }
                Effect::Send(frame) => device.to_server.push_back(*frame),
                Effect::Fetch(request) => {
                    let answer = self.server.answer(&request);
                    device.questions.push((request, answer));
                }
                Effect::Act(token, action) => {
                    let result = if std::mem::take(&mut device.lose_call) || !compared {
                        Err(ApiError::unavailable())
                    } else {
                        self.server.act(&action)
                    };
                    device.calls.push((token, *action, result));
                }
                Effect::Keep(entry) => {
                    device.storage.insert(entry.client_id.clone(), *entry);
                }
                Effect::Forget(client_id) => {
                    device.storage.remove(&client_id);
                }
                Effect::KeepDraft(..)
                | Effect::KeepReply(..)
                | Effect::KeepEdit(..)
                | Effect::Opened(..)
                | Effect::Found(..)
                | Effect::Refused(_)
                | Effect::Announce(_) => {}
                other => panic!("unexpected: {other:?}"),
            }
        }
    }

    /// With one of the server's conversations.
    pub fn on(
        &mut self,
        device: usize,
        at: u8,
        act: impl FnOnce(&mut State, ConversationId, Timestamp) -> Vec<Effect>,
    ) {
        if let Some(id) = self.server.nth(at) {
            self.input(device, |state, now| act(state, id, now));
        }
    }

    /// A new message's name.
    fn name(&mut self, device: usize, id: ConversationId) -> ClientId {
        let written = &mut self.devices[device].written;
        let name = ClientId::parse(&format!("mine-{device}-{}", written.len())).expect("a name");
        written.push((id, name.clone()));
        name
    }

    pub fn send(&mut self, device: usize, at: u8, by_user: bool) {
        let peer = Server::peer(at);
        let private = ConversationId::new(100 + peer.get());
        let known = |id| self.devices[device].state.chats().get(id).is_some();
        let (id, target) = match self.server.nth(at).filter(|id| !by_user && known(*id)) {
            Some(id) => (id, Target::Conversation(id)),
            None => (private, Target::User(peer)),
        };
        let name = self.name(device, id);
        let text = MessageText::parse(&format!("text of {name}")).expect("a text");
        self.input(device, |state, now| state.send(target, name, text, now));
    }

    /// Something with one of the messages that are loaded.
    pub fn on_message(
        &mut self,
        device: usize,
        at: u8,
        which: u8,
        act: impl FnOnce(&mut Self, ConversationId, crate::protocol::Seq),
    ) {
        let Some(id) = self.server.nth(at) else { return };
        let Some(timeline) = self.devices[device].state.timeline(id) else { return };
        let messages = timeline.messages();
        if !messages.is_empty() {
            let seq = messages[usize::from(which) % messages.len()].seq;
            act(self, id, seq);
        }
    }

    pub fn act(&mut self, device: usize, action: Action) {
        self.input(device, |state, now| state.act(1, action, now));
    }

    /// What came of a call; or that its answer was lost.
    pub fn acted(&mut self, device: usize, at: u8, well: bool) {
        let calls = &mut self.devices[device].calls;
        if calls.is_empty() {
            return;
        }
        let (token, action, result) = calls.remove(usize::from(at) % calls.len());
        let result = if well { result } else { Err(ApiError::unavailable()) };
        self.input(device, |state, now| state.acted(token, &action, &result, now));
    }

    /// Rows come with the page without their `version`: what changes nothing but that, between
    /// the page and the first `heads`, is not noticed until the next change.
    pub fn all_compared(&self) -> bool {
        self.devices.iter().all(|device| device.compared)
    }

    pub fn reach_server(&mut self, device: usize, fault: Fault) {
        if let Some(frame) = picked(&mut self.devices[device].to_server, fault) {
            self.server.take(device, frame);
        }
    }

    pub fn reach_client(&mut self, device: usize, fault: Fault) {
        if let Some(frame) = picked(&mut self.server.sockets[device].to_client, fault) {
            // As it comes over the wire.
            let text = serde_json::to_string(&frame).expect("a frame");
            let frame: ServerFrame = serde_json::from_str(&text).expect("the frame");
            self.input(device, |state, now| state.apply(frame, now));
        }
    }

    pub fn answer(&mut self, device: usize, at: u8, well: bool) {
        let device_at = &mut self.devices[device];
        if device_at.questions.is_empty() {
            return;
        }
        let at = usize::from(at) % device_at.questions.len();
        let (request, answer) = device_at.questions.remove(at);
        device_at.compared |= well && request == Request::Heads;
        let answer = if well { answer } else { Err(ApiError::unavailable()) };
        self.input(device, |state, now| state.answered(request, answer, now));
    }

    pub fn cut(&mut self, device: usize, code: u8) {
        self.devices[device].to_server.clear();
        self.server.disconnect(device);
        let code = [None, Some(1006), Some(1008), Some(1012)][usize::from(code) % 4];
        self.input(device, |state, now| state.socket_closed(code, now));
    }

    pub fn reload(&mut self, at: usize) {
        self.server.disconnect(at);
        let device = &mut self.devices[at];
        device.to_server.clear();
        device.questions.clear();
        device.calls.clear();
        device.compared = false;
        device.state = State::new(user(ME), self.server.list(false));
        let kept = device.storage.values().cloned().collect();
        self.begin(at, kept);
    }

    /// When the first device has something to do, by the server's clock.
    fn next_tick(&self) -> Option<Timestamp> {
        let devices = self.devices.iter().zip(CLOCKS_AHEAD);
        devices.filter_map(|(device, ahead)| Some(device.state.next_tick()? - ahead)).min()
    }

    pub fn pass(&mut self, ms: Timestamp) {
        let end = self.now + ms;
        while let Some(next) = self.next_tick().filter(|at| *at <= end) {
            self.now = next.max(self.now);
            for device in 0..self.devices.len() {
                self.input(device, State::tick);
            }
        }
        self.now = end;
        self.server.now = end;
    }
}

impl Device {
    /// Those of its messages that the server has refused for good.
    pub fn refused(&self) -> Vec<ClientId> {
        let refused = self.state.outbox().iter().filter(|entry| match &entry.status {
            // No member any more; or what it answers is hidden by now.
            crate::state::Status::NotSent(error) => {
                matches!(error.kind, ErrorKind::NotFound | ErrorKind::Validation)
            }
            _ => false,
        });
        refused.map(|entry| entry.client_id.clone()).collect()
    }
}
