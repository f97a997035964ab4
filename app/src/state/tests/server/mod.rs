//! A server in miniature: one person's conversations, and the sockets of their devices.

mod answers;
mod changes;
mod groups;
mod sockets;
mod thread;

use std::collections::{BTreeMap, VecDeque};

use crate::protocol::{
    ClientId, Content, ConversationId, File, FileId, Message, PresenceStatus, Receipt, Seq,
    ServerFrame, Timestamp, User, UserId,
};

pub(super) use changes::emoji;
pub(super) use thread::Thread;

pub(super) const ME: UserId = UserId::new(1);
const PEERS: i64 = 4;
/// Small, so that pages and catching up have an end in the middle.
const PAGE_SIZE: usize = 4;
const CATCH_UP_SIZE: usize = 3;
/// As many devices has the person.
pub(super) const DEVICES: usize = 2;

#[derive(Default)]
pub(super) struct Server {
    pub threads: BTreeMap<ConversationId, Thread>,
    pub sockets: [Socket; DEVICES],
    pub refuse_next: bool,
    /// The others under the names and with the pictures that they have by now.
    called: BTreeMap<UserId, User>,
    /// Those who are there, and how.
    pub presence: BTreeMap<UserId, PresenceStatus>,
    pub now: Timestamp,
    named: u32,
}

/// A device's connection.
#[derive(Default)]
pub(super) struct Socket {
    pub to_client: VecDeque<ServerFrame>,
    /// What the others are told of the client.
    pub away: bool,
    connected: bool,
    /// What is told page by page, and up to where it was told.
    draining: BTreeMap<ConversationId, Seq>,
}

pub(super) fn user(id: UserId) -> User {
    User {
        id,
        username: format!("user{id}"),
        nickname: format!("User {id}"),
        avatar_url: None,
        created_at: 0,
        presence: None,
    }
}

fn index(seq: Seq) -> usize {
    usize::try_from(seq.get()).unwrap_or(0)
}

/// What is appended, beside who wrote it.
struct Words {
    name: String,
    content: Content,
    reply_to: Option<Seq>,
    forwarded_from: Option<User>,
    mentions: Vec<UserId>,
}

impl Words {
    /// These alone.
    fn new(name: String, content: Content) -> Self {
        Self { name, content, reply_to: None, forwarded_from: None, mentions: Vec::new() }
    }
}

/// A text; every fourth is a picture with these words below it, and what every fifth answers is mostly a voice message
/// without any.
pub(super) fn said(named: u32, text: String) -> Content {
    let file = |voice| File {
        id: FileId::new(i64::from(named)),
        name: format!("file-{named}"),
        size: 9,
        mime: "image/png".into(),
        voice,
        width: None,
        height: None,
        duration_ms: None,
        waveform: None,
        animated: false,
        color: None,
        url: None,
        thumbnail_url: None,
    };
    if named % 5 == 4 {
        Content::File { files: vec![file(true)], caption: String::new() }
    } else if named.is_multiple_of(4) {
        Content::Image { files: vec![file(false)], caption: text }
    } else {
        Content::Text(text)
    }
}

impl Server {
    /// Those that the person is in.
    pub fn ids(&self) -> Vec<ConversationId> {
        self.threads.iter().filter(|(_, thread)| thread.within).map(|(id, _)| *id).collect()
    }

    pub fn nth(&self, at: u8) -> Option<ConversationId> {
        let ids = self.ids();
        (!ids.is_empty()).then(|| ids[usize::from(at) % ids.len()])
    }

    pub fn peer(at: u8) -> UserId {
        UserId::new(2 + i64::from(at) % PEERS)
    }

    fn thread(&mut self, id: ConversationId) -> &mut Thread {
        self.threads.get_mut(&id).expect("a thread")
    }

    /// Conversation ids are made of the peer's, so that two orders of the same events agree.
    fn with(&mut self, peer: UserId) -> (ConversationId, bool) {
        let id = ConversationId::new(100 + peer.get());
        let is_new = !self.threads.contains_key(&id);
        let called = self.called.clone();
        self.threads.entry(id).or_insert_with(|| {
            let mut thread = Thread::private(id, peer);
            thread.called = called;
            thread
        });
        (id, is_new)
    }

    fn push(&mut self, device: usize, frame: ServerFrame) {
        let socket = &mut self.sockets[device];
        if socket.connected {
            socket.to_client.push_back(frame);
        }
    }

    fn push_all(&mut self, frame: &ServerFrame) {
        for device in 0..DEVICES {
            self.push(device, frame.clone());
        }
    }

    fn push_row(&mut self, id: ConversationId) {
        let conversation = self.row(id);
        self.push_all(&ServerFrame::Conversation { id: None, conversation });
    }

