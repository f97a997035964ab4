//! What has come to its turn, to those whom it is for.

use std::sync::Arc;

use app::protocol::{Message, MessageAck, ServerFrame};

use super::groups::{GroupNews, tell_change};
use crate::events::{Members, MessageChange, Origin};
use crate::ws::frames::{encode, encode_new_message};
use crate::ws::outbound::{MessageReply, Outbound};
use crate::ws::sockets::Sockets;

/// What is on its way through a sequencer.
#[derive(Debug)]
pub(super) enum Arrival {
    /// A new message.
    Message {
        message: Arc<Message>,
        members: Members,
        origin: Option<Origin>,
        /// What it tells of: the members learn of that first. In a box, since it is rare.
        news: Option<Box<GroupNews>>,
    },
    /// A message that changed.
    Changed { change: Box<MessageChange>, members: Members },
    /// The answer to one that had been stored before.
    Repeat { message: Arc<Message>, to: Origin },
}

/// What arrived, to whom it is for: a `new_message` to every socket of its members but the one that
/// sent it, which gets its ack.
pub(super) fn deliver(sockets: &mut Sockets, arrival: Arrival) {
    match &arrival {
        Arrival::Message { message, members, origin, news } => {
            if let Some(news) = news {
                tell_change(sockets, news);
            }
            let (conversation_id, seq) = (message.conversation_id, message.seq);
            let sender = origin.as_ref().map(|origin| origin.connection);
            sockets.push_to_all(members.ids(), sender, || Outbound::Message {
                conversation_id,
                seq,
                frame: encode_new_message(message),
            });
        }
        Arrival::Changed { change, members } => tell_message_change(sockets, change, members),
        Arrival::Repeat { .. } => {}
    }
    answer(sockets, arrival);
}

/// The ack to the socket that waits for it.
pub(super) fn answer(sockets: &mut Sockets, arrival: Arrival) {
    let (message, origin, duplicate) = match arrival {
        Arrival::Message { message, origin: Some(origin), .. } => (message, origin, false),
        Arrival::Repeat { message, to } => (message, to, true),
        Arrival::Message { origin: None, .. } | Arrival::Changed { .. } => return,
    };
    let (conversation_id, seq) = (message.conversation_id, message.seq);
    let ack = MessageAck {
        id: origin.frame_id,
        client_id: message.client_id.clone(),
        conversation_id,
        seq,
        created_at: message.created_at,
        duplicate,
    };
    let client_id = ack.client_id.as_str().to_owned();
    let frame = encode(&ServerFrame::MessageAck(ack));
    let reply = MessageReply { conversation_id, client_id, seq: Some(seq), frame };
    sockets.push(origin.connection, Outbound::MessageReply(Box::new(reply)));
}

/// A `message_updated` to every socket of every member who can see the message.
fn tell_message_change(sockets: &mut Sockets, change: &MessageChange, members: &Members) {
    let MessageChange { message, by, reaction, hidden_from, .. } = change;
    let readers = members.ids().filter(|member| !hidden_from.contains(member));
    sockets.push_to_all(readers, None, || {
        let message = (**message).clone();
        Outbound::Frame(encode(&ServerFrame::MessageUpdated {
            message,
            by: *by,
            reaction: reaction.clone(),
        }))
    });
}
