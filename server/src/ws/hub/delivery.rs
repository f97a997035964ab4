//! What has come to its turn, to those whom it is for.

use std::sync::Arc;

use app::protocol::{Message, MessageAck, ServerFrame};

use super::groups::tell_change;
use crate::events::{Audience, ConnectionId, GroupChange, Origin, Update};
use crate::ws::frames::{encode, encode_new_message};
use crate::ws::outbound::{MessageReply, Outbound};
use crate::ws::sockets::Sockets;

/// What is on its way through a sequencer.
#[derive(Debug)]
pub(super) enum Arrival {
    /// A new message.
    Message {
        message: Arc<Message>,
        audience: Audience,
        origin: Option<Origin>,
        /// What it tells of: the members learn of that first.
        change: Option<Arc<GroupChange>>,
    },
    /// A message that changed.
    Updated(Box<Update>),
    /// The answer to one that had been stored before.
    Repeat { ack: MessageAck, origin: ConnectionId },
}

/// What arrived, to whom it is for: a `new_message` to every socket of its members but the one that
/// sent it, which gets its ack.
pub(super) fn deliver(sockets: &mut Sockets, arrival: Arrival) {
    if let Arrival::Message { message, audience, origin, change } = &arrival {
        if let Some(change) = change {
            tell_change(sockets, change);
        }
        let (conversation_id, seq) = (message.conversation_id, message.seq);
        let sender = origin.as_ref().map(|origin| origin.connection);
        sockets.push_to_all(audience.members(), sender, || Outbound::Message {
            conversation_id,
            seq,
            frame: encode_new_message(message),
        });
    }
    if let Arrival::Updated(update) = &arrival {
        tell_update(sockets, update);
    }
    answer(sockets, arrival);
}

/// The ack to whoever waits for it.
pub(super) fn answer(sockets: &mut Sockets, arrival: Arrival) {
    let (ack, connection) = match arrival {
        Arrival::Repeat { ack, origin } => (ack, origin),
        Arrival::Message { message, origin: Some(origin), .. } => {
            let ack = MessageAck {
                id: origin.frame_id,
                client_id: message.client_id.clone(),
                conversation_id: message.conversation_id,
                seq: message.seq,
                created_at: message.created_at,
                duplicate: false,
            };
            (ack, origin.connection)
        }
        Arrival::Message { origin: None, .. } | Arrival::Updated(_) => return,
    };
    let (conversation_id, seq) = (ack.conversation_id, Some(ack.seq));
    let client_id = ack.client_id.as_str().to_owned();
    let frame = encode(&ServerFrame::MessageAck(ack));
    let answer = MessageReply { conversation_id, client_id, seq, frame };
    sockets.push(connection, Outbound::MessageReply(Box::new(answer)));
}

/// A `message_updated` to every socket of every member who can see the message.
fn tell_update(sockets: &mut Sockets, update: &Update) {
    let Update { message, by, reaction, audience, hidden_from, .. } = update;
    let readers = audience.members().filter(|member| !hidden_from.contains(member));
    sockets.push_to_all(readers, None, || {
        let message = (**message).clone();
        Outbound::Frame(encode(&ServerFrame::MessageUpdated {
            message,
            by: *by,
            reaction: reaction.clone(),
        }))
    });
}