    fn name(&mut self) -> String {
        self.named += 1;
        format!("server-{}", self.named)
    }

    fn append(&mut self, id: ConversationId, from: UserId, words: Words) -> Message {
        let thread = self.thread(id);
        let seq = thread.last().next();
        let client_id = ClientId::parse(&words.name).expect("a name");
        let at = 1_000 * seq.get() + id.get();
        thread.messages.push(Message {
            reply_to: words.reply_to.map(|seq| thread.quote(seq)),
            forwarded_from: words.forwarded_from,
            mentions: words.mentions,
            ..Message::new(id, seq, client_id, user(from), words.content, at)
        });
        thread.step_over();
        thread.view(seq, true)
    }

    fn tell_new(&mut self, message: &Message, except: Option<usize>) {
        let id = message.conversation_id;
        if !self.threads[&id].within {
            return;
        }
        for device in (0..DEVICES).filter(|device| Some(*device) != except) {
            if !self.sockets[device].draining.contains_key(&id) {
                self.push(device, ServerFrame::NewMessage { message: message.clone() });
            }
        }
    }

    /// Every third of these names the person, and every fifth answers the one before.
    pub fn peer_sends(&mut self, at: u8) {
        let peer = Self::peer(at);
        let (id, is_new) = self.with(peer);
        self.says(id, peer);
        if is_new {
            // The row comes before the message that it counts.
            self.push_row(id);
        }
        let message = self.threads[&id].view(self.threads[&id].last(), true);
        self.tell_new(&message, None);
    }

    fn says(&mut self, id: ConversationId, from: UserId) -> Message {
        let name = self.name();
        let last = self.threads[&id].last();
        let content = said(self.named, format!("from {from}: {name}"));
        let words = Words {
            reply_to: (self.named.is_multiple_of(5) && last > Seq::ZERO).then_some(last),
            mentions: if self.named.is_multiple_of(3) { vec![ME] } else { Vec::new() },
            ..Words::new(name, content)
        };
        self.append(id, from, words)
    }

    /// A bot sends a message over HTTP.
    pub fn bot_sends(&mut self, at: u8) {
        let Some(id) = self.nth(at) else { return };
        let name = self.name();
        let content = said(self.named, format!("bot: {name}"));
        let message = self.append(id, ME, Words::new(name, content));
        self.tell_new(&message, None);
    }

    pub fn peer_marks(&mut self, at: u8, read: bool) {
        if let Some(id) = self.nth(at)
            && self.threads[&id].peer.is_some()
        {
            let receipt = self.peer_receipt(id, read);
            self.push_all(&receipt);
        }
    }

    pub fn peer_receipt(&mut self, id: ConversationId, read: bool) -> ServerFrame {
        let thread = self.thread(id);
        let last = thread.last();
        thread.theirs.hold(last, read);
        ServerFrame::Receipt(Receipt {
            conversation_id: id,
            user_id: thread.peer.expect("a peer"),
            delivered_seq: thread.theirs.delivered,
            read_seq: thread.theirs.read,
            unread: None,
        })
    }

    /// Someone else takes another name, and another picture or none.
    pub fn peer_renames(&mut self, at: u8, how: u8) {
        let id = Self::peer(at);
        let avatar_url = how.is_multiple_of(2).then(|| format!("/avatars/{how}"));
        let told = User { nickname: format!("User {id}, {how}"), avatar_url, ..user(id) };
        self.called.insert(id, told.clone());
        for thread in self.threads.values_mut() {
            thread.called.insert(id, told.clone());
            // Who was away finds it by that.
            thread.version += i64::from(thread.peer == Some(id));
        }
        self.push_all(&ServerFrame::User { user: told });
    }

    /// Tells once more how all are called: where it was missed, loaded messages keep the old names until then.
    pub fn tell_of_people(&mut self) {
        for user in self.called.clone().into_values() {
            self.push_all(&ServerFrame::User { user });
        }
    }

    pub fn peer_comes(&mut self, at: u8, how: u8) {
        use PresenceStatus::{Away, Offline, Online};
        let (user_id, status) = (Self::peer(at), [Online, Away, Offline][usize::from(how) % 3]);
        if status == Offline {
            self.presence.remove(&user_id);
        } else {
            self.presence.insert(user_id, status);
        }
        self.push_all(&ServerFrame::Presence { user_id, status, last_seen_at: None });
    }

    pub fn peer_types(&mut self, at: u8, who: u8) {
        let Some(conversation_id) = self.nth(at) else { return };
        let user_id = self.threads[&conversation_id].peer.unwrap_or(Self::peer(who));
        let active = !at.is_multiple_of(4);
        self.push_all(&ServerFrame::Typing { conversation_id, user_id, active });
    }
}
