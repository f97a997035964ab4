//! The sockets of the miniature server: what is told to each, and what each asks.

use super::{CATCH_UP_SIZE, DEVICES, ME, Server, Socket, Words, user};
use crate::protocol::{
    ApiError, ClientFrame, Command, Content, ConversationId, Mark, MessageAck, OfflineMessages,
    PresenceStatus, Ready, Receipt, SendMessage, ServerFrame,
};

impl Server {
    pub fn disconnect(&mut self, device: usize) {
        self.sockets[device] = Socket::default();
    }

    pub fn connect(&mut self, device: usize) {
        self.disconnect(device);
        self.sockets[device].connected = true;
        let ready = Ready {
            id: None,
            user: user(ME),
            connection_id: "c".into(),
            server_time: self.now,
            heartbeat_ms: 25_000,
        };
        self.push(device, ServerFrame::Ready(ready));
        for (user_id, status) in self.presence.clone() {
            self.push(device, ServerFrame::Presence { user_id, status, last_seen_at: None });
        }
        for id in self.ids() {
            let delivered = self.threads[&id].mine.delivered;
            if self.threads[&id].last() > delivered {
                self.sockets[device].draining.insert(id, delivered);
                self.drain(device, id);
            }
        }
    }

    fn drain(&mut self, device: usize, id: ConversationId) {
        let draining = &mut self.sockets[device].draining;
        let Some(sent) = draining.get_mut(&id) else { return };
        let above = self.threads[&id].above(*sent);
        let messages = above[..above.len().min(CATCH_UP_SIZE)].to_vec();
        let has_more = above.len() > CATCH_UP_SIZE;
        *sent = messages.last().map_or(*sent, |message| message.seq);
        if !has_more {
            draining.remove(&id);
        }
        if !messages.is_empty() {
            let frame = OfflineMessages { conversation_id: id, messages, has_more };
            self.push(device, ServerFrame::OfflineMessages(frame));
        }
    }

    pub fn take(&mut self, device: usize, frame: ClientFrame) {
        match frame.command {
            Command::Message(message) => self.store(device, frame.id, &message),
            Command::Delivered(mark) => self.mark(device, mark, false),
            Command::Read(mark) => self.mark(device, mark, true),
            Command::Typing { .. } => {}
            Command::Presence { status } => {
                self.sockets[device].away = status == PresenceStatus::Away;
            }
            Command::Ping {} => {
                self.push(device, ServerFrame::Pong { id: frame.id, timestamp: 0 });
            }
            other => panic!("the client sent {other:?}"),
        }
    }

    fn mark(&mut self, device: usize, mark: Mark, read: bool) {
        let id = mark.conversation_id;
        let thread = self.thread(id);
        if !thread.within {
            return;
        }
        assert!(mark.seq <= thread.last(), "a mark above the last message");
        let before = thread.mine;
        thread.mine.hold(mark.seq, read);
        thread.step_over();
        if thread.mine != before {
            let receipt = ServerFrame::Receipt(Receipt {
                conversation_id: id,
                user_id: ME,
                delivered_seq: thread.mine.delivered,
                read_seq: thread.mine.read,
                unread: Some(thread.unread()),
            });
            for other in (0..DEVICES).filter(|other| *other != device) {
                self.push(other, receipt.clone());
            }
        }
        let sent = self.sockets[device].draining.get(&id);
        if sent.is_some_and(|sent| mark.seq >= *sent) {
            self.drain(device, id);
        }
    }

    fn store(&mut self, device: usize, frame: Option<String>, message: &SendMessage) {
        let client_id = Some(message.client_id.clone());
        let refuse = |error| ServerFrame::Error { id: frame.clone(), client_id, error };
        if std::mem::take(&mut self.refuse_next) {
            return self.push(device, refuse(ApiError::unavailable()));
        }
        let id = match (message.conversation_id, message.to_user_id) {
            (Some(id), None) => id,
            (None, Some(peer)) => {
                let id = self.with(peer).0;
                let conversation = self.row(id);
                self.push(device, ServerFrame::Conversation { id: None, conversation });
                id
            }
            other => panic!("a message to {other:?}"),
        };
        let known = self.threads[&id].find(&message.client_id).cloned();
        let duplicate = known.is_some();
        let stored = match known {
            Some(known) => known,
            None if !self.threads[&id].within => {
                return self.push(device, refuse(ApiError::not_found()));
            }
            None if message.reply_to_seq.is_some_and(|seq| seq < self.threads[&id].first()) => {
                let error = ApiError::validation("reply_to_seq", "There is no such message");
                return self.push(device, refuse(error));
            }
            None => {
                let text = message.content.clone().expect("a text");
                let (name, reply_to) = (message.client_id.clone(), message.reply_to_seq);
                let stored = self.append(
                    id,
                    ME,
                    Words { reply_to, ..Words::new(name, Content::Text(text)) },
                );
                self.tell_new(&stored, Some(device));
                stored
            }
        };
        let ack = MessageAck {
            id: frame,
            client_id: stored.client_id,
            conversation_id: id,
            seq: stored.seq,
            created_at: stored.created_at,
            duplicate,
        };
        self.push(device, ServerFrame::MessageAck(ack));
    }
}
