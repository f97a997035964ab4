//! Groups that changed: who came, who went, what is different.

use std::sync::Arc;

use app::protocol::{Conversation, ServerFrame};
use tungstenite::Utf8Bytes;

use super::Hub;
use crate::events::{GroupChange, Origin};
use crate::ws::frames::{encode, encode_shared};
use crate::ws::outbound::Outbound;
use crate::ws::sockets::Sockets;

impl Hub {
    /// Tells of a change in its place among the messages: all that was said before it has gone out
    /// to those who could hear it, and nothing after it goes to those who left.
    pub(super) fn tell_group(&self, change: &Arc<GroupChange>) {
        if change.messages.is_empty() {
            tell_change(&mut self.state().sockets, change);
        }
        let mut told = Some(Arc::clone(change));
        for message in &change.messages {
            self.arrive(Arc::clone(message), &change.audience, None, told.take());
        }
    }
}

/// A `conversation` to the members, once for all of them, and whole to whom it is new; a
/// `conversation_removed` to whoever left.
pub(super) fn tell_change(sockets: &mut Sockets, change: &GroupChange) {
    let conversation_id = change.conversation.id;
    let origin = change.origin.as_ref();
    let asking = origin.map(|origin| origin.connection);
    let known = change.audience.members().filter(|member| !change.is_new_to(*member));
    sockets.push_to_all(known, None, || Outbound::Frame(encode_shared(&change.conversation)));
    for (conversation, newcomers) in &change.newcomers {
        let whole = |origin: Option<&Origin>| Outbound::Frame(introduction(conversation, origin));
        sockets.push_to_all(newcomers.iter().copied(), asking, || whole(None));
        if let Some(origin) = origin.filter(|origin| sockets.is_of(origin.connection, newcomers)) {
            sockets.push(origin.connection, whole(Some(origin)));
        }
    }
    let removed = |id| Outbound::Removed {
        conversation_id,
        frame: encode(&ServerFrame::ConversationRemoved { id, conversation_id }),
    };
    sockets.push_to_all(change.left.iter().copied(), asking, || removed(None));
    if let Some(origin) = origin.filter(|origin| sockets.is_of(origin.connection, &change.left)) {
        sockets.push(origin.connection, removed(origin.frame_id.clone()));
    }
}

fn introduction(conversation: &Conversation, origin: Option<&Origin>) -> Utf8Bytes {
    let id = origin.and_then(|origin| origin.frame_id.clone());
    encode(&ServerFrame::Conversation { id, conversation: conversation.clone() })
}
