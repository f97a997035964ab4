//! A server in miniature: conversations, positions, marks, one socket.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::protocol::{
    ApiError, ClientFrame, ClientId, Command, Conversation, ConversationId, ConversationKind, Head,
    History, ListPage, Mark, Message, MessageAck, MessagePage, MessageType, OfflineMessages,
    PresenceStatus, Ready, Receipt, Role, SendMessage, Seq, ServerFrame, User, UserId, Window,
};
use crate::state::{Answer, Request};

pub(super) const ME: UserId = UserId::new(1);
const PEERS: i64 = 4;
/// Small, so that pages and drains have an end in the middle.
const PAGE: usize = 4;
const DRAIN: usize = 3;

#[derive(Default)]
pub(super) struct Server {
    pub threads: BTreeMap<ConversationId, Thread>,
    pub to_client: VecDeque<ServerFrame>,
    pub refuse_next: bool,
    /// Those who are there, and how.
    pub presence: BTreeMap<UserId, PresenceStatus>,
    /// What the others are told of the client.
    pub away: bool,
    connected: bool,
    draining: BTreeSet<ConversationId>,
    named: u32,
}

pub(super) struct Thread {
    peer: UserId,
    pub messages: Vec<Message>,
    mine: Marks,
    theirs: Marks,
    pinned: bool,
    version: i64,
}

#[derive(Clone, Copy, Default)]
struct Marks {
    read: Seq,
    delivered: Seq,
}

impl Marks {
    fn hold(&mut self, seq: Seq) {
        self.delivered = self.delivered.max(seq);
    }

    fn see(&mut self, seq: Seq) {
        self.read = self.read.max(seq);
        self.hold(seq);
    }

    /// Own messages never hold a mark back.
    fn step_over(&mut self, messages: &[Message], me: UserId) {
        for message in messages.iter().filter(|message| message.sender.id == me) {
            if self.read.next() == message.seq {
                self.read = message.seq;
            }
            if self.delivered.next() == message.seq {
                self.delivered = message.seq;
            }
        }
        self.delivered = self.delivered.max(self.read);
    }
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

impl Thread {
    pub const fn peer(&self) -> UserId {
        self.peer
    }

    pub fn last(&self) -> Seq {
        self.messages.last().map_or(Seq::ZERO, |message| message.seq)
    }

    fn unread(&self) -> u32 {
        let above = self.messages.iter().filter(|message| message.seq > self.mine.read);
        u32::try_from(above.filter(|message| message.sender.id != ME).count()).unwrap_or(0)
    }

    fn step_over(&mut self) {
        self.mine.step_over(&self.messages, ME);
        self.theirs.step_over(&self.messages, self.peer);
    }

    /// The client's row, with its marks moved over own messages: the server does so even for
    /// those that the client has not loaded.
    pub fn stepped_over(&self, row: &Conversation) -> Conversation {
        let mut mine = Marks { read: row.read_seq, delivered: row.delivered_seq };
        mine.step_over(&self.messages, ME);
        Conversation { read_seq: mine.read, delivered_seq: mine.delivered, ..row.clone() }
    }

    fn page(&self, window: Window) -> MessagePage {
        let all = self.messages.len();
        let (start, end) = match window {
            Window::Latest => (all.saturating_sub(PAGE), all),
            Window::Before(seq) => {
                let end = index(seq.previous()).min(all);
                (end.saturating_sub(PAGE), end)
            }
            Window::After(seq) => (index(seq).min(all), (index(seq) + PAGE).min(all)),
            Window::Around(seq) => {
                let start = index(seq).saturating_sub(PAGE / 2);
                (start.min(all), (start + PAGE).min(all))
            }
        };
        let position = |index: usize| Seq::new(i64::try_from(index).unwrap_or(0));
        MessagePage {
            items: self.messages[start..end].to_vec(),
            from_seq: position(start + 1),
            to_seq: position(end),
            has_more_before: start > 0,
            has_more_after: end < all,
            rev: 0,
        }
    }
}

impl Server {
    pub fn ids(&self) -> Vec<ConversationId> {
        self.threads.keys().copied().collect()
    }

    pub fn nth(&self, at: u8) -> Option<ConversationId> {
        let ids = self.ids();
        (!ids.is_empty()).then(|| ids[usize::from(at) % ids.len()])
    }

    pub fn peer(at: u8) -> UserId {
        UserId::new(2 + i64::from(at) % PEERS)
    }

    /// Conversation ids are made of the peer's, so that two orders of the same events agree.
    fn with(&mut self, peer: UserId) -> (ConversationId, bool) {
        let id = ConversationId::new(100 + peer.get());
        let is_new = !self.threads.contains_key(&id);
        self.threads.entry(id).or_insert_with(|| Thread {
            peer,
            messages: Vec::new(),
            mine: Marks::default(),
            theirs: Marks::default(),
            pinned: false,
            version: 0,
        });
        (id, is_new)
    }

    fn push(&mut self, frame: ServerFrame) {
        if self.connected {
            self.to_client.push_back(frame);
        }
    }

