//! Groups that changed: who came, who went, what is different.

use std::sync::Arc;

use app::protocol::{Conversation, ServerFrame};
use tungstenite::Utf8Bytes;

use super::Hub;
use crate::events::{GroupChange, Members, Origin};
use crate::ws::frames::{encode, encode_shared};
use crate::ws::outbound::Outbound;
use crate::ws::sockets::Sockets;

/// A change of a group on its way to the sockets.
#[derive(Clone, Debug)]
pub(super) struct GroupNews {
    /// What changed.
    pub(super) change: Arc<GroupChange>,
    /// The members after it.
    pub(super) members: Members,
    /// The socket that asked for it; absent where none did.
    pub(super) origin: Option<Origin>,
}

impl Hub {
    /// Tells of a change in its place among the messages: all that was said before it has gone out
    /// to those who could hear it, and nothing after it goes to those who left.
    pub(super) fn tell_group(&self, news: GroupNews) {
        let GroupNews { change, members, .. } = news.clone();
        if change.messages.is_empty() {
            return tell_change(&mut self.state().sockets, &news);
        }
        let mut news = Some(Box::new(news));
        for message in &change.messages {
            self.arrive(Arc::clone(message), &members, None, news.take());
        }
    }
}

/// A `conversation` to the members, once for all of them, and whole to whom it is new; a
/// `conversation_removed` to whoever left.
pub(super) fn tell_change(sockets: &mut Sockets, news: &GroupNews) {
    let GroupNews { change, members, origin } = news;
    let conversation_id = change.conversation.id;
    let origin = origin.as_ref();
    let asking = origin.map(|origin| origin.connection);
    let known = members.ids().filter(|member| !change.is_new_to(*member));
    sockets.push_to_all(known, None, || Outbound::Frame(encode_shared(&change.conversation)));
    for newcomers in &change.newcomers {
        let (conversation, people) = (&newcomers.conversation, &newcomers.people);
        let whole = |origin: Option<&Origin>| Outbound::Frame(introduction(conversation, origin));
        sockets.push_to_all(people.iter().copied(), asking, || whole(None));
        if let Some(origin) = origin.filter(|origin| sockets.is_of(origin.connection, people)) {
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
