//! Conversations that changed by something else than a message.

use app::protocol::{ConversationId, ServerFrame, UserId};

use super::{Hub, push_to_user};
use crate::ws::frames::encode;

impl Hub {
    /// Tells members of conversations that look different to them now.
    pub(super) async fn tell_changed(&self, changed: Vec<(ConversationId, UserId)>) {
        for (id, member) in changed {
            match self.inner.reader.conversation(member, id).await {
                Ok(conversation) => {
                    let frame = encode(&ServerFrame::Conversation { id: None, conversation });
                    push_to_user(&mut self.state().sockets, member, None, &frame);
                }
                // They see it when they fetch it next.
                Err(error) => tracing::warn!(%error, "a changed conversation could not be read"),
            }
        }
    }
}