    fn name(&mut self) -> String {
        self.named += 1;
        format!("server-{}", self.named)
    }

    fn append(&mut self, id: ConversationId, from: UserId, name: &str, text: &str) -> Message {
        let thread = self.threads.get_mut(&id).expect("a thread");
        let seq = thread.last().next();
        let message = Message {
            conversation_id: id,
            seq,
            client_id: ClientId::parse(name).expect("a name"),
            sender: user(from),
            message_type: MessageType::Text,
            content: text.to_owned(),
            file: None,
            schedule: None,
            reply_to: None,
            forwarded_from: None,
            mentions: Vec::new(),
            reactions: Vec::new(),
            system: None,
            created_at: 1_000 * seq.get() + id.get(),
            edited_at: None,
            recalled: false,
            rev: 0,
        };
        thread.messages.push(message.clone());
        thread.step_over();
        message
    }

    fn tell_new(&mut self, message: Message) {
        if !self.draining.contains(&message.conversation_id) {
            self.push(ServerFrame::NewMessage { message });
        }
    }

    pub fn peer_sends(&mut self, at: u8) {
        let peer = Self::peer(at);
        let (id, is_new) = self.with(peer);
        let name = self.name();
        let message = self.append(id, peer, &name, &format!("from {peer}: {name}"));
        if is_new {
            let conversation = self.row(id);
            self.push(ServerFrame::Conversation { id: None, conversation });
        }
        self.tell_new(message);
    }

    pub fn other_tab_sends(&mut self, at: u8) {
        let Some(id) = self.nth(at) else { return };
        let name = self.name();
        let message = self.append(id, ME, &name, &format!("other tab: {name}"));
        self.tell_new(message);
    }

    pub fn peer_marks(&mut self, at: u8, read: bool) {
        if let Some(id) = self.nth(at) {
            let receipt = self.peer_receipt(id, read);
            self.push(receipt);
        }
    }

    pub fn peer_receipt(&mut self, id: ConversationId, read: bool) -> ServerFrame {
        let thread = self.threads.get_mut(&id).expect("a thread");
        let last = thread.last();
        if read {
            thread.theirs.see(last);
        } else {
            thread.theirs.hold(last);
        }
        let receipt = Receipt {
            conversation_id: id,
            user_id: thread.peer,
            delivered_seq: thread.theirs.delivered,
            read_seq: thread.theirs.read,
            unread: None,
        };
        ServerFrame::Receipt(receipt)
    }

    pub fn other_tab_reads(&mut self, at: u8, up_to: u8) {
        let Some(id) = self.nth(at) else { return };
        let thread = self.threads.get_mut(&id).expect("a thread");
        thread.mine.see(Seq::new(i64::from(up_to) % (thread.last().get() + 1)));
        thread.step_over();
        let receipt = Receipt {
            conversation_id: id,
            user_id: ME,
            delivered_seq: thread.mine.delivered,
            read_seq: thread.mine.read,
            unread: Some(thread.unread()),
        };
        self.push(ServerFrame::Receipt(receipt));
    }

    pub fn peer_comes(&mut self, at: u8, how: u8) {
        use PresenceStatus::{Away, Offline, Online};
        let (user_id, status) = (Self::peer(at), [Online, Away, Offline][usize::from(how) % 3]);
        if status == Offline {
            self.presence.remove(&user_id);
        } else {
            self.presence.insert(user_id, status);
        }
        self.push(ServerFrame::Presence { user_id, status, last_seen_at: None });
    }

    pub fn peer_types(&mut self, at: u8) {
        if let Some(conversation_id) = self.nth(at) {
            let user_id = self.threads[&conversation_id].peer;
            self.push(ServerFrame::Typing {
                conversation_id,
                user_id,
                active: !at.is_multiple_of(4),
            });
        }
    }

    pub fn pin(&mut self, at: u8) {
        let Some(id) = self.nth(at) else { return };
        let thread = self.threads.get_mut(&id).expect("a thread");
        thread.pinned = !thread.pinned;
        thread.version += 1;
        let conversation = self.row(id);
        self.push(ServerFrame::Conversation { id: None, conversation });
    }

    pub fn disconnect(&mut self) {
        self.connected = false;
        self.to_client.clear();
        self.draining.clear();
    }

    pub fn connect(&mut self) {
        self.disconnect();
        self.connected = true;
        self.push(ServerFrame::Ready(Ready {
            id: None,
            user: user(ME),
            connection_id: "c".into(),
            server_time: 0,
            heartbeat_ms: 25_000,
        }));
        self.away = false;
        for (user_id, status) in self.presence.clone() {
            self.push(ServerFrame::Presence { user_id, status, last_seen_at: None });
        }
        for id in self.ids() {
            if self.threads[&id].last() > self.threads[&id].mine.delivered {
                self.draining.insert(id);
                self.drain(id);
            }
        }
    }

