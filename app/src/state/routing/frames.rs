//! Frames of the server, handed to the parts that they concern.

use crate::protocol::{
    ApiError, Command, Mark, Message, OfflineMessages, Presence, ReactionChange, Ready, Receipt,
    ServerFrame, Timestamp, User, UserId,
};
use crate::state::chats::Version;
use crate::state::inbox::Span;
use crate::state::{Effect, Request, State};

impl State {
    /// A frame has come from the server.
    pub fn apply(&mut self, frame: ServerFrame, now: Timestamp) -> Vec<Effect> {
        self.connection.heard(now);
        match frame {
            ServerFrame::Ready(ready) => self.take_ready(&ready, now),
            ServerFrame::MessageAck(ack) => self.take_ack(ack, now),
            ServerFrame::NewMessage { message } => {
                let (id, sender) = (message.conversation_id, message.sender.id);
                self.people.take_typing(id, sender, false, now, &mut self.out);
                self.arrive(id, Span::of_message(message, true), now);
            }
            ServerFrame::OfflineMessages(frame) => self.take_offline(frame, now),
            ServerFrame::MessageUpdated { message, by, reaction } => {
                self.take_update(message, by, reaction.as_ref(), now);
            }
            ServerFrame::Receipt(receipt) => self.take_receipt(&receipt, now),
            ServerFrame::Conversation { conversation, .. } => {
                self.requests.outdate(&Request::Conversation(conversation.id));
                self.merge_row(conversation, Version::Touched, now);
            }
            ServerFrame::ConversationRemoved { conversation_id, .. } => {
                // We are no longer in it, or have hidden it: whoever looks at it is told.
                self.remove_row(conversation_id);
                self.history.fail(conversation_id, ApiError::not_found());
            }
            ServerFrame::Resync { spread_ms } => self.connection.resync(spread_ms, now),
            ServerFrame::Error { id, client_id, error } => {
                if let Some(client_id) = client_id.or(id) {
                    self.refused(&client_id, error, now);
                }
            }
            ServerFrame::Presence { user_id, status, last_seen_at } => {
                let presence = Presence { status, last_seen_at };
                self.people.take_presence(user_id, presence, &mut self.out);
            }
            ServerFrame::User { user } => self.take_user(&user),
            ServerFrame::Typing { conversation_id, user_id, active } => {
                let active = active && user_id != self.me.id;
                self.people.take_typing(conversation_id, user_id, active, now, &mut self.out);
            }
            ServerFrame::Notification(_) | ServerFrame::Pong { .. } => {}
        }
        self.finish(now)
    }

    /// A person has another name or picture: so they are called wherever they are shown.
    fn take_user(&mut self, user: &User) {
        if user.id == self.me.id {
            self.me = User { presence: self.me.presence, ..user.clone() };
        }
        self.chats.take_user(user, &mut self.out);
        self.history.take_user(user, &mut self.out);
    }

    fn take_ready(&mut self, ready: &Ready, now: Timestamp) {
        if ready.user.id != self.me.id {
            self.out.push(Effect::Reload);
            return;
        }
        self.clock.set(ready.server_time, now);
        self.outbox.unsend();
        self.connection.ready(ready.heartbeat_ms, now);
        self.people.reconnected(now, &self.connection, &mut self.out);
        self.history.load_again();
        self.catch_up_all();
    }

    /// What was above our delivered mark when we connected; the next of it follows our answer.
    fn take_offline(&mut self, frame: OfflineMessages, now: Timestamp) {
        let id = frame.conversation_id;
        let Some(span) = Span::of_messages(frame.messages) else { return };
        let last = span.to;
        self.arrive(id, span, now);
        if let Some(mut thread) = self.thread(id, now) {
            thread.take_delivered(last);
        } else {
            self.strays.deliver(id, last);
        }
        let mark = Mark { conversation_id: id, seq: last };
        self.connection.send(None, Command::Delivered(mark), &mut self.out);
    }

    /// A message has changed.
    fn take_update(
        &mut self,
        message: Message,
        by: UserId,
        change: Option<&ReactionChange>,
        now: Timestamp,
    ) {
        let id = message.conversation_id;
        match self.thread(id, now) {
            Some(mut thread) => thread.take_update(message, by, change),
            None => self.fetch(Request::Conversation(id)),
        }
    }

    /// Someone's marks have moved.
    fn take_receipt(&mut self, receipt: &Receipt, now: Timestamp) {
        let id = receipt.conversation_id;
        match self.thread(id, now) {
            Some(mut thread) => thread.take_receipt(receipt),
            None => self.fetch(Request::Conversation(id)),
        }
        if receipt.user_id == self.me.id {
            self.admit(id, now);
        }
    }
}
