//! Marks that moved: to the partner, and to the user's own other sockets.

use app::protocol::{Receipt, ServerFrame, UserId};

use super::{Hub, push_to_user};
use crate::events::ConnectionId;
use crate::ws::frames::encode;

impl Hub {
    pub(super) fn tell_marks(
        &self,
        receipt: Receipt,
        partner: Option<UserId>,
        origin: Option<ConnectionId>,
    ) {
        let user = receipt.user_id;
        let mut state = self.state();
        if let Some(partner) = partner
            && !state.sockets.of(partner).is_empty()
        {
            push_to_user(
                &mut state.sockets,
                partner,
                None,
                &encode(&ServerFrame::Receipt(receipt)),
            );
        }
        if state.sockets.of(user).iter().any(|id| Some(*id) != origin) {
            let hub = self.clone();
            self.inner.tasks.spawn(async move { hub.tell_own_marks(receipt, origin).await });
        }
    }

    /// Tells a user's other sockets; the unread count is read only when there is one to tell.
    async fn tell_own_marks(&self, receipt: Receipt, origin: Option<ConnectionId>) {
        let reader = &self.inner.reader;
        match reader.unread(receipt.user_id, receipt.conversation_id).await {
            Ok(unread) => {
                let frame =
                    encode(&ServerFrame::Receipt(Receipt { unread: Some(unread), ..receipt }));
                push_to_user(&mut self.state().sockets, receipt.user_id, origin, &frame);
            }
            Err(error) => tracing::warn!(%error, "an unread count could not be read"),
        }
    }
}