    fn drain(&mut self, id: ConversationId) {
        let thread = &self.threads[&id];
        let above = &thread.messages[index(thread.mine.delivered)..];
        let messages = above[..above.len().min(DRAIN)].to_vec();
        let has_more = above.len() > DRAIN;
        if !has_more {
            self.draining.remove(&id);
        }
        if !messages.is_empty() {
            let frame = OfflineMessages { conversation_id: id, messages, has_more };
            self.push(ServerFrame::OfflineMessages(frame));
        }
    }

    pub fn take(&mut self, frame: ClientFrame) {
        match frame.command {
            Command::Message(message) => self.store(frame.id, &message),
            Command::Delivered(mark) => self.mark(mark, false),
            Command::Read(mark) => self.mark(mark, true),
            Command::Typing { .. } => {}
            Command::Presence { status } => self.away = status == PresenceStatus::Away,
            Command::Ping {} => {
                self.push(ServerFrame::Pong { id: frame.id, timestamp: 0 });
            }
            other => panic!("the client sent {other:?}"),
        }
    }

    fn mark(&mut self, mark: Mark, read: bool) {
        let id = mark.conversation_id;
        let thread = self.threads.get_mut(&id).expect("a mark in a known conversation");
        assert!(mark.seq <= thread.last(), "a mark above the last message");
        if read {
            thread.mine.see(mark.seq);
        } else {
            thread.mine.hold(mark.seq);
        }
        thread.step_over();
        if self.draining.contains(&id) {
            self.drain(id);
        }
    }

    fn store(&mut self, frame: Option<String>, message: &SendMessage) {
        let client_id = Some(message.client_id.clone());
        if std::mem::take(&mut self.refuse_next) {
            let error = ApiError::unavailable();
            self.push(ServerFrame::Error { id: frame, client_id, error });
            return;
        }
        let id = match (message.conversation_id, message.to_user_id) {
            (Some(id), None) => id,
            (None, Some(peer)) => {
                let id = self.with(peer).0;
                let conversation = self.row(id);
                self.push(ServerFrame::Conversation { id: None, conversation });
                id
            }
            other => panic!("a message to {other:?}"),
        };
        let known = self.threads[&id].messages.iter();
        let known = known.filter(|known| known.sender.id == ME);
        let found = known.clone().find(|known| known.client_id.as_str() == message.client_id);
        let duplicate = found.is_some();
        let stored = found.cloned().unwrap_or_else(|| {
            let text = message.content.as_deref().expect("a text");
            self.append(id, ME, &message.client_id, text)
        });
        self.push(ServerFrame::MessageAck(MessageAck {
            id: frame,
            client_id: stored.client_id,
            conversation_id: id,
            seq: stored.seq,
            created_at: stored.created_at,
            duplicate,
        }));
    }

    pub fn row(&self, id: ConversationId) -> Conversation {
        let thread = &self.threads[&id];
        let last_message = thread.messages.last().cloned();
        Conversation {
            id,
            kind: ConversationKind::Private,
            name: user(thread.peer).nickname,
            avatar_url: None,
            peer: Some(user(thread.peer)),
            role: Some(Role::Member),
            member_count: 2,
            first_seq: Seq::new(1),
            last_seq: thread.last(),
            rev: 0,
            updated_at: last_message.as_ref().map_or(0, |message| message.created_at),
            last_message,
            read_seq: thread.mine.read,
            delivered_seq: thread.mine.delivered,
            peer_read_seq: Some(thread.theirs.read),
            peer_delivered_seq: Some(thread.theirs.delivered),
            unread: thread.unread(),
            mention_seq: None,
            marked_unread: false,
            pinned: thread.pinned,
            muted_until: None,
            archived: false,
            open: false,
            history: History::All,
        }
    }

    pub fn list(&self) -> ListPage<Conversation> {
        let items = self.threads.keys().map(|id| self.row(*id)).collect();
        ListPage { items, next_cursor: None }
    }

    pub fn answer(&self, request: &Request) -> Result<Answer, ApiError> {
        let thread = |id| self.threads.get(id).ok_or_else(ApiError::not_found);
        Ok(match request {
            Request::Heads => Answer::Heads(self.threads.keys().map(|id| self.head(*id)).collect()),
            Request::List(_) => Answer::List(self.list()),
            Request::Conversation(id) => {
                thread(id)?;
                Answer::Conversation(Box::new(self.row(*id)))
            }
            Request::View(id, window) => Answer::Messages(thread(id)?.page(*window)),
            Request::CatchUp(id, after) => {
                Answer::Messages(thread(id)?.page(Window::After(*after)))
            }
        })
    }

    fn head(&self, id: ConversationId) -> Head {
        let row = self.row(id);
        Head {
            id,
            last_seq: row.last_seq,
            rev: row.rev,
            read_seq: row.read_seq,
            delivered_seq: row.delivered_seq,
            peer_delivered_seq: row.peer_delivered_seq.unwrap_or_default(),
            peer_read_seq: row.peer_read_seq.unwrap_or_default(),
            version: self.threads[&id].version,
        }
    }
}
